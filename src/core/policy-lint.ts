/**
 * What is wrong with a policy that its schema takes: gates that nobody passes, roles that nobody
 * holds, people who would hold each other's keys. Pure; what Zendesk knows is handed in.
 */
import type { Person } from './person.ts'
import { isSamePerson } from './person.ts'
import {
  accessTo,
  approverOf,
  canPassAll,
  eligibleApprovers,
  holdsApprovingPower,
  rolesOf,
  withNextCircle,
} from './policy-decision.ts'
import type { Approver } from './policy-decision.ts'
import type { ApprovalLevel, Circle, Policy, RoleSource } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import { ROLES } from './role.ts'
import type { Role } from './role.ts'

export const LINT_CODES = [
  'gate_unpassable',
  'requester_without_approver',
  'role_unheld',
  'field_unseen',
  'field_unasked',
  'list_empty',
  'duties_mixed',
  'group_unknown',
  'group_name_ambiguous',
  'custom_role_unknown',
  'reasons_all_end',
  'rule_never_fits',
  'person_unknown',
  'review_unpassable',
  'own_review',
  'consent_unpassable',
] as const
export type LintCode = (typeof LINT_CODES)[number]

/** `error`: something that policy means to allow cannot happen. `warning`: look at it twice. */
export type LintFinding = {
  code: LintCode
  severity: 'error' | 'warning'
  /** Into the document. */
  path: string
  /** Zendesk users that it is about, by id. */
  personIds?: readonly number[]
}

/** What Zendesk knows of the account; without it only the document itself is judged. */
export type AccountFacts = {
  people: readonly Person[]
  groups: readonly { id: number; name: string }[]
  customRoleIds: readonly number[]
}

/** Findings in the document's order; none says only that nothing of this is wrong. */
export function lintPolicy(policy: Policy, facts: AccountFacts | null = null): LintFinding[] {
  return [
    ...lintRoles(policy, facts),
    ...lintConsent(policy, facts),
    ...lintFields(policy),
    ...lintGates(policy, facts),
    ...lintRules(policy),
    ...lintBreakGlass(policy, facts),
    ...lintReasons(policy),
    ...lintLists(policy),
  ]
}

function lintRoles(policy: Policy, facts: AccountFacts | null): LintFinding[] {
  return ROLES.flatMap((role): LintFinding[] => {
    const path = `roles.${role}`
    const holders = facts?.people.filter((person) => rolesOf(person, policy).includes(role))
    const isUnheld = policy.roles[role].length === 0 || holders?.length === 0
    return [
      ...(isUnheld ? [{ code: 'role_unheld', severity: 'warning', path } as const] : []),
      ...policy.roles[role].flatMap((source, at) =>
        facts === null ? [] : lintSource(source, `${path}.${at}`, facts),
      ),
      ...(role === 'administrator' ? lintDuties(policy, facts) : []),
    ]
  })
}

/** A version that leaves nobody to change it, or nobody to consent, could never be widened again. */
function lintConsent(policy: Policy, facts: AccountFacts | null): LintFinding[] {
  if (facts === null) return []
  const holdersOf = (role: Role) =>
    facts.people.filter((person) => rolesOf(person, policy).includes(role))
  const [administrators, compliance] = [holdersOf('administrator'), holdersOf('compliance')]
  const hasSecondPerson = administrators.some((one) =>
    [...administrators, ...compliance].some(
      (other) => !isSamePerson(one, other, policy.samePerson),
    ),
  )
  return hasSecondPerson
    ? []
    : [{ code: 'consent_unpassable', severity: 'error', path: 'roles.administrator' }]
}

function lintSource(source: RoleSource, path: string, facts: AccountFacts): LintFinding[] {
  if (source.by === 'customRole') {
    return facts.customRoleIds.includes(source.customRoleId)
      ? []
      : [{ code: 'custom_role_unknown', severity: 'error', path }]
  }
  return source.by === 'group' ? lintGroup(source.groupId, path, facts) : []
}

function lintGroup(groupId: number, path: string, facts: AccountFacts): LintFinding[] {
  const group = facts.groups.find(({ id }) => id === groupId)
  if (group === undefined) return [{ code: 'group_unknown', severity: 'error', path }]
  const nameOf = (name: string) => name.normalize('NFKC').trim().toLowerCase()
  const isNamesake = ({ id, name }: { id: number; name: string }) =>
    id !== group.id && nameOf(name) === nameOf(group.name)
  // The policy goes by id; people who edit groups in Zendesk go by name.
  return facts.groups.some(isNamesake)
    ? [{ code: 'group_name_ambiguous', severity: 'warning', path }]
    : []
}

/** Who configures should neither approve nor ask, nor oversee. */
function lintDuties(policy: Policy, facts: AccountFacts | null): LintFinding[] {
  const path = 'roles.administrator'
  const others: readonly Role[] = ['lead', 'compliance']
  if (facts !== null) {
    const personIds = facts.people
      .filter((person) => {
        const roles = rolesOf(person, policy)
        return (
          roles.includes('administrator') &&
          (others.some((role) => roles.includes(role)) ||
            holdsApprovingPower(approverOf(person, policy), policy))
        )
      })
      .map(({ id }) => id)
    return personIds.length === 0
      ? []
      : [{ code: 'duties_mixed', severity: 'warning', path, personIds }]
  }
  const spelled = policy.roles.administrator.map((source) => JSON.stringify(source))
  const isShared = others.some((role) =>
    policy.roles[role].some((source) => spelled.includes(JSON.stringify(source))),
  )
  return isShared ? [{ code: 'duties_mixed', severity: 'warning', path }] : []
}

/** The most that any role may see of a class. */
function bestAccess(policy: Policy, sensitivityClass: SensitivityClass): 'none' | 'masked' | 'ask' {
  const access = accessTo(sensitivityClass, [...ROLES], policy)
  return access === 'none' || access === 'masked' ? access : 'ask'
}

function lintFields(policy: Policy): LintFinding[] {
  return policy.fields.flatMap(({ id, sensitivityClass }): LintFinding[] => {
    const path = `fields.${id}`
    switch (bestAccess(policy, sensitivityClass)) {
      case 'none':
        return [{ code: 'field_unseen', severity: 'warning', path }]
      case 'masked':
        return [{ code: 'field_unasked', severity: 'warning', path }]
      case 'ask':
        return []
    }
  })
}

/** A class that nobody may ask for needs no gate. */
function lintGates(policy: Policy, facts: AccountFacts | null): LintFinding[] {
  return SENSITIVITY_CLASSES.filter((name) => bestAccess(policy, name) === 'ask').flatMap(
    (sensitivityClass): LintFinding[] => {
      const path = `approval.${sensitivityClass}`
      const levels = policy.approval[sensitivityClass]
      const isHopeless = levels.map(withNextCircle).some((level) => isNobody(level, policy))
      if (isHopeless) return [{ code: 'gate_unpassable', severity: 'error', path }]
      if (facts === null) return []
      const groups = levels.flatMap((level, at) => lintCircles(level, `${path}.${at}`, facts))
      const askers = facts.people.filter((person) => mustAsk(person, sensitivityClass, policy))
      const stuck = askersWithoutApprovers(askers, levels, policy, facts)
      if (stuck.length === 0) return groups
      return [
        ...groups,
        {
          code: stuck.length === askers.length ? 'gate_unpassable' : 'requester_without_approver',
          severity: 'error',
          path,
          personIds: stuck.map(({ id }) => id),
        },
      ]
    },
  )
}

/** Whether the person may ask for the class and policy does not approve by itself. */
function mustAsk(person: Person, sensitivityClass: SensitivityClass, policy: Policy): boolean {
  return accessTo(sensitivityClass, rolesOf(person, policy), policy) === 'request'
}

/** Whether the document itself leaves a gate to nobody. Who is in a group it does not say. */
function isNobody({ roles, groupIds }: Circle, policy: Policy): boolean {
  return groupIds.length === 0 && roles.every((role) => policy.roles[role].length === 0)
}

function lintCircles(level: ApprovalLevel, path: string, facts: AccountFacts): LintFinding[] {
  const lintIds = (ids: readonly number[], at: string) =>
    ids.flatMap((groupId, index) => lintGroup(groupId, `${at}.groupIds.${index}`, facts))
  return [
    ...lintIds(level.groupIds, path),
    ...lintIds(level.escalatesTo?.groupIds ?? [], `${path}.escalatesTo`),
  ]
}

/**
 * Those for whose requests there are not enough others for every level, each counted once. Whoever
 * stands at no gate themselves meets all the approvers there are, so that is decided once.
 */
function askersWithoutApprovers(
  askers: readonly Person[],
  levels: readonly ApprovalLevel[],
  policy: Policy,
  { people }: AccountFacts,
): Person[] {
  const open = levels.map(withNextCircle)
  const nobody = { id: 0, email: null }
  const approvers = people
    .filter((person) =>
      open.some((level) => eligibleApprovers([person], nobody, level, policy).length),
    )
    .map((person): Approver => ({ ...approverOf(person, policy), isOfNextCircle: true }))
  const canAllPass = canPassAll(levels, approvers, policy)
  return askers.filter((asker) => {
    const others = approvers.filter((approver) => !isSamePerson(approver, asker, policy.samePerson))
    return others.length === approvers.length ? !canAllPass : !canPassAll(levels, others, policy)
  })
}

/** A rule that nothing ever fits approves nothing, though it reads as if it did. */
function lintRules(policy: Policy): LintFinding[] {
  return policy.automatic.flatMap(({ id, roles, classes, isWithinHoursOnly }): LintFinding[] => {
    const path = `automatic.${id}`
    const isAsked = roles.some((role) =>
      classes.some((name) => accessTo(name, [role], policy) === 'request'),
    )
    const isTimeless = isWithinHoursOnly && policy.hours === null
    return isAsked && !isTimeless ? [] : [{ code: 'rule_never_fits', severity: 'warning', path }]
  })
}

/** Whoever breaks the glass is blocked until somebody else of compliance has looked at it. */
function lintBreakGlass(policy: Policy, facts: AccountFacts | null): LintFinding[] {
  const { personIds } = policy.breakGlass
  if (facts === null || personIds.length === 0) return []
  const path = 'breakGlass.personIds'
  const known = personIds.flatMap((id) => facts.people.filter((person) => person.id === id))
  const unknown = personIds.filter((id) => !known.some((person) => person.id === id))
  const reviewers = facts.people.filter((person) => rolesOf(person, policy).includes('compliance'))
  const isReviewer = (person: Person, reviewer: Person) =>
    isSamePerson(reviewer, person, policy.samePerson)
  const unreviewed = known.filter((person) =>
    reviewers.every((reviewer) => isReviewer(person, reviewer)),
  )
  const own = known.filter(
    (person) =>
      !unreviewed.includes(person) && reviewers.some((reviewer) => isReviewer(person, reviewer)),
  )
  const about = (code: LintCode, severity: LintFinding['severity'], ids: readonly number[]) =>
    ids.length === 0 ? [] : [{ code, severity, path, personIds: ids }]
  return [
    ...about('person_unknown', 'error', unknown),
    ...about(
      'review_unpassable',
      'error',
      unreviewed.map(({ id }) => id),
    ),
    ...about(
      'own_review',
      'warning',
      own.map(({ id }) => id),
    ),
  ]
}

function lintReasons({ reasons }: Policy): LintFinding[] {
  return reasons.some(({ isForSolvedTickets }) => isForSolvedTickets)
    ? []
    : [{ code: 'reasons_all_end', severity: 'warning', path: 'reasons' }]
}

/** An empty list of people or roles means nobody, never everybody. */
function lintLists(policy: Policy): LintFinding[] {
  const lists = {
    'search.roles': policy.search.roles,
    'breakGlass.personIds': policy.breakGlass.personIds,
    'delegation.toRoles': policy.delegation.toRoles,
  }
  return Object.entries(lists).flatMap(([path, list]): LintFinding[] =>
    list.length === 0 ? [{ code: 'list_empty', severity: 'warning', path }] : [],
  )
}
