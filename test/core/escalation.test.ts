import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterDecidingMinutes,
  afterSteps,
  atNewLevel,
  escalationMarks,
  nextDecidingAt,
  nextStepAt,
  requestExpiry,
  stepsDue,
} from '../../src/core/escalation.ts'
import type { WaitingRequest } from '../../src/core/escalation.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import { isWithin } from '../../src/core/working-hours.ts'
import type { WorkingHours } from '../../src/core/working-hours.ts'
import { POLICY } from './people-and-policy.ts'

const BERLIN: WorkingHours = {
  timeZone: 'Europe/Berlin',
  weekly: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  holidays: ['2026-12-25'],
}
/** A night shift across midnight, where clocks go forward on 8 March 2026. */
const NEW_YORK_NIGHTS: WorkingHours = {
  timeZone: 'America/New_York',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }],
  holidays: [],
}
const KOLKATA: WorkingHours = {
  timeZone: 'Asia/Kolkata',
  weekly: [{ days: [1, 2, 3, 4, 5, 6], from: '10:30', to: '19:30' }],
  holidays: [],
}
/** A day that never comes within the year that is looked at. */
const NEVER: WorkingHours = {
  timeZone: 'UTC',
  weekly: [{ days: [1], from: '09:00', to: '09:30' }],
  holidays: Array.from({ length: 60 }, (_, week) =>
    new Date(Date.UTC(2026, 10, 23 + 7 * week)).toISOString().slice(0, 10),
  ),
}

const LEVEL: ApprovalLevel = {
  count: 1,
  roles: ['lead'],
  groupIds: [],
  slaMinutes: 60,
  escalatesTo: { roles: ['compliance'], groupIds: [] },
}

const withHours = (hours: WorkingHours | null, noteMinutes: number | null = null): Policy => ({
  ...POLICY,
  deciding: { ...POLICY.deciding, hours },
  notifications: { ...POLICY.notifications, internalNoteAfterMinutes: noteMinutes },
})

const asked = (policy: Policy, at: string): WaitingRequest =>
  atNewLevel(
    { createdAt: new Date(at), expiresAt: requestExpiry(policy, new Date(at)) },
    new Date(at),
  )

const iso = (at: Date | null) => at?.toISOString() ?? null

describe('the end of a request', () => {
  const table: [string, WorkingHours | null, string, string][] = [
    [
      'eight hours later where anybody may decide at any time',
      null,
      '2026-11-23T22:00:00.000Z',
      '2026-11-24T06:00:00.000Z',
    ],
    [
      'the next evening, asked at the beginning of a shift',
      BERLIN,
      '2026-11-23T08:00:00.000Z',
      '2026-11-23T16:00:00.000Z',
    ],
    [
      'the next day at noon, asked at noon',
      BERLIN,
      '2026-11-23T11:00:00.000Z',
      '2026-11-24T11:00:00.000Z',
    ],
    [
      'the evening after a night, asked in the night',
      BERLIN,
      '2026-11-23T23:30:00.000Z',
      '2026-11-24T16:00:00.000Z',
    ],
    [
      'on Monday, asked on Friday evening',
      BERLIN,
      '2026-11-27T15:00:00.000Z',
      '2026-11-30T15:00:00.000Z',
    ],
    [
      'after a holiday and the weekend behind it',
      BERLIN,
      '2026-12-24T15:00:00.000Z',
      '2026-12-28T15:00:00.000Z',
    ],
    [
      'an hour of the wall clock later in the night that clocks go forward',
      NEW_YORK_NIGHTS,
      '2026-03-08T03:00:00.000Z',
      '2026-03-09T03:00:00.000Z',
    ],
    ['on the half hour of India', KOLKATA, '2026-11-23T10:00:00.000Z', '2026-11-24T09:00:00.000Z'],
  ]
  it.each(table)('%s', (_, hours, at, end) => {
    expect(iso(requestExpiry(withHours(hours), new Date(at)))).toBe(end)
  })

  it('comes by the wall clock where the hours never do', () => {
    const at = new Date('2026-11-22T10:00:00.000Z')
    expect(afterDecidingMinutes(withHours(NEVER), at, 1)).toBeNull()
    expect(iso(requestExpiry(withHours(NEVER), at))).toBe('2026-11-22T18:00:00.000Z')
  })
})

describe('when somebody may decide next', () => {
  const table: [string, WorkingHours | null, string, string | null][] = [
    ['at any time where policy restricts none', null, '2026-11-22T03:00:00.000Z', null],
    ['now, within the hours', BERLIN, '2026-11-23T08:00:00.000Z', null],
    [
      'on Monday morning, at the weekend',
      BERLIN,
      '2026-11-21T12:00:00.000Z',
      '2026-11-23T08:00:00.000Z',
    ],
    [
      'in an hour, before the shift',
      BERLIN,
      '2026-11-23T07:00:00.000Z',
      '2026-11-23T08:00:00.000Z',
    ],
    [
      'tomorrow, at the very end of a shift',
      BERLIN,
      '2026-11-23T16:00:00.000Z',
      '2026-11-24T08:00:00.000Z',
    ],
    ['never, where the hours do not come', NEVER, '2026-11-22T10:00:00.000Z', null],
  ]
  it.each(table)('%s', (_, hours, at, next) => {
    expect(iso(nextDecidingAt(withHours(hours), new Date(at)))).toBe(next)
  })
})

describe('what falls due on a request', () => {
  it('a reminder at half of the SLA, the next circle at the SLA, a note when policy says', () => {
    const policy = withHours(null, 45)
    const marks = escalationMarks(asked(policy, '2026-11-23T10:00:00.000Z'), LEVEL, policy)
    expect(iso(marks.remind)).toBe('2026-11-23T10:30:00.000Z')
    expect(iso(marks.note)).toBe('2026-11-23T10:45:00.000Z')
    expect(iso(marks.escalate)).toBe('2026-11-23T11:00:00.000Z')
  })

  it('at night nothing: the clock of the SLA stands still until the morning', () => {
    const policy = withHours(BERLIN, 45)
    const marks = escalationMarks(asked(policy, '2026-11-27T15:40:00.000Z'), LEVEL, policy)
    expect(iso(marks.remind)).toBe('2026-11-30T08:10:00.000Z')
    expect(iso(marks.note)).toBe('2026-11-30T08:25:00.000Z')
    expect(iso(marks.escalate)).toBe('2026-11-30T08:40:00.000Z')
  })

  it('nothing without an SLA, and no escalation without a next circle', () => {
    const policy = withHours(null)
    const request = asked(policy, '2026-11-23T10:00:00.000Z')
    const none = { remind: null, escalate: null, note: null }
    expect(escalationMarks(request, { slaMinutes: null, escalatesTo: null }, policy)).toEqual(none)
    const marks = escalationMarks(request, { slaMinutes: 20, escalatesTo: null }, policy)
    expect([iso(marks.remind), iso(marks.escalate)]).toEqual(['2026-11-23T10:10:00.000Z', null])
  })

  it('each step once, and the reminder not after the escalation', () => {
    const policy = withHours(null)
    const request = asked(policy, '2026-11-23T10:00:00.000Z')
    const due = (from: WaitingRequest, at: string) => stepsDue(from, LEVEL, policy, new Date(at))
    expect(due(request, '2026-11-23T10:29:59.999Z')).toEqual([])
    expect(due(request, '2026-11-23T10:30:00.000Z')).toEqual(['remind'])
    const reminded = afterSteps(request, ['remind'], new Date('2026-11-23T10:30:00.000Z'))
    expect(due(reminded, '2026-11-23T10:59:00.000Z')).toEqual([])
    expect(due(reminded, '2026-11-23T11:00:00.000Z')).toEqual(['escalate'])
    // Nobody swept for an hour: who is asked now is not reminded of it as well.
    expect(due(request, '2026-11-23T11:00:00.000Z')).toEqual(['escalate'])
    const escalated = afterSteps(request, ['escalate'], new Date('2026-11-23T11:00:00.000Z'))
    expect(due(escalated, '2026-11-23T11:30:00.000Z')).toEqual([])
    expect(nextStepAt(escalated, LEVEL, policy)).toBeNull()
  })

  it('nothing when its time is over', () => {
    const policy = withHours(null, 5)
    const request = asked(policy, '2026-11-23T10:00:00.000Z')
    expect(stepsDue(request, LEVEL, policy, request.expiresAt)).toEqual([])
    const late: ApprovalLevel = { ...LEVEL, slaMinutes: 2 * policy.limits.requestExpiryMinutes }
    expect(nextStepAt({ ...request, notedAt: request.createdAt }, late, policy)).toBeNull()
  })

  it('begins anew when a level is passed; the note does not', () => {
    const policy = withHours(null, 45)
    const request = asked(policy, '2026-11-23T10:00:00.000Z')
    const noon = new Date('2026-11-23T12:00:00.000Z')
    const passed = atNewLevel(afterSteps(request, ['escalate', 'note'], noon), noon)
    expect(iso(nextStepAt(passed, LEVEL, policy))).toBe('2026-11-23T12:30:00.000Z')
    expect(passed.notedAt).toEqual(noon)
    expect(passed.escalatedAt).toBeNull()
  })
})

describe('whatever the hours, the zone and the moment', () => {
  const hours = fc.constantFrom(null, BERLIN, NEW_YORK_NIGHTS, KOLKATA)
  const moment = fc.date({
    min: new Date('2026-01-01T00:00:00.000Z'),
    max: new Date('2027-06-30T00:00:00.000Z'),
    noInvalidDate: true,
  })
  const level = fc.record({
    slaMinutes: fc.option(fc.integer({ min: 1, max: 3000 })),
    escalatesTo: fc.constantFrom(null, LEVEL.escalatesTo),
  })
  const note = fc.option(fc.integer({ min: 1, max: 3000 }))

  it('minutes add up: a then b is a plus b', () => {
    const minutes = fc.integer({ min: 0, max: 4000 })
    fc.assert(
      fc.property(hours, moment, minutes, minutes, (zone, at, a, b) => {
        const policy = withHours(zone)
        const first = afterDecidingMinutes(policy, at, a + 1)
        const whole = afterDecidingMinutes(policy, at, a + b + 2)
        expect(first).not.toBeNull()
        expect(afterDecidingMinutes(policy, first ?? at, b + 1)).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  it('a step falls due while somebody may decide, and never before the one it follows', () => {
    fc.assert(
      fc.property(hours, moment, level, note, (zone, at, own, noteMinutes) => {
        const policy = withHours(zone, noteMinutes)
        const marks = escalationMarks({ levelSince: at, createdAt: at }, own, policy)
        for (const mark of Object.values(marks)) {
          if (mark === null) continue
          expect(mark.getTime()).toBeGreaterThan(at.getTime())
          // The last instant of a shift counts: somebody could decide right before it.
          expect(zone === null || isWithin(zone, new Date(mark.getTime() - 1))).toBe(true)
        }
        if (marks.escalate === null) return
        expect(marks.remind).not.toBeNull()
        expect((marks.remind ?? at).getTime()).toBeLessThan(marks.escalate.getTime())
      }),
      { numRuns: 150 },
    )
  })

  it('looking when told to, and at any other time, does each step once and comes to rest', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 12 })
    fc.assert(
      fc.property(hours, moment, level, note, gaps, (zone, at, own, noteMinutes, minutes) => {
        const policy = withHours(zone, noteMinutes)
        let request = asked(policy, at.toISOString())
        const done: string[] = []
        const look = (now: Date) => {
          const steps = stepsDue(request, own, policy, now)
          done.push(...steps)
          request = afterSteps(request, steps, now)
          expect(stepsDue(request, own, policy, now)).toEqual([])
        }
        let now = at
        for (const gap of minutes) {
          now = new Date(now.getTime() + gap * 60_000)
          look(now)
        }
        for (let looks = 0; ; looks += 1) {
          const next = nextStepAt(request, own, policy)
          if (next === null || now >= request.expiresAt) break
          expect(looks).toBeLessThan(4)
          now = new Date(Math.max(now.getTime(), next.getTime()))
          look(now)
        }
        expect(new Set(done).size).toBe(done.length)
        const isLooked = own.slaMinutes !== null && own.escalatesTo !== null
        expect(isLooked || !done.includes('escalate')).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})
