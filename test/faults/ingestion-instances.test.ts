/**
 * Several instances on one Postgres, each with its own connections and its own memory of Zendesk, work
 * one inbox while webhooks come twice, in any order and again, and all of them sweep. Whatever they do
 * at once, the outcome is that of one instance.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createApp } from '../../src/endpoint/app.ts'
import type { EndpointDeps } from '../../src/endpoint/context.ts'
import { sweep } from '../../src/endpoint/sweep.ts'
import { createWebhookSender } from '../../src/sandbox/rest/webhook-sender.ts'
import { findOpenOutbox } from '../../src/storage/outbox.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openTestZendesk } from '../support/endpoint-zendesk.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { MAYA, startEndpoint, WEBHOOK_SECRET } from '../support/endpoint.ts'
import { comment, exposuresOf, ticketOf, type, vaultOf } from '../support/ingestion.ts'

const CARDS = ['4242 4242 4242 4242', '5555 5555 5555 4444', '6011 1111 1111 1117'] as const
const TICKETS = [4001, 4002, 4003, 4006] as const
const FIELD = 301
const INSTANCES = 4
/** Claims that met a rival come back after a minute; what was put off, sooner. */
const ROUNDS = 6

type Sent = { headers: Record<string, string>; body: string }

const databases: Database[] = []
beforeAll(async () => {
  for (let at = 0; at < INSTANCES; at += 1) {
    databases.push(await openDatabase({ url: inject('postgresUrl'), maxConnections: 4 }))
  }
  const [first] = databases
  if (first !== undefined) await migrateDatabase(first)
})
afterAll(() => Promise.all(databases.map((database) => database.close())))

/** Numbers without a pattern, the same in each run. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed
  const next = () => (state = (state * 48_271) % 2_147_483_647)
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** The same story, worked on by so many instances. */
async function play(count: number) {
  const [database] = databases
  if (database === undefined) throw new Error('no database')
  const endpoint = await startEndpoint({ database })
  const { clock, zendesk } = endpoint
  const instances = databases.slice(0, count).map((each): EndpointDeps => {
    // What an instance remembers of Zendesk is its own; the account is one.
    const { directory } = openTestZendesk(clock.now, zendesk.emulator)
    return { ...endpoint.deps, database: each, zendesk: directory }
  })
  // So that whoever waits for Zendesk meets what others did meanwhile.
  zendesk.emulator.controls.setDelay(2)
  const apps = instances.map((deps) => createApp(deps))
  const sent: Sent[] = []
  const deliver = async (event: Sent, at: number) => {
    const answer = await apps[at % apps.length]?.request('/webhooks/zendesk', {
      method: 'POST',
      ...event,
    })
    if (answer?.status !== 202) throw new Error(`the webhook is refused: ${answer?.status}`)
  }
  const webhook = createWebhookSender({
    emulator: zendesk.emulator,
    secret: WEBHOOK_SECRET,
    now: clock.now,
    newId: randomUUID,
    send: async (event) => void sent.push(event),
  })
  const requesterOf = (ticketId: number) => ticketOf(endpoint, ticketId).requester_id
  for (const [at, ticketId] of TICKETS.entries()) {
    const card = (index: number) => CARDS[(at + index) % CARDS.length] ?? ''
    await comment(endpoint, requesterOf(ticketId), ticketId, `<p>My card is ${card(0)}</p>`)
    await comment(endpoint, MAYA, ticketId, `<p>Old ${card(0)}, new ${card(1)}</p>`, false)
    await type(endpoint, MAYA, ticketId, FIELD, card(2))
  }
  // Nobody tells of this one.
  webhook.setDelivery('lost')
  await comment(endpoint, requesterOf(4007), 4007, `<p>My card is ${CARDS[0]}</p>`)
  webhook.setDelivery('once')
  await webhook.settled()
  clock.advance(2)

  const heard = [...sent]
  for (let round = 0; round < ROUNDS; round += 1) {
    // Each twice, at whichever instance; the events of our own writes with them, and old ones again.
    const events = shuffled(
      [...sent.splice(0), ...(round < 2 ? [...heard, ...heard] : [])],
      round + 1,
    )
    await Promise.all([
      ...events.map((event, at) => deliver(event, at)),
      ...instances.map((deps) => sweep(deps)),
      ...instances.map((deps) => sweep(deps)),
    ])
    await webhook.settled()
    clock.advance(61)
  }
  webhook.stop()
  return await outcomeOf(endpoint)
}

async function outcomeOf(endpoint: TestEndpoint) {
  const { deps, zendesk } = endpoint
  const entries = await endpoint.auditEntries()
  const exposures = await exposuresOf(endpoint)
  const ids = [...TICKETS, 4007]
  return {
    tickets: await Promise.all(
      ids.map(async (ticketId) => ({
        ticketId,
        vault: (await vaultOf(endpoint, ticketId))
          .map(({ version, value, source }) => [version, value, source].join(' '))
          .toSorted(),
        comments: (zendesk.emulator.state.comments[ticketId] ?? []).map((each) => each.body),
        field: zendesk.fieldText(ticketId, FIELD)?.replace(/\[scrim:.*\]/, '[token]') ?? null,
        waiting: await findOpenOutbox(deps.database.orm, deps.account.id, ticketId),
        entries: entries
          .filter(({ record }) => record?.id === ticketId)
          .map(({ action, data }) => `${action} ${String(data?.wasRedacted ?? '')}`)
          .toSorted(),
        exposures: exposures
          .filter((each) => each.ticketId === ticketId)
          .map(({ category, kind }) => `${category} ${kind}`)
          .toSorted(),
        // Of each change, Zendesk keeps who made it.
        ourWrites: (zendesk.emulator.state.audits[ticketId] ?? []).filter(
          ({ author_id: authorId }) => authorId === 900,
        ).length,
      })),
    ),
    logged: endpoint.logLines.filter((line) => CARDS.some((card) => line.includes(card))),
  }
}

describe('four instances on one Postgres', () => {
  it('leave what one instance leaves, whatever they are told at once', async () => {
    const alone = await play(1)
    for (const { vault, comments, field, waiting, ourWrites } of alone.tickets) {
      expect(CARDS.filter((card) => JSON.stringify([comments, field]).includes(card))).toEqual([])
      expect(waiting).toEqual([])
      expect([1, 4]).toContain(vault.length)
      expect(ourWrites).toBe(vault.length === 4 ? 3 : 1)
    }
    expect(alone.logged).toEqual([])
    for (let run = 0; run < 2; run += 1) expect(await play(INSTANCES)).toEqual(alone)
  })
})
