/** Reveal requests and the decisions on them. Every transition is conditional: the loser of a race learns it. */
import type { SQL } from 'drizzle-orm'
import { and, asc, desc, eq, gt, inArray, lte, ne, or } from 'drizzle-orm'
import type { GrantConditions } from '../core/grant.ts'
import type { RevealRequestState } from '../core/reveal-request.ts'
import type { ValueDescription } from '../core/vaulted-field.ts'
import type { Queryable } from './database.ts'
import { decisions, protectedValues, revealRequestFields, revealRequests } from './schema.ts'
import type { ValueKey } from './vault.ts'

export type StoredRequest = {
  id: string
  ticketId: number
  requesterId: number
  customerId: number
  assigneeId: number | null
  reasonCode: string
  reasonText: string
  minutes: number
  state: RevealRequestState
  policyVersion: number
  createdAt: Date
  expiresAt: Date
  closedAt: Date | null
  endedCode: string | null
  /** Who looks at it, and until when; over when that is past. */
  claimedBy: number | null
  claimedUntil: Date | null
  /** The grant that it asks more time for. */
  extendsGrantId: string | null
  /** When the level that waits began to, and what time did to it since. */
  levelSince: Date | null
  remindedAt: Date | null
  escalatedAt: Date | null
  dueAt: Date | null
  notedAt: Date | null
  promptVersion: number | null
  ruleId: string | null
  exceptionId: string | null
  isBreakGlass: boolean
  fields: (ValueDescription & { version: number })[]
}

export type StoredDecision = {
  requestId: string
  approverId: number
  outcome: 'approve' | 'deny'
  minutes: number | null
  /** The approved fields; null for a denial. */
  fieldIds: string[] | null
  comment: string | null
  /** Whose power was used; null for the approver's own. */
  onBehalfOf: number | null
  isOfNextCircle: boolean
  conditions: GrantConditions | null
  at: Date
}

type RequestRow = typeof revealRequests.$inferSelect

async function withFields(db: Queryable, rows: RequestRow[]): Promise<StoredRequest[]> {
  if (rows.length === 0) return []
  const fields = await db
    .select({
      requestId: revealRequestFields.requestId,
      fieldId: revealRequestFields.fieldId,
      version: revealRequestFields.version,
      kind: protectedValues.kind,
      sensitivityClass: protectedValues.sensitivityClass,
      createdBy: protectedValues.createdBy,
      createdAt: protectedValues.createdAt,
    })
    .from(revealRequestFields)
    .leftJoin(
      protectedValues,
      and(
        eq(protectedValues.account, revealRequestFields.account),
        eq(protectedValues.recordType, 'ticket'),
        eq(protectedValues.recordId, revealRequestFields.ticketId),
        eq(protectedValues.fieldId, revealRequestFields.fieldId),
        eq(protectedValues.version, revealRequestFields.version),
      ),
    )
    .where(
      inArray(
        revealRequestFields.requestId,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(revealRequestFields.fieldId))
  return rows.map(({ account: _account, ...row }) => ({
    ...row,
    // Only `RevealRequestState`s are ever written to this column.
    state: row.state as RevealRequestState,
    fields: fields
      .filter((field) => field.requestId === row.id)
      .map(({ requestId: _requestId, ...field }) => field),
  }))
}

/** What a request starts with; what is not named is null. */
export type NewRequest = Pick<
  StoredRequest,
  | 'id'
  | 'ticketId'
  | 'requesterId'
  | 'customerId'
  | 'assigneeId'
  | 'reasonCode'
  | 'reasonText'
  | 'minutes'
  | 'policyVersion'
  | 'createdAt'
  | 'expiresAt'
> &
  Partial<
    Pick<
      StoredRequest,
      | 'extendsGrantId'
      | 'levelSince'
      | 'dueAt'
      | 'promptVersion'
      | 'ruleId'
      | 'exceptionId'
      | 'isBreakGlass'
    >
  > & { fields: readonly { fieldId: string; version: number }[] }

/**
 * Stores a pending request with its fields. False, with nothing written that outlives the caller's
 * rollback, when the requester already has a pending request for one of the fields.
 */
export async function createRequest(
  tx: Queryable,
  account: string,
  request: NewRequest,
): Promise<boolean> {
  const { fields, ...row } = request
  await tx.insert(revealRequests).values({ ...row, account, state: 'pending' })
  const inserted = await tx
    .insert(revealRequestFields)
    .values(
      fields.map(({ fieldId, version }) => ({
        fieldId,
        version,
        requestId: request.id,
        account,
        requesterId: request.requesterId,
        ticketId: request.ticketId,
        isPending: true,
      })),
    )
    .onConflictDoNothing()
    .returning({ fieldId: revealRequestFields.fieldId })
  return inserted.length === fields.length
}

/** One request of this account, or undefined. With `lock`, its row is held until the transaction ends. */
export async function findRequest(
  db: Queryable,
  account: string,
  id: string,
  lock = false,
): Promise<StoredRequest | undefined> {
  const query = db
    .select()
    .from(revealRequests)
    .where(and(eq(revealRequests.account, account), eq(revealRequests.id, id)))
  const rows = await (lock ? query.for('update') : query)
  return (await withFields(db, rows))[0]
}

type Condition = SQL | undefined

/** Requests of the account that meet the conditions, with their fields. */
async function selectRequests(
  db: Queryable,
  account: string,
  where: readonly Condition[],
  order: SQL,
  limit: number,
): Promise<StoredRequest[]> {
  const rows = await db
    .select()
    .from(revealRequests)
    .where(and(eq(revealRequests.account, account), ...where))
    .orderBy(order, asc(revealRequests.id))
    .limit(limit)
  return withFields(db, rows)
}

const isPending = eq(revealRequests.state, 'pending')

/** Pending requests of the account, oldest first. */
export function findPendingRequests(db: Queryable, account: string): Promise<StoredRequest[]> {
  return selectRequests(db, account, [isPending], asc(revealRequests.createdAt), 200)
}

/** Pending requests for a value or an older version of it, by id. */
export async function findPendingRequestsOn(
  db: Queryable,
  account: string,
  { record, fieldId, version }: ValueKey,
): Promise<StoredRequest[]> {
  const asked = db
    .select({ id: revealRequestFields.requestId })
    .from(revealRequestFields)
    .where(
      and(
        eq(revealRequestFields.account, account),
        eq(revealRequestFields.ticketId, record.id),
        eq(revealRequestFields.fieldId, fieldId),
        eq(revealRequestFields.isPending, true),
        lte(revealRequestFields.version, version),
      ),
    )
  const where = [isPending, inArray(revealRequests.id, asked)]
  return selectRequests(db, account, where, asc(revealRequests.id), 1000)
}

/** Requests that are no longer pending, newest first. */
export function findClosedRequests(
  db: Queryable,
  account: string,
  since: Date,
): Promise<StoredRequest[]> {
  const where = [ne(revealRequests.state, 'pending'), gt(revealRequests.closedAt, since)]
  return selectRequests(db, account, where, desc(revealRequests.closedAt), 50)
}

/** One person's requests on a ticket: pending ones, and those closed after `since`. Newest first. */
export function findRequestsOf(
  db: Queryable,
  account: string,
  requesterId: number,
  ticketId: number,
  since: Date,
): Promise<StoredRequest[]> {
  const where = [
    eq(revealRequests.requesterId, requesterId),
    eq(revealRequests.ticketId, ticketId),
    or(isPending, gt(revealRequests.closedAt, since)),
  ]
  return selectRequests(db, account, where, desc(revealRequests.createdAt), 50)
}

/** Every pending request whose time is over, at most 100. */
export function findOverdueRequests(
  db: Queryable,
  account: string,
  now: Date,
): Promise<StoredRequest[]> {
  const where = [isPending, lte(revealRequests.expiresAt, now)]
  return selectRequests(db, account, where, asc(revealRequests.expiresAt), 100)
}

/** The person's last ten reason texts, newest first. */
export async function findRecentReasons(
  db: Queryable,
  account: string,
  requesterId: number,
): Promise<string[]> {
  const rows = await db
    .select({ reasonText: revealRequests.reasonText })
    .from(revealRequests)
    .where(and(eq(revealRequests.account, account), eq(revealRequests.requesterId, requesterId)))
    .orderBy(desc(revealRequests.createdAt))
    .limit(10)
  return rows.map((row) => row.reasonText)
}

/** Pending → `state`. False when it was not pending any more: somebody else was first. */
export async function closeRequest(
  tx: Queryable,
  account: string,
  id: string,
  to: { state: Exclude<RevealRequestState, 'pending'>; at: Date; endedCode?: string },
): Promise<boolean> {
  const rows = await tx
    .update(revealRequests)
    .set({
      state: to.state,
      closedAt: to.at,
      endedCode: to.endedCode ?? null,
      claimedBy: null,
      claimedUntil: null,
      dueAt: null,
    })
    .where(
      and(
        eq(revealRequests.account, account),
        eq(revealRequests.id, id),
        eq(revealRequests.state, 'pending'),
      ),
    )
    .returning({ id: revealRequests.id })
  if (rows.length === 0) return false
  await tx
    .update(revealRequestFields)
    .set({ isPending: false })
    .where(eq(revealRequestFields.requestId, id))
  return true
}

/** Takes a pending request for one person. Whoever calls holds its lock and knows that it is free. */
export async function claimRequest(
  tx: Queryable,
  account: string,
  id: string,
  claim: { personId: number; until: Date },
): Promise<void> {
  await tx
    .update(revealRequests)
    .set({ claimedBy: claim.personId, claimedUntil: claim.until })
    .where(and(eq(revealRequests.account, account), eq(revealRequests.id, id), isPending))
}

/** Gives a claim back. False when the person had none in force at `now`. */
export async function unclaimRequest(
  tx: Queryable,
  account: string,
  id: string,
  claim: { personId: number; now: Date },
): Promise<boolean> {
  const rows = await tx
    .update(revealRequests)
    .set({ claimedBy: null, claimedUntil: null })
    .where(
      and(
        eq(revealRequests.account, account),
        eq(revealRequests.id, id),
        isPending,
        eq(revealRequests.claimedBy, claim.personId),
        gt(revealRequests.claimedUntil, claim.now),
      ),
    )
    .returning({ id: revealRequests.id })
  return rows.length === 1
}

/**
 * What an approval changes of a request that still waits: the claim is over, and where a level was
 * passed the next one's time begins.
 */
export async function continueRequest(
  tx: Queryable,
  account: string,
  id: string,
  nextLevel: Pick<StoredRequest, 'levelSince' | 'remindedAt' | 'escalatedAt' | 'dueAt'> | null,
): Promise<void> {
  await tx
    .update(revealRequests)
    .set({ claimedBy: null, claimedUntil: null, ...nextLevel })
    .where(and(eq(revealRequests.account, account), eq(revealRequests.id, id), isPending))
}

/** Records one person's decision. False when this person decided already. */
export async function appendDecision(
  tx: Queryable,
  decision: Omit<StoredDecision, 'onBehalfOf' | 'isOfNextCircle' | 'conditions'> &
    Partial<StoredDecision> & { requesterId: number },
): Promise<boolean> {
  const rows = await tx
    .insert(decisions)
    .values(decision)
    .onConflictDoNothing()
    .returning({ approverId: decisions.approverId })
  return rows.length === 1
}

/** The decisions on these requests, oldest first. */
export async function findDecisions(
  db: Queryable,
  requestIds: readonly string[],
): Promise<StoredDecision[]> {
  if (requestIds.length === 0) return []
  const rows = await db
    .select()
    .from(decisions)
    .where(inArray(decisions.requestId, [...requestIds]))
    .orderBy(asc(decisions.at))
  return rows.map(({ requesterId: _requesterId, ...row }) => ({
    ...row,
    outcome: row.outcome as StoredDecision['outcome'],
  }))
}
