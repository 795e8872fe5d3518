/** Asking for a reveal, and deciding on it. */
import { z } from 'zod'
import { PROMPT_LOCALES } from '../core/reason-prompt.ts'
import { decisionContext } from './decision-context.ts'
import {
  errorCode,
  fieldId,
  fieldRef,
  instant,
  personRef,
  remainingSeconds,
  scrimId,
  verdict,
  zendeskId,
} from './primitives.ts'

export const REQUEST_STATES = [
  'pending',
  'approved',
  'denied',
  'withdrawn',
  'expired',
  'ended',
] as const
export const requestState = z.enum(REQUEST_STATES)

/** The longest text a person may type into Scrim. */
export const MAX_FREE_TEXT_LENGTH = 500

const reasonCode = z.string().regex(/^[a-z0-9_]{1,40}$/)
const minutes = z.number().int().min(1).max(120)

export const createRevealRequestInput = z.strictObject({
  ticketId: zendeskId,
  fieldIds: z.array(fieldId).min(1).max(20),
  reasonCode,
  reasonText: z.string().max(MAX_FREE_TEXT_LENGTH),
  minutes,
  /** Asks for more time: one's own active grant on this ticket that holds all of the fields. */
  extendsGrantId: scrimId.optional(),
  /** The question that `reasonText` answers, as its author read it; absent means the current one. */
  prompt: z
    .strictObject({ version: z.number().int().positive(), locale: z.enum(PROMPT_LOCALES) })
    .optional(),
})

/** What an approver asks of the grant besides fields and minutes. */
export const grantConditions = z.strictObject({
  /** It ends at midnight at the latest, in the time zone of policy's hours. */
  isOnlyToday: z.boolean().optional(),
  /** Uses of each field, at most policy's. */
  uses: z.number().int().min(1).max(20).optional(),
})

export const approveRevealRequestInput = z.strictObject({
  /** Shortens the asked duration; absent means as asked. */
  minutes: minutes.optional(),
  /** Approves only these of the asked fields; absent means all. */
  fieldIds: z.array(fieldId).min(1).max(20).optional(),
  conditions: grantConditions.optional(),
  /** Policy may ask for one. */
  comment: z.string().max(MAX_FREE_TEXT_LENGTH).optional(),
})

export const denyRevealRequestInput = z.strictObject({
  comment: z.string().max(MAX_FREE_TEXT_LENGTH),
})

export const withdrawRevealRequestInput = z.strictObject({})

/** Keeps others from deciding while one looks; again, it lasts anew. */
export const claimRevealRequestInput = z.strictObject({})
/** Gives one's own claim back. */
export const releaseRevealRequestInput = z.strictObject({})

export const MAX_DECIDED_AT_ONCE = 50

/**
 * One decision on many requests about one ticket. `minutes` shortens those that asked for more. A
 * denial needs the comment.
 */
export const decideRevealRequestsInput = z.strictObject({
  ids: z.array(scrimId).min(1).max(MAX_DECIDED_AT_ONCE),
  outcome: z.enum(['approve', 'deny']),
  minutes: minutes.optional(),
  comment: z.string().max(MAX_FREE_TEXT_LENGTH).optional(),
})

/** A moment to come. */
const moment = z.object({ at: instant, remainingSeconds })

/** One approval on the way to a grant. */
export const approvalView = z.object({
  by: personRef,
  /** Whose power it was, when it was lent. */
  onBehalfOf: personRef.nullable(),
  at: instant,
})

/** A request as its requester and the people who may decide on it see it. */
export const revealRequestView = z.object({
  id: scrimId,
  ticketId: zendeskId,
  fields: z.array(fieldRef),
  requester: personRef,
  reasonCode: z.string(),
  reasonLabel: z.string(),
  reasonText: z.string(),
  minutes,
  state: requestState,
  createdAt: instant,
  ageSeconds: remainingSeconds,
  expiresInSeconds: remainingSeconds,
  /** The people who could decide when it was asked; empty once it is decided. */
  askedOf: z.array(personRef),
  decision: z
    .object({
      by: personRef.nullable(),
      at: instant,
      comment: z.string().nullable(),
      minutes: minutes.nullable(),
      /** Which of the asked fields every approval gave; null where nobody approved. */
      fieldIds: z.array(fieldId).nullable(),
      /** Whose power it was, when it was lent. */
      onBehalfOf: personRef.nullable(),
      conditions: grantConditions.nullable(),
    })
    .nullable(),
  /** Approvals so far, oldest first, and how many it takes in all. */
  approvals: z.array(approvalView),
  approvalsNeeded: z.number().int().min(0),
  /** Who looks at it, and for how long nobody else decides; null when nobody does. */
  claim: z.object({ by: personRef, remainingSeconds }).nullable(),
  /** Whether the level that waits was opened to its next circle. */
  isEscalated: z.boolean(),
  /** When it will be, unless somebody answers; null where it will not, or is. */
  escalation: moment.nullable(),
  /** When those who were asked were reminded last. */
  remindedAt: instant.nullable(),
  /** When somebody may decide next; null while they may. */
  onDuty: moment.nullable(),
  extendsGrantId: scrimId.nullable(),
  /** Policy approved it by itself: by this rule, or because it gives the value at once. */
  automatic: z.object({ ruleId: z.string().nullable(), label: z.string().nullable() }).nullable(),
  grantId: scrimId.nullable(),
})

/** What came of each, in the order asked. Each was decided and logged by itself. */
export const decidedRevealRequests = z.object({
  results: z.array(
    z.discriminatedUnion('isDecided', [
      z.object({ id: scrimId, isDecided: z.literal(true), request: revealRequestView }),
      z.object({
        id: scrimId,
        isDecided: z.literal(false),
        code: errorCode,
        limit: z.number().optional(),
      }),
    ]),
  ),
})

/** A request in the queue of the person who looks. */
export const queuedRevealRequest = z.object({
  request: revealRequestView,
  context: decisionContext,
  /** May the person who looks decide on it, and claim it? */
  mayDecide: verdict,
  /** Whose power they would decide with, when it is not their own. */
  onBehalfOf: personRef.nullable(),
  /** Whether an approval of all of it needs a comment. */
  needsComment: z.boolean(),
})

export const QUEUES = ['needs_me', 'pending', 'decided'] as const
export const listRevealRequestsQuery = z.strictObject({
  queue: z.enum(QUEUES).default('needs_me'),
})
export const revealRequestList = z.object({
  queue: z.enum(QUEUES),
  counts: z.object({ needsMe: z.number().int(), pending: z.number().int() }),
  requests: z.array(queuedRevealRequest),
})

export type RequestState = z.infer<typeof requestState>
export type CreateRevealRequestInput = z.infer<typeof createRevealRequestInput>
export type ApproveRevealRequestInput = z.infer<typeof approveRevealRequestInput>
export type DenyRevealRequestInput = z.infer<typeof denyRevealRequestInput>
export type DecideRevealRequestsInput = z.infer<typeof decideRevealRequestsInput>
export type DecidedRevealRequests = z.infer<typeof decidedRevealRequests>
export type RevealRequestView = z.infer<typeof revealRequestView>
export type QueuedRevealRequest = z.infer<typeof queuedRevealRequest>
export type RevealRequestList = z.infer<typeof revealRequestList>
export type Queue = (typeof QUEUES)[number]
