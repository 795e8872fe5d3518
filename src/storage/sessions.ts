/** Open sessions by the hash of their credential, and the page credentials that were used up. */
import { and, eq, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { policyVersions, powerBaselines, sessions, usedPageCredentials } from './schema.ts'
import { prepared } from './transaction.ts'

export type SessionRow = typeof sessions.$inferSelect

/**
 * With the account's revision of `powers` and the number of its active policy (null before the first):
 * a change acts on the very next request, and no request has to ask for it.
 */
export type FoundSession = SessionRow & {
  powersRevision: number | null
  policyVersion: number | null
}

/** Keeps a new session. `id` is the SHA-256 of its credential, hex. */
export async function insertSession(tx: Queryable, session: SessionRow): Promise<void> {
  await tx.insert(sessions).values(session)
}

/** The session with this id in this account, expired ones included until they are deleted. */
export async function findSession(
  db: Queryable,
  account: string,
  id: string,
): Promise<FoundSession | undefined> {
  const query = prepared(db, 'scrim_find_session', (name) =>
    db
      .select({
        session: sessions,
        powersRevision: powerBaselines.revision,
        policyVersion: policyVersions.version,
      })
      .from(sessions)
      .leftJoin(
        policyVersions,
        // Spelled out, not a parameter: a partial index serves it.
        and(eq(policyVersions.account, sessions.account), sql`${policyVersions.state} = 'active'`),
      )
      .leftJoin(powerBaselines, eq(powerBaselines.account, sessions.account))
      .where(
        and(
          eq(sessions.id, sql.placeholder('id')),
          eq(sessions.account, sql.placeholder('account')),
        ),
      )
      .prepare(name),
  )
  const [row] = await query.execute({ id, account })
  if (row === undefined) return undefined
  const { session, ...known } = row
  return { ...session, ...known }
}

/**
 * Moves the expiry of a session that nobody renewed since `session` was read. Of many at once, one
 * writes; the others need not.
 */
export async function renewSession(
  db: Queryable,
  session: Pick<SessionRow, 'id' | 'account' | 'renewedAt'>,
  next: { renewedAt: Date; expiresAt: Date },
): Promise<void> {
  await db
    .update(sessions)
    .set(next)
    .where(
      and(
        eq(sessions.id, session.id),
        eq(sessions.account, session.account),
        eq(sessions.renewedAt, session.renewedAt),
      ),
    )
}

/** Ends a session. Answers whether it was there, so that of two who end it one records it. */
export async function deleteSession(tx: Queryable, account: string, id: string): Promise<boolean> {
  const rows = await tx
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.account, account)))
    .returning({ id: sessions.id })
  return rows.length > 0
}

/**
 * Uses a page credential up. False when it was used before: of two at once, the second waits for
 * the first one's transaction and then gets false.
 */
export async function consumePageCredential(
  tx: Queryable,
  account: string,
  credential: { hash: string; expiresAt: Date },
): Promise<boolean> {
  const rows = await tx
    .insert(usedPageCredentials)
    .values({ ...credential, account })
    .onConflictDoNothing()
    .returning({ hash: usedPageCredentials.hash })
  return rows.length > 0
}

/** An ended session is kept for a while, so that its page hears `session_expired`. */
const ENDED_SESSION_SECONDS = 24 * 60 * 60
/** Longer than any clock tolerance that still accepts an expired page credential. */
const ENDED_PAGE_CREDENTIAL_SECONDS = 60 * 60

/** Deletes sessions and used page credentials that ended long enough before `now`. */
export async function deleteEndedSessions(
  db: Queryable,
  account: string,
  now: Date,
): Promise<void> {
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  await db
    .delete(sessions)
    .where(
      and(eq(sessions.account, account), lte(sessions.expiresAt, before(ENDED_SESSION_SECONDS))),
    )
  await db
    .delete(usedPageCredentials)
    .where(
      and(
        eq(usedPageCredentials.account, account),
        lte(usedPageCredentials.expiresAt, before(ENDED_PAGE_CREDENTIAL_SECONDS)),
      ),
    )
}
