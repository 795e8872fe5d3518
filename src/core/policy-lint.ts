/**
 * What is wrong with a policy that its schema takes: gates that nobody passes, roles that nobody
 * holds, people who would hold each other's keys. Pure; what Zendesk knows is handed in.
 */
import type { Person } from './person.ts'
import { accessTo, canPassAll, mayDecide, rolesOf } from './policy-decision.ts'
import type { Policy, RoleSource } from './policy.ts'
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
    ...lintFields(policy),
    ...lintGates(policy, facts),
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

function lintSource(source: RoleSource, path: string, facts: AccountFacts): LintFinding[] {
  if (source.by === 'customRole') {
    return facts.customRoleIds.includes(source.customRoleId)
      ? []
      : [{ code: 'custom_role_unknown', severity: 'error', path }]
  }
  if (source.by !== 'group') return []
  const group = facts.groups.find(({ id }) => id === source.groupId)
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
        return roles.includes('administrator') && others.some((role) => roles.includes(role))
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
      const isHopeless = policy.approval[sensitivityClass].some((level) =>
        level.roles.every((role) => policy.roles[role].length === 0),
      )
      if (isHopeless) return [{ code: 'gate_unpassable', severity: 'error', path }]
      if (facts === null) return []
      const askers = facts.people.filter((person) => mustAsk(person, sensitivityClass, policy))
      const stuck = askers.filter(
        (person) => !canBeApproved(person, sensitivityClass, policy, facts),
      )
      if (stuck.length === 0) return []
      return [
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

/** Whether enough people other than the requester exist for every level, each counted once. */
function canBeApproved(
  requester: Person,
  sensitivityClass: SensitivityClass,
  policy: Policy,
  { people }: AccountFacts,
): boolean {
  const levels = policy.approval[sensitivityClass]
  const approvers = people
    .filter((person) => levels.some((level) => mayDecide(person, requester, level, policy).allowed))
    .map((person) => ({ ...person, roles: rolesOf(person, policy) }))
  return canPassAll(levels, approvers, policy)
}

function lintReasons({ reasons }: Policy): LintFinding[] {
  return reasons.some(({ isForSolvedTickets }) => isForSolvedTickets)
    ? []
    : [{ code: 'reasons_all_end', severity: 'warning', path: 'reasons' }]
}

/** An empty list of people or roles means nobody, never everybody. */
function lintLists(policy: Policy): LintFinding[] {
  const isEmpty = policy.search.roles.length === 0
  return isEmpty ? [{ code: 'list_empty', severity: 'warning', path: 'search.roles' }] : []
}
