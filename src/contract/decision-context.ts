/** What a lead needs to decide in ten seconds. Never a value, never a mask. */
import { z } from 'zod'
import { CAP_SPANS } from '../core/rate-cap.ts'
import { fieldId, instant, personRef, remainingSeconds, role, scrimId } from './primitives.ts'

const count = z.number().int().min(0)

export const capSpan = z.enum(CAP_SPANS)

export const decisionContext = z.object({
  requesterRoles: z.array(role),
  requesterGroups: z.array(z.string()),
  /** A role or group of theirs that nobody confirmed yet. */
  isPowerWaiting: z.boolean(),
  ticketSubject: z.string(),
  ticketStatus: z.string(),
  isAssignee: z.boolean(),
  revealsToday: count,
  /** The same over 30 days, today included. */
  revealsThirtyDays: count,
  /** Everybody else with exactly these roles; null when there is nobody to compare with. */
  peers: z
    .object({ people: count, medianToday: z.number(), medianThirtyDays: z.number() })
    .nullable(),
  isFirstForCustomer: z.boolean(),
  /** Whether it was asked within the desk's hours; null where policy names none. */
  isWithinHours: z.boolean().nullable(),
  /** Within 30 days, this request aside. */
  similarReasons: z.object({
    /** Requests of theirs that gave nearly the same reason. */
    own: count,
    /** Other people who gave the same one. */
    otherPeople: count,
  }),
  /** What an approval would show the requester, field by field. The approver sees none of it. */
  shown: z.array(z.object({ fieldId, displaySeconds: z.number().int(), isDocument: z.boolean() })),
  isCopyAllowed: z.boolean(),
  isDownloadAllowed: z.boolean(),
  /** The exception that let them ask; its `why` is empty for who may not see the ticket. */
  exception: z
    .object({ id: scrimId, why: z.string(), owner: personRef, expiresAt: instant })
    .nullable(),
  /** The automatic rule that approved it by itself. */
  automaticRule: z.string().nullable(),
  /** The soft cap that they have reached: why policy does not approve by itself any more. */
  softCap: z.object({ per: capSpan, limit: z.number().int() }).nullable(),
  /** The grant that it asks more time for. */
  extension: z
    .object({
      grantId: scrimId,
      approvedBy: z.array(personRef),
      expiresAt: instant,
      remainingSeconds,
    })
    .nullable(),
  isBreakGlass: z.boolean(),
  /** A break-glass use of theirs that compliance has not reviewed. */
  hasOpenBreakGlass: z.boolean(),
  policyVersion: z.number().int(),
  /** Seconds a value stays on screen at a time: the shortest over the asked fields. */
  displaySeconds: z.number().int(),
  uses: z.number().int(),
  maxMinutes: z.number().int().min(1).max(120),
})

export type DecisionContext = z.infer<typeof decisionContext>
