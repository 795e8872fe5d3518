/** What waits to be ingested or written into tickets, summed: no ids, no payloads. */
import { and, asc, count, eq, inArray, isNull, min } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { inbox, outbox } from './schema.ts'

const WRITES = ['redact_comment', 'replace_field', 'write_field'] as const

export type WaitingWork = {
  work: 'event' | (typeof WRITES)[number]
  code: string | null
  count: number
  oldestAt: Date
}

/** By kind of work and the code of its last failure. */
export async function countWaitingWork(db: Queryable, account: string): Promise<WaitingWork[]> {
  const events = await db
    .select({ code: inbox.lastCode, count: count(), oldestAt: min(inbox.receivedAt) })
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
    })
    .from(outbox)
    .where(
      and(eq(outbox.account, account), isNull(outbox.doneAt), inArray(outbox.kind, [...WRITES])),
    )
    .groupBy(outbox.kind, outbox.lastCode)
    .orderBy(asc(outbox.kind), asc(outbox.lastCode))
  return [
    ...events.map((row) => ({ ...row, work: 'event' as const })),
    // The condition above lets no other kind through.
    ...writes.map((row) => ({ ...row, work: row.work as WaitingWork['work'] })),
  ].flatMap(({ oldestAt, ...row }) => (oldestAt === null ? [] : [{ ...row, oldestAt }]))
}
