import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person } from '../../src/core/person.ts'
import {
  approverOf,
  canPassAll,
  decidingPower,
  groupsOf,
  holdsApprovingPower,
  isAtLeast,
  isOfUse,
  levelsPassed,
  mayDecide,
  openLevel,
  withNextCircle,
} from '../../src/core/policy-decision.ts'
import type { Approver } from '../../src/core/policy-decision.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import type { Role } from '../../src/core/role.ts'
import {
  BILLING,
  COMPLIANCE,
  HARRIET,
  INGRID,
  LEADS,
  LENA,
  MAYA,
  OMAR,
  POLICY,
  anyLevels,
  gate,
} from './people-and-policy.ts'

const FRAUD = 210
const LEAD = gate(1, ['lead'])
const TWO_LEADS = gate(2, ['lead'])
const OFFICER = gate(1, ['compliance'])
const FRAUD_DESK = gate(1, [], { groupIds: [FRAUD] })
const LATE_LEAD = gate(1, ['lead'], {
  slaMinutes: 30,
  escalatesTo: { roles: ['compliance'], groupIds: [] },
})

const is = (id: number, roles: Role[], groupIds: number[] = []): Approver => ({
  id,
  roles,
  groupIds,
})
const omar = is(104, ['lead'])
const lena = is(105, ['lead'])
const ingrid = is(106, ['compliance'])
const both = is(108, ['lead', 'compliance'])
const fraud = is(109, ['frontline'], [FRAUD])

describe('levels of roles or groups', () => {
  const rows: [string, ApprovalLevel[], Approver[], ApprovalLevel | null][] = [
    ['a group’s level is passed by its member', [FRAUD_DESK], [fraud], null],
    ['and by no role', [FRAUD_DESK], [omar], FRAUD_DESK],
    ['nor by another group', [FRAUD_DESK], [is(110, ['lead'], [FRAUD + 1])], FRAUD_DESK],
    ['either passes a level of both', [gate(1, ['lead'], { groupIds: [FRAUD] })], [fraud], null],
    [
      'whoever stands for both is one of the two that it takes',
      [gate(2, ['lead'], { groupIds: [FRAUD] })],
      [is(111, ['lead'], [FRAUD])],
      gate(2, ['lead'], { groupIds: [FRAUD] }),
    ],
    ['whoever came first may stand behind', [LEAD, OFFICER], [both, omar], null],
    ['in either order', [OFFICER, LEAD], [both, omar], null],
    ['and alone stands in front', [LEAD, OFFICER], [both], OFFICER],
    ['one who stands nowhere helps nobody', [LEAD, OFFICER], [fraud, both], OFFICER],
    ['the next circle’s do not count by themselves', [LATE_LEAD], [ingrid], LATE_LEAD],
    [
      'they do once the level opened to them',
      [LATE_LEAD],
      [{ ...ingrid, isOfNextCircle: true }],
      null,
    ],
  ]
  it.each(rows)('%s', (_, levels, approvers, expected) => {
    expect(openLevel(levels, approvers, POLICY)).toEqual(expected)
  })

  it('counts the levels that are passed', () => {
    expect(levelsPassed([LEAD, OFFICER], [], POLICY)).toBe(0)
    expect(levelsPassed([TWO_LEADS, OFFICER], [omar], POLICY)).toBe(0)
    expect(levelsPassed([TWO_LEADS, OFFICER], [omar, lena], POLICY)).toBe(1)
    expect(levelsPassed([TWO_LEADS, OFFICER], [omar, lena, ingrid], POLICY)).toBe(2)
  })

  it('knows a group by its id: one of the same name, or inside of it, is another group', () => {
    const namesake: Person = { ...MAYA, groupIds: [BILLING, FRAUD + 1] }
    expect(mayDecide(namesake, LENA, FRAUD_DESK, POLICY).allowed).toBe(false)
    expect(mayDecide({ ...MAYA, groupIds: [FRAUD] }, LENA, FRAUD_DESK, POLICY).allowed).toBe(true)
  })

  it.each([
    ['a suspended member', { isSuspended: true }],
    ['a deleted member', { isActive: false }],
    ['a customer in it', { zendeskRole: 'end-user' as const }],
    ['a member whom nobody has confirmed', { waitingPowers: [`group_${FRAUD}`] }],
  ])('%s of a group has no power by it', (_, change) => {
    const person = { ...MAYA, groupIds: [FRAUD], ...change }
    expect(groupsOf(person)).not.toContain(FRAUD)
    expect(mayDecide(person, LENA, FRAUD_DESK, POLICY).allowed).toBe(false)
  })
})

describe('lent power', () => {
  const lent = (by: Approver, from: Approver): Approver => ({
    ...from,
    id: by.id,
    onBehalfOf: { id: from.id },
  })

  it('uses up whoever lends and whoever decides', () => {
    const forOmar = lent(fraud, omar)
    expect(openLevel([LEAD], [forOmar], POLICY)).toBeNull()
    expect(openLevel([TWO_LEADS], [forOmar, omar], POLICY)).toBe(TWO_LEADS)
    expect(openLevel([TWO_LEADS], [omar, forOmar], POLICY)).toBe(TWO_LEADS)
    expect(openLevel([LEAD, FRAUD_DESK], [forOmar, fraud], POLICY)).toBe(FRAUD_DESK)
    expect(openLevel([TWO_LEADS], [forOmar, lena], POLICY)).toBeNull()
  })

  it('is used once, whoever of two delegates decides', () => {
    const other = is(112, ['frontline'])
    expect(openLevel([TWO_LEADS], [lent(fraud, omar), lent(other, omar)], POLICY)).toBe(TWO_LEADS)
  })

  it('knows one human being in two users on either side of it', () => {
    const paired: Policy = { ...POLICY, samePerson: [[104, 105]] }
    expect(openLevel([TWO_LEADS], [lent(fraud, omar), lena], paired)).toBe(TWO_LEADS)
  })
})

describe('with which power somebody decides', () => {
  const asked = (levels: ApprovalLevel[], approvers: Approver[] = []) => ({
    requester: MAYA,
    levels,
    approvers,
  })
  const deciding = (powers: Approver[], request: ReturnType<typeof asked>) =>
    decidingPower(powers, request, POLICY)
  const no = (code: string) => ({ allowed: false, code })

  it('their own before a lent one', () => {
    const forOmar = { ...omar, id: 105, onBehalfOf: { id: 104 } }
    expect(deciding([lena, forOmar], asked([LEAD]))).toEqual({ allowed: true, power: lena })
    expect(deciding([is(105, []), forOmar], asked([LEAD]))).toEqual({
      allowed: true,
      power: forOmar,
    })
  })

  it('never on their own request, nor for its requester', () => {
    const maya = approverOf({ ...MAYA, groupIds: [LEADS] }, POLICY)
    expect(deciding([maya], asked([LEAD]))).toEqual(no('self_approval'))
    const forOmar = { ...omar, id: MAYA.id, onBehalfOf: { id: 104 } }
    expect(deciding([maya, forOmar], asked([LEAD]))).toEqual(no('self_approval'))
    const forMaya = { ...omar, id: 112, onBehalfOf: { id: MAYA.id, email: MAYA.email } }
    expect(deciding([is(112, ['frontline']), forMaya], asked([LEAD])).allowed).toBe(false)
  })

  it('not twice, by either of the two people', () => {
    const forOmar = { ...omar, id: 109, onBehalfOf: { id: 104 } }
    expect(deciding([omar], asked([TWO_LEADS], [omar]))).toEqual(no('decision_exists'))
    expect(deciding([omar], asked([TWO_LEADS], [forOmar]))).toEqual(no('decision_exists'))
    expect(deciding([fraud, forOmar], asked([TWO_LEADS], [omar]))).toEqual(no('decision_exists'))
  })

  it('not where the level that waits is not theirs', () => {
    expect(deciding([ingrid], asked([LEAD, OFFICER]))).toEqual(no('approver_not_eligible'))
    expect(deciding([lena], asked([LEAD, OFFICER], [omar]))).toEqual(no('approver_not_eligible'))
    expect(deciding([ingrid], asked([LEAD, OFFICER], [omar])).allowed).toBe(true)
  })

  it('where somebody who approved can move up for them', () => {
    expect(deciding([omar], asked([LEAD, OFFICER], [both])).allowed).toBe(true)
    expect(deciding([ingrid], asked([LEAD, OFFICER], [both])).allowed).toBe(true)
  })

  it('any approver’s, once policy asks for less than was given', () => {
    expect(deciding([lena], asked([LEAD], [omar])).allowed).toBe(true)
    expect(deciding([omar], asked([LEAD], [omar]))).toEqual(no('decision_exists'))
    expect(deciding([ingrid], asked([LEAD], [omar]))).toEqual(no('approver_not_eligible'))
  })

  it('is held by whoever opens some gate, be it as the next circle', () => {
    const policy = { ...POLICY, approval: { ...POLICY.approval, secret: [LATE_LEAD, FRAUD_DESK] } }
    expect(holdsApprovingPower(approverOf(OMAR, policy), policy)).toBe(true)
    expect(holdsApprovingPower(approverOf(INGRID, policy), policy)).toBe(true)
    expect(holdsApprovingPower(approverOf(INGRID, POLICY), POLICY)).toBe(false)
    expect(holdsApprovingPower(approverOf(MAYA, policy), policy)).toBe(false)
    expect(holdsApprovingPower({ ...fraud }, policy)).toBe(true)
    expect(holdsApprovingPower(approverOf(HARRIET, policy), policy)).toBe(false)
  })
})

describe('a level next to another', () => {
  const late = (slaMinutes: number, roles: Role[]): ApprovalLevel =>
    gate(1, ['lead'], { slaMinutes, escalatesTo: { roles, groupIds: [] } })
  const rows: [string, ApprovalLevel, ApprovalLevel, boolean][] = [
    ['asks no less than itself', LEAD, LEAD, true],
    ['of more people asks more', TWO_LEADS, LEAD, true],
    ['of fewer people asks less', LEAD, TWO_LEADS, false],
    ['of a group asks what no role does', FRAUD_DESK, LEAD, false],
    [
      'of one group asks more than of two',
      FRAUD_DESK,
      gate(1, [], { groupIds: [FRAUD, LEADS] }),
      true,
    ],
    ['that escalates asks less than one that does not', LATE_LEAD, LEAD, false],
    ['that never escalates asks more', LEAD, LATE_LEAD, true],
    ['that escalates sooner asks less', late(10, ['compliance']), LATE_LEAD, false],
    ['that escalates later asks more', late(60, ['compliance']), LATE_LEAD, true],
    [
      'that escalates to more people asks less',
      late(60, ['compliance', 'frontline']),
      LATE_LEAD,
      false,
    ],
  ]
  it.each(rows)('%s', (_, level, other, expected) => {
    expect(isAtLeast(level, other)).toBe(expected)
  })

  it('is opened to its next circle besides its own people', () => {
    expect(withNextCircle(LATE_LEAD).roles).toEqual(['lead', 'compliance'])
    expect(withNextCircle(LEAD)).toBe(LEAD)
  })
})

const anyApprover: fc.Arbitrary<Approver> = fc.record({
  id: fc.integer({ min: 1, max: 7 }),
  roles: fc.subarray<Role>(['frontline', 'lead', 'compliance']),
  groupIds: fc.subarray([BILLING, LEADS, COMPLIANCE]),
  onBehalfOf: fc.option(fc.record({ id: fc.integer({ min: 1, max: 7 }) }), { freq: 4 }),
  isOfNextCircle: fc.boolean(),
})
const anyApprovers = fc.array(anyApprover, { maxLength: 6 })

describe('whatever levels and approvals there are', () => {
  it('order makes no difference, as long as no human being approves twice', () => {
    const distinct = fc.uniqueArray(anyApprover, { selector: ({ id }) => id, maxLength: 6 })
    fc.assert(
      fc.property(anyLevels, distinct, fc.func(fc.nat()), (levels, approvers, order) => {
        const own = approvers.map((one) => ({ ...one, onBehalfOf: null }))
        const other = own.toSorted((a, b) => order(a.id) - order(b.id))
        expect(levelsPassed(levels, other, POLICY)).toBe(levelsPassed(levels, own, POLICY))
      }),
    )
  })

  it('an approval never closes what was open, nor opens what was passed', () => {
    fc.assert(
      fc.property(anyLevels, anyApprovers, anyApprover, (levels, approvers, next) => {
        const before = levelsPassed(levels, approvers, POLICY)
        const after = levelsPassed(levels, [...approvers, next], POLICY)
        expect(after).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  it('while a request waits and enough people are there, one of them can give the next approval', () => {
    fc.assert(
      fc.property(anyLevels, anyApprovers, fc.nat(), (levels, people, pick) => {
        const own = people
          .map((one) => ({ ...one, onBehalfOf: null }))
          .filter((one, at, all) => all.findIndex(({ id }) => id === one.id) === at)
        fc.pre(canPassAll(levels, own, POLICY))
        // Approvals as they come in: each of use when it was given.
        const approvers: Approver[] = []
        for (let turn = 0; openLevel(levels, approvers, POLICY) !== null; turn += 1) {
          const able = own.filter((one) => isOfUse(levels, approvers, one, POLICY))
          expect(able.length).toBeGreaterThan(0)
          const next = able[(pick + turn) % able.length]
          if (next !== undefined) approvers.push(next)
        }
        const seats = levels.reduce((sum, { count }) => sum + count, 0)
        expect(approvers).toHaveLength(seats)
      }),
    )
  })

  it('nobody decides who has a part in an approval already, or is the requester', () => {
    fc.assert(
      fc.property(anyLevels, anyApprovers, anyApprover, (levels, approvers, power) => {
        const requester = { ...MAYA, id: 7, email: null }
        const verdict = decidingPower([power], { requester, levels, approvers }, POLICY)
        fc.pre(verdict.allowed)
        const idsIn = ({ id, onBehalfOf }: Approver) => [id, ...(onBehalfOf ? [onBehalfOf.id] : [])]
        const used = [requester.id, ...approvers.flatMap(idsIn)]
        for (const id of idsIn(power)) expect(used).not.toContain(id)
      }),
    )
  })
})
