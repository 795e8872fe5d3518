/** What is kept about one customer, and erasing what people wrote about them. */
import { and, countDistinct, count, desc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { decisions, protectedValues, revealRequests } from './schema.ts'

/** The customer's values that are not erased, and the tickets they belong to. */
export async function countValuesOfCustomer(
  db: Queryable,
  account: string,
  customerId: number,
): Promise<{ values: number; tickets: number }> {
  const [row] = await db
    .select({ values: count(), tickets: countDistinct(protectedValues.recordId) })
    .from(protectedValues)
    .where(
      and(
        eq(protectedValues.account, account),
        eq(protectedValues.customerId, customerId),
        isNull(protectedValues.erasedAt),
      ),
    )
  return row ?? { values: 0, tickets: 0 }
}

/** The customer's tickets that hold values, the newest first, with how many each. */
export async function findTicketsOfCustomer(
  db: Queryable,
  account: string,
  customerId: number,
  limit: number,
): Promise<{ ticketId: number; values: number }[]> {
  return await db
    .select({ ticketId: protectedValues.recordId, values: count() })
    .from(protectedValues)
    .where(
      and(
        eq(protectedValues.account, account),
        eq(protectedValues.recordType, 'ticket'),
        eq(protectedValues.customerId, customerId),
        isNull(protectedValues.erasedAt),
      ),
    )
    .groupBy(protectedValues.recordId)
    .orderBy(desc(protectedValues.recordId))
    .limit(limit)
}

/**
 * What erasing the customer's values ends, and what it cannot reach: active grants and pending
 * requests on them, and plaintext that stays in Zendesk on their tickets.
 */
export async function countAffected(
  db: Queryable,
  account: string,
  customerId: number,
): Promise<{ grants: number; requests: number; exposures: number }> {
  const kept = sql`
    select v.record_id, v.field_id, v.version from protected_values v
    where v.account = ${account} and v.record_type = 'ticket' and v.customer_id = ${customerId}
      and v.erased_at is null`
  const { rows } = await db.execute<Record<'grants' | 'requests' | 'exposures', string | number>>(
    sql`
    with kept as (${kept})
    select
      (select count(distinct g.id) from grants g
        join grant_fields f on f.grant_id = g.id
        join kept k on k.record_id = g.ticket_id and k.field_id = f.field_id
          and f.version <= k.version
        where g.account = ${account} and g.state = 'active') as grants,
      (select count(distinct f.request_id) from reveal_request_fields f
        join kept k on k.record_id = f.ticket_id and k.field_id = f.field_id
          and f.version <= k.version
        where f.account = ${account} and f.is_pending) as requests,
      (select count(*) from residual_exposures e
        where e.account = ${account} and e.ticket_id in (select record_id from kept)) as exposures`,
  )
  const [row] = rows
  return {
    grants: Number(row?.grants ?? 0),
    requests: Number(row?.requests ?? 0),
    exposures: Number(row?.exposures ?? 0),
  }
}

/** Texts of entries that name a closed reveal request of the customer. */
const textsOf = (account: string, customerId: number) => sql`
  from audit_texts t
  join audit_entries e on e.account = t.account and e.index = t.entry_index
  join reveal_requests r on r.account = e.account and r.ticket_id = e.ticket_id
    and e.body::jsonb ->> 'requestId' = r.id::text
  where t.account = ${account} and r.customer_id = ${customerId} and r.state <> 'pending'`

/** How many texts `eraseTextsOfCustomer` would erase from the log. */
export async function countErasableTexts(
  db: Queryable,
  account: string,
  customerId: number,
): Promise<number> {
  const { rows } = await db.execute<{ texts: string | number }>(
    sql`select count(*) as texts ${textsOf(account, customerId)}`,
  )
  return Number(rows[0]?.texts ?? 0)
}

/**
 * Erases reasons and comments of the customer's closed reveal requests, in the log's erasable texts and
 * where the requests themselves keep them. The entries stay, with hashes that nothing can be matched
 * with. Answers how many texts left the log.
 */
export async function eraseTextsOfCustomer(
  tx: Queryable,
  account: string,
  customerId: number,
): Promise<number> {
  const { rows } = await tx.execute<{ name: string }>(sql`
    with gone as (select t.account, t.entry_index, t.name ${textsOf(account, customerId)})
    delete from audit_texts x using gone
    where x.account = gone.account and x.entry_index = gone.entry_index and x.name = gone.name
    returning x.name`)
  const requests = tx
    .update(revealRequests)
    .set({ reasonText: '' })
    .where(
      and(
        eq(revealRequests.account, account),
        eq(revealRequests.customerId, customerId),
        ne(revealRequests.state, 'pending'),
      ),
    )
    .returning({ id: revealRequests.id })
  const ids = (await requests).map(({ id }) => id)
  if (ids.length > 0) {
    await tx.update(decisions).set({ comment: null }).where(inArray(decisions.requestId, ids))
  }
  return rows.length
}
