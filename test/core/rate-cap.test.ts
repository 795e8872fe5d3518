import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cap } from '../../src/core/policy.ts'
import { CAP_DAY_MS, admitReveals, capReached, trippers } from '../../src/core/rate-cap.ts'
import type { CountedReveal } from '../../src/core/rate-cap.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const CAP: Cap = { perHour: 3, perDay: 5, customersPerDay: 2 }
const NO_CAP: Cap = { perHour: null, perDay: null, customersPerDay: null }

const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)
const shown = (customerId: number, ...ages: number[]): CountedReveal[] =>
  ages.map((age) => ({ customerId, at: minutesAgo(age) }))

describe('one more reveal', () => {
  it.each<[string, CountedReveal[], Partial<Cap>, ReturnType<typeof capReached>]>([
    ['is within a cap that nobody came near', [], {}, null],
    ['is within the hour’s cap at one below it', shown(501, 1, 2), {}, null],
    [
      'goes beyond the hour’s cap, until the oldest of the hour is an hour old',
      shown(501, 1, 2, 50),
      {},
      { per: 'hour', limit: 3, retryAfterSeconds: 600 },
    ],
    ['does not count what was an hour ago', shown(501, 1, 2, 60), {}, null],
    [
      'goes beyond the day’s cap, until the oldest of the day is a day old',
      shown(501, 90, 120, 180, 240, 1439),
      {},
      { per: 'day', limit: 5, retryAfterSeconds: 60 },
    ],
    ['does not count what was a day ago', shown(501, 90, 120, 180, 240, 1440), {}, null],
    [
      'for a third customer goes beyond two, until one of them was a day ago',
      [...shown(502, 90, 1000), ...shown(503, 1430)],
      {},
      { per: 'customers', limit: 2, retryAfterSeconds: 600 },
    ],
    [
      'for a customer of today is none more',
      [...shown(501, 90), ...shown(502, 100), ...shown(503, 110)],
      {},
      null,
    ],
    [
      'says the bound that lasts longest',
      [...shown(502, 1, 2, 3), ...shown(503, 100, 200)],
      {},
      { per: 'customers', limit: 2, retryAfterSeconds: 1340 * 60 },
    ],
    ['is bound by nothing that policy leaves open', shown(502, 1, 2, 3, 4, 5, 6), NO_CAP, null],
  ])('%s', (_, reveals, change, expected) => {
    expect(capReached({ ...CAP, ...change }, reveals, 501, NOW)).toEqual(expected)
  })

  it('is bound by nothing without a cap', () => {
    expect(capReached(null, shown(502, 1, 2, 3, 4, 5, 6), 501, NOW)).toBeNull()
  })

  it('for a new customer is allowed when the time that was named has passed, and no sooner', () => {
    const anyReveals = fc.array(
      fc.record({
        customerId: fc.integer({ min: 1, max: 6 }),
        age: fc.integer({ min: 0, max: 2000 }),
      }),
      { maxLength: 40 },
    )
    const anyCap = fc.record<Cap>({
      perHour: fc.option(fc.integer({ min: 1, max: 6 })),
      perDay: fc.option(fc.integer({ min: 1, max: 9 })),
      customersPerDay: fc.option(fc.integer({ min: 1, max: 4 })),
    })
    fc.assert(
      fc.property(anyReveals, anyCap, (list, cap) => {
        const reveals = list.flatMap(({ customerId, age }) => shown(customerId, age))
        const reached = capReached(cap, reveals, 7, NOW)
        if (reached === null) return
        const later = new Date(NOW.getTime() + reached.retryAfterSeconds * 1000)
        expect(capReached(cap, reveals, 7, later)).toBeNull()
        const sooner = new Date(Math.max(NOW.getTime(), later.getTime() - 1000))
        expect(capReached(cap, reveals, 7, sooner)).not.toBeNull()
      }),
    )
  })
})

const MAYA = 101
const TOMAS = 102
const asked = (personId: number, hard: Cap | null, accountPerHour: number | null = null) => ({
  personIds: [personId],
  customerId: 501,
  at: NOW,
  caps: { hard, accountPerHour },
})
const NOTHING = { reveals: [], account: 0, isOpen: false }
const codesOf = (admitted: ReturnType<typeof admitReveals>) =>
  admitted.admissions.map((one) => (one.isAdmitted ? 'shown' : one.code))

describe('reveals that come at once', () => {
  it('are counted one after the other, each person for themselves', () => {
    const cap = { ...NO_CAP, perHour: 2 }
    const all = [MAYA, MAYA, TOMAS, MAYA, TOMAS].map((id) => asked(id, cap))
    const admitted = admitReveals(all, NOTHING)
    expect(codesOf(admitted)).toEqual(['shown', 'shown', 'shown', 'reveal_cap_reached', 'shown'])
    expect(admitted.opensAt).toBeNull()
  })

  it('of two users who are one person count as one person’s', () => {
    const cap = { ...NO_CAP, perHour: 2 }
    const twin = (first: number, second: number) => ({
      ...asked(first, cap),
      personIds: [first, second],
    })
    const admitted = admitReveals([twin(MAYA, 201), twin(201, MAYA), twin(MAYA, 201)], NOTHING)
    expect(codesOf(admitted)).toEqual(['shown', 'shown', 'reveal_cap_reached'])
  })

  it('open the breaker at the account’s bound, and what is beyond is not shown', () => {
    const all = [MAYA, TOMAS, MAYA].map((id) => asked(id, null, 12))
    const admitted = admitReveals(all, { ...NOTHING, account: 10 })
    expect(codesOf(admitted)).toEqual(['shown', 'shown', 'circuit_open'])
    expect(admitted.opensAt).toBe(12)
  })

  it('are refused while the breaker is open, and do not open it again', () => {
    const admitted = admitReveals([asked(MAYA, null, 500)], { ...NOTHING, isOpen: true })
    expect(codesOf(admitted)).toEqual(['circuit_open'])
    expect(admitted.opensAt).toBeNull()
  })

  it('open the breaker when policy’s bound was lowered to what was shown already', () => {
    const admitted = admitReveals([asked(MAYA, null, 5)], { ...NOTHING, account: 9 })
    expect(codesOf(admitted)).toEqual(['circuit_open'])
    expect(admitted.opensAt).toBe(9)
  })

  it('never show more than the cap within any hour or day', () => {
    const cap: Cap = { perHour: 3, perDay: 6, customersPerDay: 2 }
    const anyStep = fc.record({
      customerId: fc.integer({ min: 1, max: 4 }),
      minutes: fc.integer({ min: 0, max: 90 }),
    })
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const reveals: (CountedReveal & { personId: number; customerId: number })[] = []
        let at = NOW.getTime()
        for (const { customerId, minutes } of steps) {
          at += minutes * 60_000
          const one = { ...asked(MAYA, cap), customerId, at: new Date(at) }
          const { admissions } = admitReveals([one], { reveals, account: 0, isOpen: false })
          if (admissions[0]?.isAdmitted === true) {
            reveals.push({ personId: MAYA, customerId, at: new Date(at) })
          }
        }
        for (const { at: end } of reveals) {
          const within = (ms: number) =>
            reveals.filter((one) => one.at <= end && one.at.getTime() > end.getTime() - ms)
          expect(within(60 * 60_000).length).toBeLessThanOrEqual(3)
          expect(within(CAP_DAY_MS).length).toBeLessThanOrEqual(6)
          const customers = new Set(within(CAP_DAY_MS).map(({ customerId }) => customerId))
          expect(customers.size).toBeLessThanOrEqual(2)
        }
      }),
    )
  })
})

describe('who tripped a breaker', () => {
  it('is whoever had most reveals, all of them where several had as many', () => {
    const counts = [
      { personId: MAYA, count: 7 },
      { personId: TOMAS, count: 9 },
      { personId: 103, count: 9 },
    ]
    expect(trippers(counts)).toEqual([TOMAS, 103])
    expect(trippers([])).toEqual([])
  })
})
