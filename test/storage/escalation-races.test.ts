/** Many instances that sweep at once: each thing happens to a request once, on both engines. */
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Policy } from '../../src/core/policy.ts'
import { runEscalation } from '../../src/endpoint/escalation/run.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import {
  dueRequests,
  findDueRequestIds,
  recordSteps,
  wakeRequests,
} from '../../src/storage/escalations.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { findRequest } from '../../src/storage/reveal-requests.ts'
import { outbox } from '../../src/storage/schema.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { AISHA, OMAR, startEndpoint } from '../support/endpoint.ts'
import { SUPPORT_TICKET, approve, ask, putValue } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const MINUTE = 60
const HOUR = 60 * MINUTE
const INSTANCES = 8

const policy: Policy = {
  ...sandboxPolicy,
  deciding: { ...sandboxPolicy.deciding, needsTicketAccess: false },
  notifications: { internalNoteAfterMinutes: 60, hasChat: false },
  approval: {
    ...sandboxPolicy.approval,
    restricted: [
      {
        count: 1,
        roles: ['lead'],
        groupIds: [],
        slaMinutes: 60,
        escalatesTo: { roles: ['compliance'], groupIds: [] },
      },
    ],
  },
}

describe.each(engines)('time on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  async function startAsked() {
    const endpoint = await startEndpoint({ database, policy })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    return { endpoint, request: await ask(aisha, { ticketId: SUPPORT_TICKET }) }
  }
  const instances = <T>(act: () => Promise<T>) =>
    Promise.all(Array.from({ length: INSTANCES }, () => act()))
  const countOf = async (endpoint: TestEndpoint, action: string) =>
    (await endpoint.auditEntries()).filter((entry) => entry.action === action).length
  const ordersOf = async ({ deps }: TestEndpoint, kind: string) =>
    (await database.orm.select().from(outbox).where(eq(outbox.account, deps.account.id))).filter(
      (order) => order.kind === kind,
    )

  it('eight sweeps at once bring one reminder, one escalation, one note and one end', async () => {
    const { endpoint } = await startAsked()
    for (const minutes of [30, 30, 7 * 60]) {
      endpoint.clock.advance(minutes * MINUTE)
      await instances(() => endpoint.sweep())
    }
    await endpoint.sweep()
    for (const step of ['remind', 'escalate', 'note', 'expire']) {
      expect([step, await countOf(endpoint, `reveal_request.${step}`)]).toEqual([step, 1])
    }
    const news = (await ordersOf(endpoint, 'request_news')).map(({ payload }) => payload)
    const events = news.map((payload) => (payload as { event: string }).event)
    expect(events.toSorted()).toEqual(['asked', 'escalated', 'expired', 'reminder'])
    expect(await ordersOf(endpoint, 'request_note')).toHaveLength(1)
    const comments = endpoint.zendesk.emulator.state.comments[SUPPORT_TICKET] ?? []
    expect(comments.filter(({ body }) => body.startsWith('A reveal request waits'))).toHaveLength(1)
  })

  it('an approval at the moment of the escalation: the log has them in one order, and each once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { endpoint, request } = await startAsked()
      endpoint.clock.advance(HOUR)
      const omar = await endpoint.signIn(OMAR, 'nav_bar')
      const [answer] = await Promise.all([
        approve(omar, request.id),
        ...Array.from({ length: INSTANCES }, () => runEscalation(endpoint.deps)),
      ])
      expect(answer.as(revealRequestView).state).toBe('approved')
      const actions = (await endpoint.auditEntries()).map(({ action }) => action)
      const escalated = actions.filter((action) => action === 'reveal_request.escalate')
      expect(escalated.length).toBeLessThanOrEqual(1)
      // Once it is decided, time does nothing to it.
      const decidedAt = actions.indexOf('reveal_request.approve')
      expect(actions.slice(decidedAt)).not.toContain('reveal_request.escalate')
    }
  })

  it('a step on a request that has gone on to its next level changes nothing', async () => {
    const { endpoint, request } = await startAsked()
    const { account } = endpoint.deps
    const seen = await findRequest(database.orm, account.id, request.id)
    if (seen === undefined) throw new Error('no request')
    const later = new Date(endpoint.clock.now().getTime() + HOUR * 1000)
    const asIfPassed = { dueAt: later, levelSince: later }
    expect(seen.dueAt).not.toBeNull()
    for (const stale of [
      { ...seen, dueAt: later },
      { ...seen, levelSince: later },
      { ...seen, dueAt: null },
    ]) {
      const change = { ...asIfPassed, escalatedAt: later }
      expect(await recordSteps(database.orm, account.id, stale, change)).toBe(false)
    }
    expect(
      await recordSteps(database.orm, account.id, seen, { dueAt: later, escalatedAt: later }),
    ).toBe(true)
    const now = await findRequest(database.orm, account.id, request.id)
    expect(now).toMatchObject({ dueAt: later, escalatedAt: later, remindedAt: null })
    // What has happened does not happen again, whatever the clock looks at.
    const again = { dueAt: null, escalatedAt: later }
    expect(await recordSteps(database.orm, account.id, { ...seen, dueAt: later }, again)).toBe(
      false,
    )
  })

  it('what is due is found by its index, however many requests there are', async () => {
    const plan = await database.transaction(async (tx) => {
      // A table of a few rows is read through otherwise.
      await tx.execute(sql`set local enable_seqscan = off`)
      const query = dueRequests(tx, 'account', new Date(0), 10)
      const { rows } = await tx.execute<{ 'QUERY PLAN': string }>(sql`explain ${query}`)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    expect(plan).toContain('reveal_requests_due')
    expect(plan).not.toContain('Sort')
  })

  it('another policy has every pending request looked at anew, and only those', async () => {
    const { endpoint, request } = await startAsked()
    const { account } = endpoint.deps
    const now = endpoint.clock.now()
    expect(await findDueRequestIds(database.orm, account.id, now, 10)).toEqual([])
    await wakeRequests(database.orm, account.id, now)
    expect(await findDueRequestIds(database.orm, account.id, now, 10)).toEqual([request.id])
    await runEscalation(endpoint.deps)
    expect(await findRequest(database.orm, account.id, request.id)).toMatchObject({
      escalatedAt: null,
      dueAt: new Date(now.getTime() + (HOUR / 2) * 1000),
    })
    expect(await findDueRequestIds(database.orm, account.id, now, 10)).toEqual([])
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await approve(omar, request.id)
    await wakeRequests(database.orm, account.id, now)
    expect(await findDueRequestIds(database.orm, account.id, now, 10)).toEqual([])
  })
})
