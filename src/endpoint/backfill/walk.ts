/** The walk itself: page after page of the export, ticket after ticket. */
import { ingestTicket } from '../ingestion/ingest-ticket.ts'
import { drainOutbox } from '../outbox/drain.ts'
import { withPolicy } from '../policy/source.ts'
import { tryPatiently } from './patience.ts'
import { nextTicket, placeOnPage } from './place.ts'
import type { BackfillEnd, Run } from './state.ts'
import { add, commit, pause } from './state.ts'
import { awaitWrites } from './writes.ts'

/** Place and sums are committed after this long or this many tickets; what is lost is done again. */
const COMMIT_INTERVAL_MS = 100
const COMMIT_TICKETS = 25
/** Zendesk allows ten exports a minute; some are the sweep's. */
const EXPORT_INTERVAL_MS = 7_500
/** Tries of a ticket before it is left to the endpoint, and of a page before the run ends. */
const TICKET_TRIES = 5
const PAGE_TRIES = 8
/** When so many tickets fail one after the other, it is not for what is in them. */
const MOST_FAILURES_IN_A_ROW = 3
/** Orders that may wait while the walk goes on. */
const MOST_WAITING = 500

/** Goes on from `run.place`. What was done before it ends is committed. */
export async function walkTickets(run: Run): Promise<BackfillEnd> {
  let failedInARow = 0
  for (;;) {
    const next = nextTicket(run.place)
    if (next === null) {
      if (run.uncommitted > 0) await commitAndWrite(run)
      failedInARow = 0
      const turned = await turnPage(run)
      if (turned !== 'turned') return turned
      continue
    }
    const outcome = await lookAt(run, next)
    // Tickets that only just failed are tried again by the next run, like the one in hand.
    if (outcome.is === 'stopped') {
      if (failedInARow === 0) await commitAndWrite(run)
      return 'stopped'
    }
    if (outcome.is === 'done') failedInARow = 0
    else {
      if (failedInARow === 0) await commit(run)
      failedInARow += 1
      if (failedInARow === MOST_FAILURES_IN_A_ROW) return 'failing'
      add(run.counts, { [`failed.${outcome.code}`]: 1 })
      if (!run.options.isDryRun) run.failures.push(next.ticketId)
    }
    run.place = next.behind
    run.uncommitted += 1
    const sinceMs = run.deps.now().getTime() - run.committedAt
    const isDue = run.uncommitted >= COMMIT_TICKETS || sinceMs >= COMMIT_INTERVAL_MS
    if (isDue && failedInARow === 0) await commitAndWrite(run)
  }
}

type LookedAt = { is: 'done' } | { is: 'stopped' } | { is: 'failed'; code: string }

/** Ingests one ticket, and counts it. */
async function lookAt(
  run: Run,
  { ticketId, isAgain }: { ticketId: number; isAgain: boolean },
): Promise<LookedAt> {
  if (isAgain && run.options.isDryRun) {
    add(run.counts, { 'tickets.again': 1 })
    return { is: 'done' }
  }
  const tried = await tryPatiently(run, TICKET_TRIES, async () => {
    run.attempted = {}
    return await ingestTicket(run.ingestion, ticketId)
  })
  if (tried.is === 'failed' && tried.code === 'ticket_not_found') {
    add(run.counts, { 'tickets.deleted': 1 })
    return { is: 'done' }
  }
  if (tried.is !== 'done') return tried
  add(run.counts, run.attempted)
  add(run.counts, {
    [isAgain ? 'tickets.again' : 'tickets.seen']: 1,
    'tickets.closed': !isAgain && tried.value.isClosed ? 1 : 0,
  })
  if (!isAgain) run.done += 1
  return { is: 'done' }
}

async function commitAndWrite(run: Run): Promise<void> {
  await commit(run)
  if (!run.options.isDryRun) await drainOutbox(run.ingestion)
  const { done, total } = run
  run.options.onProgress?.({ phase: 'tickets', done, total, waiting: 0 })
}

/** Takes the next page in hand, when there is one and not too many orders wait. */
async function turnPage(run: Run): Promise<BackfillEnd | 'turned'> {
  const { deps, options, place, walk } = run
  if (place.isLast) return 'done'
  if (!options.isDryRun) {
    const end = await awaitWrites(run, MOST_WAITING)
    if (end !== 'done') return end
  }
  await pause(run, run.exportedAt + EXPORT_INTERVAL_MS - deps.now().getTime())
  const from = place.cursor === null ? { since: options.since } : { cursor: place.cursor }
  const page = await tryPatiently(run, PAGE_TRIES, async () => {
    // A change of policy holds from the next page on.
    const { policy } = await withPolicy(run.outer)
    run.ingestion = { ...run.ingestion, policy }
    return await deps.zendesk.content.changedTickets(from)
  })
  run.exportedAt = deps.now().getTime()
  if (page.is !== 'done') return page.is === 'stopped' ? 'stopped' : 'failing'
  const { changes } = page.value
  run.place = placeOnPage(page.value, walk.startedAt)
  add(run.counts, { 'tickets.deleted': changes.filter(({ isDeleted }) => isDeleted).length })
  await commit(run)
  return 'turned'
}
