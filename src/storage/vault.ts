/** The vault's rows: what stands for a value, and the sealed value. Opening it is `keys/`'s work. */
import { and, asc, desc, eq, gt, isNotNull, isNull, lt, lte, max, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { RecordRef } from '../core/protected-field.ts'
import type { Queryable } from './database.ts'
import { protectedValues } from './schema.ts'

/** How a value came into the vault. */
export type ValueSource =
  'intake' | 'field' | 'subject' | 'comment' | 'attachment' | 'note' | 'link' | 'follow_up'

/** One version of one field of one record. */
export type ValueKey = { record: RecordRef; fieldId: string; version: number }

export type StoredValue = {
  fieldId: string
  version: number
  masked: string
  token: string
  /** What it was taken in as. */
  kind: string | null
  sensitivityClass: string | null
  /** A document's media type; null for text. */
  contentType: string | null
  createdAt: Date
  createdBy: number
  /** From then on there is neither value nor mask. */
  erasedAt: Date | null
}

export type NewValue = Omit<StoredValue, 'erasedAt'> & {
  jwe: string
  keyId: string
  /** null for documents: nobody types one to compare it. */
  fingerprint: string | null
  fingerprintKeyId: string | null
  source: ValueSource
  sourceId: number | null
  customerId: number | null
  retainUntil: Date | null
}

const ofRecord = (account: string, record: RecordRef) =>
  and(
    eq(protectedValues.account, account),
    eq(protectedValues.recordType, record.type),
    eq(protectedValues.recordId, record.id),
  )

const ofKey = (account: string, key: ValueKey) =>
  and(
    ofRecord(account, key.record),
    eq(protectedValues.fieldId, key.fieldId),
    eq(protectedValues.version, key.version),
  )

/** The newest version of each field of a record, without the sealed values. */
export async function findCurrentValues(
  db: Queryable,
  account: string,
  record: RecordRef,
): Promise<StoredValue[]> {
  return await db
    .selectDistinctOn([protectedValues.fieldId], {
      fieldId: protectedValues.fieldId,
      version: protectedValues.version,
      masked: protectedValues.masked,
      token: protectedValues.token,
      kind: protectedValues.kind,
      sensitivityClass: protectedValues.sensitivityClass,
      contentType: protectedValues.contentType,
      createdAt: protectedValues.createdAt,
      createdBy: protectedValues.createdBy,
      erasedAt: protectedValues.erasedAt,
    })
    .from(protectedValues)
    .where(ofRecord(account, record))
    .orderBy(protectedValues.fieldId, desc(protectedValues.version))
}

/** The newest version number of one field, 0 when it holds nothing. */
export async function currentVersion(
  db: Queryable,
  account: string,
  record: RecordRef,
  fieldId: string,
): Promise<number> {
  const [row] = await db
    .select({ version: max(protectedValues.version) })
    .from(protectedValues)
    .where(and(ofRecord(account, record), eq(protectedValues.fieldId, fieldId)))
  return row?.version ?? 0
}

/** Appends one version. False when somebody else took that version first: nothing was written. */
export async function appendValue(
  tx: Queryable,
  account: string,
  record: RecordRef,
  value: NewValue,
): Promise<boolean> {
  const rows = await tx
    .insert(protectedValues)
    .values({ account, recordType: record.type, recordId: record.id, ...value })
    .onConflictDoNothing()
    .returning({ version: protectedValues.version })
  return rows.length === 1
}

/** What a value has to be sealed and fingerprinted under; anything else is outdated. */
export type CurrentKeys = { keyId: string; fingerprintKeyId: string }

/** How many values that are not erased there are under each pair of keys; null where none is known. */
export async function countValuesByKey(
  db: Queryable,
  account: string,
): Promise<{ keyId: string | null; fingerprintKeyId: string | null; count: number }[]> {
  const { keyId, fingerprintKeyId } = protectedValues
  return await db
    .select({ keyId, fingerprintKeyId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(protectedValues)
    .where(and(eq(protectedValues.account, account), isNull(protectedValues.erasedAt)))
    .groupBy(keyId, fingerprintKeyId)
    .orderBy(asc(keyId), asc(fingerprintKeyId))
}

/** Written as ranges, so that an index finds the few that differ among many that do not. */
function isOther(
  column: typeof protectedValues.keyId | typeof protectedValues.fingerprintKeyId,
  keyId: string,
): SQL | undefined {
  return or(lt(column, keyId), gt(column, keyId), isNull(column))
}

/** Under older keys. Documents have no fingerprint; values of an unknown kind cannot get one. */
const isOutdated = (account: string, current: CurrentKeys) =>
  and(
    eq(protectedValues.account, account),
    isNull(protectedValues.erasedAt),
    or(
      isOther(protectedValues.keyId, current.keyId),
      and(
        isNull(protectedValues.contentType),
        isNotNull(protectedValues.kind),
        isOther(protectedValues.fingerprintKeyId, current.fingerprintKeyId),
      ),
    ),
  )

/** How many values are under older keys. */
export async function countOutdatedValues(
  db: Queryable,
  account: string,
  current: CurrentKeys,
): Promise<number> {
  return await db.$count(protectedValues, isOutdated(account, current))
}

/** Whether any value is under older keys. */
export async function hasOutdatedValues(
  db: Queryable,
  account: string,
  current: CurrentKeys,
): Promise<boolean> {
  const rows = await db
    .select({ version: protectedValues.version })
    .from(protectedValues)
    .where(isOutdated(account, current))
    .limit(1)
  return rows.length > 0
}

export type SealedValue = ValueKey & {
  jwe: string
  kind: string | null
  contentType: string | null
  keyId: string | null
  fingerprintKeyId: string | null
}

/**
 * Up to `limit` values under older keys behind `after`, in the order of their keys, locked until the
 * transaction ends. What another instance holds is left to it.
 */
export async function lockOutdatedValues(
  tx: Queryable,
  account: string,
  current: CurrentKeys,
  after: ValueKey | null,
  limit: number,
): Promise<SealedValue[]> {
  const { recordType, recordId, fieldId, version } = protectedValues
  const behind =
    after === null
      ? undefined
      : sql`(${recordType}, ${recordId}, ${fieldId}, ${version}) >
          (${after.record.type}, ${after.record.id}, ${after.fieldId}, ${after.version})`
  const rows = await tx
    .select()
    .from(protectedValues)
    .where(and(isOutdated(account, current), behind))
    .orderBy(asc(recordType), asc(recordId), asc(fieldId), asc(version))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map((row) => ({
    // Tickets are the only records that are ever written to this table.
    record: { type: 'ticket', id: row.recordId },
    fieldId: row.fieldId,
    version: row.version,
    jwe: row.jwe,
    kind: row.kind,
    contentType: row.contentType,
    keyId: row.keyId,
    fingerprintKeyId: row.fingerprintKeyId,
  }))
}

/** Replaces the sealing of a value that the transaction has locked. */
export async function replaceSealing(
  tx: Queryable,
  account: string,
  key: ValueKey,
  sealing: Partial<Pick<NewValue, 'jwe' | 'keyId' | 'fingerprint' | 'fingerprintKeyId'>>,
): Promise<void> {
  await tx.update(protectedValues).set(sealing).where(ofKey(account, key))
}

export type ErasableValue = ValueKey & { customerId: number | null }

const ERASABLE = {
  recordId: protectedValues.recordId,
  fieldId: protectedValues.fieldId,
  version: protectedValues.version,
  customerId: protectedValues.customerId,
}

function toErasable(row: {
  recordId: number
  fieldId: string
  version: number
  customerId: number | null
}): ErasableValue {
  const { recordId, fieldId, version, customerId } = row
  return { record: { type: 'ticket', id: recordId }, fieldId, version, customerId }
}

/** Values whose retention is over at `now`, longest over first. */
export async function findDueValues(
  db: Queryable,
  account: string,
  now: Date,
  limit: number,
): Promise<ErasableValue[]> {
  const rows = await db
    .select(ERASABLE)
    .from(protectedValues)
    .where(
      and(
        eq(protectedValues.account, account),
        isNull(protectedValues.erasedAt),
        lte(protectedValues.retainUntil, now),
      ),
    )
    .orderBy(asc(protectedValues.retainUntil))
    .limit(limit)
  return rows.map(toErasable)
}

/** What is left of one customer's values, in the order of their keys. */
export async function findValuesOfCustomer(
  db: Queryable,
  account: string,
  customerId: number,
  limit: number,
): Promise<ErasableValue[]> {
  const rows = await db
    .select(ERASABLE)
    .from(protectedValues)
    .where(
      and(
        eq(protectedValues.account, account),
        eq(protectedValues.customerId, customerId),
        isNull(protectedValues.erasedAt),
      ),
    )
    .orderBy(
      asc(protectedValues.recordId),
      asc(protectedValues.fieldId),
      asc(protectedValues.version),
    )
    .limit(limit)
  return rows.map(toErasable)
}

/**
 * Empties a value for good: its key, its ciphertext, its mask and its fingerprint. False when it was
 * erased before.
 */
export async function emptyValue(
  tx: Queryable,
  account: string,
  key: ValueKey,
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .update(protectedValues)
    .set({
      jwe: '',
      masked: '',
      keyId: null,
      fingerprint: null,
      fingerprintKeyId: null,
      erasedAt: at,
    })
    .where(and(ofKey(account, key), isNull(protectedValues.erasedAt)))
    .returning({ version: protectedValues.version })
  return rows.length === 1
}
