/**
 * The ids of a backfill's orders: UUIDs of version 8 (RFC 9562, section 5.8) that begin with 48 bits of
 * the run they belong to, so that what became of them is a range of the outbox's key.
 */
import { createHash } from 'node:crypto'
import type { OrderRange } from '../../storage/ordered-writes.ts'
import type { WalkRun } from '../../storage/ticket-walks.ts'

/** `newId` makes random UUIDs; these keep 74 of their bits. */
export function orderIds(run: WalkRun, newId: () => string): () => string {
  const prefix = prefixOf(run)
  return () => `${prefix}-8${newId().slice(15)}`
}

export function orderRange(run: WalkRun): OrderRange {
  const prefix = prefixOf(run)
  return { first: `${prefix}-8000-8000-000000000000`, last: `${prefix}-8fff-bfff-ffffffffffff` }
}

function prefixOf({ account, name, startedAt }: WalkRun): string {
  const text = `${account}\n${name}\n${startedAt.toISOString()}`
  const bits = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${bits.slice(0, 8)}-${bits.slice(8)}`
}
