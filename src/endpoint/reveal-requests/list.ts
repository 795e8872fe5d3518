/** The queue of the people who decide: what waits, and what was decided lately. */
import { ScrimError } from '../../core/errors.ts'
import type { Verdict } from '../../core/errors.ts'
import type { Ticket } from '../../core/person.ts'
import { mayDecide } from '../../core/policy-decision.ts'
import type { DecisionContext } from '../../contract/decision-context.ts'
import type {
  Queue,
  QueuedRevealRequest,
  RevealRequestList,
  RevealRequestView,
} from '../../contract/reveal-requests.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findClosedRequests, findPendingRequests } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { levelOf } from './decision.ts'
import { decisionContexts } from './decision-context.ts'
import { requestViews } from './view.ts'

const DECIDED_MS = 7 * 24 * 60 * 60 * 1000

/** Leads and compliance only. Never a value, never a mask. */
export async function listRevealRequests(
  ctx: RequestContext,
  queue: Queue,
): Promise<RevealRequestList> {
  if (!ctx.roles.includes('lead') && !ctx.roles.includes('compliance')) {
    throw new ScrimError('role_not_permitted')
  }
  const db = ctx.database.orm
  const now = ctx.now()
  const pending = (await findPendingRequests(db, ctx.account.id)).filter(
    (request) => request.expiresAt > now,
  )
  const verdicts = new Map<string, Verdict>()
  for (const request of pending) verdicts.set(request.id, await verdictOn(ctx, request))
  const mine = pending.filter((request) => verdicts.get(request.id)?.allowed === true)
  const shown = { needs_me: mine, pending, decided: [] }[queue]
  const since = new Date(now.getTime() - DECIDED_MS)
  const requests = queue === 'decided' ? await findClosedRequests(db, ctx.account.id, since) : shown
  const [views, contextOf] = await Promise.all([
    requestViews(ctx, requests),
    decisionContexts(ctx, requests),
  ])
  return {
    queue,
    counts: { needsMe: mine.length, pending: pending.length },
    requests: await Promise.all(
      requests.map((request, at) =>
        queued(ctx, request, contextOf, views[at], verdicts.get(request.id) ?? CLOSED),
      ),
    ),
  }
}

const CLOSED: Verdict = { allowed: false, code: 'request_not_pending' }

async function verdictOn(ctx: RequestContext, request: StoredRequest): Promise<Verdict> {
  const [requester, ticket, level] = await Promise.all([
    ctx.zendesk.person(request.requesterId, VIEW),
    ctx.zendesk.ticket(request.ticketId, VIEW),
    levelOf(ctx, request),
  ])
  if (requester === null) return { allowed: false, code: 'person_unknown' }
  if (ticket === null) return { allowed: false, code: 'ticket_not_found' }
  if (level === null) return CLOSED
  const verdict = mayDecide(ctx.person, requester, level, ctx.policy)
  return verdict.allowed ? ctx.zendesk.mayAccessTicket(ctx.person, ticket) : verdict
}

async function queued(
  ctx: RequestContext,
  request: StoredRequest,
  contextOf: (request: StoredRequest, ticket: Ticket | null) => DecisionContext,
  view: RevealRequestView | undefined,
  mayDecideOnIt: Verdict,
): Promise<QueuedRevealRequest> {
  if (view === undefined) throw new ScrimError('internal')
  const ticket = await ctx.zendesk.ticket(request.ticketId, VIEW)
  const access: Verdict =
    ticket === null
      ? { allowed: false, code: 'ticket_not_found' }
      : await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  // Whoever may not see the ticket learns neither its subject nor what was written about it.
  const canSee = access.allowed || ctx.roles.includes('compliance')
  return {
    request: canSee ? view : { ...view, reasonText: '', decision: withoutComment(view) },
    context: contextOf(request, canSee ? ticket : null),
    mayDecide: mayDecideOnIt,
  }
}

function withoutComment(view: RevealRequestView): RevealRequestView['decision'] {
  return view.decision === null ? null : { ...view.decision, comment: null }
}
