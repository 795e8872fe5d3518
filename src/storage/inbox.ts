/**
 * What Zendesk said has happened, by ids only, until it is worked through. An event is taken once and
 * worked through at least once: the work finds out for itself what there is to do.
 */
import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { inbox } from './schema.ts'

export type InboxItem = { id: string; ticketId: number; attempts: number }

/** Seconds for which a claimed item is left to its claimer before somebody else takes it. */
const CLAIM_SECONDS = 60

/** Takes events in, durably; those that were taken before are left alone. Answers how many were new. */
export async function appendInbox(
  db: Queryable,
  account: string,
  at: Date,
  events: readonly { id: string; ticketId: number }[],
): Promise<number> {
  if (events.length === 0) return 0
  const rows = await db
    .insert(inbox)
    .values(events.map((event) => ({ ...event, account, receivedAt: at, dueAt: at, attempts: 0 })))
    .onConflictDoNothing()
    .returning({ id: inbox.id })
  return rows.length
}

/** Takes up to `limit` due items for this instance; others leave them alone for a minute. */
export async function claimInbox(
  db: Queryable,
  account: string,
  now: Date,
  limit: number,
): Promise<InboxItem[]> {
  const due = db
    .select({ id: inbox.id })
    .from(inbox)
    .where(and(eq(inbox.account, account), isNull(inbox.doneAt), lte(inbox.dueAt, now)))
    .orderBy(asc(inbox.dueAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return await db
    .update(inbox)
    .set({
      dueAt: new Date(now.getTime() + CLAIM_SECONDS * 1000),
      attempts: sql`${inbox.attempts} + 1`,
    })
    .where(and(eq(inbox.account, account), inArray(inbox.id, due)))
    .returning({ id: inbox.id, ticketId: inbox.ticketId, attempts: inbox.attempts })
}

/** Marks items as worked through; `code` says why there was nothing to do. */
export async function finishInbox(
  db: Queryable,
  account: string,
  ids: readonly string[],
  at: Date,
  code: string | null = null,
): Promise<void> {
  await db
    .update(inbox)
    .set({ doneAt: at, lastCode: code })
    .where(and(eq(inbox.account, account), inArray(inbox.id, [...ids])))
}

/** Puts items back until `dueAt`, with the code of what went wrong. */
export async function postponeInbox(
  db: Queryable,
  account: string,
  ids: readonly string[],
  dueAt: Date,
  code: string,
): Promise<void> {
  await db
    .update(inbox)
    .set({ dueAt, lastCode: code })
    .where(and(eq(inbox.account, account), inArray(inbox.id, [...ids]), isNull(inbox.doneAt)))
}

/** Deletes what was worked through before `before`: nobody may send those events again by then. */
export async function forgetInbox(db: Queryable, account: string, before: Date): Promise<void> {
  await db
    .delete(inbox)
    .where(and(eq(inbox.account, account), isNotNull(inbox.doneAt), lt(inbox.doneAt, before)))
}
