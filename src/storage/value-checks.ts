/**
 * Tries to match a value and searches by one, counted for their limits. Nothing here is a value: what
 * is compared are fingerprints, and no try keeps the one it brought.
 */
import { and, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { RecordRef } from '../core/protected-field.ts'
import type { CheckHistory } from '../core/value-check.ts'
import type { Queryable } from './database.ts'
import { protectedValues, valueChecks } from './schema.ts'

/** The newest version of one field, as far as comparing needs it. */
export type ComparableValue = {
  fieldId: string
  version: number
  kind: string | null
  sensitivityClass: string | null
  /** null for documents, erased values and what was stored before there were fingerprints. */
  fingerprint: string | null
  fingerprintKeyId: string | null
  erasedAt: Date | null
}

export async function findComparableValue(
  db: Queryable,
  account: string,
  record: RecordRef,
  fieldId: string,
): Promise<ComparableValue | undefined> {
  const { version, kind, sensitivityClass, fingerprint, fingerprintKeyId, erasedAt } =
    protectedValues
  const [row] = await db
    .select({ version, kind, sensitivityClass, fingerprint, fingerprintKeyId, erasedAt })
    .from(protectedValues)
    .where(
      and(
        eq(protectedValues.account, account),
        eq(protectedValues.recordType, record.type),
        eq(protectedValues.recordId, record.id),
        eq(protectedValues.fieldId, fieldId),
      ),
    )
    .orderBy(desc(version))
    .limit(1)
  return row === undefined ? undefined : { fieldId, ...row }
}

export type TryAct = 'check' | 'find'

/** A person's latest tries of one act since `since`, newest first, at most `limit`. */
export async function findTries(
  db: Queryable,
  account: string,
  about: { act: TryAct; personId: number; since: Date },
  limit: number,
): Promise<Date[]> {
  const rows = await db
    .select({ at: valueChecks.at })
    .from(valueChecks)
    .where(
      and(
        eq(valueChecks.account, account),
        eq(valueChecks.act, about.act),
        eq(valueChecks.personId, about.personId),
        gt(valueChecks.at, about.since),
      ),
    )
    .orderBy(desc(valueChecks.at))
    .limit(limit)
  return rows.map(({ at }) => at)
}

/** The latest misses at one value, newest first: of one person, or of everybody. */
async function findMisses(
  db: Queryable,
  account: string,
  about: { record: RecordRef; fieldId: string; personId?: number },
  limit: number,
): Promise<Date[]> {
  const rows = await db
    .select({ at: valueChecks.at })
    .from(valueChecks)
    .where(
      and(
        eq(valueChecks.account, account),
        eq(valueChecks.act, 'check'),
        eq(valueChecks.recordId, about.record.id),
        eq(valueChecks.fieldId, about.fieldId),
        eq(valueChecks.outcome, 'miss'),
        about.personId === undefined ? undefined : eq(valueChecks.personId, about.personId),
      ),
    )
    .orderBy(desc(valueChecks.at))
    .limit(limit)
  return rows.map(({ at }) => at)
}

/** What limits look at. Call it under the account's lock, so that nobody tries in between. */
export async function findCheckHistory(
  tx: Queryable,
  account: string,
  about: { record: RecordRef; fieldId: string; personId: number; since: Date },
  limits: { perMinute: number; perDay: number; missesPerPerson: number; missesOfAll: number },
): Promise<CheckHistory> {
  const { record, fieldId } = about
  const most = Math.max(limits.perMinute, limits.perDay)
  return {
    mine: await findTries(tx, account, { act: 'check', ...about }, most),
    myMisses: await findMisses(tx, account, about, limits.missesPerPerson),
    allMisses: await findMisses(tx, account, { record, fieldId }, limits.missesOfAll),
  }
}

export type NewTry =
  | {
      id: string
      act: 'check'
      personId: number
      record: RecordRef
      fieldId: string
      outcome: 'match' | 'miss'
      at: Date
    }
  | { id: string; act: 'find'; personId: number; outcome: 'run'; at: Date }

export async function appendTry(tx: Queryable, account: string, attempt: NewTry): Promise<void> {
  const { id, act, personId, outcome, at } = attempt
  const place = attempt.act === 'check' ? attempt : null
  await tx.insert(valueChecks).values({
    id,
    account,
    act,
    personId,
    recordId: place?.record.id ?? null,
    fieldId: place?.fieldId ?? null,
    outcome,
    at,
  })
}

/** Deletes tries from before `before`, which no limit counts any more. The log keeps its entries. */
export async function deleteTries(db: Queryable, account: string, before: Date): Promise<void> {
  await db
    .delete(valueChecks)
    .where(and(eq(valueChecks.account, account), lt(valueChecks.at, before)))
}

/** A value that is the newest of its field and has one of the fingerprints. */
export type FoundValue = {
  ticketId: number
  fieldId: string
  kind: string | null
  sensitivityClass: string | null
}

/** Where a value stands now, newest tickets first, at most `limit` fields. */
export async function findByFingerprint(
  db: Queryable,
  account: string,
  fingerprints: readonly string[],
  limit: number,
): Promise<FoundValue[]> {
  const { recordType, recordId, fieldId, kind, sensitivityClass, version } = protectedValues
  return await db
    .select({ ticketId: recordId, fieldId, kind, sensitivityClass })
    .from(protectedValues)
    .where(
      and(
        eq(protectedValues.account, account),
        eq(recordType, 'ticket'),
        inArray(protectedValues.fingerprint, [...fingerprints]),
        isNull(protectedValues.erasedAt),
        sql`not exists (select 1 from protected_values as newer
          where newer.account = ${protectedValues.account}
            and newer.record_type = ${recordType} and newer.record_id = ${recordId}
            and newer.field_id = ${fieldId} and newer.version > ${version})`,
      ),
    )
    .orderBy(desc(recordId), fieldId)
    .limit(limit)
}
