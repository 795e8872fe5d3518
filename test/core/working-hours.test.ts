/** Duty by weekly hours: nights, weekends, holidays, and the two nights a year that are no 24 hours. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDutyMinutes, isWithin, nextOnDuty, workingHours } from '../../src/core/working-hours.ts'
import type { WorkingHours } from '../../src/core/working-hours.ts'

const WEEKDAYS = [1, 2, 3, 4, 5]
const BERLIN: WorkingHours = workingHours.parse({
  timeZone: 'Europe/Berlin',
  weekly: [{ days: WEEKDAYS, from: '09:00', to: '17:30' }],
  holidays: ['2026-12-25'],
})
const NIGHT: WorkingHours = workingHours.parse({
  timeZone: 'America/New_York',
  weekly: [{ days: [5, 6, 7], from: '22:00', to: '06:00' }],
})
const ALWAYS: WorkingHours = workingHours.parse({
  timeZone: 'UTC',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }],
})

const at = (instant: string) => new Date(instant)
const iso = (date: Date | null) => date?.toISOString() ?? null

describe('on duty', () => {
  test.each([
    ['on a Monday morning', BERLIN, '2026-11-23T08:00:00Z', true],
    ['not a second before nine', BERLIN, '2026-11-23T07:59:59.999Z', false],
    ['not at the last instant', BERLIN, '2026-11-23T16:30:00Z', false],
    ['not on a Sunday', BERLIN, '2026-11-22T12:00:00Z', false],
    ['not on a holiday', BERLIN, '2026-12-25T12:00:00Z', false],
    ['an hour earlier by the sun in summer', BERLIN, '2026-07-01T07:00:00Z', true],
    ['on Saturday morning at the end of Friday’s night', NIGHT, '2026-11-21T10:59:00Z', true],
    ['not after it', NIGHT, '2026-11-21T11:00:00Z', false],
    ['on Monday morning at the end of Sunday’s night', NIGHT, '2026-11-23T08:00:00Z', true],
    ['round the clock', ALWAYS, '2026-11-22T00:00:00Z', true],
  ])('%s', (_, hours, instant, expected) => {
    expect(isWithin(hours, at(instant))).toBe(expected)
  })
})

describe('the next time on duty', () => {
  test.each([
    ['is now while on duty', BERLIN, '2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'],
    ['is the next morning', BERLIN, '2026-11-23T20:00:00Z', '2026-11-24T08:00:00.000Z'],
    ['is Monday from Friday night', BERLIN, '2026-11-20T17:00:00Z', '2026-11-23T08:00:00.000Z'],
    [
      'leaves out the holiday and the weekend behind it',
      BERLIN,
      '2026-12-24T20:00:00Z',
      '2026-12-28T08:00:00.000Z',
    ],
    [
      'is an hour earlier once clocks are put forward',
      BERLIN,
      '2026-03-27T18:00:00Z',
      '2026-03-30T07:00:00.000Z',
    ],
  ])('%s', (_, hours, instant, expected) => {
    expect(iso(nextOnDuty(hours, at(instant)))).toBe(expected)
  })

  test('never comes when every day is a holiday', () => {
    const days = Array.from({ length: 400 }, (_, day) =>
      new Date(Date.UTC(2026, 10, 20 + day)).toISOString().slice(0, 10),
    )
    const closed = workingHours.parse({ ...BERLIN, holidays: days })
    expect(nextOnDuty(closed, at('2026-11-23T10:00:00Z'))).toBeNull()
    expect(addDutyMinutes(closed, at('2026-11-23T10:00:00Z'), 10)).toBeNull()
  })
})

describe('minutes of duty', () => {
  test.each([
    ['pass within a day', BERLIN, '2026-11-23T09:00:00Z', 60, '2026-11-23T10:00:00.000Z'],
    ['stand still at night', BERLIN, '2026-11-23T16:00:00Z', 60, '2026-11-24T08:30:00.000Z'],
    ['stand still from Friday on', BERLIN, '2026-11-20T16:00:00Z', 60, '2026-11-23T08:30:00.000Z'],
    [
      'end with the shift, not after it',
      BERLIN,
      '2026-11-23T16:00:00Z',
      30,
      '2026-11-23T16:30:00.000Z',
    ],
    [
      'are seven hours in the night that clocks are put forward',
      workingHours.parse({
        timeZone: 'Europe/Berlin',
        weekly: [{ days: [6], from: '22:00', to: '06:00' }],
      }),
      '2026-03-28T21:00:00Z',
      7 * 60,
      '2026-03-29T04:00:00.000Z',
    ],
    [
      'run through shifts that touch',
      workingHours.parse({
        timeZone: 'UTC',
        weekly: [
          { days: [1], from: '08:00', to: '12:00' },
          { days: [1], from: '12:00', to: '16:00' },
          { days: [1], from: '10:00', to: '13:00' },
        ],
      }),
      '2026-11-23T08:00:00Z',
      8 * 60,
      '2026-11-23T16:00:00.000Z',
    ],
  ])('%s', (_, hours, start, minutes, expected) => {
    expect(iso(addDutyMinutes(hours, at(start), minutes))).toBe(expected)
  })

  test('are as many as one counts by looking at the clock', () => {
    const hours = fc.constantFrom(BERLIN, NIGHT, ALWAYS)
    const start = fc.integer({ min: Date.UTC(2026, 2, 20), max: Date.UTC(2026, 10, 30) })
    fc.assert(
      fc.property(hours, start, fc.integer({ min: 1, max: 300 }), (calendar, from, minutes) => {
        const begin = new Date(Math.floor(from / 60_000) * 60_000)
        const end = addDutyMinutes(calendar, begin, minutes)
        let counted = 0
        for (let minute = begin.getTime(); minute < (end?.getTime() ?? 0); minute += 60_000) {
          if (isWithin(calendar, new Date(minute))) counted += 1
        }
        expect(counted).toBe(minutes)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

describe('hours that are none', () => {
  test.each([
    ['a zone that IANA does not have', { timeZone: 'Europe/Atlantis' }],
    ['an offset, which knows no summer', { timeZone: '+02:00' }],
    ['a time that no clock shows', { weekly: [{ days: [1], from: '25:00', to: '26:00' }] }],
    ['an eighth day', { weekly: [{ days: [8], from: '09:00', to: '17:00' }] }],
    ['no shift at all', { weekly: [] }],
    ['a holiday that no calendar has', { holidays: ['2026-02-30'] }],
    ['a misspelt key', { timezone: 'UTC' }],
  ])('%s', (_, change) => {
    expect(workingHours.safeParse({ ...BERLIN, ...change }).success).toBe(false)
  })
})
