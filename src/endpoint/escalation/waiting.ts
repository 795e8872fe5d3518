/** How far a pending request has come, and who could go on with it. As fresh as a masked view. */
import type { WaitingRequest } from '../../core/escalation.ts'
import type { Person, Ticket } from '../../core/person.ts'
import { levelsPassed } from '../../core/policy-decision.ts'
import type { ApprovalLevel } from '../../core/policy.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findDecisions } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { EndpointDeps } from '../context.ts'
import type { Bench, Passage } from '../reveal-requests/approvers.ts'
import { approversOf, benchOf, passageOf } from '../reveal-requests/approvers.ts'

type Deps = Pick<EndpointDeps, 'zendesk' | 'policy' | 'database' | 'account' | 'now'>

export type Waiting = {
  passage: Passage
  /** How many levels are passed: the index of the one that waits. */
  passed: number
  /** The level that waits; undefined when all are passed. */
  level: ApprovalLevel | undefined
}

/** By the approvals so far, each worth what its approver holds by now. */
export async function waitingLevel(deps: Deps, request: StoredRequest): Promise<Waiting> {
  const decisions = await findDecisions(deps.database.orm, [request.id])
  const people = decisions.length === 0 ? [] : await deps.zendesk.people()
  const byId = new Map(people.map((person) => [person.id, person]))
  const passage = passageOf(deps, request, decisions, (id) => byId.get(id))
  const passed = levelsPassed(passage.levels, passage.approvers, deps.policy)
  return { passage, passed, level: passage.levels[passed] }
}

/** The request as the clock sees it. */
export function asWaiting(request: StoredRequest): WaitingRequest {
  return { ...request, levelSince: request.levelSince ?? request.createdAt }
}

/** Whoever could decide on it now, delegates among them. Nobody when the ticket or the requester is gone. */
export async function whoMayDecide(
  deps: Deps,
  request: StoredRequest,
  { passage }: Pick<Waiting, 'passage'>,
): Promise<Person[]> {
  const about = await groundOf(deps, request)
  return about === null ? [] : approversOf(deps, { ...about, passage }, about.bench)
}

/** Whoever might have decided on it, at any of its levels. */
export async function whoMightDecide(deps: Deps, request: StoredRequest): Promise<Person[]> {
  const about = await groundOf(deps, request)
  if (about === null) return []
  const { levels, isLate } = passageOf(deps, request, [], () => undefined)
  const asked = await Promise.all(
    levels.map((level) => {
      const passage = { levels: [level], approvers: [], isLate }
      return approversOf(deps, { ...about, passage }, about.bench)
    }),
  )
  return asked.flat()
}

async function groundOf(
  deps: Deps,
  request: StoredRequest,
): Promise<{ requester: Person; ticket: Ticket; bench: Bench } | null> {
  const [requester, ticket, bench] = await Promise.all([
    deps.zendesk.person(request.requesterId, VIEW),
    deps.zendesk.ticket(request.ticketId, VIEW),
    benchOf(deps),
  ])
  return requester === null || ticket === null ? null : { requester, ticket, bench }
}
