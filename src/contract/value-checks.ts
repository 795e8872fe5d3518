/** Checking what a customer says without seeing what is stored, and finding tickets by a value. */
import { z } from 'zod'
import { fieldKind, fieldRef, remainingSeconds, zendeskId } from './primitives.ts'
import { MAX_VALUE_LENGTH } from './protected-fields.ts'

const typed = z.string().min(1).max(MAX_VALUE_LENGTH)

export const valueCheckInput = z.strictObject({ value: typed })
export const valueCheck = z.object({
  isMatch: z.boolean(),
  /** Misses that are left before this value is locked for this person. */
  triesLeft: z.number().int().min(0),
  /** Until this value may be checked again; null unless this miss locked it. */
  lockedSeconds: remainingSeconds.nullable(),
})

export const valueSearchInput = z.strictObject({ kind: fieldKind, value: typed })
export const valueSearch = z.object({
  /** Newest first. */
  tickets: z.array(
    z.object({ ticketId: zendeskId, subject: z.string(), fields: z.array(fieldRef) }),
  ),
  /** False when there may be more than were looked at. */
  isComplete: z.boolean(),
})

export type ValueCheckInput = z.infer<typeof valueCheckInput>
export type ValueCheck = z.infer<typeof valueCheck>
export type ValueSearchInput = z.infer<typeof valueSearchInput>
export type ValueSearch = z.infer<typeof valueSearch>
