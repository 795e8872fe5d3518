/** What is kept about one customer, and erasing what people wrote about them. */
import { and, countDistinct, count, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
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
