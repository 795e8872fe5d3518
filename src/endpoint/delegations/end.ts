/** Ending a delegation before its time: by either of its two people, or by compliance. */
import { mayEndDelegation } from '../../core/delegation.ts'
import type { DelegationView } from '../../contract/delegations.ts'
import { endDelegation, findDelegation } from '../../storage/delegations.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { standingOf } from '../standing.ts'
import { getDelegationView } from './view.ts'

/** Acts at once: a decision that has not been committed has lost its power. Somebody else's looks like none. */
export async function endDelegationEarly(
  context: RequestContext,
  delegationId: string,
): Promise<DelegationView> {
  const ctx = { ...context, ...(await standingOf(context, context.session.userId, ACT)) }
  const entry = {
    actor: actorOf(ctx),
    policyVersion: ctx.policy.version,
    data: { delegationId },
  }
  const delegation = await findDelegation(ctx.database.orm, ctx.account.id, delegationId)
  const isEnded =
    delegation !== undefined &&
    mayEndDelegation(delegation, ctx.person.id, ctx.roles).allowed &&
    (await ctx.database.transaction(async (tx) => {
      const end = { at: ctx.now(), by: ctx.person.id }
      if (!(await endDelegation(tx, ctx.account.id, delegationId, end))) return false
      await audit(tx, ctx, { ...entry, action: 'delegation.end', outcome: 'ok' })
      return true
    }))
  if (isEnded) return getDelegationView(ctx, delegationId)
  return refuseAct(ctx, { ...entry, action: 'delegation.refuse' }, 'delegation_not_found')
}
