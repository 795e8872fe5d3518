/** Documents: a value's row, and its parts beside it. Both come and go in one transaction. */
import { and, eq } from 'drizzle-orm'
import type { RecordRef } from '../core/protected-field.ts'
import type { Queryable } from './database.ts'
import { documentParts } from './schema.ts'
import type { NewValue, ValueKey } from './vault.ts'
import { appendValue } from './vault.ts'

/** A row with the sealed manifest, and the sealed parts in order. */
export type NewDocument = { value: NewValue; parts: readonly string[] }

const ofKey = (account: string, { record, fieldId, version }: ValueKey) =>
  and(
    eq(documentParts.account, account),
    eq(documentParts.recordType, record.type),
    eq(documentParts.recordId, record.id),
    eq(documentParts.fieldId, fieldId),
    eq(documentParts.version, version),
  )

/**
 * Appends one version with its parts, inside the caller's transaction. False when somebody else took
 * that version first: nothing was written.
 */
export async function appendDocument(
  tx: Queryable,
  account: string,
  record: RecordRef,
  { value, parts }: NewDocument,
): Promise<boolean> {
  if (!(await appendValue(tx, account, record, value))) return false
  const { fieldId, version } = value
  const key = { account, recordType: record.type, recordId: record.id, fieldId, version }
  // One statement a part: together they may be longer than a message to the database should be.
  for (const [part, sealed] of parts.entries()) {
    await tx.insert(documentParts).values({ ...key, part, sealed })
  }
  return true
}

/** One sealed part of a document; undefined when there is none. */
export async function findDocumentPart(
  db: Queryable,
  account: string,
  key: ValueKey,
  part: number,
): Promise<string | undefined> {
  const [row] = await db
    .select({ sealed: documentParts.sealed })
    .from(documentParts)
    .where(and(ofKey(account, key), eq(documentParts.part, part)))
  return row?.sealed
}

/** Deletes all parts of a document. A value that is none has none. */
export async function deleteDocumentParts(
  tx: Queryable,
  account: string,
  key: ValueKey,
): Promise<void> {
  await tx.delete(documentParts).where(ofKey(account, key))
}
