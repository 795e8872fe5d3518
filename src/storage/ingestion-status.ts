/** What ingestion has to do, could not do and last looked at: ids and codes, no payloads. */
import {
  and,
  asc,
  count,
  countDistinct,
  desc,
  eq,
  gt,
  isNotNull,
  isNull,
  like,
  max,
  min,
  notInArray,
  sql,
} from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { TELLING } from './outbox.ts'
import type { OutboxWork, Telling } from './outbox.ts'
import { inbox, outbox, ticketWalks } from './schema.ts'

/** An event of Zendesk's, or an order to write into a ticket. */
export type IngestionWork = 'event' | Exclude<OutboxWork['kind'], Telling>

export type WaitingWork = {
  work: IngestionWork
  /** Why the last try failed; null before the first. */
  code: string | null
  count: number
  oldestAt: Date
  nextTryAt: Date
}

export type GivenUpWork = {
  id: string
  work: Exclude<IngestionWork, 'event'>
  ticketId: number
  code: string
  givenUpAt: Date
}

const isForTicket = notInArray(outbox.kind, [...TELLING])

/** By kind of work and the code of its last failure. */
export async function countWaitingWork(db: Queryable, account: string): Promise<WaitingWork[]> {
  const events = await db
    .select({
      code: inbox.lastCode,
      count: count(),
      oldestAt: min(inbox.receivedAt),
      nextTryAt: min(inbox.dueAt),
    })
    .from(inbox)
    .where(and(eq(inbox.account, account), isNull(inbox.doneAt)))
    .groupBy(inbox.lastCode)
    .orderBy(asc(inbox.lastCode))
  const writes = await db
    .select({
      work: outbox.kind,
      code: outbox.lastCode,
      count: count(),
      oldestAt: min(outbox.createdAt),
      nextTryAt: min(outbox.dueAt),
    })
    .from(outbox)
    .where(and(eq(outbox.account, account), isNull(outbox.doneAt), isForTicket))
    .groupBy(outbox.kind, outbox.lastCode)
    .orderBy(asc(outbox.kind), asc(outbox.lastCode))
  return [
    ...events.map((row) => ({ ...row, work: 'event' as const })),
    // Only `appendOutbox` writes kinds, and the condition above leaves out what tells people.
    ...writes.map((row) => ({ ...row, work: row.work as IngestionWork })),
  ].flatMap(({ oldestAt, nextTryAt, ...row }) =>
    oldestAt === null || nextTryAt === null ? [] : [{ ...row, oldestAt, nextTryAt }],
  )
}

const isGivenUp = (account: string) =>
  and(
    eq(outbox.account, account),
    isForTicket,
    isNotNull(outbox.doneAt),
    isNotNull(outbox.lastCode),
  )

/** Orders that no retry could help, the newest first, and how many there are in all. */
export async function findGivenUpWork(
  db: Queryable,
  account: string,
  limit: number,
): Promise<{ count: number; newest: GivenUpWork[] }> {
  const rows = await db
    .select({
      id: outbox.id,
      work: outbox.kind,
      ticketId: sql<string>`${outbox.payload} ->> 'ticketId'`,
      code: outbox.lastCode,
      givenUpAt: outbox.doneAt,
    })
    .from(outbox)
    .where(isGivenUp(account))
    .orderBy(desc(outbox.doneAt), asc(outbox.id))
    .limit(limit)
  const [counted] = await db.select({ count: count() }).from(outbox).where(isGivenUp(account))
  return {
    count: counted?.count ?? 0,
    newest: rows.flatMap(({ work, ticketId, code, givenUpAt, ...row }) =>
      code === null || givenUpAt === null
        ? []
        : // Only `appendOutbox` writes kind and payload, as one `OutboxWork`.
          [
            {
              ...row,
              work: work as GivenUpWork['work'],
              ticketId: Number(ticketId),
              code,
              givenUpAt,
            },
          ],
    ),
  }
}

/** When a webhook last came, as far as the inbox remembers: a day. */
export async function findLastWebhook(db: Queryable, account: string): Promise<Date | null> {
  const [row] = await db
    .select({ at: max(inbox.receivedAt) })
    .from(inbox)
    .where(and(eq(inbox.account, account), like(inbox.id, 'webhook:%')))
  return row?.at ?? null
}

/** How many tickets the sweep found changed after `since`, as far as the inbox remembers. */
export async function countSweptTickets(
  db: Queryable,
  account: string,
  since: Date | null,
): Promise<number> {
  const [row] = await db
    .select({ tickets: countDistinct(inbox.ticketId) })
    .from(inbox)
    .where(
      and(
        eq(inbox.account, account),
        like(inbox.id, 'sweep:%'),
        since === null ? undefined : gt(inbox.receivedAt, since),
      ),
    )
  return row?.tickets ?? 0
}

/** When a walk last took a step, and why it failed if it did; null before the first. */
export async function findLastStep(
  db: Queryable,
  account: string,
  walk: string,
): Promise<{ at: Date; code: string | null } | null> {
  const [row] = await db
    .select({ at: ticketWalks.movedAt, code: ticketWalks.lastCode })
    .from(ticketWalks)
    .where(and(eq(ticketWalks.account, account), eq(ticketWalks.name, walk)))
  return row ?? null
}
