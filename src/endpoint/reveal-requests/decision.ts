/** What approving and denying share: may this person decide on this request, now? */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import type { Person, Ticket } from '../../core/person.ts'
import type { Approver } from '../../core/policy-decision.ts'
import {
  checkClaim,
  claimAt,
  mayClose,
  mayDecideAt,
  requestEnd,
} from '../../core/reveal-request.ts'
import type { AuditAction, AuditData } from '../../audit/entry.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import type { Queryable } from '../../storage/database.ts'
import { findActiveDelegations } from '../../storage/delegations.ts'
import type { StoredDecision, StoredRequest } from '../../storage/reveal-requests.ts'
import { closeRequest, findDecisions, findRequest } from '../../storage/reveal-requests.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct, systemActor } from '../audit.ts'
import type { ActDeps, RequestContext } from '../context.ts'
import { exemptionOf } from '../exceptions/access.ts'
import { canAsk } from '../grants/end.ts'
import { announceRequest, notifyRequester } from '../outbox/notify.ts'
import { freshContext } from '../standing.ts'
import { approverAccess, lendersTo, passageOf, powerOver } from './approvers.ts'
import type { Passage, PersonOf } from './approvers.ts'
import { getRequest } from './get.ts'

export type DecisionGround = {
  ctx: RequestContext
  request: StoredRequest
  requester: Person
  ticket: Ticket
  passage: Passage
  /** With which power the person decides. */
  power: Approver
  /** What every entry about this decision says. */
  entry: ReturnType<typeof entryFor>
  /** Logs and throws. */
  refused: (code: ScrimErrorCode, details?: ScrimErrorDetails) => Promise<never>
  /** Looks again, under the lock of the decision's transaction. */
  still: (tx: Queryable) => Promise<StillStanding>
}

/** `again`: somebody has decided meanwhile whose standing is to be looked up first. */
export type StillStanding =
  | {
      is: 'standing'
      passage: Passage
      power: Approver
      decisions: readonly StoredDecision[]
    }
  | { is: 'refused'; code: ScrimErrorCode }
  | { is: 'again' }

/**
 * Looks the approver, everybody who decided before, the requester and the ticket up again and refuses
 * whoever may not decide. A request whose time or ground is over is closed on the way, with its own
 * entry.
 */
export async function decisionGround(
  context: RequestContext,
  requestId: string,
): Promise<DecisionGround> {
  const request = await getRequest(context, requestId)
  const [{ ctx, ticket }, people] = await Promise.all([
    freshContext(context, request.ticketId),
    peopleAround(context, request),
  ])
  const requester = people.personOf(request.requesterId) ?? null
  const entry = entryFor(ctx, request)
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'reveal_request.refuse' }, code, details)

  const exemption = await exemptionOf(ctx, request)
  const end = requestEnd(
    asDomain(request),
    ctx.now(),
    { ticket, canRequesterAsk: canAsk(requester, request.fields, ctx.policy, exemption) },
    ctx.policy,
  )
  if (end !== null) {
    await ctx.database.transaction((tx) => endRequest(tx, ctx, request, end))
    return refused(end.state === 'expired' ? 'request_expired' : 'request_ended')
  }
  const closable = mayClose(request, ctx.now())
  if (!closable.allowed) return refused(closable.code)
  if (requester === null) return refused('person_unknown')
  const passage = passageOf(ctx, request, people.decisions, people.personOf)
  const asked = { requester, passage }
  const lenders = people.lendersOf(ctx.person.id)
  const verdict = powerOver(ctx, ctx.person, lenders, asked)
  if (!verdict.allowed) return refused(whyNoPower(ctx, lenders, asked, verdict.code))
  if (ticket === null) return refused('ticket_not_found')
  const access = await approverAccess(ctx, ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  const onHours = mayDecideAt(ctx.policy, ctx.now())
  if (!onHours.allowed) return refused(onHours.code)
  const claimed = claimVerdict(ctx, request, people, asked)
  if (!claimed.allowed) return refused(claimed.code)

  const still = async (tx: Queryable): Promise<StillStanding> => {
    const locked = await findRequest(tx, ctx.account.id, request.id, true)
    if (locked === undefined || !mayClose(locked, ctx.now()).allowed) {
      return { is: 'refused', code: 'request_not_pending' }
    }
    const decisions = await findDecisions(tx, [request.id])
    const deciders = decisions.flatMap(({ approverId, onBehalfOf }) => [approverId, onBehalfOf])
    if (!deciders.every(people.isKnown)) return { is: 'again' }
    const now = { requester, passage: passageOf(ctx, locked, decisions, people.personOf) }
    const lent = await findActiveDelegations(tx, ctx.account.id, ctx.now())
    const held = powerOver(ctx, ctx.person, lendersTo(ctx.person.id, lent, people.personOf), now)
    if (!held.allowed) return { is: 'refused', code: held.code }
    const free = claimVerdict(ctx, locked, people, now)
    if (!free.allowed) return { is: 'refused', code: free.code }
    return { is: 'standing', passage: now.passage, power: held.power, decisions }
  }
  return {
    ctx,
    request,
    requester,
    ticket,
    passage,
    power: verdict.power,
    entry,
    refused,
    still,
  }
}

/** Everybody who has to do with a decision, each as fresh as an act wants them. */
type PeopleAround = {
  personOf: PersonOf
  isKnown: (id: number | null) => boolean
  decisions: readonly StoredDecision[]
  /** Who lets a person decide for them now: of the person who acts and of whoever claimed it. */
  lendersOf: (personId: number) => readonly Person[]
}

async function peopleAround(ctx: RequestContext, request: StoredRequest): Promise<PeopleAround> {
  const { orm } = ctx.database
  const [decisions, delegations] = await Promise.all([
    findDecisions(orm, [request.id]),
    findActiveDelegations(orm, ctx.account.id, ctx.now()),
  ])
  const claimer = claimAt(request, ctx.now())?.personId ?? null
  const deciders = [ctx.person.id, claimer]
  const ids = [
    request.requesterId,
    ...deciders,
    ...decisions.flatMap(({ approverId, onBehalfOf }) => [approverId, onBehalfOf]),
    ...delegations.filter(({ toId }) => deciders.includes(toId)).map(({ fromId }) => fromId),
  ].filter((id) => id !== null)
  const people = await Promise.all(
    [...new Set(ids)].map(async (id) => [id, await ctx.zendesk.person(id, ACT)] as const),
  )
  const known = new Map(people)
  const personOf: PersonOf = (id) => known.get(id)
  return {
    personOf,
    isKnown: (id) => id === null || known.has(id),
    decisions,
    lendersOf: (personId) => lendersTo(personId, delegations, personOf),
  }
}

type Asked = { requester: Person; passage: Passage }

/** A refusal says `power_waits` where only a confirmation is missing. */
function whyNoPower(
  ctx: RequestContext,
  lenders: readonly Person[],
  asked: Asked,
  code: ScrimErrorCode,
): ScrimErrorCode {
  const confirmed = { ...ctx.person, waitingPowers: [] }
  return code === 'approver_not_eligible' && powerOver(ctx, confirmed, lenders, asked).allowed
    ? 'power_waits'
    : code
}

/** Whether a claim lets this person decide. One whose holder could not decide any more holds nobody up. */
function claimVerdict(
  ctx: RequestContext,
  request: StoredRequest,
  people: PeopleAround,
  asked: Asked,
): Verdict {
  const claim = claimAt(request, ctx.now())
  const verdict = checkClaim(claim, ctx.person.id)
  if (verdict.allowed || claim === null) return verdict
  const claimer = people.personOf(claim.personId)
  // Somebody who came meanwhile has just been found to have the power.
  if (claimer === undefined) return verdict
  const canDecide =
    claimer !== null && powerOver(ctx, claimer, people.lendersOf(claimer.id), asked).allowed
  return canDecide ? verdict : { allowed: true }
}

/** What an entry says of a power that is not the actor's own. */
export function lentBy({ onBehalfOf }: Approver): AuditData {
  return onBehalfOf ? { onBehalfOf: onBehalfOf.id } : {}
}

/** Closes a pending request whose time or ground is over. Nothing is written when it was closed before. */
export async function endRequest(
  tx: Queryable,
  deps: ActDeps,
  request: StoredRequest,
  end: RequestEnding,
): Promise<void> {
  await audit(tx, deps, ...(await closeRequests(tx, deps, [request], end)))
}

export type RequestEnding = { state: 'expired' | 'ended'; code: ScrimErrorCode }

/**
 * Closes each request that is still pending and answers the entries about it, for the caller to append
 * when all rows of its transaction are changed.
 */
export async function closeRequests(
  tx: Queryable,
  deps: ActDeps,
  requests: readonly StoredRequest[],
  end: RequestEnding,
): Promise<AuditDraft[]> {
  const action: AuditAction =
    end.state === 'expired' ? 'reveal_request.expire' : 'reveal_request.end'
  const entries: AuditDraft[] = []
  for (const request of requests) {
    const isClosed = await closeRequest(tx, deps.account.id, request.id, {
      state: end.state,
      at: deps.now(),
      endedCode: end.code,
    })
    if (!isClosed) continue
    await notifyRequester(tx, deps, request)
    await announceRequest(tx, deps, request, end.state)
    entries.push({
      action,
      actor: systemActor(end.state === 'expired' ? 'clock' : 'policy'),
      outcome: 'ok',
      code: end.code,
      record: { type: 'ticket', id: request.ticketId },
      fields: fieldIdsOf(request),
      requestId: request.id,
      policyVersion: request.policyVersion,
    })
  }
  return entries
}

export function fieldIdsOf(request: StoredRequest): string[] {
  return request.fields.map((field) => field.fieldId)
}

export function asDomain(request: StoredRequest) {
  return { ...request, fieldIds: fieldIdsOf(request) }
}

/** What every entry about a person's act on a request says. */
export function entryFor(ctx: RequestContext, request: StoredRequest) {
  return {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: request.ticketId } as const,
    fields: fieldIdsOf(request),
    requestId: request.id,
    policyVersion: ctx.policy.version,
  }
}
