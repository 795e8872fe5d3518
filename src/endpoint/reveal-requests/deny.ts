/** Denying a reveal request, with a word to the requester. */
import { visibleText } from '../../core/reason-text.ts'
import { mayClose } from '../../core/reveal-request.ts'
import type { DenyRevealRequestInput, RevealRequestView } from '../../contract/reveal-requests.ts'
import { appendDecision, closeRequest, findRequest } from '../../storage/reveal-requests.ts'
import { audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyRequester } from '../outbox/notify.ts'
import { decisionGround } from './decision.ts'
import { getRequestView } from './get.ts'

/** One denial ends the request, whatever was approved before. The comment tells the requester why. */
export async function denyRevealRequest(
  context: RequestContext,
  requestId: string,
  input: DenyRevealRequestInput,
): Promise<RevealRequestView> {
  const { ctx, request, entry, refused } = await decisionGround(context, requestId)
  const comment = visibleText(input.comment)
  if (comment === '') return refused('comment_required')
  const text = checkFreeText(ctx, input.comment)
  if (!text.allowed) return refused(text.code, text)
  const isMine = await ctx.database.transaction(async (tx) => {
    const locked = await findRequest(tx, ctx.account.id, request.id, true)
    if (locked === undefined || !mayClose(locked, ctx.now()).allowed) return false
    const at = ctx.now()
    const isRecorded = await appendDecision(tx, {
      requestId: request.id,
      requesterId: request.requesterId,
      approverId: ctx.person.id,
      outcome: 'deny',
      minutes: null,
      fieldIds: null,
      comment,
      at,
    })
    if (!isRecorded) return false
    await closeRequest(tx, ctx.account.id, request.id, { state: 'denied', at })
    await notifyRequester(tx, ctx, request)
    await audit(tx, ctx, {
      ...entry,
      action: 'reveal_request.deny',
      outcome: 'ok',
      texts: { comment },
    })
    return true
  })
  if (!isMine) return refused('request_not_pending')
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}
