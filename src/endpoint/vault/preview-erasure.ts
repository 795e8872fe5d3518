/** What an erasure would erase: numbers and tickets, no value and no mask. Looking is an entry. */
import { ScrimError } from '../../core/errors.ts'
import { mayErase } from '../../core/policy-decision.ts'
import type { ErasurePreview, PreviewErasureQuery } from '../../contract/erasure.ts'
import { recordRead } from '../../storage/audit-log-reads.ts'
import { countAffected, findTicketsOfCustomer } from '../../storage/erasures.ts'
import { VIEW } from '../../zendesk/directory.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { countErasure } from './erase-customer.ts'

/** Tickets that are named; their number is told in full. */
const MOST_TICKETS = 50

/** Throws `role_not_permitted`, and `ticket_not_found` where a ticket stands for its customer. */
export async function previewErasure(
  ctx: RequestContext,
  query: PreviewErasureQuery,
): Promise<ErasurePreview> {
  const verdict = mayErase(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const customerId = await customerOf(ctx, query)
  const account = ctx.account.id
  await ctx.database.transaction(async (tx) => {
    if (await recordRead(tx, ctx.session.id, `erasure:${customerId}`, ctx.now())) {
      await audit(tx, ctx, {
        action: 'customer.preview_erasure',
        actor: actorOf(ctx),
        outcome: 'ok',
        data: { customerId: String(customerId) },
      })
    }
  })
  const { orm } = ctx.database
  const { includesTexts } = ctx.policy.erasure
  const [person, sums, tickets, affected] = await Promise.all([
    ctx.zendesk.person(customerId, VIEW),
    countErasure(ctx, { customerId, includesTexts }),
    findTicketsOfCustomer(orm, account, customerId, MOST_TICKETS),
    countAffected(orm, account, customerId),
  ])
  const { values, texts } = sums
  return {
    customer: { id: customerId, name: person?.name ?? null },
    values,
    texts,
    ticketCount: sums.tickets,
    tickets,
    ...affected,
  }
}

async function customerOf(ctx: RequestContext, query: PreviewErasureQuery): Promise<number> {
  if (query.customerId !== undefined) return query.customerId
  const ticket =
    query.ticketId === undefined ? null : await ctx.zendesk.ticket(query.ticketId, VIEW)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  return ticket.requesterId
}
