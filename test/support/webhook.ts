/** Webhooks as Zendesk signs them, written independently of the code that checks them. */
import { createHmac } from 'node:crypto'
import type { TestEndpoint } from './endpoint.ts'
import { WEBHOOK_SECRET } from './endpoint.ts'

export type Sent = {
  body?: string
  secret?: string
  timestamp?: string
  invocationId?: string | null
  signature?: string | null
}

/** Sends what a trigger sends about a ticket, otherwise where `sent` says so. */
export async function sendWebhook(
  endpoint: Pick<TestEndpoint, 'request' | 'clock'>,
  ticketId: number,
  sent: Sent = {},
): Promise<Response> {
  const body = sent.body ?? JSON.stringify({ ticket_id: ticketId, event: 'ticket.changed' })
  const timestamp = sent.timestamp ?? endpoint.clock.now().toISOString()
  const signed = createHmac('sha256', sent.secret ?? WEBHOOK_SECRET).update(timestamp + body)
  const signature = sent.signature === undefined ? signed.digest('base64') : sent.signature
  const { invocationId = null } = sent
  return endpoint.request('/webhooks/zendesk', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-zendesk-webhook-signature-timestamp': timestamp,
      ...(signature === null ? {} : { 'x-zendesk-webhook-signature': signature }),
      ...(invocationId === null ? {} : { 'x-zendesk-webhook-invocation-id': invocationId }),
    },
    body,
  })
}
