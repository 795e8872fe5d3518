/** Stored grants as the contract shows them. Never a value. */
import type { GrantState } from '../../core/grant.ts'
import { grantStateAt, secondsUntil } from '../../core/grant.ts'
import type { GrantView } from '../../contract/grants.ts'
import type { StoredGrant } from '../../storage/grants.ts'
import { findDecisions } from '../../storage/reveal-requests.ts'
import type { RequestContext } from '../context.ts'
import { namedFieldRefOf, reasonLabelOf } from '../reveal-requests/view.ts'
import { namesOf } from '../standing.ts'

/** Views in the order given. */
export async function grantViews(
  ctx: RequestContext,
  grants: readonly StoredGrant[],
): Promise<GrantView[]> {
  if (grants.length === 0) return []
  const [decisions, nameOf] = await Promise.all([
    findDecisions(
      ctx.database.orm,
      grants.map((grant) => grant.requestId),
    ),
    namesOf(ctx),
  ])
  const now = ctx.now()
  return grants.map((grant) => ({
    id: grant.id,
    requestId: grant.requestId,
    ticketId: grant.ticketId,
    requester: nameOf(grant.requesterId),
    approvedBy: decisions
      .filter((decision) => decision.requestId === grant.requestId)
      .map((decision) => nameOf(decision.approverId)),
    reasonLabel: reasonLabelOf(ctx, grant.reasonCode),
    reasonText: grant.reasonText,
    fields: grant.fields.map((field) => ({
      ...namedFieldRefOf(ctx, field, nameOf),
      usesLeft: field.usesLeft,
    })),
    state: shownState(grant, now),
    expiresAt: grant.expiresAt.toISOString(),
    remainingSeconds:
      grantStateAt(grant, now) === 'active' ? secondsUntil(grant.expiresAt, now) : 0,
    isBreakGlass: grant.isBreakGlass,
  }))
}

/** A grant without a use left shows as exhausted before the sweep has closed it. */
function shownState(grant: StoredGrant, now: Date): GrantState {
  const state = grantStateAt(grant, now)
  const isSpent = grant.fields.every((field) => field.usesLeft === 0)
  return state === 'active' && isSpent ? 'exhausted' : state
}
