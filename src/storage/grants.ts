/** Grants, their uses and the reveals made under them. A use is taken by one conditional statement. */
import { and, asc, count, desc, eq, gt, gte, inArray, or, sql } from 'drizzle-orm'
import type { GrantState } from '../core/grant.ts'
import type { Queryable } from './database.ts'
import type { Statement } from './transaction.ts'
import { prepared } from './transaction.ts'
import { grantFields, grants, protectedValues, revealRequests, reveals } from './schema.ts'

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
  fields: { fieldId: string; version: number; usesLeft: number }[]
}

export type StoredReveal = {
  grantId: string
  attemptId: string
  fieldId: string
  version: number
  sessionId: string
  state: 'open' | 'closed' | 'failed'
  at: Date
  displayUntil: Date
}

const grantColumns = {
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
}

type GrantRow = Omit<StoredGrant, 'fields'>

async function withFields(db: Queryable, rows: GrantRow[]): Promise<StoredGrant[]> {
  if (rows.length === 0) return []
  const fields = await db
    .select()
    .from(grantFields)
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
      .map(({ fieldId, version, usesLeft }) => ({ fieldId, version, usesLeft })),
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
    | 'id'
    | 'requestId'
    | 'ticketId'
    | 'requesterId'
    | 'assigneeId'
    | 'createdAt'
    | 'expiresAt'
    | 'fields'
  >,
): Promise<void> {
  const { fields, ...row } = grant
  await tx.insert(grants).values({ ...row, account, state: 'active' })
  await tx.insert(grantFields).values(fields.map((field) => ({ ...field, grantId: grant.id })))
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

/** All that a reveal reads before its transaction, in one round trip. */
export type RevealGround = {
  grant: GrantRow
  field: { version: number; usesLeft: number; jwe: string } | null
  attempt: StoredReveal | null
}

/**
 * The grant with one of its fields, the field's sealed value and the attempt if it was made before.
 * Undefined when the account has no such grant.
 */
export async function findRevealGround(
  db: Queryable,
  account: string,
  grantId: string,
  fieldId: string,
  attemptId: string,
): Promise<RevealGround | undefined> {
  const query = prepared(db, 'scrim_find_reveal_ground', (name) =>
    db
      .select({
        grant: grantColumns,
        version: grantFields.version,
        usesLeft: grantFields.usesLeft,
        jwe: protectedValues.jwe,
        attempt: reveals,
      })
      .from(grants)
      .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))
      .leftJoin(
        grantFields,
        and(eq(grantFields.grantId, grants.id), eq(grantFields.fieldId, sql.placeholder('field'))),
      )
      .leftJoin(
        protectedValues,
        and(
          eq(protectedValues.account, grants.account),
          eq(protectedValues.recordType, 'ticket'),
          eq(protectedValues.recordId, grants.ticketId),
          eq(protectedValues.fieldId, grantFields.fieldId),
          eq(protectedValues.version, grantFields.version),
        ),
      )
      .leftJoin(
        reveals,
        and(eq(reveals.grantId, grants.id), eq(reveals.attemptId, sql.placeholder('attempt'))),
      )
      .where(
        and(
          eq(grants.account, sql.placeholder('account')),
          eq(grants.id, sql.placeholder('grant')),
        ),
      )
      .prepare(name),
  )
  const [row] = await query.execute({
    account,
    grant: grantId,
    field: fieldId,
    attempt: attemptId,
  })
  if (row === undefined) return undefined
  const { version, usesLeft, jwe } = row
  return {
    grant: row.grant,
    field:
      version === null || usesLeft === null || jwe === null ? null : { version, usesLeft, jwe },
    attempt: row.attempt === null ? null : toReveal(row.attempt),
  }
}

function toReveal(row: typeof reveals.$inferSelect): StoredReveal {
  const { grantId, attemptId, fieldId, version, sessionId, at, displayUntil } = row
  // Only these three states are ever written to this column.
  const state = row.state as StoredReveal['state']
  return { grantId, attemptId, fieldId, version, sessionId, state, at, displayUntil }
}

/**
 * The lock on the grant's row makes a revocation either come first or wait: no reveal is recorded
 * after the grant's end.
 */
const CONSUME_USE: Statement = {
  name: 'scrim_consume_use',
  text: `with live as (
      select id from grants
      where id = $1::uuid and account = $2 and state = 'active' and expires_at > $3::timestamptz
      for no key update
    ), used as (
      update grant_fields f set uses_left = uses_left - 1
      from live
      where f.grant_id = live.id and f.field_id = $4 and f.uses_left > 0
        and not exists (
          select 1 from reveals r where r.grant_id = live.id and r.attempt_id = $5::uuid
        )
      returning f.uses_left
    ), recorded as (
      insert into reveals (grant_id, attempt_id, account, field_id, version, requester_id,
        customer_id, session_id, state, at, display_until)
      select $1::uuid, $5::uuid, $2, $4, $6::int, $7::bigint, $8::bigint, $9, 'open',
        $3::timestamptz, $10::timestamptz
      from used
    )
    select uses_left from used`,
}

/**
 * Takes one use of a live grant and records the reveal, or does neither. Answers the uses left, or
 * null when the grant is not active at `at`, has no use left, or the attempt was made before.
 */
export async function consumeUse(
  tx: Queryable,
  account: string,
  reveal: Omit<StoredReveal, 'state'> & { requesterId: number; customerId: number },
): Promise<number | null> {
  const [row] = await tx.run(CONSUME_USE, [
    reveal.grantId,
    account,
    reveal.at.toISOString(),
    reveal.fieldId,
    reveal.attemptId,
    reveal.version,
    reveal.requesterId,
    reveal.customerId,
    reveal.sessionId,
    reveal.displayUntil.toISOString(),
  ])
  return row === undefined ? null : Number(row['uses_left'])
}

/** A reveal with its grant, or undefined when this account has no such attempt. */
export async function findReveal(
  db: Queryable,
  account: string,
  grantId: string,
  attemptId: string,
): Promise<{ grant: GrantRow; reveal: StoredReveal } | undefined> {
  const [row] = await db
    .select({ grant: grantColumns, reveal: reveals })
    .from(reveals)
    .innerJoin(grants, eq(grants.id, reveals.grantId))
    .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))
    .where(
      and(
        eq(grants.account, account),
        eq(reveals.grantId, grantId),
        eq(reveals.attemptId, attemptId),
      ),
    )
  return row === undefined ? undefined : { grant: row.grant, reveal: toReveal(row.reveal) }
}

/** Gives a use back after a failed decryption, once. */
export async function returnUse(tx: Queryable, grantId: string, attemptId: string): Promise<void> {
  const [reveal] = await tx
    .update(reveals)
    .set({ state: 'failed' })
    .where(
      and(
        eq(reveals.grantId, grantId),
        eq(reveals.attemptId, attemptId),
        eq(reveals.state, 'open'),
      ),
    )
    .returning({ fieldId: reveals.fieldId })
  if (reveal === undefined) return
  await tx
    .update(grantFields)
    .set({ usesLeft: sql`${grantFields.usesLeft} + 1` })
    .where(and(eq(grantFields.grantId, grantId), eq(grantFields.fieldId, reveal.fieldId)))
}

/** Reveals of one person since an instant. */
export async function countReveals(
  db: Queryable,
  account: string,
  requesterId: number,
  since: Date,
): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(reveals)
    .where(
      and(
        eq(reveals.account, account),
        eq(reveals.requesterId, requesterId),
        gte(reveals.at, since),
      ),
    )
  return row?.count ?? 0
}

/** Whether the person was ever shown a value of this customer. */
export async function hasRevealedFor(
  db: Queryable,
  account: string,
  requesterId: number,
  customerId: number,
): Promise<boolean> {
  const rows = await db
    .select({ at: reveals.at })
    .from(reveals)
    .where(
      and(
        eq(reveals.account, account),
        eq(reveals.requesterId, requesterId),
        eq(reveals.customerId, customerId),
      ),
    )
    .limit(1)
  return rows.length > 0
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
