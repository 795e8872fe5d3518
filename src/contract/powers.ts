/** Powers that people hold in Zendesk and nobody has confirmed yet. */
import { z } from 'zod'
import {
  instant,
  personRef,
  remainingSeconds,
  role,
  sensitivityClass,
  verdict,
} from './primitives.ts'

/** `agent`, `admin`, `group_203`, `custom_role_401`. */
export const powerName = z.string().regex(/^(agent|admin|(group|custom_role)_[1-9]\d{0,15})$/)

export const unconfirmedPower = z.object({
  person: personRef,
  power: powerName,
  /** The name of its group; null where Zendesk has none, and for roles. */
  groupName: z.string().nullable(),
  state: z.enum(['waiting', 'declined']),
  firstSeenAt: instant,
  ageSeconds: remainingSeconds,
  /** What it would give. */
  roles: z.array(role),
  asks: z.array(sensitivityClass),
  decides: z.array(sensitivityClass),
  /** Who declined it, and when. */
  declined: z.object({ by: personRef, at: instant, ageSeconds: remainingSeconds }).nullable(),
  /** May the person who looks confirm or decline it? */
  mayDecide: verdict,
})

/** Those that wait first, the longest first. */
export const powerList = z.object({ powers: z.array(unconfirmedPower) })

export const decidePowerInput = z.strictObject({})

export type UnconfirmedPower = z.infer<typeof unconfirmedPower>
export type PowerList = z.infer<typeof powerList>
