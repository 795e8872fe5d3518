/** Whose approving power somebody else may use, from when until when. */
import { and, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import type { Delegation } from '../core/delegation.ts'
import type { Queryable } from './database.ts'
import { delegations } from './schema.ts'

export type StoredDelegation = Delegation & {
  id: string
  reason: string
  createdAt: Date
  endedBy: number | null
}

type Row = typeof delegations.$inferSelect

const stored = ({ account: _account, ...row }: Row): StoredDelegation => row

export async function appendDelegation(
  tx: Queryable,
  account: string,
  delegation: Omit<StoredDelegation, 'endedAt' | 'endedBy'>,
): Promise<void> {
  await tx.insert(delegations).values({ ...delegation, account })
}

/** One delegation of this account, or undefined. */
export async function findDelegation(
  db: Queryable,
  account: string,
  id: string,
): Promise<StoredDelegation | undefined> {
  const rows = await db
    .select()
    .from(delegations)
    .where(and(eq(delegations.account, account), eq(delegations.id, id)))
  return rows.map(stored)[0]
}

/** Every delegation that is in force at `now`. */
export async function findActiveDelegations(
  db: Queryable,
  account: string,
  now: Date,
): Promise<StoredDelegation[]> {
  const rows = await db
    .select()
    .from(delegations)
    .where(
      and(
        eq(delegations.account, account),
        isNull(delegations.endedAt),
        lte(delegations.startsAt, now),
        gt(delegations.endsAt, now),
      ),
    )
  return rows.map(stored)
}

/**
 * Delegations that were not over at `since`, newest first, at most 200: those that `personId` gave or
 * received, or everybody's.
 */
export async function findDelegations(
  db: Queryable,
  account: string,
  personId: number | null,
  since: Date,
): Promise<StoredDelegation[]> {
  const isTheirs =
    personId === null
      ? undefined
      : or(eq(delegations.fromId, personId), eq(delegations.toId, personId))
  const rows = await db
    .select()
    .from(delegations)
    .where(and(eq(delegations.account, account), gt(delegations.endsAt, since), isTheirs))
    .orderBy(desc(delegations.createdAt), desc(delegations.id))
    .limit(200)
  return rows.map(stored)
}

/** Ends a delegation before its time. False when it was over: it happens once. */
export async function endDelegation(
  tx: Queryable,
  account: string,
  id: string,
  end: { at: Date; by: number },
): Promise<boolean> {
  const rows = await tx
    .update(delegations)
    .set({ endedAt: end.at, endedBy: end.by })
    .where(
      and(
        eq(delegations.account, account),
        eq(delegations.id, id),
        isNull(delegations.endedAt),
        gt(delegations.endsAt, end.at),
      ),
    )
    .returning({ id: delegations.id })
  return rows.length === 1
}
