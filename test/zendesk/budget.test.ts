import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRequestBudget, createSteadyBudget } from '../../src/zendesk/budget.ts'
import type { Priority } from '../../src/zendesk/directory.ts'

function budgetOf(requestsPerMinute: number) {
  let elapsedMs = 0
  const budget = createRequestBudget({ requestsPerMinute, elapsed: () => elapsedMs })
  return {
    budget,
    pass: (ms: number) => {
      elapsedMs += ms
    },
    at: () => elapsedMs,
    spendAll: (priority: Priority) => {
      let granted = 0
      while (budget.take(priority).granted) granted += 1
      return granted
    },
  }
}

describe('the budget of 40 calls a minute', () => {
  test('acts may use all of it, and not one more', () => {
    expect(budgetOf(40).spendAll('act')).toBe(40)
  })

  test('a crowd of views and watches leaves the acts more than half', () => {
    const { spendAll } = budgetOf(40)
    expect(spendAll('view') + spendAll('watch')).toBe(16)
    expect(spendAll('act')).toBe(24)
  })

  test('views and watches that ask all minute long leave the acts some', () => {
    const { budget, pass, spendAll } = budgetOf(40)
    for (let second = 0; second < 59; second += 1) {
      budget.take('view')
      budget.take('watch')
      pass(1_000)
    }
    expect(spendAll('act')).toBeGreaterThanOrEqual(4)
  })

  test('acts that spend nearly all leave nothing to views and watches', () => {
    const { budget, spendAll } = budgetOf(40)
    for (let call = 0; call < 36; call += 1) budget.take('act')
    expect(spendAll('view') + spendAll('watch')).toBe(0)
    expect(spendAll('act')).toBe(4)
  })

  test('a refusal says when to ask again, and that is true', () => {
    const { budget, pass, spendAll } = budgetOf(40)
    for (const priority of ['view', 'watch', 'act'] as const) {
      spendAll(priority)
      const refused = budget.take(priority)
      if (refused.granted) throw new Error('the budget should be spent')
      pass(Math.ceil(refused.waitMs))
      expect(budget.take(priority).granted).toBe(true)
    }
  })

  test('while Zendesk asks for a pause, nobody calls', () => {
    const { budget, pass } = budgetOf(40)
    budget.pause(30)
    budget.pause(10)
    pass(29_999)
    expect(budget.take('act')).toEqual({ granted: false, waitMs: 1 })
    pass(1)
    expect(budget.take('act').granted).toBe(true)
  })

  test('a budget of nothing still lets one call a minute through', () => {
    const { budget } = budgetOf(0)
    expect(budget.take('act').granted).toBe(true)
    expect(budget.take('act').granted).toBe(false)
  })
})

test('no sixty seconds ever hold more calls than the budget', () => {
  const asks = fc.array(
    fc.tuple(fc.constantFrom<Priority[]>('view', 'watch', 'act'), fc.nat({ max: 4_000 })),
    { maxLength: 400 },
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), asks, (perMinute, sequence) => {
      const { budget, pass, at } = budgetOf(perMinute)
      const granted: number[] = []
      for (const [priority, wait] of sequence) {
        pass(wait)
        if (budget.take(priority).granted) granted.push(at())
      }
      for (const start of granted) {
        const inWindow = granted.filter((time) => time >= start && time < start + 60_000)
        expect(inWindow.length).toBeLessThanOrEqual(perMinute)
      }
    }),
  )
})

test('a process that serves nobody calls at an even pace, and not while Zendesk has no time', () => {
  let elapsed = 0
  const budget = createSteadyBudget({ requestsPerMinute: 60, elapsed: () => elapsed })
  expect(budget.take('ingest')).toEqual({ granted: true })
  expect(budget.take('act')).toEqual({ granted: false, waitMs: 1_000 })
  elapsed += 1_000
  expect(budget.take('ingest')).toEqual({ granted: true })
  budget.pause(30)
  elapsed += 29_000
  expect(budget.take('ingest')).toEqual({ granted: false, waitMs: 1_000 })
  // Time that was not used is not made up for.
  elapsed += 600_000
  expect(budget.take('ingest').granted).toBe(true)
  expect(budget.take('ingest').granted).toBe(false)
})
