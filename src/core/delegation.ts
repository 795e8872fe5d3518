/**
 * Out of office: one who approves lets somebody else decide with their power for some days. What is
 * lent is what the lender holds at the moment it is used; what was lent to somebody is not theirs to
 * lend on.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person } from './person.ts'
import { isSamePerson } from './person.ts'
import { approverOf, holdsApprovingPower, rolesOf } from './policy-decision.ts'
import type { Approver } from './policy-decision.ts'
import type { Policy } from './policy.ts'
import type { Role } from './role.ts'

export type Delegation = {
  fromId: number
  toId: number
  startsAt: Date
  endsAt: Date
  /** When somebody ended it early. */
  endedAt: Date | null
}

export type DelegationState = 'planned' | 'active' | 'ended'

const DAY_MS = 24 * 60 * 60 * 1000
/** Nobody plans their absence further ahead, and a slip of the year is caught. */
const MAX_DAYS_AHEAD = 366

/** The state at `now`. One whose times are no instants is over. */
export function delegationStateAt(
  { startsAt, endsAt, endedAt }: Omit<Delegation, 'fromId' | 'toId'>,
  now: Date,
): DelegationState {
  if (endedAt !== null || !(now < endsAt)) return 'ended'
  return startsAt <= now ? 'active' : 'planned'
}

/** Whether a person has approving power of their own to lend. */
export function mayDelegate(from: Person, policy: Policy): Verdict<ScrimErrorCode> {
  return holdsApprovingPower(approverOf(from, policy), policy)
    ? ALLOWED
    : refuse('role_not_permitted')
}

/** Whether somebody may use what is lent to them: one of policy's roles, and another human being. */
export function mayStandIn(
  to: Person,
  from: Pick<Person, 'id' | 'email'>,
  policy: Policy,
): Verdict<ScrimErrorCode> {
  if (isSamePerson(to, from, policy.samePerson)) return refuse('delegation_not_allowed')
  const roles = rolesOf(to, policy)
  return policy.delegation.toRoles.some((role) => roles.includes(role))
    ? ALLOWED
    : refuse('delegation_not_allowed')
}

/** Whether somebody may end a delegation: whoever gave or received it, and compliance. */
export function mayEndDelegation(
  { fromId, toId }: Pick<Delegation, 'fromId' | 'toId'>,
  personId: number,
  roles: readonly Role[],
): Verdict<ScrimErrorCode> {
  return fromId === personId || toId === personId || roles.includes('compliance')
    ? ALLOWED
    : refuse('delegation_not_found')
}

/** Whether the times make sense: an end after the start and after now, no longer than policy allows. */
export function checkDelegationTimes(
  { startsAt, endsAt }: Pick<Delegation, 'startsAt' | 'endsAt'>,
  now: Date,
  { delegation }: Pick<Policy, 'delegation'>,
): Verdict {
  // Written so that an instant that is none is refused.
  if (!(startsAt < endsAt && now < endsAt)) return refuse('bad_input')
  if (!(startsAt.getTime() - now.getTime() <= MAX_DAYS_AHEAD * DAY_MS)) return refuse('bad_input')
  return endsAt.getTime() - startsAt.getTime() <= delegation.maxDays * DAY_MS
    ? ALLOWED
    : refuse('delegation_too_long', delegation.maxDays)
}

/**
 * Everything that a person may decide with: what they hold themselves first, then what each of
 * `lenders`, whose delegations are active, holds themselves.
 */
export function powersOf(
  person: Person,
  lenders: readonly Person[],
  policy: Policy,
): readonly Approver[] {
  const { id, email } = person
  const lent = lenders
    .filter((lender) => mayStandIn(person, lender, policy).allowed)
    .map((lender) => ({
      ...approverOf(lender, policy),
      id,
      email,
      onBehalfOf: { id: lender.id, email: lender.email },
    }))
  return [approverOf(person, policy), ...lent]
}

/** A decision as it was recorded. */
type Decision = { approverId: number; onBehalfOf: number | null; isOfNextCircle: boolean }

/**
 * Whoever approved, by what they hold now, which may be nothing: an approver who lost the role or the
 * group or is suspended, or whose lender is, counts no more.
 */
export function approverBehind(
  decision: Decision,
  personOf: (id: number) => Person | null | undefined,
  policy: Policy,
): Approver {
  const { approverId, onBehalfOf, isOfNextCircle } = decision
  const nobody = (id: number): Approver => ({ id, roles: [], groupIds: [], isOfNextCircle })
  const person = personOf(approverId) ?? null
  if (onBehalfOf === null) {
    return person === null ? nobody(approverId) : { ...approverOf(person, policy), isOfNextCircle }
  }
  const lender = personOf(onBehalfOf) ?? null
  const lent = person === null || lender === null ? [] : powersOf(person, [lender], policy).slice(1)
  const { email = null } = person ?? {}
  const used = { id: onBehalfOf, email: lender?.email ?? null }
  return { ...(lent[0] ?? { ...nobody(approverId), email, onBehalfOf: used }), isOfNextCircle }
}

/** What somebody may decide with where the level that waits stands open to its next circle, too. */
export function withLateness(powers: readonly Approver[], isLate: boolean): readonly Approver[] {
  if (!isLate) return powers
  return powers.flatMap((power) => [power, { ...power, isOfNextCircle: true }])
}
