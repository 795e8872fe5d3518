/** Taking one's own request back. */
import { ScrimError } from '../../core/errors.ts'
import { mayClose } from '../../core/reveal-request.ts'
import type { RevealRequestView } from '../../contract/reveal-requests.ts'
import { closeRequest } from '../../storage/reveal-requests.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { announceRequest } from '../outbox/notify.ts'
import { fieldIdsOf } from './decision.ts'
import { getRequest, getRequestView } from './get.ts'

/** Somebody else's request looks like none. */
export async function withdrawRevealRequest(
  ctx: RequestContext,
  requestId: string,
): Promise<RevealRequestView> {
  const request = await getRequest(ctx, requestId)
  if (request.requesterId !== ctx.person.id) throw new ScrimError('request_not_found')
  const entry = {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: request.ticketId } as const,
    fields: fieldIdsOf(request),
    requestId: request.id,
    policyVersion: ctx.policy.version,
  }
  const closable = mayClose(request, ctx.now())
  const isClosed =
    closable.allowed &&
    (await ctx.database.transaction(async (tx) => {
      const at = ctx.now()
      if (!(await closeRequest(tx, ctx.account.id, request.id, { state: 'withdrawn', at }))) {
        return false
      }
      await announceRequest(tx, ctx, request, 'withdrawn')
      await audit(tx, ctx, { ...entry, action: 'reveal_request.withdraw', outcome: 'ok' })
      return true
    }))
  if (!isClosed) {
    const code = closable.allowed ? 'request_not_pending' : closable.code
    return refuseAct(ctx, { ...entry, action: 'reveal_request.refuse' }, code)
  }
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}
