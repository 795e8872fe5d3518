/**
 * Exceptions: what one person may besides their roles, for one field or one class, until a day that is
 * named at the start. One widens nothing but what it names, and only a second person makes it hold.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person } from './person.ts'
import { isSamePerson } from './person.ts'
import { accessTo } from './policy-decision.ts'
import type { EffectivePolicy, Policy } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import { ACCESS_LEVELS } from './role.ts'
import type { AccessLevel, Role } from './role.ts'

/**
 *     waiting → active → expired → closed
 *        ↓         ↓
 *     rejected  revoked
 *
 * What ended is reopened as a new one, which waits for consent like any other.
 */
export const EXCEPTION_STATES = [
  'waiting',
  'active',
  'rejected',
  'revoked',
  'expired',
  'closed',
] as const
export type ExceptionState = (typeof EXCEPTION_STATES)[number]

export const EXCEPTION_EFFECTS = ['request', 'reveal'] as const
export type ExceptionEffect = (typeof EXCEPTION_EFFECTS)[number]

/** The one field, as it was when somebody consented, or the one class. */
export type ExceptionScope =
  | { fieldId: string; fieldClass: SensitivityClass; zendeskFieldId: number }
  | { sensitivityClass: SensitivityClass }

export type Exception = {
  id: string
  personId: number
  scope: ExceptionScope
  effect: ExceptionEffect
  state: ExceptionState
  expiresAt: Date
}

/** What a rule needs to know of a field, of the catalogue or found in a text. */
export type CoveredField = {
  id: string
  sensitivityClass: SensitivityClass
  zendeskFieldId: number | null
}

/** Roles whose holders may have exceptions. Who configures reveals nothing by that role. */
const SEEING_ROLES: readonly Role[] = ['frontline', 'lead', 'compliance']

/** The state at `now`: past its end it is expired, whether or not anyone noticed. */
export function exceptionStateAt(
  { state, expiresAt }: Pick<Exception, 'state' | 'expiresAt'>,
  now: Date,
): ExceptionState {
  return (state === 'active' || state === 'waiting') && !(now < expiresAt) ? 'expired' : state
}

/**
 * Whether a field is what the exception names. A field that has become another one since (its class, or
 * the ticket field behind its name) is not: somebody has to agree to that anew.
 */
export function covers({ scope }: Pick<Exception, 'scope'>, field: CoveredField): boolean {
  return 'sensitivityClass' in scope
    ? scope.sensitivityClass === field.sensitivityClass
    : scope.fieldId === field.id &&
        scope.fieldClass === field.sensitivityClass &&
        scope.zendeskFieldId === field.zendeskFieldId
}

export type EffectiveAccess = {
  access: AccessLevel
  /** The exception without which it would be less; null when the roles alone give it. */
  exceptionId: string | null
}

/**
 * What somebody may do with a field at `now`: what their confirmed roles give, raised by the exceptions
 * that are theirs, hold and cover it. Without a role there is nothing to raise.
 */
export function accessOf(
  person: { id: number; roles: readonly Role[] },
  field: CoveredField,
  policy: Policy,
  exceptions: readonly Exception[],
  now: Date,
): EffectiveAccess {
  const access = accessTo(field.sensitivityClass, person.roles, policy)
  if (!canHoldExceptions(person.roles)) return { access, exceptionId: null }
  const best = exceptions
    .filter(
      (exception) =>
        exception.personId === person.id &&
        exceptionStateAt(exception, now) === 'active' &&
        covers(exception, field) &&
        rankOf(exception.effect) > rankOf(access),
    )
    .toSorted((a, b) => rankOf(b.effect) - rankOf(a.effect) || (a.id < b.id ? -1 : 1))[0]
  return best === undefined
    ? { access, exceptionId: null }
    : { access: best.effect, exceptionId: best.id }
}

/** Whether somebody with this access may ask, or have it approved by itself. */
export function mayAsk(
  { access }: Pick<EffectiveAccess, 'access'>,
  { areRevealsPaused }: Pick<EffectivePolicy, 'areRevealsPaused'>,
): Verdict<ScrimErrorCode> {
  if (access === 'none') return refuse('field_not_visible')
  if (access === 'masked') return refuse('role_not_permitted')
  return areRevealsPaused ? refuse('reveals_paused') : ALLOWED
}

function rankOf(level: AccessLevel): number {
  return ACCESS_LEVELS.indexOf(level)
}

/** Whether the roles can be excepted from at all. */
export function canHoldExceptions(roles: readonly Role[]): boolean {
  return roles.some((role) => SEEING_ROLES.includes(role))
}

/** Whether the roles can answer for somebody's exception. */
export function canOwnExceptions(roles: readonly Role[]): boolean {
  return roles.includes('lead') || mayManageExceptions(roles).allowed
}

/** Whether the roles may see, propose, consent to and end exceptions. */
export function mayManageExceptions(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return roles.includes('compliance') || roles.includes('administrator')
    ? ALLOWED
    : refuse('role_not_permitted')
}

type Somebody = Pick<Person, 'id' | 'email'>

/**
 * Whether somebody may consent: compliance or an administrator who is neither who proposed it nor who
 * it is for. Any of the three may be unknown to Zendesk by now but for who consents.
 */
export function mayConsentTo(
  exception: { author: Somebody; holder: Somebody },
  person: Somebody & { roles: readonly Role[] },
  policy: Pick<Policy, 'samePerson'>,
): Verdict<ScrimErrorCode> {
  const permitted = mayManageExceptions(person.roles)
  if (!permitted.allowed) return permitted
  const { author, holder } = exception
  return [author, holder].some((other) => isSamePerson(person, other, policy.samePerson))
    ? refuse('second_person_needed')
    : ALLOWED
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Whether an exception may last until then: past now, and no longer than policy lets one last. */
export function checkExpiry(
  expiresAt: Date,
  now: Date,
  { exceptions }: Pick<Policy, 'exceptions'>,
): Verdict<ScrimErrorCode> {
  if (!(now < expiresAt)) return refuse('bad_input')
  const latest = now.getTime() + exceptions.maxDays * DAY_MS
  return expiresAt.getTime() <= latest ? ALLOWED : refuse('duration_too_long', exceptions.maxDays)
}
