import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tighten } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { parseAppSettings } from '../../src/zendesk/app-settings.ts'

const parse = (settings: Record<string, unknown>) => parseAppSettings(settings, true)

test('an installation where nothing is set changes nothing', () => {
  expect(parse({ name: 'Scrim', title: 'Scrim' })).toEqual({
    maxMinutes: null,
    displaySeconds: null,
    isCopyAllowed: null,
    minReasonLength: null,
    extraProtectedFieldIds: [],
    areRevealsPaused: false,
  })
})

describe('numbers', () => {
  test.each([
    [10, 10],
    ['10', 10],
    [' 10 ', 10],
    [10.9, 10],
    ['', null],
    [null, null],
    [undefined, null],
    [0, 1],
    [-5, 1],
    ['ten', 1],
    ['10 minutes', 1],
    ['1e9', 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [{}, 1],
    [[60], 1],
    [true, 1],
  ])('max_minutes %j means %j', (given, expected) => {
    expect(parse({ max_minutes: given }).maxMinutes).toBe(expected)
  })

  test.each([
    [30, 30],
    [2, 5],
    ['soon', 5],
    [null, null],
  ])('display_seconds %j means %j', (given, expected) => {
    expect(parse({ display_seconds: given }).displaySeconds).toBe(expected)
  })

  test.each([
    [25, 25],
    ['25', 25],
    [5_000, 200],
    ['long', 200],
    ['', null],
  ])('min_reason_length %j means %j', (given, expected) => {
    expect(parse({ min_reason_length: given }).minReasonLength).toBe(expected)
  })
})

describe('switches', () => {
  test.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    ['no', false],
    ['yes please', false],
    [{}, false],
    [null, null],
    ['', null],
  ])('allow_copy %j means %j', (given, expected) => {
    expect(parse({ allow_copy: given }).isCopyAllowed).toBe(expected)
  })

  test.each([
    [true, true],
    ['true', true],
    ['yes', true],
    ['off', true],
    [{}, true],
    [1, true],
    [false, false],
    ['false', false],
    [0, false],
    [null, false],
    ['', false],
  ])('pause_all_reveals %j means %j', (given, expected) => {
    expect(parse({ pause_all_reveals: given }).areRevealsPaused).toBe(expected)
  })

  test('a disabled installation pauses reveals', () => {
    expect(parseAppSettings({}, false).areRevealsPaused).toBe(true)
  })
})

test.each([
  ['301, 302', [301, 302]],
  ['301;302\n303', [301, 302, 303]],
  ['301, 301', [301]],
  ['0, -1, 1.5, abc, 12345678901234567890', []],
  [308, [308]],
  [
    [308, '309'],
    [308, 309],
  ],
  [null, []],
])('extra_protected_field_ids %j means %j', (given, expected) => {
  expect(parse({ extra_protected_field_ids: given }).extraProtectedFieldIds).toEqual(expected)
})

test('whatever stands in a setting, it never widens the policy', () => {
  const anything = fc.record({
    max_minutes: fc.anything(),
    display_seconds: fc.anything(),
    allow_copy: fc.anything(),
    min_reason_length: fc.anything(),
    extra_protected_field_ids: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
    pause_all_reveals: fc.anything(),
  })
  fc.assert(
    fc.property(anything, (settings) => {
      const { limits } = tighten(sandboxPolicy, parse(settings))
      expect(limits.maxMinutes).toBeLessThanOrEqual(sandboxPolicy.limits.maxMinutes)
      expect(limits.maxMinutes).toBeGreaterThanOrEqual(1)
      expect(limits.displaySeconds.secret).toBeLessThanOrEqual(30)
      expect(limits.displaySeconds.secret).toBeGreaterThanOrEqual(5)
      expect(limits.minReasonLength).toBeGreaterThanOrEqual(sandboxPolicy.limits.minReasonLength)
      expect(limits.isCopyAllowed).toBe(false)
    }),
  )
})
