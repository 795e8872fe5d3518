/**
 * The audit log in the database: one leaf an act, appended in the act's own transaction. Every act of
 * an account waits for the lock on its log's head, so what happens under it is kept short.
 */
import { hash, randomBytes } from 'node:crypto'
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { SALT_BYTES, encodeEntry, entryBytes, textHash } from '../audit/entry.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { Frontier, Hash } from '../audit/tree.ts'
import { appendToFrontier, decodeFrontier, encodeFrontier, leafHash } from '../audit/tree.ts'
import type { LoggedEntry, TreeHead, Verification } from '../audit/verify.ts'
import { verifyLog } from '../audit/verify.ts'
import type { Database } from './database.ts'
import { auditEntries, auditLogHeads, auditTexts } from './schema.ts'
import type { Queryable, Statement } from './transaction.ts'

export const sha256: Hash = (bytes) => hash('sha256', bytes, 'buffer')

/** An act to be logged. `texts` are plain here: they are salted, hashed and kept where one can erase. */
export type AuditDraft = Omit<AuditEntry, 'v' | 'account' | 'at' | 'texts'> & {
  texts?: Record<string, string>
}

const LOCK_HEAD: Statement = {
  name: 'scrim_lock_audit_head',
  text: 'select size, frontier from audit_log_heads where account = $1 for update',
}

const CREATE_HEAD: Statement = {
  name: 'scrim_create_audit_head',
  text: `insert into audit_log_heads (account, size, root_hash, frontier) values ($1, 0, $2, $3)
    on conflict (account) do nothing`,
}

const INSERT = `insert into audit_entries
    (account, index, body, leaf_hash, root_hash, at, action, actor_id, ticket_id)
  values ($1, $2::bigint, $3, $4, $5, $6, $7, $8, $9)`

const INSERT_ENTRY: Statement = { name: 'scrim_insert_audit_entry', text: INSERT }

/** The last entry of an append moves the head with it: one statement for one entry. */
const INSERT_LAST_ENTRY: Statement = {
  name: 'scrim_insert_last_audit_entry',
  text: `with head as (
      update audit_log_heads set size = $2::bigint + 1, root_hash = $5, frontier = $10
      where account = $1
    ) ${INSERT}`,
}

const INSERT_TEXT: Statement = {
  name: 'scrim_insert_audit_text',
  text: 'insert into audit_texts (account, entry_index, name, salt, text) values ($1, $2, $3, $4, $5)',
}

async function lockHead(
  tx: Queryable,
  account: string,
): Promise<{ size: number; frontier: Frontier }> {
  let [head] = await tx.run(LOCK_HEAD, [account])
  if (head === undefined) {
    await tx.run(CREATE_HEAD, [account, sha256(new Uint8Array()), new Uint8Array()])
    ;[head] = await tx.run(LOCK_HEAD, [account])
  }
  const size = Number(head?.['size'])
  const frontier = head?.['frontier']
  if (!(frontier instanceof Uint8Array)) throw new TypeError('the log has no head')
  return { size, frontier: decodeFrontier(frontier, size) }
}

/**
 * Makes the account's other acts wait until the transaction ends: what it counts from here on stays
 * true until its own entry is appended. Call it before counting, with nothing slow after it.
 */
export async function lockAuditLog(tx: Queryable, account: string): Promise<void> {
  await lockHead(tx, account)
}

/**
 * Appends one entry a draft, in order, and answers where each stands. Part of the caller's
 * transaction: what it undoes leaves no entry. Holds the lock on the account's log until the
 * transaction ends, so call it last.
 */
export async function appendAuditEntries(
  tx: Queryable,
  account: string,
  at: Date,
  drafts: readonly AuditDraft[],
): Promise<{ index: number }[]> {
  if (drafts.length === 0) return []
  const instant = at.toISOString()
  const entries = drafts.map((draft) => prepareEntry(draft, account, instant))
  return insertEntries(tx, account, instant, await lockHead(tx, account), entries)
}

/**
 * Appends those of the drafts that `choose` keeps, and what it adds. It is asked in the same round trip
 * that locks the log, behind the lock: what it counts stays true until the entries stand. Call it last,
 * like the other one.
 */
export async function appendChosenEntries(
  tx: Queryable,
  account: string,
  at: Date,
  drafts: readonly AuditDraft[],
  choose: () => Promise<{ keeps: readonly boolean[]; more: readonly AuditDraft[] }>,
): Promise<void> {
  const instant = at.toISOString()
  const entries = drafts.map((draft) => prepareEntry(draft, account, instant))
  const [head, { keeps, more }] = await Promise.all([lockHead(tx, account), choose()])
  const chosen = entries.filter((_, place) => keeps[place] === true)
  const added = more.map((draft) => prepareEntry(draft, account, instant))
  await insertEntries(tx, account, instant, head, [...chosen, ...added])
}

async function insertEntries(
  tx: Queryable,
  account: string,
  instant: string,
  head: { size: number; frontier: Frontier },
  entries: readonly ReturnType<typeof prepareEntry>[],
): Promise<{ index: number }[]> {
  let { frontier } = head
  for (const [offset, { draft, body, leaf, texts }] of entries.entries()) {
    const index = head.size + offset
    const next = appendToFrontier(sha256, frontier, index, leaf)
    frontier = next.frontier
    const actorId = draft.actor.type === 'person' ? draft.actor.id : null
    const ticketId = draft.record?.id ?? null
    const row = [account, index, body, leaf, next.root, instant, draft.action, actorId, ticketId]
    if (offset < entries.length - 1) await tx.send(INSERT_ENTRY, row)
    else await tx.send(INSERT_LAST_ENTRY, [...row, encodeFrontier(frontier)])
    for (const { name, salt, text } of texts) {
      await tx.send(INSERT_TEXT, [account, index, name, salt, text])
    }
  }
  return entries.map((_, offset) => ({ index: head.size + offset }))
}

/** What needs no lock: salts, hashes, the one spelling. */
function prepareEntry(draft: AuditDraft, account: string, instant: string) {
  const texts = Object.entries(draft.texts ?? {}).map(([name, text]) => ({
    name,
    text,
    salt: randomBytes(SALT_BYTES),
  }))
  const hashes = texts.map(({ name, salt, text }) => [name, textHash(sha256, salt, text)])
  const body = encodeEntry({
    ...draft,
    v: 1,
    account,
    at: instant,
    texts: draft.texts === undefined ? undefined : Object.fromEntries(hashes),
  })
  return { draft, body, texts, leaf: leafHash(sha256, entryBytes(body)) }
}

/** An entry as stored, with the texts that have not been erased. */
export type StoredAuditEntry = {
  index: number
  /** The canonical JSON that the leaf hashes. */
  body: string
  leafHash: Uint8Array
  rootHash: Uint8Array
  /** Copies of what the body says, for search. */
  at: Date
  action: string
  actorId: number | null
  ticketId: number | null
  texts: { name: string; salt: Uint8Array; text: string }[]
}

/** The tree over all entries of the account; of size 0 when there are none. */
export async function getAuditHead(db: Queryable, account: string): Promise<TreeHead> {
  const [head] = await db
    .select({ size: auditLogHeads.size, rootHash: auditLogHeads.rootHash })
    .from(auditLogHeads)
    .where(eq(auditLogHeads.account, account))
  return head ?? { size: 0, rootHash: sha256(new Uint8Array()) }
}

/** Accounts that have a log here, by name. */
export async function listAuditAccounts(db: Queryable): Promise<string[]> {
  const rows = await db.select({ account: auditLogHeads.account }).from(auditLogHeads)
  return rows.map(({ account }) => account).toSorted()
}

async function withTexts(
  db: Queryable,
  account: string,
  rows: Omit<StoredAuditEntry, 'texts'>[],
): Promise<StoredAuditEntry[]> {
  if (rows.length === 0) return []
  const texts = await db
    .select()
    .from(auditTexts)
    .where(
      and(
        eq(auditTexts.account, account),
        inArray(
          auditTexts.entryIndex,
          rows.map(({ index }) => index),
        ),
      ),
    )
  const byIndex = new Map(rows.map(({ index }) => [index, [] as StoredAuditEntry['texts']]))
  for (const { entryIndex, name, salt, text } of texts) {
    byIndex.get(entryIndex)?.push({ name, salt, text })
  }
  return rows.map((row) => ({ ...row, texts: byIndex.get(row.index) ?? [] }))
}

const COLUMNS = {
  index: auditEntries.index,
  body: auditEntries.body,
  leafHash: auditEntries.leafHash,
  rootHash: auditEntries.rootHash,
  at: auditEntries.at,
  action: auditEntries.action,
  actorId: auditEntries.actorId,
  ticketId: auditEntries.ticketId,
}

/** What to look for; everything given must hold. `before` is the keyset: smaller indexes only. */
export type AuditFilter = {
  before?: number
  action?: string
  ticketId?: number
  actorId?: number
  limit: number
}

/** Matching entries, newest first, with their texts. */
export async function findAuditEntries(
  db: Queryable,
  account: string,
  filter: AuditFilter,
): Promise<StoredAuditEntry[]> {
  const { before, action, ticketId, actorId, limit } = filter
  const rows = await db
    .select(COLUMNS)
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.account, account),
        before === undefined ? undefined : lt(auditEntries.index, before),
        action === undefined ? undefined : eq(auditEntries.action, action),
        ticketId === undefined ? undefined : eq(auditEntries.ticketId, ticketId),
        actorId === undefined ? undefined : eq(auditEntries.actorId, actorId),
      ),
    )
    .orderBy(desc(auditEntries.index))
    .limit(limit)
  return withTexts(db, account, rows)
}

/** At most `limit` entries from `fromIndex` on, oldest first, with their texts. */
export async function readAuditEntries(
  db: Queryable,
  account: string,
  fromIndex: number,
  limit: number,
): Promise<StoredAuditEntry[]> {
  const rows = await db
    .select(COLUMNS)
    .from(auditEntries)
    .where(and(eq(auditEntries.account, account), gte(auditEntries.index, fromIndex)))
    .orderBy(auditEntries.index)
    .limit(limit)
  return withTexts(db, account, rows)
}

const BATCH = 500

/** All entries of the account, oldest first, a batch at a time. */
export async function* streamAuditEntries(
  db: Queryable,
  account: string,
): AsyncGenerator<StoredAuditEntry> {
  for (let from = 0; ;) {
    const batch = await readAuditEntries(db, account, from, BATCH)
    yield* batch
    const last = batch.at(-1)
    if (last === undefined || batch.length < BATCH) return
    from = last.index + 1
  }
}

/** Runs `work` on one unchanging view of the database, so that a log and its head fit. Reads only. */
export async function readSnapshot<T>(
  database: Database,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read, read only`)
    // Whoever reads an export may take their time between two lines.
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`)
    return work(tx)
  })
}

/** Recomputes the account's whole log, and names the first fault; see `audit/verify.ts`. */
export async function verifyAuditLog(
  database: Database,
  account: string,
  expected?: TreeHead,
): Promise<Verification> {
  return readSnapshot(database, async (db) => {
    const head = await getAuditHead(db, account)
    return verifyLog(sha256, loggedEntries(db, account), head, expected)
  })
}

async function* loggedEntries(db: Queryable, account: string): AsyncGenerator<LoggedEntry> {
  for await (const { at, action, actorId, ticketId, ...entry } of streamAuditEntries(db, account)) {
    yield { ...entry, columns: { at: at.toISOString(), action, actorId, ticketId } }
  }
}
