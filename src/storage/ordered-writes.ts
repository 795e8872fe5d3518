/** What became of a run's orders to write into Zendesk, found again by the range of their ids. */
import { and, asc, count, eq, gte, isNull, lte, min, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { outbox } from './schema.ts'

/** Ids from `first` to `last`. */
export type OrderRange = { first: string; last: string }

export type OrderedWrites = {
  /** As `OutboxWork` has it. */
  kind: string
  isDone: boolean
  /** Why it failed for good, or at its last try; null for what succeeded or was not tried. */
  code: string | null
  count: number
}

const inRange = (account: string, { first, last }: OrderRange) =>
  and(eq(outbox.account, account), gte(outbox.id, first), lte(outbox.id, last))

export async function countOrders(
  db: Queryable,
  account: string,
  range: OrderRange,
): Promise<OrderedWrites[]> {
  const isDone = sql<boolean>`${outbox.doneAt} is not null`
  return await db
    .select({ kind: outbox.kind, isDone, code: outbox.lastCode, count: count() })
    .from(outbox)
    .where(inRange(account, range))
    .groupBy(outbox.kind, isDone, outbox.lastCode)
    .orderBy(asc(outbox.kind), asc(isDone), asc(outbox.lastCode))
}

/** How many wait, and when the first of them is due. */
export async function findWaitingOrders(
  db: Queryable,
  account: string,
  range: OrderRange,
): Promise<{ count: number; dueAt: Date | null }> {
  const [row] = await db
    .select({ count: count(), dueAt: min(outbox.dueAt) })
    .from(outbox)
    .where(and(inRange(account, range), isNull(outbox.doneAt)))
  return row ?? { count: 0, dueAt: null }
}
