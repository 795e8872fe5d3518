/** What a backfill holds in memory while it runs, and how that is made durable. */
import type { AuditActor } from '../../audit/entry.ts'
import { appendInbox } from '../../storage/inbox.ts'
import type { WalkRun } from '../../storage/ticket-walks.ts'
import { addToWalk } from '../../storage/ticket-walks.ts'
import { keepLease } from '../../storage/walk-lease.ts'
import type { EndpointDeps, OuterDeps } from '../context.ts'
import type { BackfillPlace } from './place.ts'
import { formatPlace } from './place.ts'

export type BackfillOptions = {
  /** Tickets that changed since. A minute ago at least. */
  since: Date
  /** Finds and counts, and keeps nothing but its own place and sums. */
  isDryRun: boolean
  /** Forgets where an earlier run stands. */
  isAnew: boolean
  actor: AuditActor
  /** Once aborted the ticket in hand is finished, and the rest is left for later. */
  signal: AbortSignal
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  wait(milliseconds: number): Promise<void>
  onProgress?(progress: BackfillProgress): void
}

export type BackfillProgress = {
  /** `writes`: every ticket was looked at, and the last orders are written into Zendesk. */
  phase: 'tickets' | 'writes'
  /** Tickets of all runs together, and about how many there are; null when Zendesk does not say. */
  done: number
  total: number | null
  /** Orders that wait; of the phase `writes` only. */
  waiting: number
}

/** `stopped`: by the signal. `failing`: nothing worked any more; trying later goes on there. */
export type BackfillEnd = 'done' | 'stopped' | 'failing'

/** Somebody began it anew or took it over, after this process was silent for too long. */
export class BackfillTakenOverError extends Error {
  override readonly name = 'BackfillTakenOverError'
}

export type Counts = Record<string, number>

export type Run = {
  /** Where the policy is looked up anew: a run may last for days. */
  outer: OuterDeps
  /** What the walk itself is written with. */
  deps: EndpointDeps
  /** What tickets are ingested with: its acts are counted, and undone in a dry run. */
  ingestion: EndpointDeps
  options: BackfillOptions
  walk: WalkRun
  /** Who holds the lease, and when that was last said. */
  holder: string
  heldAt: number
  exportedAt: number
  /** Where it stands. */
  place: BackfillPlace
  /** Since the last commit: what is to be counted, and what is left to the endpoint. */
  counts: Counts
  failures: number[]
  /** What a dry run counted of the ticket in hand. */
  attempted: Counts
  uncommitted: number
  committedAt: number
  done: number
  total: number | null
}

/** Longest time between two signs of life: a fraction of the lease. */
const BEAT_MS = 10_000

export function add(counts: Counts, more: Readonly<Partial<Counts>>): void {
  for (const [name, count = 0] of Object.entries(more)) {
    if (count > 0) counts[name] = (counts[name] ?? 0) + count
  }
}

/**
 * Makes place, counts and what is left to the endpoint durable, together. Throws
 * `BackfillTakenOverError` when this run is over.
 */
export async function commit(run: Run): Promise<void> {
  const { deps, walk, counts, failures } = run
  const at = deps.now()
  await deps.database.transaction(async (tx) => {
    const isMine = await addToWalk(tx, walk, counts, { cursor: formatPlace(run.place), at })
    if (!isMine) throw new BackfillTakenOverError()
    const events = failures.map((ticketId) => ({ id: `backfill:${deps.newId()}`, ticketId }))
    await appendInbox(tx, deps.account.id, at, events)
  })
  run.counts = {}
  run.failures = []
  run.uncommitted = 0
  run.committedAt = at.getTime()
  await beat(run)
}

/** Waits without losing the lease; shorter when it is stopped. */
export async function pause(run: Run, milliseconds: number): Promise<void> {
  const { deps, options } = run
  const until = deps.now().getTime() + milliseconds
  for (;;) {
    await beat(run)
    const left = until - deps.now().getTime()
    if (left <= 0 || options.signal.aborted) return
    await options.wait(Math.min(left, BEAT_MS))
  }
}

async function beat(run: Run): Promise<void> {
  const now = run.deps.now()
  if (now.getTime() - run.heldAt < BEAT_MS) return
  const { database, account } = run.deps
  if (!(await keepLease(database.orm, account.id, run.holder, now))) {
    throw new BackfillTakenOverError()
  }
  run.heldAt = now.getTime()
}
