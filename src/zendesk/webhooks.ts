/**
 * Zendesk's webhooks as they arrive: signed over timestamp and raw body
 * (https://developer.zendesk.com/documentation/webhooks/verifying/). The signature has no end of its
 * own, so a window around the timestamp is enforced here. Nothing here quotes what was sent.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Verdict } from '../core/errors.ts'
import { ALLOWED, refuse } from '../core/errors.ts'

/** Both ways: clocks differ, and Zendesk tries again only briefly. */
const WINDOW_SECONDS = 5 * 60
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/
const INVOCATION_ID = /^[A-Za-z0-9_-]{8,64}$/

export type SignedWebhook = {
  /** The body as sent. */
  body: string
  /** `X-Zendesk-Webhook-Signature`: base64 of HMAC-SHA-256 over timestamp and body. */
  signature: string | undefined
  /** `X-Zendesk-Webhook-Signature-Timestamp`: ISO 8601. */
  timestamp: string | undefined
  /** `X-Zendesk-Webhook-Invocation-Id`. Not signed: it may only ever name an event, not admit one. */
  invocationId: string | undefined
}

/** What the trigger sends: ids only, because Zendesk keeps the bodies of invocations for days. */
export const webhookBody = z.strictObject({
  ticket_id: z
    .union([z.number(), z.string().regex(/^[1-9]\d{0,15}$/)])
    .transform(Number)
    .pipe(z.number().int().positive()),
  /** Which trigger it was; any word. */
  event: z.string().regex(/^[a-z0-9_.:-]{1,64}$/),
})

/**
 * Whether one of the secrets signed this, lately. An absent, malformed and wrong signature look the
 * same. Without secrets nothing passes.
 */
export function checkWebhook(
  webhook: SignedWebhook,
  secrets: readonly string[],
  now: Date,
): Verdict<'webhook_signature_invalid' | 'webhook_expired'> {
  const { signature = '', timestamp = '', body } = webhook
  // Hashed to one length: comparing texts of different lengths in constant time is not defined.
  const given = hash(signature)
  let isSigned = false
  // All of them, so that the time does not tell which secret is in use.
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`${timestamp}${body}`).digest('base64')
    if (timingSafeEqual(hash(expected), given)) isSigned = true
  }
  if (!isSigned || !TIMESTAMP.test(timestamp)) return refuse('webhook_signature_invalid')
  const ageSeconds = Math.abs(now.getTime() - Date.parse(timestamp)) / 1000
  return ageSeconds <= WINDOW_SECONDS ? ALLOWED : refuse('webhook_expired')
}

/**
 * The name under which an event is taken once. It names the ticket, too, so that somebody who replays
 * a signed body under the id of another event cannot make that one pass for taken.
 */
export function webhookEventId(webhook: SignedWebhook, ticketId: number): string {
  const { invocationId = '', timestamp = '', body } = webhook
  const id = INVOCATION_ID.test(invocationId)
    ? invocationId
    : hash(`${timestamp}${body}`).toString('hex')
  return `webhook:${ticketId}:${id}`
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
