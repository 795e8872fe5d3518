/** Taking a request to oneself for some minutes, so that two people do not look into the same one. */
import type { ScrimErrorCode } from '../../core/errors.ts'
import { grantEnd } from '../../core/grant.ts'
import { claimAt, mayClose } from '../../core/reveal-request.ts'
import type { RevealRequestView } from '../../contract/reveal-requests.ts'
import { claimRequest, unclaimRequest } from '../../storage/reveal-requests.ts'
import { audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyPeople } from '../outbox/notify.ts'
import { approversOf, benchOf } from './approvers.ts'
import type { DecisionGround, StillStanding } from './decision.ts'
import { decisionGround, entryFor, lentBy } from './decision.ts'
import { getRequest, getRequestView } from './get.ts'

/**
 * Whoever may decide may claim; the others are told. It lasts as long as policy says and ends by
 * itself; claiming again makes it last anew. Of two claims at once one is refused.
 */
export async function claimRevealRequest(
  context: RequestContext,
  requestId: string,
): Promise<RevealRequestView> {
  const ground = await decisionGround(context, requestId)
  const { ctx, request, entry, refused } = ground
  const others = await othersAsked(ground)
  const standing = await ctx.database.transaction(async (tx): Promise<StillStanding> => {
    const still = await ground.still(tx)
    if (still.is !== 'standing') return still
    const { claimMinutes } = ctx.policy.deciding
    const until = grantEnd(ctx.now(), claimMinutes)
    await claimRequest(tx, ctx.account.id, request.id, { personId: ctx.person.id, until })
    await notifyPeople(tx, ctx, request.ticketId, others, {
      word: 'claimed',
      requestId: request.id,
    })
    await audit(tx, ctx, {
      ...entry,
      action: 'reveal_request.claim',
      outcome: 'ok',
      data: { ...lentBy(still.power), minutes: claimMinutes },
    })
    return still
  })
  if (standing.is === 'again') return claimRevealRequest(context, requestId)
  if (standing.is === 'refused') return refused(standing.code)
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}

/** Everybody else who is asked at this level. */
async function othersAsked(ground: DecisionGround): Promise<number[]> {
  const { ctx } = ground
  const people = await approversOf(ctx, ground, await benchOf(ctx))
  return people.map(({ id }) => id).filter((id) => id !== ctx.person.id)
}

/**
 * Gives one's own claim back, whatever became of one's power meanwhile. One that has ended by itself is
 * no fault: then nothing changes. Nobody gives somebody else's back.
 */
export async function releaseRevealRequest(
  ctx: RequestContext,
  requestId: string,
): Promise<RevealRequestView> {
  const request = await getRequest(ctx, requestId)
  const entry = entryFor(ctx, request)
  const refused = (code: ScrimErrorCode) =>
    refuseAct(ctx, { ...entry, action: 'reveal_request.refuse' }, code)
  const closable = mayClose(request, ctx.now())
  if (!closable.allowed) return refused(closable.code)
  if (request.claimedBy !== ctx.person.id) {
    return refused(claimAt(request, ctx.now()) === null ? 'conflict' : 'request_claimed')
  }
  const { askedOf } = await getRequestView(ctx, request.id)
  const others = askedOf.map(({ id }) => id).filter((id) => id !== ctx.person.id)
  await ctx.database.transaction(async (tx) => {
    const mine = { personId: ctx.person.id, now: ctx.now() }
    if (!(await unclaimRequest(tx, ctx.account.id, request.id, mine))) return
    await notifyPeople(tx, ctx, request.ticketId, others, {
      word: 'claimed',
      requestId: request.id,
    })
    await audit(tx, ctx, { ...entry, action: 'reveal_request.unclaim', outcome: 'ok' })
  })
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}
