/**
 * Ten thousand existing tickets, protected by a backfill that is killed, stopped and refused again and
 * again. Steps are its accesses to the database and calls to Zendesk; a killed process is one that
 * reaches nothing any more from its step on, with or without the step's effect.
 */
import { and, eq, isNull } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { runBackfill } from '../../src/endpoint/backfill/run.ts'
import type { BackfillReport } from '../../src/endpoint/backfill/report.ts'
import type { BackfillEnd } from '../../src/endpoint/backfill/state.ts'
import type { EndpointDeps } from '../../src/endpoint/context.ts'
import { ingestTicket } from '../../src/endpoint/ingestion/ingest-ticket.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import {
  auditEntries,
  inbox,
  outbox,
  protectedValues,
  residualExposures,
} from '../../src/storage/schema.ts'
import { findAuditEntries } from '../../src/storage/audit-log.ts'
import { CARDS, CODE, IBAN, seedTickets, seededRandom, together } from '../support/backfill.ts'
import type { Seeded } from '../support/backfill.ts'
import { directoryThrough } from '../support/endpoint-zendesk.ts'
import { startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'

const TICKETS = 10_000
const SEED = 20_261_122
/** Tickets that the endpoint has protected before. */
const PROTECTED = 50
/** Those that a dry run looks at. */
const NEWEST = 2_000

class Killed extends Error {}

/** How a run ends early: at its `step`, of which the effect may be lost or not. */
type Interruption = { step: number; how: 'killed before' | 'killed after' | 'stopped' }

/** One process on the account, with trouble at some of its steps. */
function startProcess(
  { deps, zendesk, clock }: TestEndpoint,
  random: () => number,
  interruption: Interruption | null,
) {
  const stop = new AbortController()
  let steps = 0
  let troubledCalls = 0
  let isDead = false
  const enter = (): boolean => {
    if (isDead) throw new Killed()
    steps += 1
    const isHere = steps === interruption?.step
    if (isHere && interruption?.how === 'stopped') stop.abort()
    isDead = isHere && interruption?.how === 'killed before'
    if (isDead) throw new Killed()
    return isHere && interruption?.how === 'killed after'
  }
  const leave = (isLast: boolean): void => {
    isDead ||= isLast
    if (isDead) throw new Killed()
  }
  const database: EndpointDeps['database'] = {
    engine: deps.database.engine,
    get orm() {
      leave(enter())
      return deps.database.orm
    },
    transaction: async (work) => {
      const isLast = enter()
      const answer = await deps.database.transaction(work)
      leave(isLast)
      return answer
    },
    close: async () => {},
  }
  const fetchWithTrouble: typeof fetch = async (input, init) => {
    const isLast = enter()
    // Now and then Zendesk has no time, or an outage of a few calls.
    if (random() < 0.0005) zendesk.emulator.controls.limit(7, 1 + Math.floor(random() * 5))
    if (random() < 0.0005) troubledCalls = 1 + Math.floor(random() * 3)
    troubledCalls -= 1
    if (troubledCalls >= 0) {
      leave(isLast)
      if (random() < 0.5) throw new TypeError('fetch failed')
      return new Response('{}', { status: 503 })
    }
    const answer = await zendesk.emulator.fetch(new Request(input, init))
    leave(isLast)
    return answer
  }
  const directory = directoryThrough(fetchWithTrouble, clock.now)
  return {
    signal: stop.signal,
    deps: { ...deps, database, zendesk: directory },
    isKilled: (error: unknown) => isDead && error instanceof Error,
  }
}

/** One process's life; null when it was killed. */
async function live(
  endpoint: TestEndpoint,
  random: () => number,
  run: { since: Date; isDryRun: boolean; interruption: Interruption | null },
): Promise<{ end: BackfillEnd; report: BackfillReport } | null> {
  const { deps, signal, isKilled } = startProcess(endpoint, random, run.interruption)
  try {
    return await runBackfill(deps, {
      since: run.since,
      isDryRun: run.isDryRun,
      isAnew: false,
      actor: { type: 'operator', name: 'sam' },
      signal,
      wait: async (milliseconds) => endpoint.clock.advance(milliseconds / 1000),
    })
  } catch (error) {
    if (isKilled(error)) return null
    throw error
  } finally {
    // Until a killed one counts as dead.
    endpoint.clock.advance(61)
  }
}

/** One entry for each time it began or went on, and one for its end. */
async function expectEntries({ deps }: TestEndpoint, starts: number, sums: object): Promise<void> {
  const named = async (action: string) =>
    (await findAuditEntries(deps.database.orm, deps.account.id, { action, limit: 1000 })).map(
      ({ body }) => JSON.parse(body) as AuditEntry,
    )
  const [finish, ...others] = await named('backfill.finish')
  expect(others).toEqual([])
  expect(finish).toMatchObject({ actor: { type: 'operator', name: 'sam' }, data: sums })
  const started = await named('backfill.start')
  // A kill may come before the first entry of a life.
  expect(started.length).toBeGreaterThan(starts / 2)
  expect(started.filter(({ data }) => data?.['isResumed'] === false)).toHaveLength(1)
}

/** Process after process, each but the last interrupted after some steps of up to `every`. */
async function liveUntilDone(
  endpoint: TestEndpoint,
  random: () => number,
  { every, ...run }: { since: Date; isDryRun: boolean; every: number },
) {
  const ends: string[] = []
  for (;;) {
    const how = (['killed before', 'killed after', 'stopped'] as const)[Math.floor(random() * 3)]
    const step = 1 + Math.floor(random() * every)
    const interruption = how === undefined ? null : { step, how }
    const life = await live(endpoint, random, { ...run, interruption })
    ends.push(life?.end ?? 'killed')
    if (life?.end === 'done') return { report: life.report, ends }
  }
}

const TABLES = { protectedValues, outbox, inbox, residualExposures, auditEntries }

async function rowCounts({ deps }: TestEndpoint): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, table] of Object.entries(TABLES)) {
    counts[name] = await deps.database.orm.$count(table, eq(table.account, deps.account.id))
  }
  return counts
}

async function openOrders({ deps }: TestEndpoint): Promise<number> {
  const isOpen = and(eq(outbox.account, deps.account.id), isNull(outbox.doneAt))
  return await deps.database.orm.$count(outbox, isOpen)
}

/** The tickets where a value still stands, by where. */
function plaintextIn({ zendesk }: TestEndpoint, { ticketIds }: Seeded) {
  const { state } = zendesk.emulator
  const values = [...CARDS, IBAN, `code ${CODE}`]
  const holdsValue = (text: string) => values.some((value) => text.includes(value))
  const ours = new Set(ticketIds)
  const tickets = state.tickets.filter(({ id }) => ours.has(id))
  const kept = tickets.filter(({ status }) => (status as string) !== 'deleted')
  return {
    inComments: kept.filter(({ id }) => holdsValue(JSON.stringify(state.comments[id]))).length,
    inDescriptions: kept.filter(({ description }) => holdsValue(description)).length,
    inSubjects: kept.filter(({ subject }) => holdsValue(subject)).length,
    inFiles: Object.values(state.files).filter(({ content }) => holdsValue(content)).length,
    inOpenFields: kept
      .filter(({ status }) => status !== 'closed')
      .filter((ticket) => holdsValue(JSON.stringify(ticket.custom_fields))).length,
    inClosedFields: kept
      .filter(({ status }) => status === 'closed')
      .filter((ticket) => holdsValue(JSON.stringify(ticket.custom_fields))).length,
  }
}

const byKind = (report: BackfillReport, measure: 'found' | 'vaulted' | 'destroyed') =>
  Object.fromEntries(
    report.kinds.map((kind) => [kind.kind, kind[measure]]).filter(([, sum]) => sum !== 0),
  )
const residualOf = ({ residual }: BackfillReport) =>
  Object.fromEntries(residual.map(({ category, kind, count: sum }) => [`${category} ${kind}`, sum]))
const done = (ordered: number) => ({ ordered, redacted: ordered, waiting: 0, failed: [] })

it('ten thousand tickets, interrupted again and again: the report’s sums are what was seeded', async () => {
  const endpoint = await startEndpoint()
  const { deps, clock, zendesk } = endpoint
  const { state } = zendesk.emulator
  const random = seededRandom(SEED)

  const day = (number: number) => new Date(clock.now().getTime() - number * 86_400_000)
  const known = seedTickets(state, { count: PROTECTED, seed: 1, firstId: 50_001, until: day(4) })
  for (const id of known.ticketIds) await ingestTicket(deps, id).catch(() => {})
  await drainOutbox(deps)
  const left = TICKETS - PROTECTED - NEWEST
  const older = seedTickets(state, { count: left, seed: SEED, firstId: 100_001, until: day(2) })
  const newer = seedTickets(state, { count: NEWEST, seed: 2, firstId: 200_001, until: day(1) })
  const seeded = together(older, newer)
  const all = new Set([...known.ticketIds, ...seeded.ticketIds])
  state.tickets = state.tickets.filter(({ id }) => all.has(id))
  clock.advance(60)
  const tickets = {
    seen: seeded.tickets + known.tickets,
    closed: seeded.closed + known.closed,
    deleted: seeded.deleted + known.deleted,
    failed: [],
  }
  const { found } = seeded
  const { card_verification_code: codes, ...vaulted } = found

  // A dry run over the newest says what is there and leaves everything as it is.
  const rowsBefore = await rowCounts(endpoint)
  const stateBefore = zendesk.emulator.exportState()
  const rehearsal = await liveUntilDone(endpoint, random, {
    since: day(1.5),
    isDryRun: true,
    every: 3_000,
  })
  expect(rehearsal.ends.length).toBeGreaterThan(1)
  expect(byKind(rehearsal.report, 'found')).toEqual(newer.found)
  expect(residualOf(rehearsal.report)).toEqual(newer.residual)
  expect(rehearsal.report.tickets.closed).toBeGreaterThanOrEqual(newer.closed)
  expect(await rowCounts(endpoint)).toEqual(rowsBefore)
  expect(zendesk.emulator.exportState() === stateBefore).toBe(true)

  const run = { since: day(30), isDryRun: false }
  const { report, ends } = await liveUntilDone(endpoint, random, { ...run, every: 6_000 })
  expect(new Set(ends)).toEqual(new Set(['killed', 'stopped', 'done']))
  expect(ends.length).toBeGreaterThan(8)
  expect(report).toMatchObject({ mode: 'protect', isComplete: true, tickets })
  expect(byKind(report, 'found')).toEqual(found)
  expect(byKind(report, 'vaulted')).toEqual(vaulted)
  expect(byKind(report, 'destroyed')).toEqual({ card_verification_code: codes })
  expect(residualOf(report)).toEqual(seeded.residual)
  expect(report.closedAndUnchangeable).toBe(seeded.closedFields)
  const openFields = seeded.fields - seeded.closedFields
  expect(report.places).toEqual([
    { place: 'comment', withFindings: seeded.comments, ...done(seeded.comments) },
    { place: 'field', withFindings: seeded.fields, ...done(openFields) },
    { place: 'attachment', withFindings: seeded.attachments, ...done(seeded.attachments) },
  ])

  // Every value once, every write once, and nothing left but what is said to stay.
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0)
  const rowsAfter = await rowCounts(endpoint)
  expect(rowsAfter['protectedValues']).toBe((rowsBefore['protectedValues'] ?? 0) + sum(vaulted))
  const ours = new Set(seeded.ticketIds)
  const writes = Object.entries(state.audits).filter(([id]) => ours.has(Number(id)))
  expect(writes.flatMap(([, audits]) => audits).length).toBe(
    seeded.comments + openFields + seeded.attachments,
  )
  expect(plaintextIn(endpoint, seeded)).toEqual({
    inComments: 0,
    inDescriptions: 0,
    inSubjects: 0,
    inFiles: 0,
    inOpenFields: 0,
    inClosedFields: seeded.closedFields,
  })
  expect(await openOrders(endpoint)).toBe(0)
  await expectEntries(endpoint, ends.length, { tickets: tickets.seen, found: sum(found) })

  const again = await live(endpoint, random, { ...run, interruption: null })
  expect(again?.report).toMatchObject({ tickets: { seen: tickets.seen }, kinds: [], residual: [] })
  expect(await rowCounts(endpoint)).toMatchObject({
    protectedValues: rowsAfter['protectedValues'],
    outbox: rowsAfter['outbox'],
  })
}, 900_000)
