/** What time does to requests that wait. Every step is conditional on the row: of two instances one does it. */
import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { revealRequests } from './schema.ts'

const t = revealRequests

/** The state is spelled out, not a parameter: a partial index serves it. */
const isPending = (account: string) => and(eq(t.account, account), sql`${t.state} = 'pending'`)

/** The ids of pending requests that the clock has to look at, those that are due longest first. */
export async function findDueRequestIds(
  db: Queryable,
  account: string,
  now: Date,
  limit: number,
): Promise<string[]> {
  const rows = await dueRequests(db, account, now, limit)
  return rows.map(({ id }) => id)
}

/** The query, for whoever wants to know its plan. */
export function dueRequests(db: Queryable, account: string, now: Date, limit: number) {
  return db
    .select({ id: t.id })
    .from(t)
    .where(and(isPending(account), lte(t.dueAt, now)))
    .orderBy(asc(t.dueAt))
    .limit(limit)
}

/** A request as it was looked at; whoever changed it since looks for themselves. */
type Seen = { id: string; dueAt: Date | null; levelSince: Date | null }

/**
 * Records what was done to a pending request, and when to look next. False, with nothing changed, when
 * somebody was here first: it was looked at, decided, or has gone on to another level.
 */
export async function recordSteps(
  tx: Queryable,
  account: string,
  seen: Seen,
  change: { dueAt: Date | null; remindedAt?: Date; escalatedAt?: Date; notedAt?: Date },
): Promise<boolean> {
  const rows = await tx
    .update(t)
    .set(change)
    .where(
      and(
        isPending(account),
        eq(t.id, seen.id),
        seen.dueAt === null ? isNull(t.dueAt) : eq(t.dueAt, seen.dueAt),
        seen.levelSince === null ? isNull(t.levelSince) : eq(t.levelSince, seen.levelSince),
        change.remindedAt === undefined ? undefined : isNull(t.remindedAt),
        change.escalatedAt === undefined ? undefined : isNull(t.escalatedAt),
        change.notedAt === undefined ? undefined : isNull(t.notedAt),
      ),
    )
    .returning({ id: t.id })
  return rows.length === 1
}

/**
 * Has the clock look at every pending request anew: another policy may have other times, and another
 * next circle. None stands open to one until the clock has found that it is due by the new policy.
 */
export async function wakeRequests(db: Queryable, account: string, at: Date): Promise<void> {
  await db.update(t).set({ dueAt: at, escalatedAt: null }).where(isPending(account))
}
