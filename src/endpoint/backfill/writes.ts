/** Having what a backfill ordered written into Zendesk. */
import { findWaitingOrders } from '../../storage/ordered-writes.ts'
import { drainOutbox } from '../outbox/drain.ts'
import { orderRange } from './order-ids.ts'
import type { BackfillEnd, Run } from './state.ts'
import { pause } from './state.ts'

/** How long it waits while none of them gets done, and how often it looks. */
const PATIENCE_MS = 10 * 60_000
const FIRST_LOOK_MS = 1_000
const LAST_LOOK_MS = 30_000

/**
 * Drains the outbox until at most `most` of this run's orders wait. `failing` when none got done for
 * too long: the endpoint goes on with them.
 */
export async function awaitWrites(run: Run, most: number): Promise<BackfillEnd> {
  const { deps, options, walk, done, total } = run
  const { database, account } = deps
  let fewest = Number.POSITIVE_INFINITY
  let progressAt = deps.now().getTime()
  for (;;) {
    await drainOutbox(run.ingestion)
    const waiting = await findWaitingOrders(database.orm, account.id, orderRange(walk))
    if (waiting.count <= most) return 'done'
    const now = deps.now().getTime()
    if (waiting.count < fewest) {
      fewest = waiting.count
      progressAt = now
    }
    if (options.signal.aborted) return 'stopped'
    if (now - progressAt >= PATIENCE_MS) return 'failing'
    options.onProgress?.({ phase: 'writes', done, total, waiting: waiting.count })
    const dueInMs = (waiting.dueAt?.getTime() ?? now) - now
    await pause(run, Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, dueInMs)))
  }
}
