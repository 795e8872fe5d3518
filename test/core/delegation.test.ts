import { describe, expect, it } from 'vitest'
import {
  approverBehind,
  checkDelegationTimes,
  delegationStateAt,
  mayDelegate,
  mayEndDelegation,
  mayStandIn,
  powersOf,
} from '../../src/core/delegation.ts'
import type { Person } from '../../src/core/person.ts'
import type { Policy } from '../../src/core/policy.ts'
import {
  COMPLIANCE,
  HARRIET,
  INGRID,
  LEADS,
  LENA,
  MAYA,
  OMAR,
  POLICY,
  SAM,
  gate,
} from './people-and-policy.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const days = (count: number) => new Date(NOW.getTime() + count * 24 * 60 * 60 * 1000)
const YES = { allowed: true }
const no = (code: string, limit?: number) => ({
  allowed: false,
  code,
  ...(limit === undefined ? {} : { limit }),
})

describe('a delegation', () => {
  const plan = { startsAt: days(1), endsAt: days(3), endedAt: null }
  it.each([
    ['before its start', NOW, null, 'planned'],
    ['at its start', days(1), null, 'active'],
    ['until its end', new Date(days(3).getTime() - 1), null, 'active'],
    ['from its end on', days(3), null, 'ended'],
    ['once it was ended early', days(2), days(2), 'ended'],
    ['at no instant', new Date(Number.NaN), null, 'ended'],
  ] as const)('%s', (_, now, endedAt, expected) => {
    expect(delegationStateAt({ ...plan, endedAt }, now)).toBe(expected)
  })

  it.each([
    ['for a week', NOW, days(7), YES],
    ['for as long as policy allows', NOW, days(30), YES],
    ['for longer', NOW, days(31), no('delegation_too_long', 30)],
    ['later this year', days(100), days(110), YES],
    ['in years', days(400), days(401), no('bad_input')],
    ['that ends before it starts', days(3), days(2), no('bad_input')],
    ['that ends as it starts', days(3), days(3), no('bad_input')],
    ['that is over', days(-3), days(-2), no('bad_input')],
    ['without an end', NOW, new Date(Number.NaN), no('bad_input')],
    ['without a start', new Date(Number.NaN), days(3), no('bad_input')],
  ])('%s', (_, startsAt, endsAt, expected) => {
    expect(checkDelegationTimes({ startsAt, endsAt }, NOW, POLICY)).toEqual(expected)
  })

  it.each([
    ['a lead', OMAR, YES],
    ['an agent', MAYA, no('role_not_permitted')],
    ['compliance, where it opens no gate', INGRID, no('role_not_permitted')],
    ['an administrator', SAM, no('role_not_permitted')],
    ['a suspended lead', { ...OMAR, isSuspended: true }, no('role_not_permitted')],
    [
      'a lead whom nobody has confirmed',
      { ...OMAR, waitingPowers: ['group_203'] },
      no('role_not_permitted'),
    ],
  ])('is given by %s', (_, person, expected) => {
    expect(mayDelegate(person, POLICY)).toEqual(expected)
  })

  const toNobody: Policy = { ...POLICY, delegation: { toRoles: [], maxDays: 30 } }
  const paired: Policy = { ...POLICY, samePerson: [[104, 105]] }
  it.each([
    ['another lead', LENA, POLICY, YES],
    ['an agent', MAYA, POLICY, no('delegation_not_allowed')],
    [
      'an agent where policy says so',
      MAYA,
      { ...POLICY, delegation: { toRoles: ['frontline'], maxDays: 30 } },
      YES,
    ],
    ['themselves', OMAR, POLICY, no('delegation_not_allowed')],
    [
      'their second user',
      { ...LENA, email: 'Omar.Haddad@example.com' },
      POLICY,
      no('delegation_not_allowed'),
    ],
    ['a user whom policy pairs with them', LENA, paired, no('delegation_not_allowed')],
    ['a customer', { ...HARRIET, groupIds: [LEADS] }, POLICY, no('delegation_not_allowed')],
    ['a suspended lead', { ...LENA, isSuspended: true }, POLICY, no('delegation_not_allowed')],
    ['anybody where the list is empty', LENA, toNobody, no('delegation_not_allowed')],
  ] as [string, Person, Policy, object][])('is given to %s', (_, to, policy, expected) => {
    expect(mayStandIn(to, OMAR, policy)).toEqual(expected)
  })

  it('is ended by either of its people and by compliance', () => {
    const delegation = { fromId: OMAR.id, toId: LENA.id }
    expect(mayEndDelegation(delegation, OMAR.id, ['lead'])).toEqual(YES)
    expect(mayEndDelegation(delegation, LENA.id, ['lead'])).toEqual(YES)
    expect(mayEndDelegation(delegation, INGRID.id, ['compliance'])).toEqual(YES)
    expect(mayEndDelegation(delegation, MAYA.id, ['frontline'])).toEqual(no('delegation_not_found'))
    expect(mayEndDelegation(delegation, SAM.id, ['administrator'])).toEqual(
      no('delegation_not_found'),
    )
  })
})

describe('what a delegate decides with', () => {
  /** Compliance opens gates here, and agents may stand in. */
  const policy: Policy = {
    ...POLICY,
    approval: { ...POLICY.approval, secret: [gate(1, ['lead']), gate(1, ['compliance'])] },
    delegation: { toRoles: ['frontline'], maxDays: 30 },
  }
  const powers = (person: Person, ...lenders: Person[]) =>
    powersOf(person, lenders, policy).map(({ roles, onBehalfOf }) => [onBehalfOf?.id, roles])

  it('is their own power, and what each lender holds now', () => {
    expect(powers(MAYA, OMAR, INGRID)).toEqual([
      [undefined, ['frontline']],
      [OMAR.id, ['frontline', 'lead']],
      [INGRID.id, ['frontline', 'compliance']],
    ])
  })

  it('is nothing of a lender who lost it', () => {
    expect(powers(MAYA, { ...OMAR, groupIds: [] })[1]).toEqual([OMAR.id, ['frontline']])
    expect(powers(MAYA, { ...OMAR, isSuspended: true })[1]).toEqual([OMAR.id, []])
  })

  it('is nothing lent once they lost the role that may stand in, or are the lender’s second user', () => {
    expect(powers({ ...MAYA, isSuspended: true }, OMAR)).toEqual([[undefined, []]])
    expect(powers({ ...MAYA, email: OMAR.email }, OMAR)).toHaveLength(1)
  })

  it('holds no more than the lender’s own: there are no chains', () => {
    // Lena lends to Maya, Omar lends to Lena: what Maya gets is Lena's, and Lena leads nothing here.
    const lena = { ...LENA, groupIds: [COMPLIANCE] }
    expect(powers(MAYA, lena)).toEqual([
      [undefined, ['frontline']],
      [lena.id, ['frontline', 'compliance']],
    ])
  })
})

describe('whoever approved', () => {
  const own = { approverId: OMAR.id, onBehalfOf: null, isOfNextCircle: false }
  const lent = { approverId: LENA.id, onBehalfOf: OMAR.id, isOfNextCircle: false }
  const known = (...people: Person[]) => {
    const byId = new Map(people.map((person) => [person.id, person]))
    return (id: number) => byId.get(id)
  }
  const rolesBehind = (decision: typeof own | typeof lent, ...people: Person[]) =>
    approverBehind(decision, known(...people), POLICY).roles

  it('counts by what they hold now', () => {
    expect(rolesBehind(own, OMAR)).toContain('lead')
    expect(rolesBehind(own, { ...OMAR, groupIds: [] })).not.toContain('lead')
    expect(rolesBehind(own, { ...OMAR, isSuspended: true })).toEqual([])
    expect(rolesBehind(own)).toEqual([])
  })

  it('by what their lender holds now, as long as they may stand in', () => {
    expect(rolesBehind(lent, LENA, OMAR)).toContain('lead')
    expect(rolesBehind(lent, LENA, { ...OMAR, isSuspended: true })).toEqual([])
    expect(rolesBehind(lent, { ...LENA, isSuspended: true }, OMAR)).toEqual([])
    expect(rolesBehind(lent, LENA)).toEqual([])
  })

  it('uses up both people even when it counts no more', () => {
    const spent = approverBehind(lent, known({ ...LENA, isSuspended: true }, OMAR), POLICY)
    expect(spent).toMatchObject({ id: LENA.id, onBehalfOf: { id: OMAR.id } })
  })
})
