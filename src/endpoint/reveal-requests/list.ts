/** The queue of the people who decide: what waits, and what was decided lately. */
import { ScrimError } from '../../core/errors.ts'
import type { Verdict } from '../../core/errors.ts'
import type { Ticket } from '../../core/person.ts'
import { mayDecide, rolesOf } from '../../core/policy-decision.ts'
import { isWithin } from '../../core/working-hours.ts'
import type {
  DecisionContext,
  Queue,
  QueuedRevealRequest,
  RevealRequestList,
  RevealRequestView,
} from '../../contract/reveal-requests.ts'
import { countReveals, hasRevealedFor } from '../../storage/reveals.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findClosedRequests, findPendingRequests } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { levelOf } from './decision.ts'
import { fieldRefOf, requestViews } from './view.ts'

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
  const views = await requestViews(ctx, requests)
  return {
    queue,
    counts: { needsMe: mine.length, pending: pending.length },
    requests: await Promise.all(
      requests.map((request, at) =>
        queued(ctx, request, views[at], verdicts.get(request.id) ?? CLOSED),
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
    context: await decisionContext(ctx, request, canSee ? ticket : null),
    mayDecide: mayDecideOnIt,
  }
}

function withoutComment(view: RevealRequestView): RevealRequestView['decision'] {
  return view.decision === null ? null : { ...view.decision, comment: null }
}

async function decisionContext(
  ctx: RequestContext,
  request: StoredRequest,
  ticket: Ticket | null,
): Promise<DecisionContext> {
  const db = ctx.database.orm
  const now = ctx.now()
  const today = new Date(`${now.toISOString().slice(0, 10)}T00:00:00.000Z`)
  const [requester, groups, revealsToday, isKnown] = await Promise.all([
    ctx.zendesk.person(request.requesterId, VIEW),
    ctx.zendesk.groups(),
    countReveals(db, ctx.account.id, request.requesterId, today),
    hasRevealedFor(db, ctx.account.id, request.requesterId, request.customerId),
  ])
  const { hours, limits, version } = ctx.policy
  const classes = request.fields.map((field) => fieldRefOf(ctx, field).sensitivityClass)
  return {
    requesterRoles: requester === null ? [] : rolesOf(requester, ctx.policy),
    requesterGroups: groups
      .filter((group) => requester?.groupIds.includes(group.id))
      .map((group) => group.name),
    ticketSubject: ticket?.subject ?? '',
    ticketStatus: ticket?.status ?? '',
    isAssignee: ticket?.assigneeId === request.requesterId,
    revealsToday,
    isFirstForCustomer: !isKnown,
    isWithinHours: hours === null ? null : isWithin(hours, request.createdAt),
    policyVersion: version,
    displaySeconds: Math.min(
      ...classes.map((name) => limits.displaySeconds[name]),
      limits.displaySeconds.confidential,
    ),
    uses: limits.uses,
    maxMinutes: Math.min(request.minutes, limits.maxMinutes),
  }
}
