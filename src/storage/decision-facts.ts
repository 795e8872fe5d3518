/** What the people who decide are told besides the request: one query each for all requests at once. */
import { and, count, desc, eq, gte, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import {
  breakGlassUses,
  decisions,
  exceptions,
  grants,
  protectedValues,
  revealRequestFields,
  revealRequests,
  reveals,
} from './schema.ts'

/** How many of one person's reasons are compared with the one they give. */
const MOST_REASONS = 50

/** Reveals of each of these people since two instants; who has none is not in the answer. */
export async function countRevealsOf(
  db: Queryable,
  account: string,
  personIds: readonly number[],
  since: { day: Date; month: Date },
): Promise<Map<number, { day: number; month: number }>> {
  if (personIds.length === 0) return new Map()
  const today = sql<number>`count(*) filter (where ${reveals.at} >= ${since.day.toISOString()}::timestamptz)`
  const rows = await db
    .select({ personId: reveals.requesterId, day: today.mapWith(Number), month: count() })
    .from(reveals)
    .where(
      and(
        eq(reveals.account, account),
        inArray(reveals.requesterId, [...personIds]),
        gte(reveals.at, since.month),
      ),
    )
    .groupBy(reveals.requesterId)
  return new Map(rows.map(({ personId, day, month }) => [personId, { day, month }]))
}

/** Which of these people were ever shown a value of which of these customers, as `person:customer`. */
export async function findKnownCustomers(
  db: Queryable,
  account: string,
  personIds: readonly number[],
  customerIds: readonly number[],
): Promise<ReadonlySet<string>> {
  if (personIds.length === 0 || customerIds.length === 0) return new Set()
  const rows = await db
    .selectDistinct({ personId: reveals.requesterId, customerId: reveals.customerId })
    .from(reveals)
    .where(
      and(
        eq(reveals.account, account),
        inArray(reveals.requesterId, [...personIds]),
        inArray(reveals.customerId, [...customerIds]),
      ),
    )
  return new Set(rows.map(({ personId, customerId }) => `${personId}:${customerId}`))
}

export type GivenReason = { requestId: string; personId: number; text: string }

/** The newest reasons of each of these people since an instant; erased texts are left out. */
export async function findReasonsOf(
  db: Queryable,
  account: string,
  personIds: readonly number[],
  since: Date,
): Promise<GivenReason[]> {
  if (personIds.length === 0) return []
  const numbered = db
    .select({
      requestId: revealRequests.id,
      personId: revealRequests.requesterId,
      text: revealRequests.reasonText,
      nth: sql<number>`row_number() over (partition by ${revealRequests.requesterId} order by ${revealRequests.createdAt} desc)`.as(
        'nth',
      ),
    })
    .from(revealRequests)
    .where(
      and(
        eq(revealRequests.account, account),
        inArray(revealRequests.requesterId, [...personIds]),
        gte(revealRequests.createdAt, since),
        sql`${revealRequests.reasonText} <> ''`,
      ),
    )
    .as('numbered')
  return db
    .select({ requestId: numbered.requestId, personId: numbered.personId, text: numbered.text })
    .from(numbered)
    .where(sql`${numbered.nth} <= ${MOST_REASONS}`)
}

/** Who gave one of these texts since an instant, whatever its case: texts in lower case, people once. */
export async function findPeopleWhoSaid(
  db: Queryable,
  account: string,
  texts: readonly string[],
  since: Date,
): Promise<{ text: string; personId: number }[]> {
  if (texts.length === 0) return []
  const lower = sql<string>`lower(${revealRequests.reasonText})`
  return db
    .selectDistinct({ text: lower, personId: revealRequests.requesterId })
    .from(revealRequests)
    .where(
      and(
        eq(revealRequests.account, account),
        gte(revealRequests.createdAt, since),
        inArray(
          lower,
          texts.map((text) => text.toLowerCase()),
        ),
      ),
    )
}

/** What stands behind each of these requests: rule, exception, the grant that it goes on from. */
export async function findGrounds(
  db: Queryable,
  account: string,
  requestIds: readonly string[],
): Promise<
  Map<
    string,
    {
      isBreakGlass: boolean
      ruleId: string | null
      exception: { id: string; why: string; ownerId: number; expiresAt: Date } | null
      extended: { grantId: string; requestId: string; expiresAt: Date } | null
    }
  >
> {
  if (requestIds.length === 0) return new Map()
  const rows = await db
    .select({
      id: revealRequests.id,
      isBreakGlass: revealRequests.isBreakGlass,
      ruleId: revealRequests.ruleId,
      exceptionId: exceptions.id,
      why: exceptions.why,
      ownerId: exceptions.ownerId,
      exceptionEnd: exceptions.expiresAt,
      grantId: grants.id,
      grantRequestId: grants.requestId,
      grantEnd: grants.expiresAt,
    })
    .from(revealRequests)
    .leftJoin(
      exceptions,
      and(
        eq(exceptions.id, revealRequests.exceptionId),
        eq(exceptions.account, revealRequests.account),
      ),
    )
    .leftJoin(
      grants,
      and(eq(grants.id, revealRequests.extendsGrantId), eq(grants.account, revealRequests.account)),
    )
    .where(and(eq(revealRequests.account, account), inArray(revealRequests.id, [...requestIds])))
  return new Map(
    rows.map((row) => [
      row.id,
      {
        isBreakGlass: row.isBreakGlass,
        ruleId: row.ruleId,
        exception:
          row.exceptionId === null || row.ownerId === null || row.exceptionEnd === null
            ? null
            : {
                id: row.exceptionId,
                why: row.why ?? '',
                ownerId: row.ownerId,
                expiresAt: row.exceptionEnd,
              },
        extended:
          row.grantId === null || row.grantRequestId === null || row.grantEnd === null
            ? null
            : { grantId: row.grantId, requestId: row.grantRequestId, expiresAt: row.grantEnd },
      },
    ]),
  )
}

/** Who approved each of these requests, the first of them first. */
export async function findApprovers(
  db: Queryable,
  requestIds: readonly string[],
): Promise<Map<string, number[]>> {
  if (requestIds.length === 0) return new Map()
  const rows = await db
    .select({ requestId: decisions.requestId, approverId: decisions.approverId })
    .from(decisions)
    .where(and(inArray(decisions.requestId, [...requestIds]), eq(decisions.outcome, 'approve')))
    .orderBy(decisions.at)
  const approvers = new Map<string, number[]>()
  for (const { requestId, approverId } of rows) {
    approvers.set(requestId, [...(approvers.get(requestId) ?? []), approverId])
  }
  return approvers
}

/** Which fields of these requests hold documents, as `request:field`. */
export async function findAskedDocuments(
  db: Queryable,
  account: string,
  requestIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (requestIds.length === 0) return new Set()
  const rows = await db
    .select({ requestId: revealRequestFields.requestId, fieldId: revealRequestFields.fieldId })
    .from(revealRequestFields)
    .innerJoin(
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
      and(
        eq(revealRequestFields.account, account),
        inArray(revealRequestFields.requestId, [...requestIds]),
        isNotNull(protectedValues.contentType),
      ),
    )
  return new Set(rows.map(({ requestId, fieldId }) => `${requestId}:${fieldId}`))
}

/** Which of these people have a break-glass use that compliance has not reviewed. */
export async function findUnreviewed(
  db: Queryable,
  account: string,
  personIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (personIds.length === 0) return new Set()
  const rows = await db
    .select({ personId: breakGlassUses.personId })
    .from(breakGlassUses)
    .where(
      and(
        eq(breakGlassUses.account, account),
        inArray(breakGlassUses.personId, [...personIds]),
        isNull(breakGlassUses.outcome),
      ),
    )
    .orderBy(desc(breakGlassUses.at))
  return new Set(rows.map(({ personId }) => personId))
}
