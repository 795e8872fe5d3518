/** What the people who decide are told about each request: one question to the database for all of them. */
import type { Person, Ticket } from '../../core/person.ts'
import { rolesOf, seenRolesOf } from '../../core/policy-decision.ts'
import { gistOf, resembles } from '../../core/reason-text.ts'
import { secondsUntil } from '../../core/grant.ts'
import type { Role } from '../../core/role.ts'
import { isWithin } from '../../core/working-hours.ts'
import type { DecisionContext } from '../../contract/decision-context.ts'
import {
  countRevealsOf,
  findApprovers,
  findAskedDocuments,
  findGrounds,
  findKnownCustomers,
  findPeopleWhoSaid,
  findReasonsOf,
  findUnreviewed,
} from '../../storage/decision-facts.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import { softCapsOn } from '../caps/standing.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'
import { fieldRefOf } from './view.ts'

const MONTH_MS = 30 * 24 * 60 * 60 * 1000

/**
 * Answers the context of each request that is among `requests`. `ticket` is null for who may not see it:
 * its words, and those written about it, then stay out.
 */
export async function decisionContexts(
  ctx: RequestContext,
  requests: readonly StoredRequest[],
): Promise<(request: StoredRequest, ticket: Ticket | null) => DecisionContext> {
  const { account, policy } = ctx
  const db = ctx.database.orm
  const now = ctx.now()
  const day = new Date(`${now.toISOString().slice(0, 10)}T00:00:00.000Z`)
  const month = new Date(now.getTime() - MONTH_MS)
  const requestIds = requests.map(({ id }) => id)
  const requesterIds = distinct(requests.map(({ requesterId }) => requesterId))
  const [people, groups, nameOf, requesters] = await Promise.all([
    ctx.zendesk.people(),
    ctx.zendesk.groups(),
    namesOf(ctx),
    Promise.all(requesterIds.map((id) => ctx.zendesk.person(id, VIEW))),
  ])
  const circles = circlesOf(people, (person) => rolesOf(person, policy))
  const known = new Map(requesters.flatMap((person) => (person ? [[person.id, person]] : [])))
  const rolesById = new Map([...known].map(([id, person]) => [id, rolesOf(person, policy)]))
  const compared = distinct([
    ...requesterIds,
    ...[...rolesById.values()].flatMap((roles) => circles.get(roles.join()) ?? []),
  ])
  const [counts, customers, reasons, said, grounds, documents, unreviewed] = await Promise.all([
    countRevealsOf(db, account.id, compared, { day, month }),
    findKnownCustomers(
      db,
      account.id,
      requesterIds,
      distinct(requests.map(({ customerId }) => customerId)),
    ),
    findReasonsOf(db, account.id, requesterIds, month),
    findPeopleWhoSaid(
      db,
      account.id,
      distinct(requests.map(({ reasonText }) => reasonText)).filter((text) => text !== ''),
      month,
    ),
    findGrounds(db, account.id, requestIds),
    findAskedDocuments(db, account.id, requestIds),
    findUnreviewed(db, account.id, requesterIds),
  ])
  const approvers = await findApprovers(
    db,
    [...grounds.values()].flatMap(({ extended }) => extended?.requestId ?? []),
  )
  const softCaps = await softCapsOn(db, ctx, requests)
  const gists = reasons.map((reason) => ({ ...reason, gist: gistOf(reason.text) }))

  const hasWaitingPower = (person: Person) =>
    seenRolesOf(person, policy).length > rolesOf(person, policy).length

  /** Everybody else with the same roles, those without a reveal included. */
  const peersOf = (requesterId: number): DecisionContext['peers'] => {
    const roles = rolesById.get(requesterId) ?? []
    const peers = (circles.get(roles.join()) ?? []).filter((id) => id !== requesterId)
    if (roles.length === 0 || peers.length === 0) return null
    return {
      people: peers.length,
      medianToday: median(peers.map((id) => counts.get(id)?.day ?? 0)),
      medianThirtyDays: median(peers.map((id) => counts.get(id)?.month ?? 0)),
    }
  }
  const similarTo = (request: StoredRequest): DecisionContext['similarReasons'] => {
    const gist = gistOf(request.reasonText)
    const text = request.reasonText.toLowerCase()
    const own = gists.filter(
      (other) =>
        other.personId === request.requesterId &&
        other.requestId !== request.id &&
        resembles(gist, other.gist),
    )
    const others = said.filter(
      (other) => other.text === text && other.personId !== request.requesterId,
    )
    return { own: own.length, otherPeople: others.length }
  }

  return (request, ticket) => {
    const { hours, limits, version } = policy
    const requester = known.get(request.requesterId)
    const ground = grounds.get(request.id)
    const exception = ground?.exception ?? null
    const extended = ground?.extended ?? null
    const shown = request.fields.map((field) => ({
      fieldId: field.fieldId,
      displaySeconds: limits.displaySeconds[fieldRefOf(ctx, field).sensitivityClass],
      isDocument: documents.has(`${request.id}:${field.fieldId}`),
    }))
    return {
      requesterRoles: rolesById.get(request.requesterId) ?? [],
      requesterGroups: groups
        .filter((group) => requester?.groupIds.includes(group.id))
        .map((group) => group.name),
      isPowerWaiting: requester !== undefined && hasWaitingPower(requester),
      ticketSubject: ticket?.subject ?? '',
      ticketStatus: ticket?.status ?? '',
      isAssignee: ticket?.assigneeId === request.requesterId,
      revealsToday: counts.get(request.requesterId)?.day ?? 0,
      revealsThirtyDays: counts.get(request.requesterId)?.month ?? 0,
      peers: peersOf(request.requesterId),
      isFirstForCustomer: !customers.has(`${request.requesterId}:${request.customerId}`),
      isWithinHours: hours === null ? null : isWithin(hours, request.createdAt),
      similarReasons: similarTo(request),
      shown,
      isCopyAllowed: limits.isCopyAllowed,
      isDownloadAllowed: limits.isDownloadAllowed,
      exception:
        exception === null
          ? null
          : {
              id: exception.id,
              why: ticket === null ? '' : exception.why,
              owner: nameOf(exception.ownerId),
              expiresAt: exception.expiresAt.toISOString(),
            },
      automaticRule: ruleLabel(ctx, ground?.ruleId ?? null),
      softCap: softCaps.get(request.id) ?? null,
      extension:
        extended === null
          ? null
          : {
              grantId: extended.grantId,
              approvedBy: (approvers.get(extended.requestId) ?? []).map(nameOf),
              expiresAt: extended.expiresAt.toISOString(),
              remainingSeconds: secondsUntil(extended.expiresAt, now),
            },
      isBreakGlass: ground?.isBreakGlass ?? false,
      hasOpenBreakGlass: unreviewed.has(request.requesterId),
      policyVersion: version,
      displaySeconds: Math.min(
        limits.displaySeconds.confidential,
        ...shown.map(({ displaySeconds }) => displaySeconds),
      ),
      uses: limits.uses,
      maxMinutes: Math.min(request.minutes, limits.maxMinutes),
    }
  }
}

/** People's ids by the roles that they hold. */
function circlesOf(
  people: readonly Person[],
  rolesFor: (person: Person) => readonly Role[],
): Map<string, number[]> {
  const circles = new Map<string, number[]>()
  for (const person of people) {
    const key = rolesFor(person).join()
    circles.set(key, [...(circles.get(key) ?? []), person.id])
  }
  return circles
}

/** A rule that policy no longer has keeps its id. */
function ruleLabel({ policy }: RequestContext, ruleId: string | null): string | null {
  if (ruleId === null) return null
  return policy.automatic.find(({ id }) => id === ruleId)?.label ?? ruleId
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)]
}

/** The middle one; of an even number the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? 0
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper
}
