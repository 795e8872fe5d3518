/** The queue of the people who decide: what waits, and what was decided lately. */
import { ScrimError } from '../../core/errors.ts'
import type { Verdict } from '../../core/errors.ts'
import type { Ticket } from '../../core/person.ts'
import type { DecisionContext } from '../../contract/decision-context.ts'
import type { PersonRef } from '../../contract/primitives.ts'
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
import { namesOf } from '../standing.ts'
import { hasSay } from './approvers.ts'
import { decisionContexts } from './decision-context.ts'
import type { QueueVerdict } from './verdicts.ts'
import { verdictsOn } from './verdicts.ts'
import { requestViews } from './view.ts'

const DECIDED_MS = 7 * 24 * 60 * 60 * 1000

/** For compliance and whoever has a say in some request. Never a value, never a mask. */
export async function listRevealRequests(
  ctx: RequestContext,
  queue: Queue,
): Promise<RevealRequestList> {
  if (!ctx.roles.includes('compliance') && !(await hasSay(ctx))) {
    throw new ScrimError('role_not_permitted')
  }
  const db = ctx.database.orm
  const now = ctx.now()
  const pending = (await findPendingRequests(db, ctx.account.id)).filter(
    (request) => request.expiresAt > now,
  )
  const verdicts = await verdictsOn(ctx, pending)
  const mine = pending.filter((request) => verdicts.get(request.id)?.mayDecide.allowed === true)
  const shown = { needs_me: mine, pending, decided: [] }[queue]
  const since = new Date(now.getTime() - DECIDED_MS)
  const requests = queue === 'decided' ? await findClosedRequests(db, ctx.account.id, since) : shown
  const [views, contextOf, nameOf] = await Promise.all([
    requestViews(ctx, requests),
    decisionContexts(ctx, requests),
    namesOf(ctx),
  ])
  return {
    queue,
    counts: { needsMe: mine.length, pending: pending.length },
    requests: await Promise.all(
      requests.map((request, at) => {
        const verdict = verdicts.get(request.id) ?? CLOSED
        return queued(ctx, request, { contextOf, nameOf, view: views[at], verdict })
      }),
    ),
  }
}

const CLOSED: QueueVerdict = {
  mayDecide: { allowed: false, code: 'request_not_pending' },
  onBehalfOf: null,
  needsComment: false,
}

async function queued(
  ctx: RequestContext,
  request: StoredRequest,
  known: {
    contextOf: (request: StoredRequest, ticket: Ticket | null) => DecisionContext
    nameOf: (id: number) => PersonRef
    view: RevealRequestView | undefined
    verdict: QueueVerdict
  },
): Promise<QueuedRevealRequest> {
  const { contextOf, nameOf, view, verdict } = known
  if (view === undefined) throw new ScrimError('internal')
  const ticket = await ctx.zendesk.ticket(request.ticketId, VIEW)
  const access: Verdict =
    ticket === null
      ? { allowed: false, code: 'ticket_not_found' }
      : await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  // Whoever may not see the ticket learns neither its subject nor what was written about it.
  const canSee = access.allowed || verdict.mayDecide.allowed || ctx.roles.includes('compliance')
  return {
    request: canSee ? view : { ...view, reasonText: '', decision: withoutComment(view) },
    context: contextOf(request, canSee ? ticket : null),
    mayDecide: verdict.mayDecide,
    onBehalfOf: verdict.onBehalfOf === null ? null : nameOf(verdict.onBehalfOf),
    needsComment: verdict.needsComment,
  }
}

function withoutComment(view: RevealRequestView): RevealRequestView['decision'] {
  return view.decision === null ? null : { ...view.decision, comment: null }
}
