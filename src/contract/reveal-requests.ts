/** Asking for a reveal, and deciding on it. */
import { z } from 'zod'
import { decisionContext } from './decision-context.ts'
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
})

export const approveRevealRequestInput = z.strictObject({
  /** Shortens the asked duration; absent means as asked. */
  minutes: minutes.optional(),
  /** Approves only these of the asked fields; absent means all. */
  fieldIds: z.array(fieldId).min(1).max(20).optional(),
  comment: z.string().max(MAX_FREE_TEXT_LENGTH).optional(),
})

export const denyRevealRequestInput = z.strictObject({
  comment: z.string().max(MAX_FREE_TEXT_LENGTH),
})

export const withdrawRevealRequestInput = z.strictObject({})

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
    })
    .nullable(),
  grantId: scrimId.nullable(),
})

/** A request in the queue of the person who looks. */
export const queuedRevealRequest = z.object({
  request: revealRequestView,
  context: decisionContext,
  /** May the person who looks decide on it? */
  mayDecide: verdict,
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
export type RevealRequestView = z.infer<typeof revealRequestView>
export type QueuedRevealRequest = z.infer<typeof queuedRevealRequest>
export type RevealRequestList = z.infer<typeof revealRequestList>
export type Queue = (typeof QUEUES)[number]
