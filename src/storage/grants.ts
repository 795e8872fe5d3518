/** Grants and their uses. Every end of one is conditional: it happens once. */
import { and, asc, desc, eq, gt, inArray, lte, or, sql } from 'drizzle-orm'
import type { GrantConditions, GrantState } from '../core/grant.ts'
import type { ValueDescription } from '../core/vaulted-field.ts'
import type { Queryable } from './database.ts'
import { grantFields, grants, protectedValues, revealRequests, reveals } from './schema.ts'
import type { ValueKey } from './vault.ts'

export type StoredGrant = {
  id: string
  requestId: string
  ticketId: number
  requesterId: number
  assigneeId: number | null
  state: GrantState
  createdAt: Date
  expiresAt: Date
  closedAt: Date | null
  endedCode: string | null
  reasonCode: string
  reasonText: string
  customerId: number
  policyVersion: number
  /** What its approvers asked of it besides. */
  conditions: GrantConditions | null
  isBreakGlass: boolean
  /** The exception that its request was decided by. */
  exceptionId: string | null
  fields: (ValueDescription & { version: number; usesLeft: number })[]
}

/** A grant's own columns and its request's reason, for queries that join both. */
export const grantColumns = {
  id: grants.id,
  requestId: grants.requestId,
  ticketId: grants.ticketId,
  requesterId: grants.requesterId,
  assigneeId: grants.assigneeId,
  state: sql<GrantState>`${grants.state}`,
  createdAt: grants.createdAt,
  expiresAt: grants.expiresAt,
  closedAt: grants.closedAt,
  endedCode: grants.endedCode,
  reasonCode: revealRequests.reasonCode,
  reasonText: revealRequests.reasonText,
  customerId: revealRequests.customerId,
  policyVersion: revealRequests.policyVersion,
  conditions: grants.conditions,
  isBreakGlass: grants.isBreakGlass,
  exceptionId: revealRequests.exceptionId,
}

/** The stored value that a grant's field was given for. */
export const isValueOfGrantField = and(
  eq(protectedValues.account, grants.account),
  eq(protectedValues.recordType, 'ticket'),
  eq(protectedValues.recordId, grants.ticketId),
  eq(protectedValues.fieldId, grantFields.fieldId),
  eq(protectedValues.version, grantFields.version),
)

/** A grant without its fields. */
export type GrantRow = Omit<StoredGrant, 'fields'>

async function withFields(db: Queryable, rows: GrantRow[]): Promise<StoredGrant[]> {
  if (rows.length === 0) return []
  const fields = await db
    .select({
      grantId: grantFields.grantId,
      fieldId: grantFields.fieldId,
      version: grantFields.version,
      usesLeft: grantFields.usesLeft,
      kind: protectedValues.kind,
      sensitivityClass: protectedValues.sensitivityClass,
      createdBy: protectedValues.createdBy,
      createdAt: protectedValues.createdAt,
    })
    .from(grantFields)
    .innerJoin(grants, eq(grants.id, grantFields.grantId))
    .leftJoin(protectedValues, isValueOfGrantField)
    .where(
      inArray(
        grantFields.grantId,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(grantFields.fieldId))
  return rows.map((row) => ({
    ...row,
    fields: fields
      .filter((field) => field.grantId === row.id)
      .map(({ grantId: _grantId, ...field }) => field),
  }))
}

const selectGrants = (db: Queryable) =>
  db
    .select(grantColumns)
    .from(grants)
    .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))

/** Stores an active grant with its uses. */
export async function createGrant(
  tx: Queryable,
  account: string,
  grant: Pick<
    StoredGrant,
    'id' | 'requestId' | 'ticketId' | 'requesterId' | 'assigneeId' | 'createdAt' | 'expiresAt'
  > &
    Partial<Pick<StoredGrant, 'conditions' | 'isBreakGlass'>> & {
      fields: readonly { fieldId: string; version: number; usesLeft: number }[]
    },
): Promise<void> {
  const { fields, ...row } = grant
  await tx.insert(grants).values({ ...row, account, state: 'active' })
  await tx.insert(grantFields).values(
    fields.map(({ fieldId, version, usesLeft }) => ({
      grantId: grant.id,
      fieldId,
      version,
      usesLeft,
    })),
  )
}

/** One grant of this account, or undefined. */
export async function findGrant(
  db: Queryable,
  account: string,
  id: string,
): Promise<StoredGrant | undefined> {
  const rows = await selectGrants(db).where(and(eq(grants.account, account), eq(grants.id, id)))
  return (await withFields(db, rows))[0]
}

/** These grants of the account, in no order. */
export async function findGrantsById(
  db: Queryable,
  account: string,
  ids: readonly string[],
): Promise<StoredGrant[]> {
  if (ids.length === 0) return []
  const rows = await selectGrants(db).where(
    and(eq(grants.account, account), inArray(grants.id, [...ids])),
  )
  return withFields(db, rows)
}

/** One person's grants on a ticket: active ones, and those closed after `since`. Newest first. */
export async function findGrantsOf(
  db: Queryable,
  account: string,
  requesterId: number,
  ticketId: number,
  since: Date,
): Promise<StoredGrant[]> {
  const rows = await selectGrants(db)
    .where(
      and(
        eq(grants.account, account),
        eq(grants.requesterId, requesterId),
        eq(grants.ticketId, ticketId),
        or(eq(grants.state, 'active'), gt(grants.closedAt, since)),
      ),
    )
    .orderBy(desc(grants.createdAt))
    .limit(50)
  return withFields(db, rows)
}

/** Every grant still stored as active, oldest first, at most 200. */
export async function findActiveGrants(db: Queryable, account: string): Promise<StoredGrant[]> {
  const rows = await selectGrants(db)
    .where(and(eq(grants.account, account), eq(grants.state, 'active')))
    .orderBy(asc(grants.createdAt))
    .limit(200)
  return withFields(db, rows)
}

/** Active grants for a value or an older version of it, by id. */
export async function findActiveGrantsOn(
  db: Queryable,
  account: string,
  { record, fieldId, version }: ValueKey,
): Promise<StoredGrant[]> {
  const rows = await selectGrants(db)
    .innerJoin(grantFields, eq(grantFields.grantId, grants.id))
    .where(
      and(
        eq(grants.account, account),
        eq(grants.state, 'active'),
        eq(grants.ticketId, record.id),
        eq(grantFields.fieldId, fieldId),
        lte(grantFields.version, version),
      ),
    )
    .orderBy(asc(grants.id))
  return withFields(db, rows)
}

/** The grants that these requests led to, by request id. */
export async function findGrantIds(
  db: Queryable,
  requestIds: readonly string[],
): Promise<Map<string, string>> {
  if (requestIds.length === 0) return new Map()
  const rows = await db
    .select({ id: grants.id, requestId: grants.requestId })
    .from(grants)
    .where(inArray(grants.requestId, [...requestIds]))
  return new Map(rows.map((row) => [row.requestId, row.id]))
}

/**
 * Active → `state`, and no value under it stays open. Answers the ids of its fields, or null when it
 * was not active any more.
 */
export async function closeGrant(
  tx: Queryable,
  account: string,
  id: string,
  to: { state: Exclude<GrantState, 'active'>; at: Date; endedCode?: string },
): Promise<string[] | null> {
  const rows = await tx
    .update(grants)
    .set({ state: to.state, closedAt: to.at, endedCode: to.endedCode ?? null })
    .where(and(eq(grants.account, account), eq(grants.id, id), eq(grants.state, 'active')))
    .returning({ id: grants.id })
  if (rows.length === 0) return null
  await tx
    .update(reveals)
    .set({ state: 'closed' })
    .where(and(eq(reveals.grantId, id), eq(reveals.state, 'open')))
  const fields = await tx
    .select({ fieldId: grantFields.fieldId })
    .from(grantFields)
    .where(eq(grantFields.grantId, id))
    .orderBy(asc(grantFields.fieldId))
  return fields.map(({ fieldId }) => fieldId)
}

/** Active grants without a use left and without a value still on screen. */
export async function findExhaustedGrants(
  db: Queryable,
  account: string,
  now: Date,
): Promise<StoredGrant[]> {
  const rows = await selectGrants(db).where(
    and(
      eq(grants.account, account),
      eq(grants.state, 'active'),
      sql`not exists (select 1 from grant_fields f where f.grant_id = ${grants.id} and f.uses_left > 0)`,
      sql`not exists (select 1 from reveals r where r.grant_id = ${grants.id} and r.state = 'open' and r.display_until > ${now.toISOString()}::timestamptz)`,
    ),
  )
  return withFields(db, rows)
}
