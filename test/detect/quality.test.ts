import { describe, expect, test } from 'vitest'
import { detect } from '../../src/detect/detect.ts'
import { corpusCases, everydayCases } from './corpus.ts'
import type { Fault } from './score.ts'
import { precision, recall, score } from './score.ts'

const result = score(corpusCases(), ({ text }) => findingsOf(text))
const ordinary = score(everydayCases(), ({ text }) => findingsOf(text))

describe('on the corpus, whole values only', () => {
  test('at least 95 of 100 sensitive values are found', () => {
    expectAtLeast(95, recall(result.overall), 'miss')
  })

  test('at least 95 of 100 findings are right', () => {
    expectAtLeast(95, precision(result.overall), 'wrong')
  })

  test('at least 98 of 100 lines that only look sensitive stay without a finding', () => {
    expectAtLeast(98, (100 * result.cleanLines) / result.negativeLines, 'wrong')
  })
})

test('nothing is found in 1,000 lines of ordinary support talk', () => {
  expect(ordinary.faults).toEqual([])
})

function findingsOf(text: string) {
  return detect(text).map(({ kind, start, end, why }) => ({ kind, start, end, rule: why.rule }))
}

/** Names the first faults; `npm run bench:detect -- --quality --misses` prints all. */
function expectAtLeast(bound: number, percent: number, what: Fault['what']): void {
  const faults = result.faults
    .filter((fault) => fault.what === what)
    .slice(0, 40)
    .map(({ file, line, kind, value }) => `${file}:${line} ${kind} ${value}`)
  expect(percent >= bound ? [] : [`${percent} %`, ...faults]).toEqual([])
}
