/** Letting somebody else decide with one's own power for some days. */
import { checkDelegationTimes, mayDelegate, mayStandIn } from '../../core/delegation.ts'
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkReasonText } from '../../core/reveal-request.ts'
import type { CreateDelegationInput, DelegationView } from '../../contract/delegations.ts'
import { appendDelegation } from '../../storage/delegations.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { standingOf } from '../standing.ts'
import { getDelegationView } from './view.ts'

/**
 * Only what one holds oneself is lent: what was lent to somebody is not theirs to lend on, and nobody
 * lends to themselves or to a second user of theirs. A start in the past means now.
 */
export async function createDelegation(
  context: RequestContext,
  input: CreateDelegationInput,
): Promise<DelegationView> {
  const [standing, to] = await Promise.all([
    standingOf(context, context.session.userId, ACT),
    context.zendesk.person(input.toId, ACT),
  ])
  const ctx = { ...context, ...standing }
  const { policy, person } = ctx
  const now = ctx.now()
  const asked = new Date(input.startsAt)
  const times = { startsAt: asked < now ? now : asked, endsAt: new Date(input.endsAt) }
  const entry = {
    actor: actorOf(ctx),
    policyVersion: policy.version,
    data: {
      toId: input.toId,
      startsAt: times.startsAt.toISOString(),
      endsAt: times.endsAt.toISOString(),
    },
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'delegation.refuse' }, code, details)
  const verdicts: Verdict[] = [
    mayDelegate(person, policy),
    to === null ? { allowed: false, code: 'person_unknown' } : mayStandIn(to, person, policy),
    checkDelegationTimes(times, now, policy),
    checkFreeText(ctx, input.reasonText),
    checkReasonText(input.reasonText, [], policy),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, verdict)
  }
  const id = ctx.newId()
  const reason = visibleText(input.reasonText)
  await ctx.database.transaction(async (tx) => {
    await appendDelegation(tx, ctx.account.id, {
      id,
      fromId: person.id,
      toId: input.toId,
      ...times,
      reason,
      createdAt: now,
    })
    await audit(tx, ctx, {
      ...entry,
      action: 'delegation.create',
      outcome: 'ok',
      data: { ...entry.data, delegationId: id },
      texts: { reason },
    })
  })
  return getDelegationView(ctx, id)
}
