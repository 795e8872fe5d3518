/** A compliance officer erases one customer's values. */
import type { Verdict } from '../../core/errors.ts'
import { mayErase } from '../../core/policy-decision.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkReasonText } from '../../core/reveal-request.ts'
import type { CustomerErasureView, EraseCustomerInput } from '../../contract/erasure.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { standingOf } from '../standing.ts'
import { eraseCustomer } from './erase-customer.ts'

/** Values one call erases at most, so that its answer is not lost to a time-out. */
const MOST_A_CALL = 500

/** Erasing what is erased already is no error: it says 0. */
export async function requestErasure(
  context: RequestContext,
  input: EraseCustomerInput & { customerId: number },
): Promise<CustomerErasureView> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const { customerId } = input
  const { policy } = ctx
  const verdicts: Verdict[] = [
    mayErase(ctx.roles),
    checkFreeText(ctx, input.reasonText),
    checkReasonText(input.reasonText, [], policy),
  ]
  for (const verdict of verdicts) {
    if (verdict.allowed) continue
    const entry = {
      action: 'customer.erase' as const,
      actor: actorOf(ctx),
      policyVersion: policy.version,
      data: { customerId: String(customerId) },
    }
    return refuseAct(ctx, entry, verdict.code, verdict)
  }
  const sums = await eraseCustomer(ctx, {
    customerId,
    actor: actorOf(ctx),
    includesTexts: policy.erasure.includesTexts,
    policyVersion: policy.version,
    reasonText: visibleText(input.reasonText),
    limit: MOST_A_CALL,
  })
  drainSoon(ctx)
  return { customerId, ...sums }
}
