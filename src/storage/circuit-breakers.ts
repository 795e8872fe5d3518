/** The account's circuit breaker. One row at most is open, and an open row stops every reveal. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { circuitBreakers } from './schema.ts'
import { prepared } from './transaction.ts'

export type StoredBreaker = {
  id: string
  openedAt: Date
  count: number
  trippedBy: readonly number[]
  closedAt: Date | null
  closedBy: number | null
}

const columns = {
  id: circuitBreakers.id,
  openedAt: circuitBreakers.openedAt,
  count: circuitBreakers.count,
  trippedBy: circuitBreakers.trippedBy,
  closedAt: circuitBreakers.closedAt,
  closedBy: circuitBreakers.closedBy,
}

/** The open breaker, or undefined. */
export async function findOpenBreaker(
  db: Queryable,
  account: string,
): Promise<StoredBreaker | undefined> {
  const [row] = await db
    .select(columns)
    .from(circuitBreakers)
    .where(and(eq(circuitBreakers.account, account), isNull(circuitBreakers.closedAt)))
  return row
}

/** Whether all reveals are stopped. */
export async function isBreakerOpen(db: Queryable, account: string): Promise<boolean> {
  const query = prepared(db, 'scrim_is_breaker_open', (name) =>
    db
      .select({ id: circuitBreakers.id })
      .from(circuitBreakers)
      .where(
        and(
          eq(circuitBreakers.account, sql.placeholder('account')),
          isNull(circuitBreakers.closedAt),
        ),
      )
      .prepare(name),
  )
  return (await query.execute({ account })).length > 0
}

/** When it was last closed: reveals from before are not counted again. */
export async function lastClosedAt(db: Queryable, account: string): Promise<Date | null> {
  const [row] = await db
    .select({ closedAt: circuitBreakers.closedAt })
    .from(circuitBreakers)
    .where(eq(circuitBreakers.account, account))
    .orderBy(desc(circuitBreakers.openedAt))
    .limit(1)
  return row?.closedAt ?? null
}

/** Opens it. False when it is open already, whoever did that. */
export async function openBreaker(
  tx: Queryable,
  account: string,
  breaker: Pick<StoredBreaker, 'id' | 'openedAt' | 'count' | 'trippedBy'>,
): Promise<boolean> {
  const rows = await tx
    .insert(circuitBreakers)
    .values({ ...breaker, account, trippedBy: [...breaker.trippedBy] })
    .onConflictDoNothing()
    .returning({ id: circuitBreakers.id })
  return rows.length === 1
}

/** Closes this one. False when it was closed before. */
export async function closeBreaker(
  tx: Queryable,
  account: string,
  id: string,
  by: { personId: number; at: Date; comment: string },
): Promise<boolean> {
  const rows = await tx
    .update(circuitBreakers)
    .set({ closedAt: by.at, closedBy: by.personId, comment: by.comment })
    .where(
      and(
        eq(circuitBreakers.account, account),
        eq(circuitBreakers.id, id),
        isNull(circuitBreakers.closedAt),
      ),
    )
    .returning({ id: circuitBreakers.id })
  return rows.length === 1
}
