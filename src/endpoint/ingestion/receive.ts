/**
 * A webhook comes in: checked, written down, answered. What it is about is looked up later, so the
 * answer never waits for Zendesk.
 */
import type { ScrimErrorCode } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { appendInbox } from '../../storage/inbox.ts'
import type { SignedWebhook } from '../../zendesk/webhooks.ts'
import { checkWebhook, webhookBody, webhookEventId } from '../../zendesk/webhooks.ts'
import type { OuterDeps } from '../context.ts'
import { countRefusal } from '../refusals.ts'
import { workInboxSoon } from './work-inbox.ts'

/** Longest webhook body, in bytes: two ids. */
export const WEBHOOK_BODY_LIMIT_BYTES = 1024

/**
 * Durable when it resolves. Throws `webhook_signature_invalid` and `webhook_expired`, both counted,
 * and `bad_input` for a signed body that says something else than ids.
 */
export async function receiveWebhook(deps: OuterDeps, webhook: SignedWebhook): Promise<void> {
  const now = deps.now()
  const verdict = checkWebhook(webhook, deps.webhookSecrets, now)
  if (!verdict.allowed) {
    await countRefusal(deps, verdict.code satisfies ScrimErrorCode)
    throw new ScrimError(verdict.code)
  }
  const body = webhookBody.safeParse(parseJson(webhook.body))
  if (!body.success) {
    throw new ScrimError('bad_input', { issues: [{ path: 'body', rule: 'ids_only' }] })
  }
  const ticketId = body.data.ticket_id
  const id = webhookEventId(webhook, ticketId)
  await appendInbox(deps.database.orm, deps.account.id, now, [{ id, ticketId }])
  workInboxSoon(deps)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
