/** The vault's rows: what stands for a value, and the sealed value. Opening it is `keys/`'s work. */
import { and, desc, eq, max } from 'drizzle-orm'
import type { RecordRef } from '../core/protected-field.ts'
import type { Queryable } from './database.ts'
import { protectedValues } from './schema.ts'

export type StoredValue = { fieldId: string; version: number; masked: string; token: string }

export type NewValue = StoredValue & { jwe: string; createdAt: Date; createdBy: number }

const ofRecord = (account: string, record: RecordRef) =>
  and(
    eq(protectedValues.account, account),
    eq(protectedValues.recordType, record.type),
    eq(protectedValues.recordId, record.id),
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
