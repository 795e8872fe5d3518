/** Where a walk over Zendesk's tickets stands, so that any instance goes on exactly there. */
import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { ticketWalks } from './schema.ts'

export type TicketWalk = { cursor: string | null; startedAt: Date }

const named = (account: string, name: string) =>
  and(eq(ticketWalks.account, account), eq(ticketWalks.name, name))

/**
 * Takes the next step of a walk for this caller, beginning the walk if need be. Undefined when a step
 * was taken less than `intervalSeconds` ago, by whomever.
 */
export async function claimWalk(
  db: Queryable,
  account: string,
  name: string,
  now: Date,
  intervalSeconds: number,
): Promise<TicketWalk | undefined> {
  const started = await db
    .insert(ticketWalks)
    .values({ account, name, cursor: null, sums: {}, startedAt: now, movedAt: now })
    .onConflictDoNothing()
    .returning({ cursor: ticketWalks.cursor, startedAt: ticketWalks.startedAt })
  if (started[0] !== undefined) return started[0]
  const due = new Date(now.getTime() - intervalSeconds * 1000)
  const [claimed] = await db
    .update(ticketWalks)
    .set({ movedAt: now })
    .where(and(named(account, name), lte(ticketWalks.movedAt, due), isNull(ticketWalks.finishedAt)))
    .returning({ cursor: ticketWalks.cursor, startedAt: ticketWalks.startedAt })
  return claimed
}

/** Moves on from `from`. False when somebody else did: what was found is theirs to note. */
export async function moveWalk(
  tx: Queryable,
  account: string,
  name: string,
  step: { from: string | null; to: string; at: Date },
): Promise<boolean> {
  const rows = await tx
    .update(ticketWalks)
    .set({ cursor: step.to, movedAt: step.at, lastCode: null })
    .where(
      and(named(account, name), sql`${ticketWalks.cursor} is not distinct from ${step.from}::text`),
    )
    .returning({ name: ticketWalks.name })
  return rows.length === 1
}

/** Notes why a step failed. The next one is due when it would have been. */
export async function failWalk(
  db: Queryable,
  account: string,
  name: string,
  code: string,
): Promise<void> {
  await db.update(ticketWalks).set({ lastCode: code }).where(named(account, name))
}
