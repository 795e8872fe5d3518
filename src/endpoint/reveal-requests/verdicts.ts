/** What the person who looks at a queue may do with each request in it. */
import type { Verdict } from '../../core/errors.ts'
import { refuse } from '../../core/errors.ts'
import { orPowerWaits } from '../../core/policy-decision.ts'
import { checkClaim, claimAt, mayDecideAt, needsComment } from '../../core/reveal-request.ts'
import { findActiveDelegations } from '../../storage/delegations.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findDecisions } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { approverAccess, classesOf, lendersTo, passageOf, powerOver } from './approvers.ts'
import type { Passage, PersonOf } from './approvers.ts'

export type QueueVerdict = {
  mayDecide: Verdict
  /** Whose power they would decide with, by id; null for their own. */
  onBehalfOf: number | null
  /** Whether approving all of it takes a comment. */
  needsComment: boolean
}

/**
 * One for each pending request, by id. No older than a view: who decides is looked up again.
 * `request_claimed` is said to whoever could decide otherwise.
 */
export async function verdictsOn(
  ctx: RequestContext,
  requests: readonly StoredRequest[],
): Promise<Map<string, QueueVerdict>> {
  const [decisions, delegations, people] = await Promise.all([
    findDecisions(
      ctx.database.orm,
      requests.map(({ id }) => id),
    ),
    findActiveDelegations(ctx.database.orm, ctx.account.id, ctx.now()),
    ctx.zendesk.people(),
  ])
  const byId = new Map(people.map((person) => [person.id, person]))
  const personOf: PersonOf = (id) => byId.get(id)
  const lenders = lendersTo(ctx.person.id, delegations, personOf)
  const verdicts = requests.map(async (request): Promise<[string, QueueVerdict]> => {
    const its = decisions.filter(({ requestId }) => requestId === request.id)
    const passage = passageOf(ctx, request, its, personOf)
    const classes = classesOf(ctx, request).map(({ sensitivityClass }) => sensitivityClass)
    const comment = needsComment(classes, request, ctx.now(), ctx.policy)
    const requester = await ctx.zendesk.person(request.requesterId, VIEW)
    const refused = (verdict: Verdict) => ({
      mayDecide: verdict,
      onBehalfOf: null,
      needsComment: comment,
    })
    if (requester === null) return [request.id, refused(refuse('person_unknown'))]
    const asked = { requester, passage }
    const power = powerOver(ctx, ctx.person, lenders, asked)
    if (!power.allowed) {
      const confirmed = { ...ctx.person, waitingPowers: [] }
      const verdict = orPowerWaits(power, powerOver(ctx, confirmed, lenders, asked))
      return [request.id, refused(verdict)]
    }
    return [
      request.id,
      {
        mayDecide: await besidesPower(ctx, request, asked, { delegations, personOf }),
        onBehalfOf: power.power.onBehalfOf?.id ?? null,
        needsComment: comment,
      },
    ]
  })
  return new Map(await Promise.all(verdicts))
}

/** What may still stand in the way of somebody who has the power. */
async function besidesPower(
  ctx: RequestContext,
  request: StoredRequest,
  asked: { requester: { id: number; email: string | null }; passage: Passage },
  around: {
    delegations: Awaited<ReturnType<typeof findActiveDelegations>>
    personOf: PersonOf
  },
): Promise<Verdict> {
  const ticket = await ctx.zendesk.ticket(request.ticketId, VIEW)
  if (ticket === null) return refuse('ticket_not_found')
  const access = await approverAccess(ctx, ctx.person, ticket)
  if (!access.allowed) return access
  const onHours = mayDecideAt(ctx.policy, ctx.now())
  if (!onHours.allowed) return onHours
  const claim = claimAt(request, ctx.now())
  const claimer = claim === null ? undefined : around.personOf(claim.personId)
  if (!claimer) return { allowed: true }
  const lenders = lendersTo(claimer.id, around.delegations, around.personOf)
  // A claim of somebody who could not decide any more holds nobody up.
  return powerOver(ctx, claimer, lenders, asked).allowed
    ? checkClaim(claim, ctx.person.id)
    : { allowed: true }
}
