import { describe, expect, it } from 'vitest'
import {
  groupsOf,
  mayDecide,
  orPowerWaits,
  rolesOf,
  seenRolesOf,
} from '../../src/core/policy-decision.ts'
import type { Policy } from '../../src/core/policy.ts'
import { mayDecideOnPower, powersHeld, powersIn, powerOf, yieldOf } from '../../src/core/power.ts'
import { BILLING, HARRIET, INGRID, LENA, MAYA, OMAR, POLICY, SAM } from './people-and-policy.ts'

const gate: Policy = {
  ...POLICY,
  approval: {
    ...POLICY.approval,
    secret: [
      {
        count: 1,
        roles: [],
        groupIds: [210],
        slaMinutes: 30,
        escalatesTo: { roles: ['compliance'], groupIds: [211] },
      },
    ],
  },
}

describe('a power', () => {
  it.each([
    [{ by: 'zendeskRole', zendeskRole: 'agent' }, 'agent'],
    [{ by: 'zendeskRole', zendeskRole: 'admin' }, 'admin'],
    [{ by: 'group', groupId: 203 }, 'group_203'],
    [{ by: 'customRole', customRoleId: 401 }, 'custom_role_401'],
  ] as const)('of %o is called %s', (source, name) => {
    expect(powerOf(source)).toBe(name)
  })

  it('is what roles come from, and what stands at a gate or at its next circle', () => {
    expect(powersIn(gate)).toEqual(
      expect.arrayContaining([
        'agent',
        'admin',
        'group_203',
        'group_204',
        'group_210',
        'group_211',
      ]),
    )
    expect(powersIn(POLICY)).not.toContain('group_210')
  })

  it('is held as Zendesk has it, suspended or not; other groups are none', () => {
    expect(powersHeld(OMAR, POLICY)).toEqual(['agent', 'group_203'])
    expect(powersHeld({ ...OMAR, isSuspended: true }, POLICY)).toEqual(['agent', 'group_203'])
    expect(powersHeld(SAM, POLICY)).toEqual(['admin'])
    expect(powersHeld({ ...MAYA, groupIds: [BILLING, 999] }, POLICY)).toEqual(['agent'])
  })

  it.each([
    ['a customer', HARRIET],
    ['somebody who was deleted', { ...OMAR, isActive: false }],
  ])('is not held by %s', (_, person) => {
    expect(powersHeld(person, POLICY)).toEqual([])
  })

  it('says what would come with it', () => {
    expect(yieldOf('group_203', POLICY)).toEqual({
      roles: ['lead'],
      asks: expect.any(Array),
      decides: ['confidential', 'restricted', 'secret'],
    })
    expect(yieldOf('admin', POLICY)).toEqual({ roles: ['administrator'], asks: [], decides: [] })
    expect(yieldOf('group_211', gate)).toEqual({ roles: [], asks: [], decides: ['secret'] })
  })
})

describe('power that waits', () => {
  const newLead = { ...MAYA, groupIds: [BILLING, 203], waitingPowers: ['group_203'] }

  it('gives no role, and shows what it would', () => {
    expect(rolesOf(newLead, POLICY)).toEqual(['frontline'])
    expect(seenRolesOf(newLead, POLICY)).toEqual(['frontline', 'lead'])
  })

  it('takes nothing from a role that rests on something else, too', () => {
    const policy: Policy = {
      ...POLICY,
      roles: {
        ...POLICY.roles,
        lead: [...POLICY.roles.lead, { by: 'customRole', customRoleId: 401 }],
      },
    }
    expect(rolesOf({ ...newLead, customRoleId: 401 }, policy)).toContain('lead')
    const both = { ...newLead, customRoleId: 401, waitingPowers: ['group_203', 'custom_role_401'] }
    expect(rolesOf(both, policy)).not.toContain('lead')
  })

  it('opens no gate, neither by role nor by group', () => {
    expect(groupsOf({ ...newLead, groupIds: [203, 210] })).toEqual([210])
    const level = { count: 1, roles: [], groupIds: [203], slaMinutes: null, escalatesTo: null }
    expect(mayDecide(newLead, OMAR, level, POLICY)).toEqual({
      allowed: false,
      code: 'approver_not_eligible',
    })
    expect(mayDecide({ ...newLead, waitingPowers: [] }, OMAR, level, POLICY).allowed).toBe(true)
  })

  it('is the reason where nothing else is', () => {
    const no = { allowed: false, code: 'role_not_permitted' } as const
    expect(orPowerWaits(no, { allowed: true })).toEqual({ allowed: false, code: 'power_waits' })
    expect(orPowerWaits(no, no)).toEqual(no)
    expect(orPowerWaits({ allowed: true }, { allowed: true })).toEqual({ allowed: true })
  })
})

describe('confirming power', () => {
  it.each([
    ['compliance', INGRID, ['compliance']],
    ['an administrator', SAM, ['administrator']],
  ] as const)('is for %s', (_, decider, roles) => {
    expect(mayDecideOnPower(decider, roles, LENA, POLICY)).toEqual({ allowed: true })
  })

  it.each([
    ['a lead', OMAR, ['lead', 'frontline']],
    ['an agent', MAYA, ['frontline']],
    ['nobody in particular', MAYA, []],
  ] as const)('is not for %s', (_, decider, roles) => {
    expect(mayDecideOnPower(decider, roles, LENA, POLICY)).toEqual({
      allowed: false,
      code: 'role_not_permitted',
    })
  })

  it.each([
    ['its holder', INGRID, POLICY],
    [
      'its holder under another address of theirs',
      { ...LENA, email: 'INGRID.solberg@example.com' },
      POLICY,
    ],
    [
      'a second user of theirs that policy pairs',
      LENA,
      { ...POLICY, samePerson: [[INGRID.id, LENA.id]] } as Policy,
    ],
  ])('is never for %s', (_, holder, policy) => {
    expect(mayDecideOnPower(INGRID, ['compliance'], holder, policy)).toEqual({
      allowed: false,
      code: 'second_person_needed',
    })
  })
})
