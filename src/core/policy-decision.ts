/**
 * Who may see, ask, decide and reveal. The endpoint asks and obeys; every "no" is a code that the
 * app turns into a sentence.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person, Ticket } from './person.ts'
import { isSamePerson, isSolved } from './person.ts'
import type { ApprovalLevel, EffectivePolicy, Policy, RoleSource } from './policy.ts'
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

/** Whether whoever passes `level` also passes `other`. */
function isAtLeast(level: ApprovalLevel, other: ApprovalLevel): boolean {
  return level.count >= other.count && level.roles.every((role) => other.roles.includes(role))
}

type Approver = { id: number; email?: string | null; roles: readonly Role[] }

/** Each human being once: the user that comes first. */
function distinctPeople(
  users: readonly Approver[],
  { samePerson }: Pick<Policy, 'samePerson'>,
): Approver[] {
  return users.filter(
    (user, at) => users.findIndex((other) => isSamePerson(other, user, samePerson)) === at,
  )
}

/**
 * The level that waits for an approval, or null when all are passed. People count once overall, and
 * two users with one e-mail address are one of them: pass it wherever it is known.
 */
export function openLevel(
  levels: readonly ApprovalLevel[],
  approvers: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): ApprovalLevel | null {
  const left = distinctPeople(approvers, policy)
  for (const level of levels) {
    for (let count = 0; count < level.count; count += 1) {
      const at = left.findIndex((approver) =>
        level.roles.some((role) => approver.roles.includes(role)),
      )
      if (at === -1) return level
      left.splice(at, 1)
    }
  }
  return null
}

/**
 * Whether there are enough people for every level, whoever of them comes first. One who could stand at
 * two levels stands where nobody else can.
 */
export function canPassAll(
  levels: readonly ApprovalLevel[],
  people: readonly Approver[],
  policy: Pick<Policy, 'samePerson'>,
): boolean {
  const distinct = distinctPeople(people, policy)
  const places = levels.flatMap((level) => Array.from({ length: level.count }, () => level.roles))
  const placeOf = new Map<number, number>()
  // Kuhn's matching: whoever stands in the way is asked to stand elsewhere.
  const fill = (place: number, asked: Set<number>): boolean =>
    distinct.some(({ id, roles }) => {
      if (asked.has(id) || !places[place]?.some((role) => roles.includes(role))) return false
      asked.add(id)
      const taken = placeOf.get(id)
      if (taken !== undefined && !fill(taken, asked)) return false
      placeOf.set(id, place)
      return true
    })
  return places.every((_, place) => fill(place, new Set()))
}

/** Whether a person may decide on someone's request, ticket access aside. */
export function mayDecide(
  approver: Person,
  requester: Pick<Person, 'id' | 'email'>,
  level: ApprovalLevel,
  policy: Policy,
): Verdict<ScrimErrorCode> {
  if (isSamePerson(approver, requester, policy.samePerson)) return refuse('self_approval')
  const roles = rolesOf(approver, policy)
  return level.roles.some((role) => roles.includes(role))
    ? ALLOWED
    : refuse('approver_not_eligible')
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

/** Whether the roles may end somebody's grant. */
export function mayRevoke(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('compliance') || roles.includes('lead')
    ? ALLOWED
    : refuse('role_not_permitted')
}
