/**
 * Which rule of policy approves a request by itself. A rule that does not fit approves nothing: the
 * request then takes the people that its classes ask for, never fewer.
 */
import type { AutomaticRule, Policy } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import type { Role } from './role.ts'
import { isWithin } from './working-hours.ts'

export type AutomaticGround = {
  /** The requester's, as confirmed. */
  roles: readonly Role[]
  /** Of the asked fields that their roles make them ask for. */
  classes: readonly SensitivityClass[]
  isAssignee: boolean
  at: Date
}

type Rules = Pick<Policy, 'automatic' | 'hours'>

/** The day that a rule counts in, UTC: `2026-11-22`. */
export function countedDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** The rules that a request fits but for today's count, in the order of policy. */
export function fittingRules(ground: AutomaticGround, policy: Rules): AutomaticRule[] {
  return policy.automatic.filter((rule) => fits(rule, ground, policy))
}

/** The rule that approves, given what each approved for this person today; null when none does. */
export function ruleThatApproves(
  ground: AutomaticGround,
  countToday: (ruleId: string) => number,
  policy: Rules,
): AutomaticRule | null {
  return (
    fittingRules(ground, policy).find((rule) => countToday(rule.id) < rule.perPersonPerDay) ?? null
  )
}

function fits(rule: AutomaticRule, ground: AutomaticGround, { hours }: Rules): boolean {
  const classes: readonly SensitivityClass[] = rule.classes
  return (
    rule.roles.some((role) => ground.roles.includes(role)) &&
    // Nothing asked is nothing to approve. The schema keeps `secret` out of rules; so does this.
    ground.classes.length > 0 &&
    ground.classes.every((name) => name !== 'secret' && classes.includes(name)) &&
    (!rule.isAssigneeOnly || ground.isAssignee) &&
    // Where policy names no hours nobody is within them.
    (!rule.isWithinHoursOnly || (hours !== null && isWithin(hours, ground.at)))
  )
}
