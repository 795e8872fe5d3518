/** Unauthenticated failures, summed by code and minute until they become one audit entry each. */
import { and, asc, eq, lt, sql } from 'drizzle-orm'
import type { ScrimErrorCode } from '../core/errors.ts'
import type { Queryable } from './database.ts'
import { refusalCounts } from './schema.ts'

export type RefusalCount = { code: ScrimErrorCode; minute: Date; count: number }

/** Adds to the sums of a minute. */
export async function addRefusals(
  db: Queryable,
  account: string,
  minute: Date,
  counts: readonly { code: ScrimErrorCode; count: number }[],
): Promise<void> {
  if (counts.length === 0) return
  // One order for everybody, so that two writers of the same rows cannot wait for each other.
  const rows = counts.toSorted((a, b) => (a.code < b.code ? -1 : 1))
  await db
    .insert(refusalCounts)
    .values(rows.map((row) => ({ ...row, account, minute })))
    .onConflictDoUpdate({
      target: [refusalCounts.account, refusalCounts.code, refusalCounts.minute],
      set: { count: sql`${refusalCounts.count} + excluded.count` },
    })
}

/**
 * Takes the sums of the minutes before `before` out, oldest first, at most `limit`. Who takes them
 * has them alone: another instance skips rows that are being taken.
 */
export async function takeRefusals(
  tx: Queryable,
  account: string,
  before: Date,
  limit: number,
): Promise<RefusalCount[]> {
  const rows = await tx
    .select()
    .from(refusalCounts)
    .where(and(eq(refusalCounts.account, account), lt(refusalCounts.minute, before)))
    .orderBy(asc(refusalCounts.minute), asc(refusalCounts.code))
    .limit(limit)
    .for('update', { skipLocked: true })
  const taken: RefusalCount[] = []
  for (const row of rows) {
    await tx
      .delete(refusalCounts)
      .where(
        and(
          eq(refusalCounts.account, account),
          eq(refusalCounts.code, row.code),
          eq(refusalCounts.minute, row.minute),
        ),
      )
    // Only `addRefusals` writes codes.
    taken.push({ code: row.code as ScrimErrorCode, minute: row.minute, count: row.count })
  }
  return taken
}
