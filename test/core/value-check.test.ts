import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLock, mayTryCheck, missesLeft, withinRate } from '../../src/core/value-check.ts'
import type { CheckHistory } from '../../src/core/value-check.ts'

const NOW = new Date('2026-11-22T10:00:00.000Z')
const LIMITS = {
  perMinute: 10,
  perDay: 60,
  missesPerPerson: 5,
  lockMinutes: 15,
  missesOfAll: 10,
  lockAllMinutes: 60,
}
const ago = (...seconds: number[]) => seconds.map((each) => new Date(NOW.getTime() - each * 1000))
const history = (change: Partial<CheckHistory> = {}): CheckHistory => ({
  mine: [],
  myMisses: [],
  allMisses: [],
  ...change,
})

describe('how often one may try', () => {
  it('nine tries within a minute leave a tenth', () => {
    expect(withinRate(ago(1, 2, 3, 4, 5, 6, 7, 8, 9), LIMITS, NOW)).toEqual({ allowed: true })
  })

  it('ten tries within a minute have to wait until the first of them is a minute old', () => {
    expect(withinRate(ago(1, 2, 3, 4, 5, 6, 7, 8, 9, 50), LIMITS, NOW)).toEqual({
      allowed: false,
      code: 'rate_limited',
      retryAfterSeconds: 10,
    })
  })

  it('sixty tries within a day have to wait until the first of them is a day old', () => {
    const tries = ago(...Array.from({ length: 60 }, (_, at) => 3600 + at * 60))
    expect(withinRate(tries, LIMITS, NOW)).toEqual({
      allowed: false,
      code: 'rate_limited',
      retryAfterSeconds: 24 * 3600 - 3600 - 59 * 60,
    })
  })
})

describe('missing too often', () => {
  it.each([
    ['no miss', [], 5],
    ['one miss', [1], 4],
    ['four misses', [1, 2, 3, 4], 1],
    ['misses of an hour ago', [3600, 3601, 3602, 3603, 3604], 5],
  ])('%s', (_, misses, left) => {
    const some = history({ myMisses: ago(...misses), allMisses: ago(...misses) })
    expect(missesLeft(some, LIMITS, NOW)).toBe(left)
    expect(mayTryCheck(some, LIMITS, NOW)).toEqual({ allowed: true })
  })

  it('five misses within a quarter of an hour lock the value for one, for as long', () => {
    const misses = ago(60, 120, 180, 240, 300)
    const locked = history({ myMisses: misses, allMisses: misses })
    expect(missesLeft(locked, LIMITS, NOW)).toBe(0)
    expect(mayTryCheck(locked, LIMITS, NOW)).toEqual({
      allowed: false,
      code: 'value_check_locked',
      retryAfterSeconds: 14 * 60,
    })
  })

  it('five misses over half an hour lock nothing', () => {
    expect(checkLock({ myMisses: ago(1, 400, 800, 1200, 1600), allMisses: [] }, LIMITS, NOW)).toBe(
      null,
    )
  })

  it('ten misses of several people within an hour lock the value for everybody', () => {
    const allMisses = ago(60, 120, 180, 240, 300, 360, 420, 480, 540, 600)
    expect(checkLock({ myMisses: [], allMisses }, LIMITS, NOW)).toBe(59 * 60)
  })

  it('nobody misses more often than the limits say, whenever they try', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 80 }), (pauses) => {
        let misses: Date[] = []
        let at = NOW
        for (const pause of pauses) {
          at = new Date(at.getTime() + pause * 1000)
          const known = history({ myMisses: misses.slice(0, 5), allMisses: misses.slice(0, 10) })
          if (mayTryCheck(known, LIMITS, at).allowed) misses = [at, ...misses]
        }
        for (const [index, miss] of misses.entries()) {
          const within = (count: number, minutes: number) => {
            const other = misses[index + count]
            return other !== undefined && miss.getTime() - other.getTime() < minutes * 60_000
          }
          expect(within(5, 15)).toBe(false)
          expect(within(10, 60)).toBe(false)
        }
      }),
    )
  })
})
