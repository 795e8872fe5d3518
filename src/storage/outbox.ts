/**
 * Work that must follow a commit. Written in the act's own transaction; done at least once, so every
 * kind of work is idempotent. Payloads hold ids, codes, masks and tokens only.
 */
import { and, eq, inArray, isNotNull, isNull, lte, ne, notInArray, sql } from 'drizzle-orm'
import type { RequestEvent, RequestWord } from '../core/notification.ts'
import type { Queryable } from './database.ts'
import { outbox } from './schema.ts'
import { prepared } from './transaction.ts'

type AboutRequest = { ticketId: number; requestId: string }

export type OutboxWork =
  /**
   * Tells open apps to look again: one agent's, or everybody's. A hint, never data. Without a ticket
   * it says no more than that something changed.
   */
  | {
      kind: 'notify'
      payload: {
        event: string
        ticketId: number | null
        agentId: number | null
        word?: RequestWord
        requestId?: string
      }
    }
  /** Something happened to a request: becomes an order for each who is to be told. */
  | { kind: 'request_news'; payload: AboutRequest & { event: RequestEvent } }
  /** Leaves a private note on the ticket that a request waits. */
  | { kind: 'request_note'; payload: AboutRequest }
  /** Tells the chat tool. */
  | { kind: 'chat'; payload: AboutRequest & { event: RequestEvent } }
  /** Has a field say what it should: mask and token of the newest version, or nothing. */
  | { kind: 'write_field'; payload: { ticketId: number; fieldId: string } }
  /** Masks what detection finds in a subject (null) or a field that the catalogue does not have. */
  | { kind: 'mask_text'; payload: { ticketId: number; zendeskFieldId: number | null } }
  /** Redacts what detection finds in a comment, once all of it is in the vault. */
  | { kind: 'redact_comment'; payload: { ticketId: number; commentId: number } }
  /** Redacts an attachment that is in the vault. */
  | {
      kind: 'redact_attachment'
      payload: { ticketId: number; commentId: number; attachmentId: number }
    }
  /** Leaves a private note in the ticket that stands for a restricted one. */
  | { kind: 'add_note'; payload: { ticketId: number; fieldId: string } }

/** What tells people something. The rest of it changes tickets. */
export const TELLING = ['notify', 'request_news', 'request_note', 'chat'] as const
export type Telling = (typeof TELLING)[number]

export type OutboxItem = OutboxWork & { id: string; attempts: number }

/** Seconds for which a claimed item is left to its claimer before somebody else takes it. */
const CLAIM_SECONDS = 30

/** Adds work to the transaction of the act it follows. */
export async function appendOutbox(
  tx: Queryable,
  account: string,
  at: Date,
  items: readonly (OutboxWork & { id: string })[],
): Promise<void> {
  if (items.length === 0) return
  await tx
    .insert(outbox)
    .values(items.map((item) => ({ ...item, account, createdAt: at, dueAt: at, attempts: 0 })))
}

/** Adds one piece of work under an id that its asker chose. False when there is work with this id. */
export async function appendOutboxOnce(
  tx: Queryable,
  account: string,
  at: Date,
  item: OutboxWork & { id: string },
): Promise<boolean> {
  const rows = await tx
    .insert(outbox)
    .values({ ...item, account, createdAt: at, dueAt: at, attempts: 0 })
    .onConflictDoNothing()
    .returning({ id: outbox.id })
  return rows.length === 1
}

/** The work with this id, done or not; undefined when this account has none. */
export async function findOutboxWork(
  db: Queryable,
  account: string,
  id: string,
): Promise<OutboxWork | undefined> {
  const [row] = await db
    .select({ kind: outbox.kind, payload: outbox.payload })
    .from(outbox)
    .where(and(eq(outbox.account, account), eq(outbox.id, id)))
  // Only this module writes kind and payload, as one `OutboxWork`.
  return row as OutboxWork | undefined
}

/**
 * Takes up to `limit` due items for this instance; others leave them alone for half a minute. Messages
 * to the chat tool are taken by themselves: whoever runs it may be slow, and nothing waits for them.
 */
export async function claimOutbox(
  db: Queryable,
  account: string,
  now: Date,
  limit: number,
  queue: 'chat' | 'others' = 'others',
): Promise<OutboxItem[]> {
  const due = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.account, account),
        isNull(outbox.doneAt),
        lte(outbox.dueAt, now),
        queue === 'chat' ? eq(outbox.kind, 'chat') : ne(outbox.kind, 'chat'),
      ),
    )
    .orderBy(outbox.createdAt)
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db
    .update(outbox)
    .set({
      dueAt: new Date(now.getTime() + CLAIM_SECONDS * 1000),
      attempts: sql`${outbox.attempts} + 1`,
    })
    .where(inArray(outbox.id, due))
    .returning({
      id: outbox.id,
      kind: outbox.kind,
      payload: outbox.payload,
      attempts: outbox.attempts,
    })
  // Only `appendOutbox` writes kind and payload, as one `OutboxWork`.
  return rows as OutboxItem[]
}

/** What waits to be written into a ticket. */
export async function findOpenOutbox(
  db: Queryable,
  account: string,
  ticketId: number,
): Promise<OutboxWork[]> {
  const query = prepared(db, 'scrim_find_open_outbox', (name) =>
    db
      .select({ kind: outbox.kind, payload: outbox.payload })
      .from(outbox)
      .where(
        and(
          eq(outbox.account, sql.placeholder('account')),
          isNull(outbox.doneAt),
          sql`(${outbox.payload} ->> 'ticketId')::bigint = ${sql.placeholder('ticketId')}`,
        ),
      )
      .prepare(name),
  )
  const rows = await query.execute({ account, ticketId })
  // Only `appendOutbox` writes kind and payload, as one `OutboxWork`.
  return rows as OutboxWork[]
}

/** Marks an item as done. False when somebody did before. */
export async function finishOutbox(db: Queryable, id: string, at: Date): Promise<boolean> {
  const rows = await db
    .update(outbox)
    .set({ doneAt: at, lastCode: null })
    .where(and(eq(outbox.id, id), isNull(outbox.doneAt)))
    .returning({ id: outbox.id })
  return rows.length === 1
}

/** Ends an item that no retry can help, and keeps the code of why. */
export async function abandonOutbox(
  db: Queryable,
  id: string,
  at: Date,
  code: string,
): Promise<void> {
  await db.update(outbox).set({ doneAt: at, lastCode: code }).where(eq(outbox.id, id))
}

/**
 * Takes up what was given up, due at once, and answers it with the code it was given up for. What is
 * done, waits or is no work on a ticket is left alone.
 */
export async function reopenOutbox(
  tx: Queryable,
  account: string,
  ids: readonly string[],
  at: Date,
): Promise<{ kind: string; ticketId: number; code: string | null }[]> {
  const rows = await tx
    .update(outbox)
    .set({ doneAt: null, dueAt: at, attempts: 0 })
    .where(
      and(
        eq(outbox.account, account),
        inArray(outbox.id, [...ids]),
        notInArray(outbox.kind, [...TELLING]),
        isNotNull(outbox.doneAt),
        isNotNull(outbox.lastCode),
      ),
    )
    .returning({
      kind: outbox.kind,
      ticketId: sql<string>`${outbox.payload} ->> 'ticketId'`,
      code: outbox.lastCode,
    })
  return rows.map((row) => ({ ...row, ticketId: Number(row.ticketId) }))
}

/** Puts an item back until `dueAt`, with the code of what went wrong. */
export async function postponeOutbox(
  db: Queryable,
  id: string,
  dueAt: Date,
  code: string,
): Promise<void> {
  await db.update(outbox).set({ dueAt, lastCode: code }).where(eq(outbox.id, id))
}
