/** Who may decide on a request: standing, delegations and ticket access together. */
import { approverBehind, powersOf, withLateness } from '../../core/delegation.ts'
import type { Verdict } from '../../core/errors.ts'
import type { Person, Ticket } from '../../core/person.ts'
import {
  approvalLevels,
  approverOf,
  canPassAll,
  decidingPower,
  holdsApprovingPower,
  isOwn,
} from '../../core/policy-decision.ts'
import type { Approver, DecidingPower } from '../../core/policy-decision.ts'
import type { ApprovalLevel } from '../../core/policy.ts'
import type { SensitivityClass } from '../../core/protected-field.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { StoredDelegation } from '../../storage/delegations.ts'
import { findActiveDelegations } from '../../storage/delegations.ts'
import type { StoredDecision, StoredRequest } from '../../storage/reveal-requests.ts'
import type { EndpointDeps, RequestContext } from '../context.ts'

/** How far a request has come. */
export type Passage = {
  levels: readonly ApprovalLevel[]
  /** Who approved so far, by what they hold now. */
  approvers: readonly Approver[]
  /** Whether the level that waits stands open to its next circle, too. */
  isLate: boolean
}

/** The class of each asked field; of one that left the catalogue nothing is known, so it is `secret`. */
export function classesOf(
  { policy }: Pick<EndpointDeps, 'policy'>,
  request: Pick<StoredRequest, 'fields'>,
): { sensitivityClass: SensitivityClass }[] {
  return request.fields.map((field) => ({
    sensitivityClass: fieldOfValue(policy, field)?.sensitivityClass ?? 'secret',
  }))
}

export type PersonOf = (id: number) => Person | null | undefined

/** How far a request has come by its decisions, with people as `personOf` knows them. */
export function passageOf(
  deps: Pick<EndpointDeps, 'policy'>,
  request: Pick<StoredRequest, 'fields' | 'escalatedAt'>,
  decisions: readonly StoredDecision[],
  personOf: PersonOf,
): Passage {
  return {
    levels: approvalLevels(classesOf(deps, request), deps.policy),
    approvers: decisions
      .filter(({ outcome }) => outcome === 'approve')
      .map((decision) => approverBehind(decision, personOf, deps.policy)),
    isLate: request.escalatedAt !== null,
  }
}

/** Whose delegations to a person are in force. */
export function lendersTo(
  personId: number,
  delegations: readonly StoredDelegation[],
  personOf: PersonOf,
): Person[] {
  return delegations
    .filter(({ toId }) => toId === personId)
    .flatMap(({ fromId }) => personOf(fromId) ?? [])
}

/** With which power a person may decide on a request that has come so far, ticket access aside. */
export function powerOver(
  deps: Pick<EndpointDeps, 'policy'>,
  person: Person,
  lenders: readonly Person[],
  request: { requester: Pick<Person, 'id' | 'email'>; passage: Passage },
): DecidingPower {
  const powers = withLateness(powersOf(person, lenders, deps.policy), request.passage.isLate)
  return decidingPower(powers, { requester: request.requester, ...request.passage }, deps.policy)
}

/** Whether an approver's access to the ticket, which policy may not ask for, is there. */
export async function approverAccess(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
  person: Person,
  ticket: Ticket,
): Promise<Verdict> {
  if (!deps.policy.deciding.needsTicketAccess) return { allowed: true }
  return deps.zendesk.mayAccessTicket(person, ticket)
}

/** Whether the person who looks could have a say in some request, by their own power or a lent one. */
export async function hasSay(ctx: RequestContext): Promise<boolean> {
  const { person, policy } = ctx
  if (holdsApprovingPower(approverOf(person, policy), policy)) return true
  const delegations = await findActiveDelegations(ctx.database.orm, ctx.account.id, ctx.now())
  if (!delegations.some(({ toId }) => toId === person.id)) return false
  const people = await ctx.zendesk.people()
  const lenders = lendersTo(person.id, delegations, (id) => people.find((one) => one.id === id))
  return powersOf(person, lenders, policy).some((power) => holdsApprovingPower(power, policy))
}

/**
 * Everybody who could have a say in some request, with their own power and what is lent to them: most of
 * an account's people have none, so that is looked up once for many requests.
 */
export type Bench = readonly { person: Person; powers: readonly Approver[] }[]

export async function benchOf(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy' | 'database' | 'account' | 'now'>,
): Promise<Bench> {
  const { policy } = deps
  const [people, delegations] = await Promise.all([
    deps.zendesk.people(),
    findActiveDelegations(deps.database.orm, deps.account.id, deps.now()),
  ])
  const byId = new Map(people.map((person) => [person.id, person]))
  return people
    .map((person) => {
      const lenders = lendersTo(person.id, delegations, (id) => byId.get(id))
      return { person, powers: powersOf(person, lenders, policy) }
    })
    .filter(({ powers }) => powers.some((power) => holdsApprovingPower(power, policy)))
}

/** Everyone who could decide on a request that has come so far, delegates among them. */
export async function approversOf(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
  request: { requester: Pick<Person, 'id' | 'email'>; ticket: Ticket; passage: Passage },
  bench: Bench,
): Promise<Person[]> {
  const { requester, ticket, passage } = request
  const eligible = bench
    .filter(({ powers }) => {
      const able = withLateness(powers, passage.isLate)
      return decidingPower(able, { requester, ...passage }, deps.policy).allowed
    })
    .map(({ person }) => person)
  const verdicts = await Promise.all(eligible.map((person) => approverAccess(deps, person, ticket)))
  return eligible.filter((_, at) => verdicts[at]?.allowed === true)
}

/**
 * Whether enough people are there for every level of a request, the next circles' among them: each
 * human being once, delegates in place of whoever cannot open the ticket.
 */
export async function canEverPass(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy' | 'database' | 'account' | 'now'>,
  request: {
    requester: Pick<Person, 'id' | 'email'>
    ticket: Ticket
    levels: readonly ApprovalLevel[]
  },
  bench?: Bench,
): Promise<boolean> {
  const { requester, ticket, levels } = request
  const { policy } = deps
  const gates = levels.map((level) => ({ ...level, count: 1 }))
  const canStand = (power: Approver) =>
    gates.some((gate) => {
      const asked = { requester, levels: [gate], approvers: [] }
      return decidingPower([power], asked, policy).allowed
    })
  const powers = await Promise.all(
    (bench ?? (await benchOf(deps))).map(async ({ person, powers: held }) => {
      const able = held.map((power) => ({ ...power, isOfNextCircle: true })).filter(canStand)
      if (able.length === 0) return []
      return (await approverAccess(deps, person, ticket)).allowed ? able : []
    }),
  )
  // Lent power comes last: it helps where neither of its two people stands already.
  const all = powers.flat()
  const ownFirst = [...all.filter(isOwn), ...all.filter((power) => !isOwn(power))]
  return canPassAll(levels, ownFirst, policy)
}

/** Everyone who could approve at this level of a request that nobody has decided on. */
export async function approversFor(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy' | 'database' | 'account' | 'now'>,
  requester: Pick<Person, 'id' | 'email'>,
  ticket: Ticket,
  level: ApprovalLevel,
): Promise<Person[]> {
  const passage = { levels: [level], approvers: [], isLate: false }
  return approversOf(deps, { requester, ticket, passage }, await benchOf(deps))
}
