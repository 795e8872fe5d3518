/** What the save guard tells the endpoint: what it stopped, what became of it, and what went out after all. */
import { z } from 'zod'
import { DETECTED_KINDS } from '../detect/span.ts'
import { scrimId } from './primitives.ts'
import { MAX_FREE_TEXT_LENGTH } from './reveal-requests.ts'

/** Kinds and numbers only. There is no member that could hold a text of the draft. */
const found = {
  kinds: z.array(z.enum(DETECTED_KINDS)).max(DETECTED_KINDS.length),
  count: z.number().int().min(0).max(9_999),
  /** Whether the customer would have read it. */
  isPublic: z.boolean(),
}

/**
 * `stop`: a save was stopped. `move`, `mask`: what the agent did about it. `block_unchecked`,
 * `pass_unchecked`: the guard could not look, and policy had it block or let pass.
 */
export const SAVE_GUARD_ACTS = [
  'stop',
  'move',
  'mask',
  'block_unchecked',
  'pass_unchecked',
] as const

export const saveGuardStopInput = z.strictObject({ act: z.enum(SAVE_GUARD_ACTS), ...found })
export const saveGuardStop = z.object({ isLogged: z.literal(true) })

export const saveGuardPassInput = z.strictObject({
  ...found,
  kinds: found.kinds.min(1),
  /** Why it must be sent as it is. */
  reasonText: z.string().max(MAX_FREE_TEXT_LENGTH),
})
export const saveGuardPass = z.object({ id: scrimId })

export type SaveGuardAct = (typeof SAVE_GUARD_ACTS)[number]
export type SaveGuardStopInput = z.infer<typeof saveGuardStopInput>
export type SaveGuardStop = z.infer<typeof saveGuardStop>
export type SaveGuardPassInput = z.infer<typeof saveGuardPassInput>
export type SaveGuardPass = z.infer<typeof saveGuardPass>
