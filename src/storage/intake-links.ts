/**
 * One-time links through which customers answer. A link's id is the SHA-256 of its secret: who reads
 * this table cannot open one.
 */
import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { intakeLinks } from './schema.ts'

export type IntakeLink = {
  id: string
  ticketId: number
  fieldId: string
  createdBy: number
  createdAt: Date
  expiresAt: Date
}

const COLUMNS = {
  id: intakeLinks.id,
  ticketId: intakeLinks.ticketId,
  fieldId: intakeLinks.fieldId,
  createdBy: intakeLinks.createdBy,
  createdAt: intakeLinks.createdAt,
  expiresAt: intakeLinks.expiresAt,
}

/** Neither used nor revoked. */
const isUnspent = (account: string) =>
  and(eq(intakeLinks.account, account), isNull(intakeLinks.usedAt), isNull(intakeLinks.revokedAt))

const isOpen = (account: string, now: Date) =>
  and(isUnspent(account), gt(intakeLinks.expiresAt, now))

export async function appendIntakeLink(
  tx: Queryable,
  account: string,
  link: IntakeLink,
): Promise<void> {
  await tx.insert(intakeLinks).values({ ...link, account })
}

/** The link if it can be used at `now`. */
export async function findOpenLink(
  db: Queryable,
  account: string,
  id: string,
  now: Date,
): Promise<IntakeLink | undefined> {
  const [link] = await db
    .select(COLUMNS)
    .from(intakeLinks)
    .where(and(isOpen(account, now), eq(intakeLinks.id, id)))
  return link
}

/** A ticket's open links, oldest first. */
export async function findOpenLinks(
  db: Queryable,
  account: string,
  ticketId: number,
  now: Date,
): Promise<IntakeLink[]> {
  return await db
    .select(COLUMNS)
    .from(intakeLinks)
    .where(and(isOpen(account, now), eq(intakeLinks.ticketId, ticketId)))
    .orderBy(asc(intakeLinks.createdAt), asc(intakeLinks.id))
}

/** Uses a link up. False when somebody else did, or when it ended: then nothing changed. */
export async function consumeLink(
  tx: Queryable,
  account: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(intakeLinks)
    .set({ usedAt: now })
    .where(and(isOpen(account, now), eq(intakeLinks.id, id)))
    .returning({ id: intakeLinks.id })
  return rows.length === 1
}

/** Ends open links of a ticket: one by its id, or all of a field. Answers those that it ended. */
export async function revokeLinks(
  tx: Queryable,
  account: string,
  which: { ticketId: number } & ({ id: string } | { fieldId: string }),
  now: Date,
): Promise<IntakeLink[]> {
  return await tx
    .update(intakeLinks)
    .set({ revokedAt: now })
    .where(
      and(
        isOpen(account, now),
        eq(intakeLinks.ticketId, which.ticketId),
        'id' in which ? eq(intakeLinks.id, which.id) : eq(intakeLinks.fieldId, which.fieldId),
      ),
    )
    .returning(COLUMNS)
}

/**
 * Takes out at most `limit` links that expired unused. Who takes them has them alone: another instance
 * skips rows that are being taken. What was used or revoked goes without a word.
 */
export async function takeExpiredLinks(
  tx: Queryable,
  account: string,
  now: Date,
  limit: number,
): Promise<IntakeLink[]> {
  await tx
    .delete(intakeLinks)
    .where(
      and(
        eq(intakeLinks.account, account),
        lte(intakeLinks.expiresAt, now),
        or(isNotNull(intakeLinks.usedAt), isNotNull(intakeLinks.revokedAt)),
      ),
    )
  const expired = tx
    .select({ id: intakeLinks.id })
    .from(intakeLinks)
    .where(and(isUnspent(account), lte(intakeLinks.expiresAt, now)))
    .orderBy(asc(intakeLinks.expiresAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return await tx.delete(intakeLinks).where(inArray(intakeLinks.id, expired)).returning(COLUMNS)
}
