/**
 * Why somebody sees a mask, and what they can do about it: which of all rules decides for one person
 * and one field. The endpoint asks with what it knows, the app makes sentences of the answer, and the
 * report of who may what says the same words.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import type { Policy } from './policy.ts'
import type { Protection, SensitivityClass } from './protected-field.ts'
import { ROLES } from './role.ts'
import type { AccessLevel, Role } from './role.ts'

/**
 * What decides.
 * - `value`: there is none, or it was erased.
 * - `protection`: its native field is only hidden.
 * - `matrix`: the role matrix; with `access` it says all of it.
 * - `power`: a role or group that nobody has confirmed yet.
 * - `pause`, `breaker`, `hard_cap`, `ticket`: what keeps everybody, or this person, from asking now.
 * - `nobody`: no one there is could approve it.
 * - `exception`, `rule`: policy approves it by itself.
 * - `levels`, `soft_cap`: people approve it; without the soft cap policy would have.
 */
export const WHY_RULES = [
  'value',
  'protection',
  'matrix',
  'power',
  'pause',
  'breaker',
  'hard_cap',
  'ticket',
  'nobody',
  'exception',
  'rule',
  'soft_cap',
  'levels',
] as const
export type WhyRule = (typeof WHY_RULES)[number]

/** What one can do next. */
export const WHY_NEXTS = [
  /** Ask; people decide, some of them now. */
  'ask',
  /** Ask; nobody decides before the next hours of duty. */
  'ask_and_wait',
  /** Give a reason; policy itself approves. */
  'give_reason',
  /** Have somebody whose role may ask do it. */
  'ask_colleague',
  'ask_administrator',
  'ask_customer',
  'have_confirmed',
  'reopen_ticket',
  'wait',
] as const
export type WhyNext = (typeof WHY_NEXTS)[number]

export type Why = { rule: WhyRule; next: WhyNext }

export type WhyGround = {
  protection: Protection
  /** Whether something is stored, and why not. Absent where no ticket is looked at. */
  value?: Verdict
  /** What the confirmed roles give, exceptions included, and what those that wait would. */
  access: AccessLevel
  seenAccess: AccessLevel
  /** Whether it is an exception that gives the access. */
  isExcepted: boolean
  /** Whether the ticket's state lets anybody ask. */
  ticket?: Verdict
  isPaused: boolean
  isBreakerOpen: boolean
  hasReached: 'soft' | 'hard' | null
  /** Whether an automatic rule fits, the count of today included. */
  hasRule: boolean
  /** Whether there are people enough for every level. */
  isApprovable: boolean
  /** Whether anybody decides at this hour. */
  isDecidingTime: boolean
}

const BLOCKING: Partial<Record<ScrimErrorCode, WhyNext>> = {
  field_empty: 'ask_customer',
  value_erased: 'ask_customer',
}

/** The first rule that keeps the value masked, else the one by which it would be shown. */
export function whyMasked(ground: WhyGround): Why {
  const { access, value, ticket } = ground
  if (value?.allowed === false) {
    return { rule: 'value', next: BLOCKING[value.code] ?? 'ask_administrator' }
  }
  if (ground.protection === 'hidden') return { rule: 'protection', next: 'ask_administrator' }
  if (!mayAsk(access)) {
    return mayAsk(ground.seenAccess)
      ? { rule: 'power', next: 'have_confirmed' }
      : { rule: 'matrix', next: 'ask_colleague' }
  }
  if (ground.isPaused) return { rule: 'pause', next: 'wait' }
  if (ground.isBreakerOpen) return { rule: 'breaker', next: 'wait' }
  if (ticket?.allowed === false) return { rule: 'ticket', next: 'reopen_ticket' }
  if (ground.hasReached === 'hard') return { rule: 'hard_cap', next: 'wait' }
  const isByItself = access === 'reveal' || ground.hasRule
  if (isByItself && ground.hasReached === null) {
    const rule = access === 'reveal' ? (ground.isExcepted ? 'exception' : 'matrix') : 'rule'
    return { rule, next: 'give_reason' }
  }
  if (!ground.isApprovable) return { rule: 'nobody', next: 'ask_administrator' }
  const next = ground.isDecidingTime ? 'ask' : 'ask_and_wait'
  return { rule: isByItself ? 'soft_cap' : 'levels', next }
}

function mayAsk(access: AccessLevel): boolean {
  return access === 'request' || access === 'reveal'
}

/** The roles that may ask for a class, be it that policy approves by itself. */
export function askersOf(
  sensitivityClass: SensitivityClass,
  { matrix }: Pick<Policy, 'matrix'>,
): Role[] {
  return ROLES.filter((role) => mayAsk(matrix[role][sensitivityClass]))
}
