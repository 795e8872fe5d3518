/**
 * Break-glass: a reveal without prior approval for the few whom policy names, reviewed afterwards. It
 * replaces the approval and nothing else: who may not see a field's mask, or may not open the ticket,
 * does not get its value in an emergency either.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person, SamePerson } from './person.ts'
import { isSamePerson } from './person.ts'
import { accessTo } from './policy-decision.ts'
import type { EffectivePolicy, Policy } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import type { Caps } from './rate-cap.ts'
import type { Role } from './role.ts'

export const BREAK_GLASS_OUTCOMES = ['justified', 'not_justified', 'training_needed'] as const
export type BreakGlassOutcome = (typeof BREAK_GLASS_OUTCOMES)[number]

type FieldClass = { sensitivityClass: SensitivityClass }

/** Whether policy names the person. An empty list names nobody. */
export function isNamed(
  person: Pick<Person, 'id'>,
  { breakGlass }: Pick<Policy, 'breakGlass'>,
): boolean {
  return breakGlass.personIds.includes(person.id)
}

/**
 * What a use stands on for as long as its grant lasts: the person is named, and their confirmed roles
 * see every field's mask. The right to ask is not needed; that one would have to wait for an approver
 * is what an emergency does without.
 */
export function standsForBreakGlass(
  person: Pick<Person, 'id'>,
  roles: readonly Role[],
  fields: readonly FieldClass[],
  policy: Policy,
): Verdict<ScrimErrorCode> {
  if (!isNamed(person, policy)) return refuse('break_glass_not_named')
  const canSee = fields.every(
    ({ sensitivityClass }) => accessTo(sensitivityClass, roles, policy) !== 'none',
  )
  return canSee ? ALLOWED : refuse('field_not_visible')
}

/**
 * Whether the person may break the glass now. `isReviewDue` says that an earlier use of theirs waits for
 * compliance. A pause of reveals holds: an administrator stopped everything on purpose, perhaps because
 * of this very person. The circuit breaker and the caps on reveals, which are set off by numbers, do not
 * hold an emergency up; its reveals count towards them like all others.
 */
export function mayBreakGlass(
  person: Pick<Person, 'id'>,
  roles: readonly Role[],
  fields: readonly FieldClass[],
  isReviewDue: boolean,
  policy: EffectivePolicy,
): Verdict<ScrimErrorCode> {
  const stands = standsForBreakGlass(person, roles, fields, policy)
  if (!stands.allowed) return stands
  if (policy.areRevealsPaused) return refuse('reveals_paused')
  return isReviewDue ? refuse('break_glass_unreviewed') : ALLOWED
}

/** What bounds the reveals of an emergency besides its grant: nothing. They are counted all the same. */
export const EMERGENCY_CAPS: Caps = { hard: null, accountPerHour: null }

/** Whether the roles are told who has broken the glass, while that lasts. */
export function maySeeBreakGlass(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('lead') || roles.includes('compliance') || roles.includes('administrator')
    ? ALLOWED
    : refuse('role_not_permitted')
}

/**
 * Whether somebody may review a use: compliance, and never the person whose use it was. While its grant
 * is active there is nothing to review yet; `isActive` says so.
 */
export function mayReviewBreakGlass(
  reviewer: Pick<Person, 'id' | 'email'>,
  roles: readonly Role[],
  use: { person: Pick<Person, 'id' | 'email'>; isActive: boolean },
  policy: { samePerson: readonly SamePerson[] },
): Verdict<ScrimErrorCode> {
  if (!roles.includes('compliance')) return refuse('role_not_permitted')
  if (isSamePerson(reviewer, use.person, policy.samePerson)) return refuse('second_person_needed')
  return use.isActive ? refuse('break_glass_active') : ALLOWED
}
