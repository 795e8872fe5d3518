/**
 * A lead, compliance or whoever approved it ends somebody's grant; a value on screen re-masks within
 * five seconds.
 */
import { grantVerdict } from '../../core/grant.ts'
import { ScrimError } from '../../core/errors.ts'
import { visibleText } from '../../core/reason-text.ts'
import { mayRevoke } from '../../core/policy-decision.ts'
import type { GrantView, RevokeInput } from '../../contract/grants.ts'
import { findGrant } from '../../storage/grants.ts'
import { findDecisions } from '../../storage/reveal-requests.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { standingOf } from '../standing.ts'
import { endGrant } from './end.ts'
import { getGrantView } from './get.ts'

/** Refused with the grant's own code when it has ended before. */
export async function revokeGrant(
  context: RequestContext,
  grantId: string,
  input: RevokeInput,
): Promise<GrantView> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const grant = await findGrant(ctx.database.orm, ctx.account.id, grantId)
  if (grant === undefined) throw new ScrimError('grant_not_found')
  const entry = {
    action: 'grant.revoke' as const,
    actor: actorOf(ctx),
    record: { type: 'ticket', id: grant.ticketId } as const,
    requestId: grant.requestId,
    grantId,
    policyVersion: ctx.policy.version,
  }
  const decisions = await findDecisions(ctx.database.orm, [grant.requestId])
  const hasApproved = decisions.some(({ approverId }) => approverId === ctx.person.id)
  const verdict = mayRevoke(ctx.roles, hasApproved)
  if (!verdict.allowed) return refuseAct(ctx, entry, verdict.code)
  const alive = grantVerdict(grant, ctx.now())
  if (!alive.allowed) return refuseAct(ctx, entry, alive.code)
  const text = checkFreeText(ctx, input.comment ?? '')
  if (!text.allowed) return refuseAct(ctx, entry, text.code, text)
  const comment = visibleText(input.comment ?? '')
  const isEnded = await ctx.database.transaction((tx) =>
    endGrant(tx, ctx, grant, {
      state: 'revoked',
      actor: entry.actor,
      ...(comment === '' ? {} : { texts: { comment } }),
    }),
  )
  if (!isEnded) return refuseAct(ctx, entry, 'grant_ended')
  drainSoon(ctx)
  return getGrantView(ctx, grantId)
}
