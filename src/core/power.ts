/**
 * Power that people hold in Zendesk: what a policy builds its roles and gates on. What is first seen
 * after a policy became active waits for a second person, because whoever administers Zendesk can put
 * anybody into a group, and no policy change explains that.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person, SamePerson } from './person.ts'
import { isSamePerson } from './person.ts'
import type { Policy, RoleSource } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { Role } from './role.ts'
import { ROLES } from './role.ts'

export const POWER_STATES = ['confirmed', 'waiting', 'declined'] as const
export type PowerState = (typeof POWER_STATES)[number]

/** The name of a power: `agent`, `admin`, `group_203`, `custom_role_401`. */
export function powerOf(source: RoleSource): string {
  switch (source.by) {
    case 'zendeskRole':
      return source.zendeskRole
    case 'group':
      return groupPower(source.groupId)
    case 'customRole':
      return `custom_role_${source.customRoleId}`
  }
}

/** The power of being in a group. */
export function groupPower(groupId: number): string {
  return `group_${groupId}`
}

/** Whether the power counts: it does unless it waits for somebody's word. */
export function isConfirmed(person: Pick<Person, 'waitingPowers'>, power: string): boolean {
  return person.waitingPowers?.includes(power) !== true
}

type PowerBase = Pick<Policy, 'roles' | 'approval'>

/** Every power that the policy builds on: the sources of its roles, and the groups at its gates. */
export function powersIn(policy: PowerBase): string[] {
  const sources = ROLES.flatMap((role) => policy.roles[role].map(powerOf))
  const groups = SENSITIVITY_CLASSES.flatMap((sensitivityClass) =>
    policy.approval[sensitivityClass].flatMap(groupsAt).map(groupPower),
  )
  return [...new Set([...sources, ...groups])]
}

type Level = Policy['approval'][SensitivityClass][number]

function groupsAt({ groupIds, escalatesTo }: Level): number[] {
  return [...groupIds, ...(escalatesTo?.groupIds ?? [])]
}

function rolesAt({ roles, escalatesTo }: Level): Role[] {
  return [...roles, ...(escalatesTo?.roles ?? [])]
}

/**
 * The powers of the policy that Zendesk gives a person. Suspension takes none away: who comes back from
 * it is who they were.
 */
export function powersHeld(person: Person, policy: PowerBase): string[] {
  if (!person.isActive || person.zendeskRole === 'end-user') return []
  const all = [
    person.zendeskRole,
    ...person.groupIds.map(groupPower),
    ...(person.customRoleId === null ? [] : [`custom_role_${person.customRoleId}`]),
  ]
  return powersIn(policy).filter((power) => all.includes(power))
}

/** What comes with a power: roles, and of which classes one may ask for a value or decide on requests. */
export type PowerYield = {
  roles: Role[]
  asks: SensitivityClass[]
  decides: SensitivityClass[]
}

export function yieldOf(
  power: string,
  policy: Pick<Policy, 'roles' | 'approval' | 'matrix'>,
): PowerYield {
  const roles = ROLES.filter((role) =>
    policy.roles[role].some((source) => powerOf(source) === power),
  )
  return {
    roles,
    asks: SENSITIVITY_CLASSES.filter((sensitivityClass) =>
      roles.some((role) => ['request', 'reveal'].includes(policy.matrix[role][sensitivityClass])),
    ),
    decides: SENSITIVITY_CLASSES.filter((sensitivityClass) =>
      policy.approval[sensitivityClass].some(
        (level) =>
          rolesAt(level).some((role) => roles.includes(role)) ||
          groupsAt(level).some((groupId) => groupPower(groupId) === power),
      ),
    ),
  }
}

/** Whether the roles may see which powers wait, and since when. */
export function mayReadPowers(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('administrator') || roles.includes('compliance')
    ? ALLOWED
    : refuse('role_not_permitted')
}

/** Whether a person may confirm or decline what somebody holds: a second one, never its holder. */
export function mayDecideOnPower(
  decider: Pick<Person, 'id' | 'email'>,
  roles: readonly Role[],
  holder: Pick<Person, 'id' | 'email'>,
  policy: { samePerson: readonly SamePerson[] },
): Verdict<ScrimErrorCode> {
  const verdict = mayReadPowers(roles)
  if (!verdict.allowed) return verdict
  return isSamePerson(decider, holder, policy.samePerson) ? refuse('second_person_needed') : ALLOWED
}
