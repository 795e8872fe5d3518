/** Reveals without prior approval, and their review. */
import { z } from 'zod'
import { BREAK_GLASS_OUTCOMES } from '../core/break-glass.ts'
import {
  fieldId,
  fieldRef,
  instant,
  personRef,
  remainingSeconds,
  scrimId,
  verdict,
  zendeskId,
} from './primitives.ts'
import { grantView } from './grants.ts'
import { MAX_FREE_TEXT_LENGTH, revealRequestView } from './reveal-requests.ts'

export const breakGlassInput = z.strictObject({
  ticketId: zendeskId,
  fieldIds: z.array(fieldId).min(1).max(20),
  reasonCode: z.string().regex(/^[a-z0-9_]{1,40}$/),
  reasonText: z.string().max(MAX_FREE_TEXT_LENGTH),
  /** A pending request of one's own on this ticket that cannot wait: it is approved by this. */
  requestId: scrimId.optional(),
})

/** Of whom policy names: may they break the glass now, and for how long and how often would it be? */
export const breakGlassStanding = z.object({
  mayInvoke: verdict,
  minutes: z.number().int(),
  uses: z.number().int(),
})

/** What came of it: a request that nobody decided on, and its grant. */
export const brokenGlass = z.object({
  request: revealRequestView,
  grant: grantView,
  /** Who is told that they were skipped. */
  skipped: z.array(personRef),
})

export const breakGlassOutcome = z.enum(BREAK_GLASS_OUTCOMES)

/** A use while its grant is active, for the banner. */
export const activeBreakGlass = z.object({
  /** The request's id. */
  id: scrimId,
  person: personRef,
  ticketId: zendeskId,
  fields: z.array(fieldRef),
  remainingSeconds,
})

/** A use as compliance reviews it. */
export const breakGlassUse = z.object({
  id: scrimId,
  person: personRef,
  ticketId: zendeskId,
  fields: z.array(fieldRef),
  reasonCode: z.string(),
  reasonLabel: z.string(),
  reasonText: z.string(),
  at: instant,
  ageSeconds: remainingSeconds,
  isActive: z.boolean(),
  /** How often a value was shown under it. */
  reveals: z.number().int().min(0),
  skipped: z.array(personRef),
  review: z
    .object({
      outcome: breakGlassOutcome,
      comment: z.string(),
      by: personRef,
      at: instant,
      ageSeconds: remainingSeconds,
    })
    .nullable(),
  /** May the person who looks review it now? */
  mayReview: verdict,
})

/** Leads are told what is active; administrators and compliance see every use of the past year. */
export const breakGlassList = z.object({
  active: z.array(activeBreakGlass),
  /** Those that wait for a review first, the oldest first; then the reviewed ones, newest first. */
  uses: z.array(breakGlassUse),
})

export const reviewBreakGlassInput = z.strictObject({
  outcome: breakGlassOutcome,
  comment: z.string().max(MAX_FREE_TEXT_LENGTH),
})

export type BreakGlassStanding = z.infer<typeof breakGlassStanding>
export type BreakGlassInput = z.infer<typeof breakGlassInput>
export type BrokenGlass = z.infer<typeof brokenGlass>
export type ActiveBreakGlass = z.infer<typeof activeBreakGlass>
export type BreakGlassUse = z.infer<typeof breakGlassUse>
export type BreakGlassList = z.infer<typeof breakGlassList>
export type ReviewBreakGlassInput = z.infer<typeof reviewBreakGlassInput>
