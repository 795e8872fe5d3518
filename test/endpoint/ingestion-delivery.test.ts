/** Webhooks as Zendesk delivers them: late, twice, in any order, or never; and two instances at once. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/endpoint/app.ts'
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { createWebhookSender } from '../../src/sandbox/rest/webhook-sender.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import { MAYA, startEndpoint, WEBHOOK_SECRET } from '../support/endpoint.ts'
import { comment, HARRIET, settle, type, vaultOf, writesTo } from '../support/ingestion.ts'
import { CARD } from '../support/story.ts'

const OTHER_CARD = '5555 5555 5555 4444'

async function start() {
  const endpoint = await startEndpoint()
  // The first walk, so that what is found below was told of.
  await endpoint.sweep()
  endpoint.zendesk.emulator.counts.reset()
  const webhook = createWebhookSender({
    emulator: endpoint.zendesk.emulator,
    secret: WEBHOOK_SECRET,
    now: endpoint.clock.now,
    newId: randomUUID,
    send: ({ headers, body }) =>
      endpoint.request('/webhooks/zendesk', { method: 'POST', headers, body }),
  })
  return { endpoint, webhook }
}

describe('what changes in Zendesk', () => {
  it.each(['once', 'twice'] as const)('is dealt with once when told of %s', async (delivery) => {
    const { endpoint, webhook } = await start()
    webhook.setDelivery(delivery)
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    await webhook.settled()
    await settle(endpoint)
    await webhook.settled()
    await settle(endpoint)
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([OTHER_CARD, CARD])
    // Two by people; a redaction and a mask by Scrim.
    expect(writesTo(endpoint)).toBe(4)
  })

  it.each([false, true])(
    'is dealt with when told of late, newest first: %s',
    async (isReversed) => {
      const { endpoint, webhook } = await start()
      webhook.setDelivery('held')
      await type(endpoint, MAYA, 4001, 301, CARD)
      await comment(endpoint, HARRIET, 4001, `<p>My card is ${OTHER_CARD}</p>`)
      await comment(endpoint, HARRIET, 4004, '<p>Nothing to see</p>').catch(() => undefined)
      await webhook.release({ isReversed })
      await settle(endpoint)
      await webhook.release({ isReversed })
      await settle(endpoint)
      expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([CARD, OTHER_CARD])
      expect(endpoint.zendesk.fieldText(4001, 301)).toContain('4242 [scrim:')
    },
  )

  it('is found by the sweep when nobody told of it', async () => {
    const { endpoint, webhook } = await start()
    webhook.setDelivery('lost')
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    endpoint.clock.advance(181)
    await settle(endpoint)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
  })
})

describe('two instances on one database', () => {
  it('that work at once vault once and redact once', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    for (let at = 0; at < 4; at += 1) {
      await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}, again ${at}</p>`)
    }
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    const events = Array.from({ length: 60 }, (_, at) => ({ id: `event ${at}`, ticketId: 4001 }))
    await appendInbox(deps.database.orm, deps.account.id, deps.now(), events)
    const instances = [1, 2, 3].map(() => ({ ...deps }))
    for (const instance of instances) createApp(instance)
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(instances.map((instance) => workInbox(instance)))
      await Promise.all(instances.map((instance) => drainOutbox(instance)))
      endpoint.clock.advance(61)
    }
    expect(await vaultOf(endpoint, 4001)).toHaveLength(5)
    const { state } = endpoint.zendesk.emulator
    expect(JSON.stringify(state.comments[4001])).not.toContain(CARD)
    const redactions = (await endpoint.auditEntries()).filter(
      ({ action, data }) => action === 'comment.redact' && data?.wasRedacted === false,
    )
    expect(redactions).toHaveLength(4)
  })
})
