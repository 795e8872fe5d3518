/** An administrator has work tried again that was given up, such as after a ticket was reopened. */
import { mayRetryIngestion } from '../../core/policy-decision.ts'
import type { IngestionRetry, RetryIngestionInput } from '../../contract/ingestion.ts'
import { reopenOutbox } from '../../storage/outbox.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { standingOf } from '../standing.ts'

/** One entry for each order that is taken up again. What is done or waits already is left alone. */
export async function retryIngestion(
  context: RequestContext,
  { ids }: RetryIngestionInput,
): Promise<IngestionRetry> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const entry = { action: 'ingestion.retry' as const, actor: actorOf(ctx) }
  const verdict = mayRetryIngestion(ctx.roles)
  if (!verdict.allowed) return refuseAct(ctx, entry, verdict.code)
  const reopened = await ctx.database.transaction(async (tx) => {
    const orders = await reopenOutbox(tx, ctx.account.id, ids, ctx.now())
    await audit(
      tx,
      ctx,
      ...orders.map(({ kind, ticketId, code }) => ({
        ...entry,
        outcome: 'ok' as const,
        record: { type: 'ticket' as const, id: ticketId },
        data: { work: kind, givenUpFor: code },
      })),
    )
    return orders
  })
  drainSoon(ctx)
  return { retried: reopened.length }
}
