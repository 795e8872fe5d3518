/**
 * Protects the tickets that exist: walks them by incremental export and has each ingested as if Zendesk
 * had just told of it. It may be stopped or killed at any point and goes on where it was. What is done
 * is counted by its own transaction, so a ticket that is looked at twice counts what it held once.
 */
import { countOrders } from '../../storage/ordered-writes.ts'
import { rehearsed } from '../../storage/rehearsal.ts'
import type { SummedWalk, WalkRun } from '../../storage/ticket-walks.ts'
import { addToWalk, beginWalk, findWalk, finishWalk } from '../../storage/ticket-walks.ts'
import { LEASE_SECONDS, releaseLease, takeLease } from '../../storage/walk-lease.ts'
import { audit } from '../audit.ts'
import type { EndpointDeps, OuterDeps } from '../context.ts'
import { withPolicy } from '../policy/source.ts'
import { orderIds, orderRange } from './order-ids.ts'
import { parsePlace } from './place.ts'
import type { BackfillReport } from './report.ts'
import { backfillReport } from './report.ts'
import type { BackfillEnd, BackfillOptions, Run } from './state.ts'
import { BackfillTakenOverError, add } from './state.ts'
import { walkTickets } from './walk.ts'
import { awaitWrites } from './writes.ts'

/** Somebody else is at it, or was killed `secondsAgo`. */
export class BackfillRunningError extends Error {
  override readonly name = 'BackfillRunningError'
  readonly secondsAgo: number
  /** Until it counts as dead. */
  readonly secondsLeft: number

  constructor(secondsAgo: number) {
    super('another backfill of this account is running')
    this.secondsAgo = secondsAgo
    this.secondsLeft = Math.max(1, LEASE_SECONDS - secondsAgo)
  }
}

/**
 * Goes on where an earlier run of the same `since` and mode was stopped, else begins. Throws
 * `BackfillRunningError`, `BackfillTakenOverError`, and `keys_unavailable` or `storage_unavailable`,
 * after which it can be called again.
 */
export async function runBackfill(
  outer: OuterDeps,
  options: BackfillOptions,
): Promise<{ end: BackfillEnd; report: BackfillReport }> {
  const deps = await withPolicy(outer)
  const { database, account } = deps
  const holder = deps.newId()
  const otherAt = await takeLease(database.orm, account.id, holder, deps.now())
  if (otherAt !== null) {
    throw new BackfillRunningError(Math.floor((deps.now().getTime() - otherAt.getTime()) / 1000))
  }
  try {
    const run = await begin({ outer, deps }, options, holder)
    const walked = await walkTickets(run)
    const isWritten = walked === 'done' && !options.isDryRun
    const end = isWritten ? await awaitWrites(run, 0) : walked
    return { end, report: await conclude(run, { isComplete: walked === 'done', end }) }
  } finally {
    // What cannot be given back runs out by itself.
    await releaseLease(database.orm, account.id, holder, deps.now()).catch(() => {})
  }
}

/** A walk is named for what it is about, so that the same command goes on with it. */
const nameOf = ({ since, isDryRun }: BackfillOptions) =>
  `${isDryRun ? 'dry-run' : 'backfill'} ${since.toISOString()}`

async function begin(
  { outer, deps }: Pick<Run, 'outer' | 'deps'>,
  options: BackfillOptions,
  holder: string,
): Promise<Run> {
  const { database, account } = deps
  const at = deps.now()
  const name = nameOf(options)
  const found = options.isAnew ? undefined : await findWalk(database.orm, account.id, name)
  const open = found?.finishedAt === null ? found : undefined
  const began = await database.transaction(async (tx) => {
    const walk = open ?? (await beginWalk(tx, { account: account.id, name, startedAt: at }))
    if (!options.isDryRun) {
      await audit(tx, deps, {
        action: 'backfill.start',
        actor: options.actor,
        outcome: 'ok',
        policyVersion: deps.policy.version,
        data: { since: options.since.toISOString(), isResumed: open !== undefined },
      })
    }
    return walk
  })
  const total = await deps.zendesk.content.countChangedTickets(options.since).catch(() => null)
  const walk = { account: account.id, name, startedAt: began.startedAt }
  const run: Omit<Run, 'ingestion'> = {
    outer,
    deps,
    options,
    walk,
    holder,
    total,
    ...openAt(began, at),
  }
  return Object.assign(run, { ingestion: ingestionOf(run) })
}

/** Where it stands, with nothing done since. */
function openAt({ cursor, sums }: SummedWalk, at: Date) {
  return {
    place: parsePlace(cursor),
    done: sums['tickets.seen'] ?? 0,
    counts: {},
    attempted: {},
    failures: [],
    uncommitted: 0,
    committedAt: at.getTime(),
    heldAt: at.getTime(),
    exportedAt: Number.NEGATIVE_INFINITY,
  }
}

/**
 * A dry run does the same on a database that undoes it, and counts in memory. Otherwise every act adds
 * to the walk's sums in its own transaction, and is undone when the walk is somebody else's by now.
 */
function ingestionOf(run: Omit<Run, 'ingestion'>): EndpointDeps {
  const { deps, walk } = run
  if (run.options.isDryRun) {
    const tally = async (_: unknown, counts: Record<string, number>) => add(run.attempted, counts)
    return { ...deps, database: rehearsed(deps.database), tally }
  }
  return {
    ...deps,
    newId: orderIds(walk, deps.newId),
    tally: async (tx, counts) => {
      if (!(await addToWalk(tx, walk, counts))) throw new BackfillTakenOverError()
    },
  }
}

/** Ends a walk that is done, with its entry, and reports whatever it came to. */
async function conclude(
  { deps, options, walk }: Run,
  { isComplete, end }: { isComplete: boolean; end: BackfillEnd },
): Promise<BackfillReport> {
  const { database, account } = deps
  const endedAt = deps.now()
  const found = await findWalk(database.orm, account.id, walk.name)
  const orders = await countOrders(database.orm, account.id, orderRange(walk))
  const report = backfillReport(
    {
      account: account.id,
      mode: options.isDryRun ? 'dry-run' : 'protect',
      since: options.since,
      startedAt: walk.startedAt,
      endedAt,
      isComplete,
    },
    found?.sums ?? {},
    orders,
  )
  // Stopped between its last ticket and its last write, the next run has those left to do.
  if (isComplete && end !== 'stopped') await finish(deps, options, walk, report)
  return report
}

async function finish(
  deps: EndpointDeps,
  { since, isDryRun, actor }: BackfillOptions,
  walk: WalkRun,
  { tickets, kinds, places, residual, endedAt }: BackfillReport,
): Promise<void> {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  await deps.database.transaction(async (tx) => {
    if (!(await finishWalk(tx, walk, new Date(endedAt)))) throw new BackfillTakenOverError()
    if (isDryRun) return
    await audit(tx, deps, {
      action: 'backfill.finish',
      actor,
      outcome: 'ok',
      policyVersion: deps.policy.version,
      data: {
        since: since.toISOString(),
        tickets: tickets.seen,
        ticketsFailed: total(tickets.failed.map(({ count }) => count)),
        found: total(kinds.map(({ found }) => found)),
        vaulted: total(kinds.map(({ vaulted }) => vaulted)),
        destroyed: total(kinds.map(({ destroyed }) => destroyed)),
        redacted: total(places.map(({ redacted }) => redacted)),
        waiting: total(places.map(({ waiting }) => waiting)),
        residual: total(residual.map(({ count }) => count)),
      },
    })
  })
}
