/** One decision on many requests about one ticket, each by itself. */
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import { visibleText } from '../../core/reason-text.ts'
import type {
  DecideRevealRequestsInput,
  DecidedRevealRequests,
} from '../../contract/reveal-requests.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { approveRevealRequest } from './approve.ts'
import { denyRevealRequest } from './deny.ts'
import { getRequest } from './get.ts'

type Result = DecidedRevealRequests['results'][number]

/**
 * Approves or denies each in a transaction of its own, in the order asked, with its own entry; what one
 * of them is refused for keeps none of the others back. What is wrong with the whole, such as its
 * comment or requests about two tickets, refuses all of it at once.
 */
export async function decideRevealRequests(
  ctx: RequestContext,
  input: DecideRevealRequestsInput,
): Promise<DecidedRevealRequests> {
  const ids = [...new Set(input.ids)]
  const requests = await Promise.all(ids.map((id) => getRequest(ctx, id)))
  const [ticketId, ...others] = new Set(requests.map((request) => request.ticketId))
  const refused = (code: ScrimErrorCode, details = {}) =>
    refuseAct(
      ctx,
      {
        action: 'reveal_request.refuse',
        actor: actorOf(ctx),
        ...(ticketId === undefined ? {} : { record: { type: 'ticket', id: ticketId } as const }),
        policyVersion: ctx.policy.version,
        data: { count: ids.length },
      },
      code,
      details,
    )
  if (others.length > 0) {
    return refused('bad_input', { issues: [{ path: 'ids', rule: 'one_ticket' }] })
  }
  const text = checkFreeText(ctx, input.comment ?? '')
  if (!text.allowed) return refused(text.code, text)
  if (input.outcome === 'deny' && visibleText(input.comment ?? '') === '') {
    return refused('comment_required')
  }
  const results: Result[] = []
  // One after the other: they share the account's log, and later ones see what earlier ones changed.
  for (const request of requests) results.push(await decideOne(ctx, request, input))
  return { results }
}

async function decideOne(
  ctx: RequestContext,
  { id, minutes }: StoredRequest,
  input: DecideRevealRequestsInput,
): Promise<Result> {
  const { outcome, comment = '' } = input
  try {
    const request =
      outcome === 'deny'
        ? await denyRevealRequest(ctx, id, { comment })
        : await approveRevealRequest(ctx, id, { comment, minutes: shortened(minutes, input, ctx) })
    return { id, isDecided: true, request }
  } catch (error) {
    // What is down is down for the rest, too; what was decided until then stays.
    if (!(error instanceof ScrimError)) throw error
    const { code, details } = error
    const limit = details.limit
    return { id, isDecided: false, code, ...(limit === undefined ? {} : { limit }) }
  }
}

/** At most what is given for all: a request that asked for less gets what it asked for. */
function shortened(
  asked: number,
  input: Pick<DecideRevealRequestsInput, 'minutes'>,
  { policy }: RequestContext,
): number {
  return Math.min(asked, input.minutes ?? asked, policy.limits.maxMinutes)
}
