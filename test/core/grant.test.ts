import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  displayEnd,
  grantEnd,
  grantStateAt,
  grantVerdict,
  secondsUntil,
} from '../../src/core/grant.ts'
import type { GrantState } from '../../src/core/grant.ts'

const START = new Date('2026-03-02T09:00:00.000Z')
const END = new Date('2026-03-02T09:15:00.000Z')
const at = (time: string) => new Date(`2026-03-02T${time}Z`)
const NO_INSTANT = new Date(Number.NaN)
const ENDED: readonly GrantState[] = ['expired', 'exhausted', 'released', 'revoked', 'ended']

const instant = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2040-01-01T00:00:00Z'),
  noInvalidDate: true,
})

describe('a grant of fifteen minutes from nine', () => {
  const instants: [string, GrantState][] = [
    ['08:59:59.999', 'active'],
    ['09:00:00.000', 'active'],
    ['09:14:59.999', 'active'],
    ['09:15:00.000', 'expired'],
    ['09:15:00.001', 'expired'],
    ['23:59:59.999', 'expired'],
  ]
  it.each(instants)('is at %s %s', (time, expected) => {
    const grant = { state: 'active' as const, expiresAt: grantEnd(START, 15) }
    expect(grantStateAt(grant, at(time))).toBe(expected)
    expect(grantVerdict(grant, at(time))).toEqual(
      expected === 'active' ? { allowed: true } : { allowed: false, code: 'grant_expired' },
    )
  })

  it('ends fifteen minutes after its start', () => {
    expect(grantEnd(START, 15)).toEqual(END)
  })

  it('stays what ended it, before its time and after', () => {
    for (const state of ENDED) {
      for (const time of ['09:01:00.000', '09:15:00.000', '11:00:00.000']) {
        const grant = { state, expiresAt: END }
        expect(grantStateAt(grant, at(time))).toBe(state)
        expect(grantVerdict(grant, at(time))).toEqual({ allowed: false, code: `grant_${state}` })
      }
    }
  })

  it('is dead when its end or the clock is no instant at all', () => {
    expect(grantStateAt({ state: 'active', expiresAt: NO_INSTANT }, START)).toBe('expired')
    expect(grantStateAt({ state: 'active', expiresAt: END }, NO_INSTANT)).toBe('expired')
    expect(
      grantVerdict({ state: 'active', expiresAt: grantEnd(START, Number.NaN) }, START),
    ).toEqual({ allowed: false, code: 'grant_expired' })
  })
})

describe('a value on screen', () => {
  const shown: [string, number, string][] = [
    ['09:00:00.000', 60, '09:01:00.000'],
    ['09:13:59.000', 60, '09:14:59.000'],
    ['09:14:00.000', 60, '09:15:00.000'],
    ['09:14:30.000', 60, '09:15:00.000'],
    ['09:14:59.999', 120, '09:15:00.000'],
  ]
  it.each(shown)('shown at %s for %i seconds goes at %s', (from, seconds, until) => {
    expect(displayEnd(at(from), seconds, END)).toEqual(at(until))
  })

  it('never stays beyond its grant, nor longer than its display time', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 600 }), instant, (shownAt, seconds, end) => {
        const until = displayEnd(shownAt, seconds, end).getTime()
        expect(until).toBeLessThanOrEqual(end.getTime())
        expect(until).toBeLessThanOrEqual(shownAt.getTime() + seconds * 1000)
      }),
    )
  })
})

describe('the seconds that are left', () => {
  const left: [string, number][] = [
    ['09:14:00.000', 60],
    ['09:14:00.001', 59],
    ['09:14:59.001', 0],
    ['09:15:00.000', 0],
    ['10:00:00.000', 0],
  ]
  it.each(left)('at %s are %i', (time, expected) => {
    expect(secondsUntil(END, at(time))).toBe(expected)
  })

  it('are whole, never negative, and never more than there are', () => {
    fc.assert(
      fc.property(instant, instant, (end, now) => {
        const seconds = secondsUntil(end, now)
        expect(Number.isInteger(seconds)).toBe(true)
        expect(seconds).toBeGreaterThanOrEqual(0)
        expect(seconds * 1000).toBeLessThanOrEqual(Math.max(0, end.getTime() - now.getTime()))
      }),
    )
  })

  it('are none when the end is no instant', () => {
    expect(secondsUntil(NO_INSTANT, START)).toBe(0)
    expect(secondsUntil(END, NO_INSTANT)).toBe(0)
  })
})
