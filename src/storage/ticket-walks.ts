/** Where a walk over Zendesk's tickets stands, so that any instance goes on exactly there. */
import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { ticketWalks } from './schema.ts'

export type TicketWalk = { cursor: string | null; startedAt: Date }

/** Counts by name, as a walk keeps them. */
export type WalkSums = Readonly<Record<string, number>>

export type SummedWalk = TicketWalk & { sums: WalkSums; finishedAt: Date | null }

/** One run of a walk: begun anew, the walk is another. */
export type WalkRun = { account: string; name: string; startedAt: Date }

const named = (account: string, name: string) =>
  and(eq(ticketWalks.account, account), eq(ticketWalks.name, name))

const isRun = ({ account, name, startedAt }: WalkRun) =>
  and(named(account, name), eq(ticketWalks.startedAt, startedAt), isNull(ticketWalks.finishedAt))

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

export async function findWalk(
  db: Queryable,
  account: string,
  name: string,
): Promise<SummedWalk | undefined> {
  const { cursor, sums, startedAt, finishedAt } = ticketWalks
  const [walk] = await db
    .select({ cursor, sums, startedAt, finishedAt })
    .from(ticketWalks)
    .where(named(account, name))
  return walk
}

/** Begins a walk, anew if there was one of this name. */
export async function beginWalk(
  tx: Queryable,
  { account, name, startedAt }: WalkRun,
): Promise<SummedWalk> {
  const fresh = { cursor: null, sums: {}, startedAt, movedAt: startedAt, finishedAt: null }
  await tx
    .insert(ticketWalks)
    .values({ account, name, ...fresh })
    .onConflictDoUpdate({ target: [ticketWalks.account, ticketWalks.name], set: fresh })
  return fresh
}

/**
 * Adds to the sums of a run and, with `to`, moves it there: both or neither. False when the run has
 * ended, or was begun anew by somebody.
 */
export async function addToWalk(
  tx: Queryable,
  run: WalkRun,
  counts: WalkSums,
  to?: { cursor: string; at: Date },
): Promise<boolean> {
  const rows = await tx
    .update(ticketWalks)
    .set({
      ...(to === undefined ? {} : { cursor: to.cursor, movedAt: to.at, lastCode: null }),
      ...(Object.keys(counts).length === 0 ? {} : { sums: withCounts(counts) }),
    })
    .where(isRun(run))
    .returning({ name: ticketWalks.name })
  return rows.length === 1
}

/** Ends a run. False when it has ended, or was begun anew by somebody. */
export async function finishWalk(tx: Queryable, run: WalkRun, at: Date): Promise<boolean> {
  const rows = await tx
    .update(ticketWalks)
    .set({ finishedAt: at })
    .where(isRun(run))
    .returning({ name: ticketWalks.name })
  return rows.length === 1
}

/** The sums with these added, by name. */
const withCounts = (counts: WalkSums) => sql`(
  select jsonb_object_agg(name, total) from (
    select name, sum(added::bigint) as total from (
      select * from jsonb_each_text(${ticketWalks.sums}) as had (name, added)
      union all
      select * from jsonb_each_text(${JSON.stringify(counts)}::jsonb) as more (name, added)
    ) as both_sums group by name
  ) as totals
)`
