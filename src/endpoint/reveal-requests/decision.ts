/** What approving and denying share: may this person decide on this request, now? */
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import type { Ticket } from '../../core/person.ts'
import { approvalLevels, mayDecide, openLevel, rolesOf } from '../../core/policy-decision.ts'
import type { ApprovalLevel, EffectivePolicy } from '../../core/policy.ts'
import { mayClose, requestEnd } from '../../core/reveal-request.ts'
import type { AuditAction } from '../../audit/entry.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import type { Queryable } from '../../storage/database.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { closeRequest, findDecisions } from '../../storage/reveal-requests.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct, systemActor } from '../audit.ts'
import type { ActDeps, EndpointDeps, RequestContext } from '../context.ts'
import { canAsk } from '../grants/end.ts'
import { notifyRequester } from '../outbox/notify.ts'
import { freshContext } from '../standing.ts'
import { getRequest } from './get.ts'
import { fieldRefOf } from './view.ts'

export type DecisionGround = {
  ctx: RequestContext
  request: StoredRequest
  ticket: Ticket
  /** What every entry about this decision says. */
  entry: ReturnType<typeof entryFor>
  /** Logs and throws. */
  refused: (code: ScrimErrorCode, details?: ScrimErrorDetails) => Promise<never>
}

/**
 * Looks the approver, the requester and the ticket up again and refuses whoever may not decide. A
 * request whose time or ground is over is closed on the way, with its own entry.
 */
export async function decisionGround(
  context: RequestContext,
  requestId: string,
): Promise<DecisionGround> {
  const request = await getRequest(context, requestId)
  const [{ ctx, ticket }, requester] = await Promise.all([
    freshContext(context, request.ticketId),
    context.zendesk.person(request.requesterId, ACT),
  ])
  const entry = entryFor(ctx, request)
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'reveal_request.refuse' }, code, details)

  const end = requestEnd(
    asDomain(request),
    ctx.now(),
    { ticket, canRequesterAsk: canAsk(requester, request.fields, ctx.policy) },
    ctx.policy,
  )
  if (end !== null) {
    await ctx.database.transaction((tx) => endRequest(tx, ctx, request, end))
    return refused(end.state === 'expired' ? 'request_expired' : 'request_ended')
  }
  const closable = mayClose(request, ctx.now())
  if (!closable.allowed) return refused(closable.code)
  if (requester === null) return refused('person_unknown')
  const level = await levelOf(ctx, request)
  if (level === null) return refused('request_not_pending')
  const verdict = mayDecide(ctx.person, requester, level, ctx.policy)
  if (!verdict.allowed) return refused(verdict.code)
  if (ticket === null) return refused('ticket_not_found')
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  return { ctx, request, ticket, entry, refused }
}

/** The approval level that waits, given the approvals so far, or null when none does. */
export async function levelOf(
  deps: Pick<EndpointDeps, 'zendesk' | 'database'> & { policy: EffectivePolicy },
  request: StoredRequest,
  tx: Queryable = deps.database.orm,
): Promise<ApprovalLevel | null> {
  const fields = request.fields.map((field) => fieldRefOf(deps, field))
  const decisions = await findDecisions(tx, [request.id])
  const people = decisions.length === 0 ? [] : await deps.zendesk.people()
  const approvers = decisions
    .filter((decision) => decision.outcome === 'approve')
    .flatMap((decision) => people.filter((person) => person.id === decision.approverId))
    .map((person) => ({
      id: person.id,
      email: person.email,
      roles: rolesOf(person, deps.policy),
    }))
  return openLevel(approvalLevels(fields, deps.policy), approvers, deps.policy)
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

function entryFor(ctx: RequestContext, request: StoredRequest) {
  return {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: request.ticketId } as const,
    fields: fieldIdsOf(request),
    requestId: request.id,
    policyVersion: ctx.policy.version,
  }
}
