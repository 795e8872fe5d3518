/**
 * Who may see, ask, decide and reveal. The endpoint asks and obeys; every "no" is a code that the
 * app turns into a sentence.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person, Ticket } from './person.ts'
import { isSamePerson, isSolved } from './person.ts'
import type { ApprovalLevel, Circle, EffectivePolicy, Policy, RoleSource } from './policy.ts'
import { groupPower, isConfirmed, powerOf } from './power.ts'
import type { ProtectedField, SensitivityClass } from './protected-field.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { AccessLevel, Role } from './role.ts'
import { ACCESS_LEVELS, ROLES } from './role.ts'

/**
 * The roles that a person holds by policy. Suspended, deleted and end users hold none, and a role that
 * rests only on power nobody has confirmed is not held yet.
 */
export function rolesOf(person: Person, policy: Policy): Role[] {
  if (person.isSuspended || !person.isActive || person.zendeskRole === 'end-user') return []
  return ROLES.filter((role) =>
    policy.roles[role].some(
      (source) => isHeld(person, source) && isConfirmed(person, powerOf(source)),
    ),
  )
}

/** The same with what still waits for a confirmation: by these roles one sees masks, and nothing else. */
export function seenRolesOf(person: Person, policy: Policy): Role[] {
  return rolesOf({ ...person, waitingPowers: [] }, policy)
}

function isHeld(person: Person, source: RoleSource): boolean {
  switch (source.by) {
    case 'zendeskRole':
      return person.zendeskRole === source.zendeskRole
    case 'group':
      return person.groupIds.includes(source.groupId)
    case 'customRole':
      return person.customRoleId === source.customRoleId
  }
}

/**
 * The groups that count for a person, by id. Suspended, deleted and end users are in none, and whoever
 * is new in a group that policy builds on is not until that is confirmed.
 */
export function groupsOf(person: Person): readonly number[] {
  return person.isSuspended || !person.isActive || person.zendeskRole === 'end-user'
    ? []
    : person.groupIds.filter((groupId) => isConfirmed(person, groupPower(groupId)))
}

/** A refusal says `power_waits` where it would be none once the person's new power is confirmed. */
export function orPowerWaits(verdict: Verdict, withSeenRoles: Verdict): Verdict {
  return !verdict.allowed && withSeenRoles.allowed ? refuse('power_waits') : verdict
}

/** What the roles together may see of a class. Nothing listed means `none`. */
export function accessTo(
  sensitivityClass: SensitivityClass,
  roles: readonly Role[],
  policy: Policy,
): AccessLevel {
  const ranks = roles.map((role) => ACCESS_LEVELS.indexOf(policy.matrix[role][sensitivityClass]))
  return ACCESS_LEVELS[Math.max(0, ...ranks)] ?? 'none'
}

/** Whether the roles may ask for a field, or have it approved by itself. */
export function mayAskFor(
  field: Pick<ProtectedField, 'sensitivityClass'>,
  roles: readonly Role[],
  policy: EffectivePolicy,
): Verdict<ScrimErrorCode> {
  const access = accessTo(field.sensitivityClass, roles, policy)
  if (access === 'none') return refuse('field_not_visible')
  if (access === 'masked') return refuse('role_not_permitted')
  if (policy.areRevealsPaused) return refuse('reveals_paused')
  return ALLOWED
}

/** Whether the roles may put a value into a field: whoever may ask for it back. */
export function mayTakeIn(
  field: Pick<ProtectedField, 'protection' | 'sensitivityClass'>,
  roles: readonly Role[],
  policy: Policy,
): Verdict<ScrimErrorCode> {
  if (field.protection !== 'vaulted') return refuse('field_type_unsupported')
  const access = accessTo(field.sensitivityClass, roles, policy)
  return access === 'request' || access === 'reveal' ? ALLOWED : refuse('role_not_permitted')
}

/**
 * Whether the roles may compare what a customer says with a field's value, unseen: whoever may ask for
 * it. A mask alone is not enough, because every answer says something about the value.
 */
export function mayCheck(
  field: Pick<ProtectedField, 'sensitivityClass'>,
  roles: readonly Role[],
  policy: EffectivePolicy,
): Verdict<ScrimErrorCode> {
  return mayAskFor(field, roles, policy)
}

/** Whether the roles may find tickets by a value that is stored on them. */
export function mayFindByValue(
  roles: readonly Role[],
  policy: EffectivePolicy,
): Verdict<ScrimErrorCode> {
  if (!policy.search.roles.some((role) => roles.includes(role))) return refuse('role_not_permitted')
  return policy.areRevealsPaused ? refuse('reveals_paused') : ALLOWED
}

/** Whether a ticket in this state may be asked about for this reason. */
export function mayAskOnTicket(
  ticket: Ticket,
  reasonCode: string | null,
  policy: Policy,
): Verdict<ScrimErrorCode> {
  if (!isSolved(ticket)) return ALLOWED
  const isPermitted = policy.reasons.some(
    (reason) => reason.isForSolvedTickets && (reasonCode === null || reason.code === reasonCode),
  )
  return isPermitted ? ALLOWED : refuse('ticket_solved')
}

/**
 * The levels a request passes: those of the most sensitive class it asks for, and whatever the other
 * asked classes demand beyond them. Asking for two fields together is never easier than asking for
 * one of them.
 */
export function approvalLevels(
  fields: readonly Pick<ProtectedField, 'sensitivityClass'>[],
  policy: Policy,
): readonly ApprovalLevel[] {
  const asked = SENSITIVITY_CLASSES.filter((sensitivityClass) =>
    fields.some((field) => field.sensitivityClass === sensitivityClass),
  ).toReversed()
  const levels = [...policy.approval[asked[0] ?? 'secret']]
  for (const sensitivityClass of asked.slice(1)) {
    const unused = [...levels]
    for (const level of policy.approval[sensitivityClass]) {
      const at = unused.findIndex((candidate) => isAtLeast(candidate, level))
      if (at === -1) levels.push(level)
      else unused.splice(at, 1)
    }
  }
  return levels
}

/** Whether whoever passes `level` would also pass `other`, and no later. */
export function isAtLeast(level: ApprovalLevel, other: ApprovalLevel): boolean {
  if (level.count < other.count || !liesWithin(level, other)) return false
  if (level.escalatesTo === null || liesWithin(level.escalatesTo, other)) return true
  return (
    other.escalatesTo !== null &&
    (other.slaMinutes ?? 0) <= (level.slaMinutes ?? 0) &&
    liesWithin(level.escalatesTo, withNextCircle(other))
  )
}

/** Nothing is known of who is in a group: it lies only within itself. */
function liesWithin(circle: Circle, other: Circle): boolean {
  return (
    circle.roles.every((role) => other.roles.includes(role)) &&
    circle.groupIds.every((groupId) => other.groupIds.includes(groupId))
  )
}

/** The level as it stands open when it went unanswered: to its own people and the next circle's. */
export function withNextCircle<Level extends ApprovalLevel>(level: Level): Level {
  const next = level.escalatesTo
  if (next === null) return level
  return {
    ...level,
    roles: [...level.roles, ...next.roles],
    groupIds: [...level.groupIds, ...next.groupIds],
  }
}

/** What somebody stands at a gate with. */
type Standing = { roles: readonly Role[]; groupIds?: readonly number[] }

/** Whose approval it is, and what it is worth. Everybody in it is one human being of those asked for. */
export type Approver = Standing & {
  id: number
  email?: string | null
  /** Whose power it is where it is lent: roles and groups are theirs then, and they are used up, too. */
  onBehalfOf?: { id: number; email?: string | null } | null
  /** Whether it was given while its level stood open to the next circle. */
  isOfNextCircle?: boolean
}

/** Whether it is somebody's own power rather than a lent one. */
export function isOwn({ onBehalfOf }: Approver): boolean {
  return !onBehalfOf
}

/** A person as an approver, by what they hold themselves. */
export function approverOf(person: Person, policy: Policy): Approver {
  return {
    id: person.id,
    email: person.email,
    roles: rolesOf(person, policy),
    groupIds: groupsOf(person),
  }
}

function isInCircle(circle: Circle, { roles, groupIds = [] }: Standing): boolean {
  return (
    circle.roles.some((role) => roles.includes(role)) ||
    circle.groupIds.some((groupId) => groupIds.includes(groupId))
  )
}

function standsAt(level: ApprovalLevel, approver: Approver): boolean {
  return isInCircle(approver.isOfNextCircle === true ? withNextCircle(level) : level, approver)
}

/** Each human being once: of approvals that share one, that which comes first. */
function distinctApprovals(
  approvers: readonly Approver[],
  { samePerson }: Pick<Policy, 'samePerson'>,
): Approver[] {
  const peopleOf = ({ onBehalfOf, ...approver }: Approver) => [
    approver,
    ...(onBehalfOf ? [onBehalfOf] : []),
  ]
  const isShared = (one: Approver, other: Approver) =>
    peopleOf(one).some((person) =>
      peopleOf(other).some((twin) => isSamePerson(person, twin, samePerson)),
    )
  return approvers.filter(
    (approver, at) => approvers.findIndex((earlier) => isShared(earlier, approver)) === at,
  )
}

/**
 * How many places of the levels these approvals fill, from the first on. Whoever could stand at two
 * levels stands where nobody else can, so it makes no difference who of them came first.
 */
function placesFilled(
  levels: readonly ApprovalLevel[],
  approvers: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): number {
  const distinct = distinctApprovals(approvers, policy)
  const places = levels.flatMap((level) => Array.from({ length: level.count }, () => level))
  const placeOf = new Map<Approver, number>()
  // Kuhn's matching: whoever stands in the way is asked to stand elsewhere.
  const fill = (place: number, asked: Set<Approver>): boolean =>
    distinct.some((approver) => {
      const level = places[place]
      if (asked.has(approver) || level === undefined || !standsAt(level, approver)) return false
      asked.add(approver)
      const taken = placeOf.get(approver)
      if (taken !== undefined && !fill(taken, asked)) return false
      placeOf.set(approver, place)
      return true
    })
  // A place that is filled stays so: places are tried in order up to the first that cannot be.
  const open = places.findIndex((_, place) => !fill(place, new Set()))
  return open === -1 ? places.length : open
}

/**
 * The level that waits for an approval, or null when all are passed: the first that is not full however
 * those who approved are placed. People count once overall, and two users with one e-mail address are
 * one of them: pass it wherever it is known.
 */
export function openLevel(
  levels: readonly ApprovalLevel[],
  approvers: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): ApprovalLevel | null {
  return levels[levelsPassed(levels, approvers, policy)] ?? null
}

/** How many of the levels are passed, from the first on. */
export function levelsPassed(
  levels: readonly ApprovalLevel[],
  approvers: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): number {
  let filled = placesFilled(levels, approvers, policy)
  const open = levels.findIndex(({ count }) => {
    filled -= count
    return filled < 0
  })
  return open === -1 ? levels.length : open
}

/** Whether there are enough people for every level, whoever of them comes first. */
export function canPassAll(
  levels: readonly ApprovalLevel[],
  people: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): boolean {
  return openLevel(levels, people, policy) === null
}

/** Whether one more approval fills a place of the level that is open, others moving up if need be. */
export function isOfUse(
  levels: readonly ApprovalLevel[],
  approvers: readonly Approver[],
  next: Approver,
  policy: Pick<Policy, 'samePerson'>,
): boolean {
  return (
    levels.some((level) => standsAt(level, next)) &&
    placesFilled(levels, [...approvers, next], policy) > placesFilled(levels, approvers, policy)
  )
}

/** With which power somebody may decide, or why with none. */
export type DecidingPower =
  { allowed: true; power: Approver } | { allowed: false; code: ScrimErrorCode }

/**
 * With which of their powers a person may decide on someone's request, ticket access aside: the first
 * of `powers`, their own before lent ones, whose approval would be of use. Nobody decides on their own
 * request, nor for its requester, nor twice.
 */
export function decidingPower(
  powers: readonly Approver[],
  request: {
    requester: Pick<Person, 'id' | 'email'>
    levels: readonly ApprovalLevel[]
    /** Who approved so far, by what they hold now. */
    approvers: readonly Approver[]
  },
  policy: Pick<Policy, 'samePerson'>,
): DecidingPower {
  const { requester, levels, approvers } = request
  const isRequester = (person: Pick<Approver, 'id' | 'email'>) =>
    isSamePerson(person, requester, policy.samePerson)
  if (powers.some(isRequester)) return { allowed: false, code: 'self_approval' }
  const others = powers.filter(({ onBehalfOf }) => !onBehalfOf || !isRequester(onBehalfOf))
  // Where a change of policy asks for less than was given, any approver's word lets the request pass.
  const isPassed = openLevel(levels, approvers, policy) === null
  const power = others.find(
    (one) =>
      isOfUse(levels, isPassed ? [] : approvers, one, policy) && !isUsedUp(one, approvers, policy),
  )
  if (power !== undefined) return { allowed: true, power }
  const hasDecided = others.some((one) => isUsedUp(one, approvers, policy))
  return { allowed: false, code: hasDecided ? 'decision_exists' : 'approver_not_eligible' }
}

/** Whether one of the human beings in an approval is in an earlier one, too. */
function isUsedUp(
  one: Approver,
  approvers: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): boolean {
  const distinct = distinctApprovals(approvers, policy)
  return distinctApprovals([...approvers, one], policy).length === distinct.length
}

/** Whether a person may decide on someone's request, ticket access aside. */
export function mayDecide(
  approver: Person,
  requester: Pick<Person, 'id' | 'email'>,
  level: ApprovalLevel,
  policy: Policy,
): Verdict<ScrimErrorCode> {
  if (isSamePerson(approver, requester, policy.samePerson)) return refuse('self_approval')
  return isInCircle(level, approverOf(approver, policy)) ? ALLOWED : refuse('approver_not_eligible')
}

/** Everyone who may decide on a request of `requester` at this level. */
export function eligibleApprovers(
  people: readonly Person[],
  requester: Pick<Person, 'id' | 'email'>,
  level: ApprovalLevel,
  policy: Policy,
): Person[] {
  return people.filter((person) => mayDecide(person, requester, level, policy).allowed)
}

/** Whether what somebody holds opens any gate of the policy, be it as the next circle. */
export function holdsApprovingPower(standing: Standing, { approval }: Policy): boolean {
  return SENSITIVITY_CLASSES.some((sensitivityClass) =>
    approval[sensitivityClass].some((level) => isInCircle(withNextCircle(level), standing)),
  )
}

/** Whether the roles may read the audit log. */
export function mayReadAuditLog(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('compliance') || roles.includes('lead')
    ? ALLOWED
    : refuse('role_not_permitted')
}

/** Whether the roles may see what ingestion could not remove, and what it has still to do. */
export function mayReadExposures(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('compliance') || roles.includes('administrator')
    ? ALLOWED
    : refuse('role_not_permitted')
}

/** Whether the roles may try again what ingestion has given up. */
export function mayRetryIngestion(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('administrator') ? ALLOWED : refuse('role_not_permitted')
}

/** Whether the roles may erase a customer's values for good. */
export function mayErase(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('compliance') ? ALLOWED : refuse('role_not_permitted')
}

/** Whether somebody may end a grant: by their roles, or because it is of their own approval. */
export function mayRevoke(roles: readonly Role[], hasApproved = false): Verdict<ScrimErrorCode> {
  return hasApproved || roles.includes('compliance') || roles.includes('lead')
    ? ALLOWED
    : refuse('role_not_permitted')
}
