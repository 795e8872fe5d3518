import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countedDay, fittingRules, ruleThatApproves } from '../../src/core/automatic-approval.ts'
import type { AutomaticGround } from '../../src/core/automatic-approval.ts'
import type { AutomaticRule, Policy } from '../../src/core/policy.ts'
import { policySchema } from '../../src/core/policy.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { ROLES } from '../../src/core/role.ts'
import { isWithin } from '../../src/core/working-hours.ts'
import { POLICY } from './people-and-policy.ts'

const HOURS: Policy['hours'] = {
  timeZone: 'Europe/Berlin',
  weekly: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
  holidays: [],
}
const MONDAY_MORNING = new Date('2026-11-23T09:00:00.000Z')
const MONDAY_NIGHT = new Date('2026-11-23T22:00:00.000Z')

const RULE: AutomaticRule = {
  id: 'own_tickets',
  label: 'Own tickets by day',
  roles: ['frontline'],
  classes: ['confidential'],
  isWithinHoursOnly: true,
  isAssigneeOnly: true,
  perPersonPerDay: 3,
  minutes: 10,
}
const GROUND: AutomaticGround = {
  roles: ['frontline'],
  classes: ['confidential'],
  isAssignee: true,
  at: MONDAY_MORNING,
}
const policyWith = (...automatic: AutomaticRule[]) => ({ automatic, hours: HOURS })
const none = () => 0

describe('a rule approves by itself', () => {
  it('what fits all of it', () => {
    expect(ruleThatApproves(GROUND, none, policyWith(RULE))).toBe(RULE)
  })

  it.each<[string, Partial<AutomaticGround>]>([
    ['somebody without its role', { roles: ['lead'] }],
    ['somebody without any role', { roles: [] }],
    ['a class that it does not name', { classes: ['restricted'] }],
    ['its class together with another one', { classes: ['confidential', 'restricted'] }],
    ['nothing asked at all', { classes: [] }],
    ['somebody else’s ticket', { isAssignee: false }],
    ['a request at night', { at: MONDAY_NIGHT }],
  ])('but not %s', (_, change) => {
    expect(ruleThatApproves({ ...GROUND, ...change }, none, policyWith(RULE))).toBeNull()
  })

  it('but not for hours that policy does not name', () => {
    const policy = { automatic: [RULE], hours: null }
    expect(ruleThatApproves(GROUND, none, policy)).toBeNull()
    const atAnyTime = { ...RULE, isWithinHoursOnly: false }
    expect(ruleThatApproves(GROUND, none, { automatic: [atAnyTime], hours: null })).toBe(atAnyTime)
  })

  it('so often a day, and then the next rule that fits does', () => {
    const further = { ...RULE, id: 'further', minutes: 5 }
    const policy = policyWith(RULE, further)
    const countOf = (used: number) => (id: string) => (id === RULE.id ? used : 0)
    expect(ruleThatApproves(GROUND, countOf(2), policy)?.id).toBe('own_tickets')
    expect(ruleThatApproves(GROUND, countOf(3), policy)?.id).toBe('further')
    expect(ruleThatApproves(GROUND, () => 3, policy)).toBeNull()
  })

  it('never what is secret, whatever a rule says', () => {
    const forged = { ...RULE, classes: ['secret'] } as unknown as AutomaticRule
    expect(fittingRules({ ...GROUND, classes: ['secret'] }, policyWith(forged))).toEqual([])
    const document = { ...POLICY, automatic: [{ ...RULE, classes: ['secret'] }] }
    expect(policySchema.safeParse(document).success).toBe(false)
  })

  it('only where every part of it fits: a rule that does not match asks for an approval', () => {
    const anyRule = fc.record<AutomaticRule>({
      id: fc.constantFrom('a', 'b', 'c'),
      label: fc.constant('A rule'),
      roles: fc.subarray(['frontline', 'lead'], { minLength: 1 }),
      classes: fc.subarray(['confidential', 'restricted'], { minLength: 1 }),
      isWithinHoursOnly: fc.boolean(),
      isAssigneeOnly: fc.boolean(),
      perPersonPerDay: fc.integer({ min: 1, max: 5 }),
      minutes: fc.integer({ min: 1, max: 120 }),
    })
    const anyGround = fc.record<AutomaticGround>({
      roles: fc.subarray([...ROLES]),
      classes: fc.subarray([...SENSITIVITY_CLASSES]),
      isAssignee: fc.boolean(),
      at: fc.constantFrom(MONDAY_MORNING, MONDAY_NIGHT),
    })
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 4 }),
        anyGround,
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(HOURS, null),
        (automatic, ground, used, hours) => {
          const rule = ruleThatApproves(ground, () => used, { automatic, hours })
          if (rule === null) return
          expect(rule.roles.some((role) => ground.roles.includes(role))).toBe(true)
          expect(rule.classes).toEqual(expect.arrayContaining([...ground.classes]))
          expect(ground.classes).not.toHaveLength(0)
          expect(ground.isAssignee || !rule.isAssigneeOnly).toBe(true)
          expect(used).toBeLessThan(rule.perPersonPerDay)
          if (!rule.isWithinHoursOnly) return
          expect(hours !== null && isWithin(hours, ground.at)).toBe(true)
        },
      ),
    )
  })

  it('counts by days of UTC', () => {
    expect(countedDay(new Date('2026-11-22T23:59:59.999Z'))).toBe('2026-11-22')
    expect(countedDay(new Date('2026-11-23T00:00:00.000Z'))).toBe('2026-11-23')
  })
})
