/**
 * The trigger and webhook of the emulated account: after a ticket changed it sends the ticket's id,
 * signed as Zendesk signs. Like Zendesk's it is not reliable; tests make it lose, repeat and reorder.
 */
import { createHmac } from 'node:crypto'
import type { RestEmulator } from './emulator.ts'

export type WebhookSender = {
  /** What becomes of events from now on. `held` ones go out, in any order, with `release`. */
  setDelivery(delivery: 'once' | 'twice' | 'lost' | 'held'): void
  /** Sends what was held; newest first when told. */
  release(options?: { isReversed?: boolean }): Promise<void>
  /** Resolves when everything that was sent has been answered. */
  settled(): Promise<void>
  stop(): void
}

export function createWebhookSender(options: {
  emulator: Pick<RestEmulator, 'onTicketChange'>
  secret: string
  now: () => Date
  newId: () => string
  /** Delivers to the endpoint. What it throws counts as a time-out: nobody tries again. */
  send: (request: { headers: Record<string, string>; body: string }) => Promise<unknown>
}): WebhookSender {
  let delivery: 'once' | 'twice' | 'lost' | 'held' = 'once'
  let held: (() => Promise<void>)[] = []
  const underWay = new Set<Promise<void>>()

  const eventOf = (ticketId: number) => {
    const invocationId = options.newId()
    return async (): Promise<void> => {
      const body = JSON.stringify({ ticket_id: ticketId, event: 'ticket.changed' })
      const timestamp = options.now().toISOString()
      const hmac = createHmac('sha256', options.secret).update(timestamp + body)
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'x-zendesk-webhook-signature': hmac.digest('base64'),
        'x-zendesk-webhook-signature-timestamp': timestamp,
        'x-zendesk-webhook-invocation-id': invocationId,
      }
      try {
        await options.send({ headers, body })
      } catch {
        // A time-out: the event is lost, as it may be in Zendesk.
      }
    }
  }
  const start = (event: () => Promise<void>) => {
    const sent = event().finally(() => underWay.delete(sent))
    underWay.add(sent)
  }
  const stop = options.emulator.onTicketChange(({ id }) => {
    const event = eventOf(id)
    if (delivery === 'held') held.push(event)
    if (delivery === 'once' || delivery === 'twice') start(event)
    if (delivery === 'twice') start(event)
  })

  return {
    setDelivery(next) {
      delivery = next
    },
    async release({ isReversed = false } = {}) {
      const events = isReversed ? held.toReversed() : held
      held = []
      for (const event of events) await event()
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    stop,
  }
}
