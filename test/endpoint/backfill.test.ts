/** A backfill over a few existing tickets, with trouble of every kind; faults at every step are elsewhere. */
import { and, eq, isNull } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { BackfillReport } from '../../src/endpoint/backfill/report.ts'
import { BackfillRunningError, runBackfill } from '../../src/endpoint/backfill/run.ts'
import type { BackfillOptions } from '../../src/endpoint/backfill/state.ts'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import { inbox } from '../../src/storage/schema.ts'
import { takeLease } from '../../src/storage/walk-lease.ts'
import { AISHA, startEndpoint, TOMAS } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { comment, HARRIET, ticketOf, type, vaultOf, writesTo } from '../support/ingestion.ts'
import { CARD } from '../support/story.ts'

const SINCE = new Date('2026-01-01T00:00:00.000Z')
const OPERATOR = { type: 'operator', name: 'sam' } as const

/** The account with a card in a comment of 4001 and one in a field of 4002, told of to nobody. */
async function start(): Promise<TestEndpoint> {
  const endpoint = await startEndpoint()
  await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
  await type(endpoint, TOMAS, 4002, 301, CARD)
  endpoint.clock.advance(3600)
  endpoint.zendesk.emulator.counts.reset()
  return endpoint
}

const run = (endpoint: TestEndpoint, options: Partial<BackfillOptions> = {}) =>
  runBackfill(endpoint.deps, {
    since: SINCE,
    isDryRun: false,
    isAnew: false,
    actor: OPERATOR,
    signal: new AbortController().signal,
    wait: async (milliseconds) => endpoint.clock.advance(milliseconds / 1000),
    ...options,
  })

const cards = ({ kinds }: BackfillReport) => kinds.find(({ kind }) => kind === 'payment_card')
const calls = ({ zendesk }: TestEndpoint, route: string) =>
  zendesk.emulator.counts.byRoute()[route] ?? 0

describe('a backfill', () => {
  it('vaults and redacts what is there, and says so', async () => {
    const endpoint = await start()
    const { end, report } = await run(endpoint)
    expect(end).toBe('done')
    expect(cards(report)).toMatchObject({ found: 2, vaulted: 2, destroyed: 0 })
    expect(report.places).toMatchObject([
      { place: 'comment', withFindings: 1, ordered: 1, redacted: 1, waiting: 0, failed: [] },
      { place: 'field', withFindings: 1, ordered: 1, redacted: 1, waiting: 0, failed: [] },
      { place: 'attachment', withFindings: 0, ordered: 0 },
    ])
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([CARD])
    expect(endpoint.zendesk.fieldText(4002, 301)).toContain('4242 [scrim:')
    await endpoint.expectAuditEntry({ action: 'backfill.start', actor: OPERATOR })
    await endpoint.expectAuditEntry({
      action: 'backfill.finish',
      actor: OPERATOR,
      data: expect.objectContaining({ found: 2, vaulted: 2, redacted: 2, waiting: 0 }) as object,
    })
  })

  it('run again finds nothing and writes nothing', async () => {
    const endpoint = await start()
    await run(endpoint)
    const writes = writesTo(endpoint)
    const { report } = await run(endpoint)
    expect(report).toMatchObject({ kinds: [], residual: [], closedAndUnchangeable: 0 })
    expect(writesTo(endpoint)).toBe(writes)
  })

  it('redacts the comments of a closed ticket, and says that its fields stay', async () => {
    const endpoint = await start()
    await comment(endpoint, TOMAS, 4002, `<p>Card ${CARD}</p>`, false)
    ticketOf(endpoint, 4002).status = 'closed'
    endpoint.clock.advance(3600)
    const { report } = await run(endpoint)
    expect(report.tickets.closed).toBeGreaterThan(0)
    expect(report.closedAndUnchangeable).toBe(1)
    expect(report.places[0]).toMatchObject({ ordered: 2, redacted: 2 })
    expect(report.places[1]).toMatchObject({ withFindings: 1, ordered: 0 })
    expect(endpoint.zendesk.fieldText(4002, 301)).toBe(CARD)
    expect(report.residual).toContainEqual({
      category: 'closed_ticket_field',
      kind: 'payment_card',
      count: 1,
    })
  })

  it('skips what Zendesk has deleted', async () => {
    const endpoint = await start()
    // Zendesk's own word for it, which no agent can choose.
    Object.assign(ticketOf(endpoint, 4001), { status: 'deleted' })
    const { report } = await run(endpoint)
    expect(report.tickets.deleted).toBe(1)
    expect(cards(report)).toMatchObject({ found: 1 })
    expect(await vaultOf(endpoint, 4001)).toEqual([])
  })

  it('leaves what did not change since then', async () => {
    const endpoint = await start()
    const since = new Date(endpoint.clock.now().getTime() - 60_000)
    const { report } = await run(endpoint, { since })
    expect(report.tickets.seen).toBe(0)
    expect(await vaultOf(endpoint, 4001)).toEqual([])
  })

  it('as a dry run finds the same and keeps nothing', async () => {
    const endpoint = await start()
    const state = endpoint.zendesk.emulator.exportState()
    const { end, report } = await run(endpoint, { isDryRun: true })
    expect(end).toBe('done')
    expect(report.mode).toBe('dry-run')
    expect(cards(report)).toMatchObject({ found: 2, vaulted: 2 })
    expect(report.places).toMatchObject([{ withFindings: 1, ordered: 0 }, { withFindings: 1 }, {}])
    expect(endpoint.zendesk.emulator.exportState()).toBe(state)
    expect(await endpoint.auditEntries()).toEqual([])
    expect(await vaultOf(endpoint, 4001)).toEqual([])
    expect(cards((await run(endpoint)).report)).toMatchObject({ found: 2, vaulted: 2 })
  })

  it('looks again at a ticket that changes while it runs, and counts each once', async () => {
    const endpoint = await start()
    // They come first, so that there are pages left when they are written to.
    for (const id of [4001, 4002]) ticketOf(endpoint, id).updated_at = SINCE.toISOString()
    const { emulator } = endpoint.zendesk
    const { fetch } = emulator
    emulator.fetch = (request) =>
      fetch(
        request.url.includes('/incremental/')
          ? new Request(`${request.url}&per_page=4`, request)
          : request,
      )
    const stop = emulator.onTicketChange(({ id }) => {
      if (id !== 4002) return
      stop()
      void comment(endpoint, AISHA, 4003, `<p>And the card is ${CARD}</p>`, false)
    })
    const { report } = await run(endpoint)
    // 4003 changed before its turn came, so it was only looked at then.
    expect(report.tickets).toMatchObject({ seen: 9, changedMeanwhile: 3 })
    expect(cards(report)).toMatchObject({ found: 3, vaulted: 3 })
    expect((await vaultOf(endpoint, 4003)).map(({ value }) => value)).toEqual([CARD])
  })
})

describe('a backfill that was stopped', () => {
  it('finishes the ticket in hand and goes on with the next one', async () => {
    const endpoint = await start()
    const stop = new AbortController()
    const { content } = endpoint.deps.zendesk
    const looked: number[] = []
    const deps = {
      ...endpoint.deps,
      zendesk: {
        ...endpoint.deps.zendesk,
        content: {
          ...content,
          ticket: (id: number) => {
            looked.push(id)
            if (looked.length === 3) stop.abort()
            return content.ticket(id)
          },
        },
      },
    }
    const stopped = await runBackfill(deps, {
      since: SINCE,
      isDryRun: false,
      isAnew: false,
      actor: OPERATOR,
      signal: stop.signal,
      wait: async () => {},
    })
    expect(stopped.end).toBe('stopped')
    expect(stopped.report).toMatchObject({ isComplete: false, tickets: { seen: 3 } })
    endpoint.zendesk.emulator.counts.reset()
    const { end, report } = await run(endpoint)
    expect(end).toBe('done')
    expect(report.tickets.seen).toBe(10)
    expect(cards(report)).toMatchObject({ found: 2, vaulted: 2 })
    const starts = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'backfill.start',
    )
    expect(starts.map(({ data }) => data?.['isResumed'])).toEqual([false, true])
  })

  it('begins anew when told', async () => {
    const endpoint = await start()
    const signal = AbortSignal.abort()
    expect((await run(endpoint, { signal })).end).toBe('stopped')
    endpoint.clock.advance(1)
    await run(endpoint, { isAnew: true })
    const starts = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'backfill.start',
    )
    expect(starts.map(({ data }) => data?.['isResumed'])).toEqual([false, false])
  })

  it('is alone: a second one is refused until the first has been silent for a minute', async () => {
    const endpoint = await start()
    const { database, account } = endpoint.deps
    await takeLease(database.orm, account.id, 'killed', endpoint.clock.now())
    endpoint.clock.advance(20)
    await expect(run(endpoint)).rejects.toMatchObject({ secondsAgo: 20, secondsLeft: 40 })
    await expect(run(endpoint, { isDryRun: true })).rejects.toBeInstanceOf(BackfillRunningError)
    await endpoint.expectNoAuditEntry('backfill.start')
    endpoint.clock.advance(40)
    expect((await run(endpoint)).end).toBe('done')
  })
})

describe('while Zendesk', () => {
  it('has no time, it waits as long as it was told and loses nothing', async () => {
    const endpoint = await start()
    endpoint.zendesk.emulator.controls.limit(120, 1)
    const before = endpoint.clock.now().getTime()
    const { end, report } = await run(endpoint)
    expect(end).toBe('done')
    expect(endpoint.clock.now().getTime() - before).toBeGreaterThanOrEqual(120_000)
    expect(cards(report)).toMatchObject({ found: 2, vaulted: 2 })
  })

  it('cannot be reached, it gives up after some minutes, and goes on there another time', async () => {
    const endpoint = await start()
    endpoint.zendesk.emulator.controls.setHealth('errors')
    const { end, report } = await run(endpoint)
    expect(end).toBe('failing')
    expect(report).toMatchObject({ isComplete: false, tickets: { seen: 0, failed: [] } })
    endpoint.zendesk.emulator.controls.setHealth('up')
    const rest = await run(endpoint)
    expect(rest.end).toBe('done')
    expect(cards(rest.report)).toMatchObject({ found: 2, vaulted: 2 })
  })

  it('fails for one ticket, that one is counted by its code and left to the endpoint', async () => {
    const endpoint = await start()
    const { fetch } = endpoint.zendesk.emulator
    const path = `${API_ORIGIN}/api/v2/tickets/4001`
    endpoint.zendesk.emulator.fetch = async (request) =>
      request.url === path ? new Response('{}', { status: 500 }) : fetch(request)
    const { end, report } = await run(endpoint)
    expect(end).toBe('done')
    expect(report.tickets).toMatchObject({
      seen: 9,
      failed: [{ code: 'zendesk_unavailable', count: 1 }],
    })
    expect(cards(report)).toMatchObject({ found: 1 })
    const { database, account } = endpoint.deps
    const left = await database.orm
      .select({ ticketId: inbox.ticketId })
      .from(inbox)
      .where(and(eq(inbox.account, account.id), isNull(inbox.doneAt)))
    expect(left).toEqual([{ ticketId: 4001 }])
    endpoint.zendesk.emulator.fetch = fetch
    await endpoint.sweep()
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([CARD])
  })

  it('refuses a redaction for good, the order is counted by its code', async () => {
    const endpoint = await start()
    const { fetch } = endpoint.zendesk.emulator
    endpoint.zendesk.emulator.fetch = async (request) =>
      request.url.includes('/comment_redactions/')
        ? new Response('{}', { status: 404 })
        : fetch(request)
    const { end, report } = await run(endpoint)
    expect(end).toBe('done')
    expect(report.places[0]).toMatchObject({
      ordered: 1,
      redacted: 0,
      failed: [{ code: 'ticket_not_found', count: 1 }],
    })
  })

  it('takes no writes, it says what still waits, and the endpoint goes on', async () => {
    const endpoint = await start()
    const { fetch } = endpoint.zendesk.emulator
    endpoint.zendesk.emulator.fetch = async (request) =>
      request.method === 'PUT' ? new Response('{}', { status: 503 }) : fetch(request)
    const { end, report } = await run(endpoint)
    expect(end).toBe('failing')
    expect(report.isComplete).toBe(true)
    expect(report.places).toMatchObject([{ waiting: 1, redacted: 0 }, { waiting: 1 }, {}])
    endpoint.zendesk.emulator.fetch = fetch
    endpoint.clock.advance(600)
    await endpoint.sweep()
    expect(endpoint.zendesk.fieldText(4002, 301)).toContain('4242 [scrim:')
  })

  it('is asked for exports less than ten times a minute', async () => {
    const endpoint = await start()
    const { content } = endpoint.deps.zendesk
    const at: number[] = []
    const small = {
      ...content,
      changedTickets: async (from: Parameters<typeof content.changedTickets>[0]) => {
        at.push(endpoint.clock.now().getTime())
        const page = await content.changedTickets(from)
        return at.length < 12 ? { ...page, isEnd: false } : page
      },
    }
    endpoint.deps.zendesk = { ...endpoint.deps.zendesk, content: small }
    await run(endpoint)
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0))
    expect(gaps.length).toBeGreaterThan(0)
    expect(Math.min(...gaps)).toBeGreaterThan(6_000)
    expect(calls(endpoint, 'GET /api/v2/incremental/tickets/cursor')).toBe(at.length)
  })
})
