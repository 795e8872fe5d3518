/** Denying a reveal request, with a word to the requester. */
import { isOwn } from '../../core/policy-decision.ts'
import { visibleText } from '../../core/reason-text.ts'
import type { DenyRevealRequestInput, RevealRequestView } from '../../contract/reveal-requests.ts'
import { appendDecision, closeRequest } from '../../storage/reveal-requests.ts'
import { audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { announceRequest, notifyRequester } from '../outbox/notify.ts'
import type { StillStanding } from './decision.ts'
import { decisionGround, lentBy } from './decision.ts'
import { getRequestView } from './get.ts'

/** One denial ends the request, whatever was approved before. The comment tells the requester why. */
export async function denyRevealRequest(
  context: RequestContext,
  requestId: string,
  input: DenyRevealRequestInput,
): Promise<RevealRequestView> {
  const ground = await decisionGround(context, requestId)
  const { ctx, request, entry, refused } = ground
  const comment = visibleText(input.comment)
  if (comment === '') return refused('comment_required')
  const text = checkFreeText(ctx, input.comment)
  if (!text.allowed) return refused(text.code, text)
  const standing = await ctx.database.transaction(async (tx): Promise<StillStanding> => {
    const still = await ground.still(tx)
    if (still.is !== 'standing') return still
    const { power } = still
    const at = ctx.now()
    const isRecorded = await appendDecision(tx, {
      requestId: request.id,
      requesterId: request.requesterId,
      approverId: ctx.person.id,
      outcome: 'deny',
      minutes: null,
      fieldIds: null,
      comment,
      onBehalfOf: power.onBehalfOf?.id ?? null,
      isOfNextCircle: power.isOfNextCircle === true,
      at,
    })
    if (!isRecorded) return { is: 'refused', code: 'decision_exists' }
    await closeRequest(tx, ctx.account.id, request.id, { state: 'denied', at })
    await notifyRequester(tx, ctx, request)
    await announceRequest(tx, ctx, request, 'denied')
    await audit(tx, ctx, {
      ...entry,
      action: 'reveal_request.deny',
      outcome: 'ok',
      ...(isOwn(power) ? {} : { data: lentBy(power) }),
      texts: { comment },
    })
    return still
  })
  if (standing.is === 'again') return denyRevealRequest(context, requestId, input)
  if (standing.is === 'refused') return refused(standing.code)
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}
