import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person, Ticket } from '../../src/core/person.ts'
import {
  accessTo,
  approvalLevels,
  canPassAll,
  eligibleApprovers,
  mayAskFor,
  mayAskOnTicket,
  mayDecide,
  mayReadAuditLog,
  mayRevoke,
  mayTakeIn,
  openLevel,
  rolesOf,
} from '../../src/core/policy-decision.ts'
import { NO_APP_SETTINGS, tighten } from '../../src/core/policy.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import { PROTECTIONS, SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import type { SensitivityClass } from '../../src/core/protected-field.ts'
import { ACCESS_LEVELS, ROLES } from '../../src/core/role.ts'
import type { AccessLevel, Role } from '../../src/core/role.ts'
import {
  CARD_FIELD,
  COMPLIANCE,
  HARRIET,
  INGRID,
  LEADS,
  LENA,
  MAYA,
  NOTE_FIELD,
  OMAR,
  PHONE_FIELD,
  POLICY,
  SAM,
  TICKET,
  anyLevels,
  anyPolicy,
  anyRoles,
  gate,
} from './people-and-policy.ts'

const YES = { allowed: true }
const no = (code: string) => ({ allowed: false, code })
const EFFECTIVE = tighten(POLICY, NO_APP_SETTINGS)
const PAUSED = tighten(POLICY, { ...NO_APP_SETTINGS, areRevealsPaused: true })
const ONE_LEAD: ApprovalLevel = gate(1, ['lead'])

describe('the roles of a person', () => {
  const customLead: Policy = {
    ...POLICY,
    roles: { ...POLICY.roles, lead: [{ by: 'customRole', customRoleId: 401 }] },
  }
  const people: [string, Person, Policy, Role[]][] = [
    ['an agent', MAYA, POLICY, ['frontline']],
    ['an agent in the leads group', OMAR, POLICY, ['frontline', 'lead']],
    ['an agent in the compliance group', INGRID, POLICY, ['frontline', 'compliance']],
    ['an administrator', SAM, POLICY, ['administrator']],
    [
      'an administrator in the leads group',
      { ...SAM, groupIds: [LEADS] },
      POLICY,
      ['lead', 'administrator'],
    ],
    [
      'an agent in both groups',
      { ...MAYA, groupIds: [COMPLIANCE, LEADS] },
      POLICY,
      ['frontline', 'lead', 'compliance'],
    ],
    [
      'an agent with the custom role',
      { ...MAYA, customRoleId: 401 },
      customLead,
      ['frontline', 'lead'],
    ],
    [
      'an agent with another custom role',
      { ...MAYA, customRoleId: 402 },
      customLead,
      ['frontline'],
    ],
    ['an agent without a custom role', MAYA, customLead, ['frontline']],
    ['a group whose id is another kind of id', { ...MAYA, id: LEADS }, POLICY, ['frontline']],
    ['a customer', HARRIET, POLICY, []],
    ['a customer in the leads group', { ...HARRIET, groupIds: [LEADS] }, POLICY, []],
    ['a suspended lead', { ...OMAR, isSuspended: true }, POLICY, []],
    ['a deleted lead', { ...OMAR, isActive: false }, POLICY, []],
    ['a suspended administrator', { ...SAM, isSuspended: true }, POLICY, []],
  ]
  it.each(people)('%s', (_, person, policy, expected) => {
    expect(rolesOf(person, policy)).toEqual(expected)
  })
})

describe('access', () => {
  const rows: [Role[], SensitivityClass, AccessLevel][] = [
    [[], 'confidential', 'none'],
    [['frontline'], 'confidential', 'request'],
    [['frontline'], 'secret', 'request'],
    [['lead'], 'restricted', 'request'],
    [['compliance'], 'confidential', 'masked'],
    [['compliance'], 'secret', 'none'],
    [['administrator'], 'confidential', 'none'],
    [['compliance', 'administrator'], 'restricted', 'masked'],
    [['administrator', 'frontline'], 'secret', 'request'],
  ]
  it.each(rows)('of %j to %s is %s', (roles, sensitivityClass, expected) => {
    expect(accessTo(sensitivityClass, roles, POLICY)).toBe(expected)
  })

  it('of several roles is that of the strongest, and of none is none', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anyRoles,
        fc.constantFrom(...SENSITIVITY_CLASSES),
        (policy, roles, sensitivityClass) => {
          const rank = (level: AccessLevel) => ACCESS_LEVELS.indexOf(level)
          const each = roles.map((role) => rank(policy.matrix[role][sensitivityClass]))
          expect(rank(accessTo(sensitivityClass, roles, policy))).toBe(Math.max(0, ...each))
        },
      ),
    )
  })
})

describe('asking for a field', () => {
  const rows: [Role[], typeof CARD_FIELD, object][] = [
    [['frontline'], CARD_FIELD, YES],
    [['frontline'], NOTE_FIELD, YES],
    [['lead'], PHONE_FIELD, YES],
    [['compliance'], PHONE_FIELD, no('role_not_permitted')],
    [['compliance'], NOTE_FIELD, no('field_not_visible')],
    [['administrator'], PHONE_FIELD, no('field_not_visible')],
    [[], PHONE_FIELD, no('field_not_visible')],
  ]
  it.each(rows)('as %j', (roles, field, expected) => {
    expect(mayAskFor(field, roles, EFFECTIVE)).toEqual(expected)
  })

  it('is refused for everybody while reveals are paused, and says no more to who may not ask', () => {
    expect(mayAskFor(CARD_FIELD, ['frontline'], PAUSED)).toEqual(no('reveals_paused'))
    expect(mayAskFor(CARD_FIELD, ['compliance'], PAUSED)).toEqual(no('role_not_permitted'))
    expect(mayAskFor(NOTE_FIELD, ['compliance'], PAUSED)).toEqual(no('field_not_visible'))
  })
})

describe('taking a value in', () => {
  const rows: [Role[], (typeof PROTECTIONS)[number], object][] = [
    [['frontline'], 'vaulted', YES],
    [['lead'], 'vaulted', YES],
    [['compliance'], 'vaulted', no('role_not_permitted')],
    [['administrator'], 'vaulted', no('role_not_permitted')],
    [[], 'vaulted', no('role_not_permitted')],
    [['frontline'], 'hidden', no('field_type_unsupported')],
    [['frontline'], 'destroyed', no('field_type_unsupported')],
  ]
  it.each(rows)('as %j into a %s field', (roles, protection, expected) => {
    expect(mayTakeIn({ ...CARD_FIELD, protection }, roles, POLICY)).toEqual(expected)
  })

  it('goes on while reveals are paused', () => {
    expect(mayTakeIn(CARD_FIELD, ['frontline'], PAUSED)).toEqual(YES)
  })
})

describe('asking on a ticket', () => {
  const none: Policy = {
    ...POLICY,
    reasons: POLICY.reasons.map((reason) => ({ ...reason, isForSolvedTickets: false })),
  }
  const rows: [Ticket['status'], string | null, Policy, object][] = [
    ['new', 'refund', POLICY, YES],
    ['open', 'refund', POLICY, YES],
    ['pending', null, POLICY, YES],
    ['hold', 'legal', POLICY, YES],
    ['solved', 'legal', POLICY, YES],
    ['closed', 'legal', POLICY, YES],
    ['solved', null, POLICY, YES],
    ['solved', 'refund', POLICY, no('ticket_solved')],
    ['closed', 'other', POLICY, no('ticket_solved')],
    ['solved', 'unknown', POLICY, no('ticket_solved')],
    ['solved', null, none, no('ticket_solved')],
    ['solved', 'legal', none, no('ticket_solved')],
  ]
  it.each(rows)('that is %s for %j', (status, reasonCode, policy, expected) => {
    expect(mayAskOnTicket({ ...TICKET, status }, reasonCode, policy)).toEqual(expected)
  })
})

/** Whether distinct people can be found for every seat, tried out in every way. */
function isPassable(
  levels: readonly ApprovalLevel[],
  people: readonly { id: number; roles: readonly Role[] }[],
): boolean {
  const [seat, ...seats] = levels.flatMap((level) =>
    Array.from({ length: level.count }, () => ({ ...level, count: 1 })),
  )
  if (seat === undefined) return true
  return people.some(
    (person) =>
      seat.roles.some((role) => person.roles.includes(role)) &&
      isPassable(
        seats,
        people.filter((other) => other.id !== person.id),
      ),
  )
}

const anyApprovers = fc.array(fc.record({ id: fc.integer({ min: 1, max: 5 }), roles: anyRoles }), {
  maxLength: 6,
})

describe('the levels that a request passes', () => {
  const twoLeads: ApprovalLevel = gate(2, ['lead'])
  const compliance: ApprovalLevel = gate(1, ['compliance'])
  const leadOrCompliance: ApprovalLevel = gate(1, ['lead', 'compliance'])
  const graded: Policy = {
    ...POLICY,
    approval: {
      confidential: [leadOrCompliance],
      restricted: [ONE_LEAD],
      secret: [ONE_LEAD, compliance],
    },
  }
  const inverted: Policy = {
    ...POLICY,
    approval: { confidential: [twoLeads, compliance], restricted: [ONE_LEAD], secret: [ONE_LEAD] },
  }
  const rows: [string, (typeof CARD_FIELD)[], Policy, ApprovalLevel[]][] = [
    ['one field takes those of its class', [PHONE_FIELD], graded, [leadOrCompliance]],
    ['the most sensitive field decides', [PHONE_FIELD, CARD_FIELD], graded, [ONE_LEAD]],
    ['in any order', [NOTE_FIELD, PHONE_FIELD], graded, [ONE_LEAD, compliance]],
    [
      'a less sensitive class that demands more keeps its demand',
      [PHONE_FIELD, CARD_FIELD],
      inverted,
      [ONE_LEAD, twoLeads, compliance],
    ],
    ['no field at all takes those of secret', [], graded, [ONE_LEAD, compliance]],
  ]
  it.each(rows)('%s', (_, fields, policy, expected) => {
    expect(approvalLevels(fields, policy)).toEqual(expected)
  })

  it('are one lead for any fields under the default policy', () => {
    fc.assert(
      fc.property(fc.subarray(POLICY.fields), (fields) => {
        expect(approvalLevels(fields, POLICY)).toEqual([ONE_LEAD])
      }),
    )
  })

  it('never let fields through together that would not pass one by one', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.subarray(POLICY.fields, { minLength: 1 }),
        anyApprovers,
        (policy, fields, approvers) => {
          fc.pre(openLevel(approvalLevels(fields, policy), approvers, policy) === null)
          const people = approvers.filter(
            (person, at) => approvers.findIndex((other) => other.id === person.id) === at,
          )
          for (const field of fields) {
            expect(isPassable(policy.approval[field.sensitivityClass], people)).toBe(true)
          }
        },
      ),
    )
  })

  it('leave the policy as it was', () => {
    const before = structuredClone(inverted)
    approvalLevels([PHONE_FIELD, CARD_FIELD, NOTE_FIELD], inverted)
    expect(inverted).toEqual(before)
  })
})

describe('the level that is open', () => {
  const two: ApprovalLevel = gate(2, ['lead'])
  const compliance: ApprovalLevel = gate(1, ['compliance'])
  const either: ApprovalLevel = gate(1, ['lead', 'compliance'])
  const omar = { id: 104, email: 'omar@example.com', roles: ['frontline', 'lead'] as Role[] }
  const lena = { id: 105, email: 'lena@example.com', roles: ['frontline', 'lead'] as Role[] }
  const ingrid = { id: 106, email: null, roles: ['compliance'] as Role[] }
  const both = { id: 108, email: null, roles: ['lead', 'compliance'] as Role[] }
  const rows: [string, ApprovalLevel[], { id: number; roles: Role[] }[], ApprovalLevel | null][] = [
    ['is the first when nobody has approved', [ONE_LEAD, compliance], [], ONE_LEAD],
    ['is none when one lead was asked for and one approved', [ONE_LEAD], [omar], null],
    ['is the same after one of two', [two], [omar], two],
    ['is none after two of two', [two], [omar, lena], null],
    ['is the same when one person approves twice', [two], [omar, omar], two],
    [
      'is the same when one human approves as two users with one address',
      [two],
      [omar, { ...lena, email: 'Omar@example.com' }],
      two,
    ],
    ['is the next after the first', [ONE_LEAD, compliance], [omar], compliance],
    ['is none after both', [ONE_LEAD, compliance], [omar, ingrid], null],
    ['counts a person once over levels', [ONE_LEAD, compliance], [both], compliance],
    ['counts a person once over equal levels', [ONE_LEAD, ONE_LEAD], [omar], ONE_LEAD],
    ['ignores who holds no role of the level', [ONE_LEAD], [ingrid], ONE_LEAD],
    ['ignores who lost the role since', [ONE_LEAD], [{ ...omar, roles: [] }], ONE_LEAD],
    ['takes either role where either is listed', [either], [ingrid], null],
    ['is none where no level is', [], [], null],
  ]
  it.each(rows)('%s', (_, levels, approvers, expected) => {
    expect(openLevel(levels, approvers, POLICY)).toEqual(expected)
  })

  it('is never none unless distinct people fill every seat', () => {
    fc.assert(
      fc.property(anyLevels, anyApprovers, (levels, approvers) => {
        fc.pre(openLevel(levels, approvers, POLICY) === null)
        const people = approvers.filter(
          (person, at) => approvers.findIndex((other) => other.id === person.id) === at,
        )
        expect(isPassable(levels, people)).toBe(true)
        const seats = levels.reduce((sum, level) => sum + level.count, 0)
        expect(new Set(approvers.map((approver) => approver.id)).size).toBeGreaterThanOrEqual(seats)
      }),
    )
  })
})

describe('whether every level can be passed', () => {
  const TWO_LEADS: ApprovalLevel[] = [gate(2, ['lead'])]

  it('sees who has to stand where nobody else can', () => {
    const both = { id: 108, roles: ['lead', 'compliance'] as Role[] }
    const lead = { id: 104, roles: ['lead'] as Role[] }
    const levels: ApprovalLevel[] = [ONE_LEAD, gate(1, ['compliance'])]
    expect(canPassAll(levels, [both, lead], POLICY)).toBe(true)
    expect(canPassAll(levels, [both], POLICY)).toBe(false)
    expect(canPassAll(levels, [lead, { ...lead, id: 105 }], POLICY)).toBe(false)
  })

  it('counts two users with one address as one person', () => {
    const omar = { id: 104, email: 'omar@example.com', roles: ['lead'] as Role[] }
    const twin = { ...omar, id: 904, email: 'Omar@example.com' }
    expect(canPassAll(TWO_LEADS, [omar, twin], POLICY)).toBe(false)
  })

  it('counts two users whom policy pairs as one person', () => {
    const omar = { id: 104, roles: ['lead'] as Role[] }
    const twin = { ...omar, id: 904 }
    expect(canPassAll(TWO_LEADS, [omar, twin], POLICY)).toBe(true)
    const paired: Policy = { ...POLICY, samePerson: [[904, 104]] }
    expect(canPassAll(TWO_LEADS, [omar, twin], paired)).toBe(false)
    expect(openLevel(TWO_LEADS, [omar, twin], paired)).toEqual(TWO_LEADS[0])
  })

  it('is the same as trying everybody at every seat', () => {
    fc.assert(
      fc.property(anyLevels, anyApprovers, (levels, approvers) => {
        const people = approvers.filter(
          (person, at) => approvers.findIndex((other) => other.id === person.id) === at,
        )
        expect(canPassAll(levels, people, POLICY)).toBe(isPassable(levels, people))
      }),
    )
  })
})

describe('deciding on a request', () => {
  const twin: Person = { ...OMAR, id: 904, email: 'Omar.Haddad@Example.com' }
  const rows: [string, Person, Person, object][] = [
    ['a lead on an agent', OMAR, MAYA, YES],
    ['a lead on another lead', LENA, OMAR, YES],
    ['a lead on themselves', OMAR, OMAR, no('self_approval')],
    ['a lead on their own second user', OMAR, twin, no('self_approval')],
    ['a second user on the lead whose address it has', twin, OMAR, no('self_approval')],
    ['an agent on themselves', MAYA, MAYA, no('self_approval')],
    ['an agent on another agent', MAYA, LENA, no('approver_not_eligible')],
    ['compliance', INGRID, MAYA, no('approver_not_eligible')],
    ['an administrator', SAM, MAYA, no('approver_not_eligible')],
    ['an administrator who leads, too', { ...SAM, groupIds: [LEADS] }, MAYA, YES],
    [
      'a customer in the group',
      { ...HARRIET, groupIds: [LEADS] },
      MAYA,
      no('approver_not_eligible'),
    ],
    ['a suspended lead', { ...OMAR, isSuspended: true }, MAYA, no('approver_not_eligible')],
    ['a deleted lead', { ...OMAR, isActive: false }, MAYA, no('approver_not_eligible')],
    ['a lead without an address', { ...OMAR, email: null }, { ...MAYA, email: null }, YES],
  ]
  it.each(rows)('%s', (_, approver, requester, expected) => {
    expect(mayDecide(approver, requester, ONE_LEAD, POLICY)).toEqual(expected)
  })

  const anyPerson: fc.Arbitrary<Person> = fc
    .record({
      id: fc.integer({ min: 1, max: 9 }),
      email: fc.constantFrom(null, 'a@example.com', 'A@Example.com', 'b@example.com'),
      zendeskRole: fc.constantFrom('agent' as const, 'admin' as const),
      groupIds: fc.subarray([LEADS, COMPLIANCE]),
    })
    .map((part) => ({ ...MAYA, ...part }))

  it('is nobody’s right on their own request, whatever roles, groups and levels there are', () => {
    fc.assert(
      fc.property(anyPolicy, anyPerson, anyLevels, (policy, person, levels) => {
        for (const level of levels) {
          expect(mayDecide(person, person, level, policy)).toEqual(no('self_approval'))
          const named = { ...person, email: person.email ?? 'c@example.com' }
          const secondUser = { id: person.id + 100, email: named.email }
          expect(mayDecide(named, secondUser, level, policy)).toEqual(no('self_approval'))
        }
      }),
    )
  })

  it('is the right of exactly the eligible approvers, never of the requester or their twin', () => {
    expect(eligibleApprovers([MAYA, OMAR, LENA, INGRID, SAM], MAYA, ONE_LEAD, POLICY)).toEqual([
      OMAR,
      LENA,
    ])
    expect(eligibleApprovers([OMAR, twin, LENA], OMAR, ONE_LEAD, POLICY)).toEqual([LENA])
    expect(eligibleApprovers([OMAR, twin], OMAR, ONE_LEAD, POLICY)).toEqual([])
    fc.assert(
      fc.property(fc.array(anyPerson), anyPerson, anyLevels, (people, requester, levels) => {
        for (const level of levels) {
          const eligible = eligibleApprovers(people, requester, level, POLICY)
          for (const person of people) {
            const verdict = mayDecide(person, requester, level, POLICY)
            expect(eligible.includes(person)).toBe(verdict.allowed)
          }
          expect(eligible.some((person) => person.id === requester.id)).toBe(false)
        }
      }),
    )
  })
})

describe('reading the log and ending grants', () => {
  it.each([
    [['compliance'], true],
    [['lead'], true],
    [['frontline', 'lead'], true],
    [['frontline'], false],
    [['administrator'], false],
    [[], false],
  ] as [Role[], boolean][])('as %j is allowed: %j', (roles, expected) => {
    expect(mayReadAuditLog(roles)).toEqual(expected ? YES : no('role_not_permitted'))
    expect(mayRevoke(roles)).toEqual(expected ? YES : no('role_not_permitted'))
  })

  it('is decided for every role', () => {
    for (const role of ROLES) {
      expect(mayRevoke([role]).allowed).toBe(role === 'lead' || role === 'compliance')
    }
  })
})
