/**
 * One walker at a time over an account's existing tickets. Whoever holds the lease says so again and
 * again; who falls silent, killed or cut off, loses it.
 */
import { and, eq, isNotNull, isNull, lte, or } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { ticketWalks } from './schema.ts'

/** A walk's name that no walk has: its row is the lease, its cursor the holder. */
const NAME = 'lease'
/** Longer than anything between two beats. */
export const LEASE_SECONDS = 60

const t = ticketWalks
const isLease = (account: string) => and(eq(t.account, account), eq(t.name, NAME))
const isHeldBy = (account: string, holder: string) =>
  and(isLease(account), eq(t.cursor, holder), isNull(t.finishedAt))

/** Answers null when the lease is this holder's now, else when its holder was last heard of. */
export async function takeLease(
  db: Queryable,
  account: string,
  holder: string,
  now: Date,
): Promise<Date | null> {
  const held = { cursor: holder, startedAt: now, movedAt: now, finishedAt: null }
  const silentSince = new Date(now.getTime() - LEASE_SECONDS * 1000)
  const rows = await db
    .insert(t)
    .values({ account, name: NAME, sums: {}, ...held })
    .onConflictDoUpdate({
      target: [t.account, t.name],
      set: held,
      setWhere: or(isNotNull(t.finishedAt), lte(t.movedAt, silentSince)),
    })
    .returning({ name: t.name })
  if (rows.length === 1) return null
  const [other] = await db.select({ movedAt: t.movedAt }).from(t).where(isLease(account))
  return other?.movedAt ?? now
}

/** False when somebody else has it by now. */
export async function keepLease(
  db: Queryable,
  account: string,
  holder: string,
  now: Date,
): Promise<boolean> {
  const rows = await db
    .update(t)
    .set({ movedAt: now })
    .where(isHeldBy(account, holder))
    .returning({ name: t.name })
  return rows.length === 1
}

export async function releaseLease(
  db: Queryable,
  account: string,
  holder: string,
  now: Date,
): Promise<void> {
  await db.update(t).set({ finishedAt: now }).where(isHeldBy(account, holder))
}
