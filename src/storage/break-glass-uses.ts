/**
 * Reveals without prior approval, and what compliance found of each. One person has at most one use that
 * is not reviewed: the partial unique index holds that, whoever comes first.
 */
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, ne } from 'drizzle-orm'
import type { BreakGlassOutcome } from '../core/break-glass.ts'
import type { Queryable } from './database.ts'
import { breakGlassUses, revealRequests, reveals } from './schema.ts'

export type StoredBreakGlassUse = {
  requestId: string
  grantId: string
  personId: number
  ticketId: number
  at: Date
  /** Who would have decided. */
  skippedIds: number[]
  /** null while it is not reviewed; the rest of a review comes with it. */
  outcome: BreakGlassOutcome | null
  reviewedBy: number | null
  reviewedAt: Date | null
  comment: string | null
}

type Row = typeof breakGlassUses.$inferSelect

function toUse({ account: _account, outcome, ...row }: Row): StoredBreakGlassUse {
  // Only `BreakGlassOutcome`s are ever written to this column.
  return { ...row, outcome: outcome as BreakGlassOutcome | null }
}

/** Records a use. False when the person has one that is not reviewed. */
export async function appendBreakGlassUse(
  tx: Queryable,
  account: string,
  use: Pick<
    StoredBreakGlassUse,
    'requestId' | 'grantId' | 'personId' | 'ticketId' | 'at' | 'skippedIds'
  >,
): Promise<boolean> {
  const rows = await tx
    .insert(breakGlassUses)
    .values({ ...use, account })
    .onConflictDoNothing()
    .returning({ requestId: breakGlassUses.requestId })
  return rows.length === 1
}

/** A pending request goes on as an emergency: with the reason that was given for that. */
export async function markBreakGlass(
  tx: Queryable,
  account: string,
  requestId: string,
  reason: { reasonCode: string; reasonText: string },
): Promise<void> {
  await tx
    .update(revealRequests)
    .set({ ...reason, isBreakGlass: true })
    .where(and(eq(revealRequests.account, account), eq(revealRequests.id, requestId)))
}

/** One use, or undefined. */
export async function findBreakGlassUse(
  db: Queryable,
  account: string,
  requestId: string,
): Promise<StoredBreakGlassUse | undefined> {
  const [row] = await db
    .select()
    .from(breakGlassUses)
    .where(and(eq(breakGlassUses.account, account), eq(breakGlassUses.requestId, requestId)))
  return row === undefined ? undefined : toUse(row)
}

/** Every use that waits for its review, the oldest first. */
export async function findUnreviewedUses(
  db: Queryable,
  account: string,
): Promise<StoredBreakGlassUse[]> {
  const rows = await db
    .select()
    .from(breakGlassUses)
    .where(and(eq(breakGlassUses.account, account), isNull(breakGlassUses.outcome)))
    .orderBy(asc(breakGlassUses.at), asc(breakGlassUses.requestId))
  return rows.map(toUse)
}

/** The uses that were reviewed, the newest first, at most 100. */
export async function findReviewedUses(
  db: Queryable,
  account: string,
  since: Date,
): Promise<StoredBreakGlassUse[]> {
  const rows = await db
    .select()
    .from(breakGlassUses)
    .where(
      and(
        eq(breakGlassUses.account, account),
        isNotNull(breakGlassUses.outcome),
        gt(breakGlassUses.at, since),
      ),
    )
    .orderBy(desc(breakGlassUses.at), asc(breakGlassUses.requestId))
    .limit(100)
  return rows.map(toUse)
}

/** Writes a review down. False when somebody did before: of two at once one reviews. */
export async function reviewBreakGlassUse(
  tx: Queryable,
  account: string,
  requestId: string,
  review: { outcome: BreakGlassOutcome; comment: string; by: number; at: Date },
): Promise<boolean> {
  const rows = await tx
    .update(breakGlassUses)
    .set({
      outcome: review.outcome,
      comment: review.comment,
      reviewedBy: review.by,
      reviewedAt: review.at,
    })
    .where(
      and(
        eq(breakGlassUses.account, account),
        eq(breakGlassUses.requestId, requestId),
        isNull(breakGlassUses.outcome),
      ),
    )
    .returning({ requestId: breakGlassUses.requestId })
  return rows.length === 1
}

/** How often a value was shown under each of these grants. */
export async function countRevealsUnder(
  db: Queryable,
  grantIds: readonly string[],
): Promise<Map<string, number>> {
  if (grantIds.length === 0) return new Map()
  const rows = await db
    .select({ grantId: reveals.grantId, shown: count() })
    .from(reveals)
    .where(and(inArray(reveals.grantId, [...grantIds]), ne(reveals.state, 'failed')))
    .groupBy(reveals.grantId)
  return new Map(rows.map(({ grantId, shown }) => [grantId, shown]))
}
