/** What Zendesk's webhook may tell the endpoint, and who may say so. */
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { problem } from '../../src/contract/primitives.ts'
import { createApp } from '../../src/endpoint/app.ts'
import { inbox } from '../../src/storage/schema.ts'
import { RUNTIMES } from '../support/endpoint-runtimes.ts'
import { startEndpoint, WEBHOOK_SECRET } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { sendWebhook } from '../support/webhook.ts'
import type { Sent } from '../support/webhook.ts'

const CARD = '4242 4242 4242 4242'

const inboxOf = ({ deps }: TestEndpoint) =>
  deps.database.orm.select().from(inbox).where(eq(inbox.account, deps.account.id))

const codeOf = async (response: Response) => problem.parse(await response.json()).code

describe('a signed webhook', () => {
  it('is written down durably and answered at once, also while Zendesk is down', async () => {
    const endpoint = await startEndpoint()
    endpoint.zendesk.setDown(true)
    const answer = await sendWebhook(endpoint, 4001)
    expect(answer.status).toBe(202)
    expect(await inboxOf(endpoint)).toMatchObject([{ ticketId: 4001 }])
  })

  it.each(RUNTIMES)(
    'is written down and answered by %s while Zendesk leaves every call without an answer',
    async (runtime) => {
      const endpoint = await startEndpoint({ runtime })
      let asked = 0
      endpoint.zendesk.emulator.fetch = () => {
        asked += 1
        return new Promise(() => {})
      }
      for (let event = 0; event < 3; event += 1) {
        expect((await sendWebhook(endpoint, 4001 + event)).status).toBe(202)
      }
      await expect.poll(() => asked).toBeGreaterThan(0)
      const waiting = await inboxOf(endpoint)
      expect(waiting.map(({ doneAt }) => doneAt)).toEqual([null, null, null])
      await endpoint.close()
    },
  )

  it('is taken once however often it is delivered', async () => {
    const endpoint = await startEndpoint()
    const timestamp = endpoint.clock.now().toISOString()
    for (const invocationId of ['01HZINVOCATION1', '01HZINVOCATION1', '01HZINVOCATION2']) {
      expect((await sendWebhook(endpoint, 4001, { timestamp, invocationId })).status).toBe(202)
    }
    expect(await inboxOf(endpoint)).toHaveLength(2)
  })

  it('without an invocation id is known by its timestamp and body', async () => {
    const endpoint = await startEndpoint()
    await sendWebhook(endpoint, 4001)
    await sendWebhook(endpoint, 4001)
    endpoint.clock.advance(1)
    await sendWebhook(endpoint, 4001)
    expect(await inboxOf(endpoint)).toHaveLength(2)
  })

  it('cannot make the event of another ticket pass for taken', async () => {
    const endpoint = await startEndpoint()
    await sendWebhook(endpoint, 4001, { invocationId: '01HZINVOCATION1' })
    await sendWebhook(endpoint, 4002, { invocationId: '01HZINVOCATION1' })
    expect((await inboxOf(endpoint)).map(({ ticketId }) => ticketId).sort()).toEqual([4001, 4002])
  })

  it('may name the ticket as a placeholder gives it: in quotes', async () => {
    const endpoint = await startEndpoint()
    const body = '{"ticket_id": "4001", "event": "ticket.changed"}'
    expect((await sendWebhook(endpoint, 4001, { body })).status).toBe(202)
    expect(await inboxOf(endpoint)).toMatchObject([{ ticketId: 4001 }])
  })

  it('is taken under either secret while one replaces the other', async () => {
    const endpoint = await startEndpoint()
    const app = createApp({ ...endpoint.deps, webhookSecrets: ['the-new-secret', WEBHOOK_SECRET] })
    const rotating = {
      ...endpoint,
      request: async (path: string, init?: RequestInit) => app.request(path, init),
    }
    expect((await sendWebhook(rotating, 4001, { secret: 'the-new-secret' })).status).toBe(202)
    expect((await sendWebhook(rotating, 4002)).status).toBe(202)
    expect((await sendWebhook(rotating, 4003, { secret: 'another-secret' })).status).toBe(403)
  })
})

describe('a webhook is refused, counted and forgotten', () => {
  const refused: [string, Sent, string][] = [
    ['without a signature', { signature: null }, 'webhook_signature_invalid'],
    ['with an empty signature', { signature: '' }, 'webhook_signature_invalid'],
    ['signed with another secret', { secret: 'another-secret' }, 'webhook_signature_invalid'],
    ['signed with no secret', { secret: '' }, 'webhook_signature_invalid'],
    ['with no readable timestamp', { timestamp: 'yesterday' }, 'webhook_signature_invalid'],
    ['six minutes old', { timestamp: '2026-11-23T09:54:00Z' }, 'webhook_expired'],
    ['six minutes from now', { timestamp: '2026-11-23T10:06:00Z' }, 'webhook_expired'],
  ]
  it.each(refused)('%s', async (_, sent, code) => {
    const endpoint = await startEndpoint()
    const body = JSON.stringify({ ticket_id: 4001, event: CARD })
    const answer = await sendWebhook(endpoint, 4001, { ...sent, body })
    expect(answer.status).toBe(403)
    expect(await codeOf(answer)).toBe(code)
    expect(await inboxOf(endpoint)).toEqual([])
    endpoint.clock.advance(180)
    await endpoint.sweep()
    await endpoint.expectAuditEntry({ action: 'webhook.refuse', code, data: { count: 1 } })
    expect(endpoint.logLines.join()).not.toContain(CARD)
  })

  it('when its timestamp or body was changed on the way', async () => {
    const endpoint = await startEndpoint()
    const body = '{"ticket_id": 4001, "event": "ticket.changed"}'
    const timestamp = endpoint.clock.now().toISOString()
    const seen = new Headers()
    const tap = {
      ...endpoint,
      request: async (_path: string, init?: RequestInit) => {
        for (const [name, value] of new Headers(init?.headers)) seen.set(name, value)
        return new Response()
      },
    }
    await sendWebhook(tap, 4001, { body, timestamp })
    const signature = seen.get('x-zendesk-webhook-signature')
    const other = { body: body.replace('4001', '4002'), timestamp, signature }
    expect((await sendWebhook(endpoint, 4002, other)).status).toBe(403)
    const later = { body, timestamp: '2026-11-23T10:00:01.000Z', signature }
    expect((await sendWebhook(endpoint, 4001, later)).status).toBe(403)
    expect((await sendWebhook(endpoint, 4001, { body, timestamp, signature })).status).toBe(202)
  })

  it('always, where no secret is configured', async () => {
    const endpoint = await startEndpoint()
    const app = createApp({ ...endpoint.deps, webhookSecrets: [] })
    const bare = {
      ...endpoint,
      request: async (path: string, init?: RequestInit) => app.request(path, init),
    }
    expect((await sendWebhook(bare, 4001)).status).toBe(403)
    expect((await sendWebhook(bare, 4001, { secret: '' })).status).toBe(403)
  })
})

describe('a signed body that says more or less than ids', () => {
  it.each([
    '',
    'null',
    '[]',
    '{"ticket_id": 4001}',
    '{"ticket_id": 0, "event": "x"}',
    '{"ticket_id": 40.5, "event": "x"}',
    '{"ticket_id": "4001; drop", "event": "x"}',
    '{"ticket_id": 9007199254740993, "event": "x"}',
    `{"ticket_id": 4001, "event": "${CARD}"}`,
    `{"ticket_id": 4001, "event": "x", "comment": "${CARD}"}`,
  ])('is refused without being quoted: %j', async (body) => {
    const endpoint = await startEndpoint()
    const answer = await sendWebhook(endpoint, 4001, { body })
    expect(answer.status).toBe(400)
    const text = await answer.text()
    expect(text).toContain('"bad_input"')
    expect(text + endpoint.logLines.join()).not.toContain(CARD)
    expect(await inboxOf(endpoint)).toEqual([])
  })

  it('is not read beyond a thousand bytes', async () => {
    const endpoint = await startEndpoint()
    const answer = await sendWebhook(endpoint, 4001, { body: ' '.repeat(1025) })
    expect(answer.status).toBe(413)
  })
})
