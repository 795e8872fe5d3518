/** Who decides for whom: one's own delegations, and for compliance everybody's. */
import { mayDelegate, mayStandIn } from '../../core/delegation.ts'
import type { DelegationList } from '../../contract/delegations.ts'
import { findDelegations } from '../../storage/delegations.ts'
import type { RequestContext } from '../context.ts'
import { delegationViews } from './view.ts'

/** How long a delegation that is over stays in sight. */
const RECENT_MS = 30 * 24 * 60 * 60 * 1000

export async function listDelegations(ctx: RequestContext): Promise<DelegationList> {
  const { person, policy, roles } = ctx
  const since = new Date(ctx.now().getTime() - RECENT_MS)
  const find = async (personId: number | null) =>
    delegationViews(ctx, await findDelegations(ctx.database.orm, ctx.account.id, personId, since))
  const isOfCompliance = roles.includes('compliance')
  const [mine, all, people] = await Promise.all([
    find(person.id),
    isOfCompliance ? find(null) : null,
    ctx.zendesk.people(),
  ])
  const verdict = mayDelegate(person, policy)
  return {
    given: mine.filter(({ from }) => from.id === person.id),
    received: mine.filter(({ to }) => to.id === person.id),
    all,
    mayDelegate: verdict,
    candidates: verdict.allowed
      ? people
          .filter((candidate) => mayStandIn(candidate, person, policy).allowed)
          .map(({ id, name }) => ({ id, name }))
      : [],
    maxDays: policy.delegation.maxDays,
  }
}
