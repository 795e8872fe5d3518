/** Stored delegations as the contract shows them. */
import { delegationStateAt, mayEndDelegation } from '../../core/delegation.ts'
import { ScrimError } from '../../core/errors.ts'
import { secondsUntil } from '../../core/grant.ts'
import type { DelegationView } from '../../contract/delegations.ts'
import type { StoredDelegation } from '../../storage/delegations.ts'
import { findDelegation } from '../../storage/delegations.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'

/** Views in the order given. */
export async function delegationViews(
  ctx: RequestContext,
  delegations: readonly StoredDelegation[],
): Promise<DelegationView[]> {
  const nameOf = await namesOf(ctx)
  const now = ctx.now()
  return delegations.map((delegation) => {
    const state = delegationStateAt(delegation, now)
    const { endedAt, endedBy } = delegation
    return {
      id: delegation.id,
      from: nameOf(delegation.fromId),
      to: nameOf(delegation.toId),
      startsAt: delegation.startsAt.toISOString(),
      endsAt: delegation.endsAt.toISOString(),
      state,
      startsInSeconds: state === 'planned' ? secondsUntil(delegation.startsAt, now) : 0,
      remainingSeconds: state === 'ended' ? 0 : secondsUntil(delegation.endsAt, now),
      reasonText: delegation.reason,
      ended:
        endedAt === null || endedBy === null
          ? null
          : { by: nameOf(endedBy), at: endedAt.toISOString() },
      mayEnd: state !== 'ended' && mayEndDelegation(delegation, ctx.person.id, ctx.roles).allowed,
    }
  })
}

/** One of this account. */
export async function getDelegationView(ctx: RequestContext, id: string): Promise<DelegationView> {
  const delegation = await findDelegation(ctx.database.orm, ctx.account.id, id)
  const [view] = delegation === undefined ? [] : await delegationViews(ctx, [delegation])
  if (view === undefined) throw new ScrimError('delegation_not_found')
  return view
}
