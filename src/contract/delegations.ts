/** Out of office: letting somebody else decide with one's power for some days. */
import { z } from 'zod'
import { instant, personRef, remainingSeconds, scrimId, verdict, zendeskId } from './primitives.ts'
import { MAX_FREE_TEXT_LENGTH } from './reveal-requests.ts'

export const createDelegationInput = z.strictObject({
  toId: zendeskId,
  /** One in the past means now. */
  startsAt: instant,
  /** Policy says how many days later at most. */
  endsAt: instant,
  /** Why, for the delegate and the log. */
  reasonText: z.string().max(MAX_FREE_TEXT_LENGTH),
})

/** Ends one's own delegation early, given or received; compliance ends any. */
export const endDelegationInput = z.strictObject({})

export const DELEGATION_STATES = ['planned', 'active', 'ended'] as const

export const delegationView = z.object({
  id: scrimId,
  from: personRef,
  to: personRef,
  startsAt: instant,
  endsAt: instant,
  state: z.enum(DELEGATION_STATES),
  /** Until it starts; 0 from then on. */
  startsInSeconds: remainingSeconds,
  /** Until it ends; 0 when it has. */
  remainingSeconds,
  reasonText: z.string(),
  /** Who ended it before its time, and when. */
  ended: z.object({ by: personRef, at: instant }).nullable(),
  mayEnd: z.boolean(),
})

/** Planned and active ones, and those that ended within 30 days; newest first. */
export const delegationList = z.object({
  given: z.array(delegationView),
  received: z.array(delegationView),
  /** Everybody's; null for whoever is not of compliance. */
  all: z.array(delegationView).nullable(),
  /** Whether the person who looks has approving power of their own to lend. */
  mayDelegate: verdict,
  /** To whom they may. */
  candidates: z.array(personRef),
  maxDays: z.number().int(),
})

export type CreateDelegationInput = z.infer<typeof createDelegationInput>
export type DelegationView = z.infer<typeof delegationView>
export type DelegationList = z.infer<typeof delegationList>
