/** The vault's rows as ingestion asks for them: whether something that was found is already there. */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { RecordRef } from '../core/protected-field.ts'
import type { Queryable } from './database.ts'
import { protectedValues } from './schema.ts'
import { prepared } from './transaction.ts'

export type KnownValue = {
  fieldId: string
  version: number
  masked: string
  token: string
  fingerprint: string | null
  source: string | null
  sourceId: number | null
  /** A document's media type; null for text. */
  contentType: string | null
  clearedAt: Date | null
  erasedAt: Date | null
}

/** Every version of every value of a record, oldest first. */
export async function findKnownValues(
  db: Queryable,
  account: string,
  record: RecordRef,
): Promise<KnownValue[]> {
  const t = protectedValues
  const query = prepared(db, 'scrim_find_known_values', (name) =>
    db
      .select({
        fieldId: t.fieldId,
        version: t.version,
        masked: t.masked,
        token: t.token,
        fingerprint: t.fingerprint,
        source: t.source,
        sourceId: t.sourceId,
        contentType: t.contentType,
        clearedAt: t.clearedAt,
        erasedAt: t.erasedAt,
      })
      .from(t)
      .where(
        and(
          eq(t.account, sql.placeholder('account')),
          eq(t.recordType, sql.placeholder('recordType')),
          eq(t.recordId, sql.placeholder('recordId')),
        ),
      )
      .orderBy(asc(t.fieldId), asc(t.version))
      .prepare(name),
  )
  return await query.execute({ account, recordType: record.type, recordId: record.id })
}

/** Which value a token stands for, within the account; undefined for one that was never given out. */
export async function findTokenOwner(
  db: Queryable,
  account: string,
  token: string,
): Promise<{ recordId: number; fieldId: string; version: number } | undefined> {
  const { recordId, fieldId, version } = protectedValues
  const [row] = await db
    .select({ recordId, fieldId, version })
    .from(protectedValues)
    .where(and(eq(protectedValues.account, account), eq(protectedValues.token, token)))
  return row
}

/** The sealed value of one version; undefined when there is none or it was erased. */
export async function findSealed(
  db: Queryable,
  account: string,
  key: { record: RecordRef; fieldId: string; version: number },
): Promise<string | undefined> {
  const t = protectedValues
  const [row] = await db.select({ jwe: t.jwe }).from(t).where(ofVersion(account, key))
  return row === undefined || row.jwe === '' ? undefined : row.jwe
}

/** Flags a version's field as cleared in Zendesk, or not any more. */
export async function setCleared(
  tx: Queryable,
  account: string,
  key: { record: RecordRef; fieldId: string; version: number },
  clearedAt: Date | null,
): Promise<void> {
  await tx.update(protectedValues).set({ clearedAt }).where(ofVersion(account, key))
}

const ofVersion = (account: string, key: { record: RecordRef; fieldId: string; version: number }) =>
  and(
    eq(protectedValues.account, account),
    eq(protectedValues.recordType, key.record.type),
    eq(protectedValues.recordId, key.record.id),
    eq(protectedValues.fieldId, key.fieldId),
    eq(protectedValues.version, key.version),
  )
