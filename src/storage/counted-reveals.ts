/** Reveals as caps count them: what was taken and not given back, a person's and everybody's. */
import { and, count, desc, eq, gt, inArray, ne, sql } from 'drizzle-orm'
import type { CountedReveal } from '../core/rate-cap.ts'
import type { Queryable } from './database.ts'
import type { StoredReveal } from './reveals.ts'
import { grantFields, grants, revealRequests, reveals } from './schema.ts'
import type { Statement } from './transaction.ts'

export type PersonsReveal = CountedReveal & { personId: number }

/** All that admitting reveals looks at, besides those that are about to be admitted. */
export type RevealCounts = {
  reveals: PersonsReveal[]
  /** Everybody's within the hour, since the breaker was last closed. */
  account: number
  isOpen: boolean
}

/** The account's sum stops at what opens the breaker: beyond it nobody needs to know. */
const COUNT_REVEALS: Statement = {
  name: 'scrim_count_reveals',
  text: `with breaker as (
      select max(closed_at) as closed_at, coalesce(bool_or(closed_at is null), false) as is_open
      from circuit_breakers where account = $1
    )
    select r.requester_id, r.customer_id, extract(epoch from r.at) * 1000 as at,
      null::bigint as account_count, null::boolean as is_open
    from reveals r
    where r.account = $1 and r.requester_id = any($2::bigint[]) and r.at > $3::timestamptz
      and r.state <> 'failed' and r.attempt_id <> all($4::uuid[])
    union all
    select null, null, null, (
        select count(*) from (
          select 1 from reveals r
          where r.account = $1
            and r.at > greatest($5::timestamptz, coalesce(breaker.closed_at, $5::timestamptz))
            and r.state <> 'failed' and r.attempt_id <> all($4::uuid[])
          limit $6::int
        ) as counted
      ), breaker.is_open
    from breaker`,
}

/**
 * Counts these people's reveals since `since`, and everybody's since `hourAgo`. `but` are attempts that
 * the transaction has recorded and may still take back. Under the lock on the log's head nobody else
 * records one meanwhile.
 */
export async function countReveals(
  tx: Queryable,
  account: string,
  about: {
    personIds: readonly number[]
    since: Date
    hourAgo: Date
    /** Where the account's sum stops. */
    most: number
    but: readonly string[]
  },
): Promise<RevealCounts> {
  const rows = await tx.run(COUNT_REVEALS, [
    account,
    about.personIds,
    about.since.toISOString(),
    about.but,
    about.hourAgo.toISOString(),
    about.most,
  ])
  const sums = rows.find((row) => row['account_count'] !== null)
  return {
    reveals: rows
      .filter((row) => row['account_count'] === null)
      .map((row) => ({
        personId: Number(row['requester_id']),
        customerId: row['customer_id'] === null ? null : Number(row['customer_id']),
        at: new Date(Number(row['at'])),
      })),
    account: Number(sums?.['account_count'] ?? 0),
    isOpen: sums?.['is_open'] === true,
  }
}

const GIVE_BACK: Statement = {
  name: 'scrim_give_use_back',
  text: `with gone as (
      delete from reveals where grant_id = $1::uuid and attempt_id = $2::uuid
      returning grant_id, field_id
    )
    update grant_fields f set uses_left = f.uses_left + 1
    from gone where f.grant_id = gone.grant_id and f.field_id = gone.field_id`,
}

/** Takes back what `consumeUse` recorded in this very transaction: it never was. */
export async function giveBackUse(
  tx: Queryable,
  use: Pick<StoredReveal, 'grantId' | 'attemptId'>,
): Promise<void> {
  await tx.send(GIVE_BACK, [use.grantId, use.attemptId])
}

/** These people's reveals since `since`, newest first. */
export async function findRevealsOf(
  db: Queryable,
  account: string,
  personIds: readonly number[],
  since: Date,
): Promise<PersonsReveal[]> {
  return db
    .select({ personId: reveals.requesterId, customerId: reveals.customerId, at: reveals.at })
    .from(reveals)
    .where(
      and(
        eq(reveals.account, account),
        inArray(reveals.requesterId, [...personIds]),
        gt(reveals.at, since),
        ne(reveals.state, 'failed'),
      ),
    )
    .orderBy(desc(reveals.at))
}

/**
 * Fields that these people were given by policy itself and have not looked at yet: with grants in
 * store nobody goes beyond a cap that only asking would notice.
 */
export async function findUnspentFields(
  db: Queryable,
  account: string,
  personIds: readonly number[],
  now: Date,
): Promise<CountedReveal[]> {
  const rows = await db
    .select({ customerId: revealRequests.customerId })
    .from(grants)
    .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))
    .innerJoin(grantFields, eq(grantFields.grantId, grants.id))
    .where(
      and(
        eq(grants.account, account),
        inArray(grants.requesterId, [...personIds]),
        eq(grants.state, 'active'),
        gt(grants.expiresAt, now),
        gt(grantFields.usesLeft, 0),
        eq(grants.isBreakGlass, false),
        sql`not exists (select 1 from decisions d where d.request_id = ${grants.requestId})`,
        sql`not exists (select 1 from reveals r where r.grant_id = ${grants.id}
          and r.field_id = ${grantFields.fieldId} and r.state <> 'failed')`,
      ),
    )
  return rows.map(({ customerId }) => ({ customerId, at: now }))
}

/** How many reveals each person had since `since`, most first, at most twenty people. */
export async function countByPerson(
  db: Queryable,
  account: string,
  since: Date,
): Promise<{ personId: number; count: number }[]> {
  return db
    .select({ personId: reveals.requesterId, count: count() })
    .from(reveals)
    .where(and(eq(reveals.account, account), gt(reveals.at, since), ne(reveals.state, 'failed')))
    .groupBy(reveals.requesterId)
    .orderBy(desc(count()), reveals.requesterId)
    .limit(20)
}
