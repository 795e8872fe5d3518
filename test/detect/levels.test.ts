/** From which confidence a kind is acted on: what policy sets is what detection answers. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detect } from '../../src/detect/detect.ts'
import { DEFAULT_LEVELS } from '../../src/detect/detector.ts'
import type { ActLevel } from '../../src/detect/detector.ts'
import { CONFIDENCE_LEVELS, DETECTED_KINDS } from '../../src/detect/span.ts'
import type { DetectedKind } from '../../src/detect/span.ts'

type Levels = Record<DetectedKind, ActLevel>

const allAt = (level: ActLevel): Levels =>
  Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, level])) as Levels

/** Which confidences each level lets through. */
const LET_THROUGH: Record<ActLevel, readonly string[]> = {
  possible: ['possible', 'likely', 'certain'],
  likely: ['likely', 'certain'],
  certain: ['certain'],
  off: [],
}
const LEVELS = Object.keys(LET_THROUGH) as ActLevel[]

/** Published test numbers and addresses for examples, alone and in company. */
const PARTS = [
  'card number 4242 4242 4242 4242',
  '4111111111111111',
  '4000 0566 5566 5556',
  'my visa is 4012888888881881',
  '30569309025904',
  'maya.rivera@example.com',
  'write to tomas@example.org',
  'order 4242424242424242',
  'IBAN GB82 WEST 1234 5698 7654 32',
  'SSN 536-90-4399',
  'password: correct-horse-battery',
  '+44 20 7946 0958',
  '192.0.2.44',
  'version 3.11.0.4',
  'nothing to see',
]

describe('the level of a kind', () => {
  it('is "likely" for every kind unless policy says otherwise', () => {
    expect(DEFAULT_LEVELS).toEqual(allAt('likely'))
  })

  const cases = DETECTED_KINDS.flatMap((kind) =>
    CONFIDENCE_LEVELS.flatMap((confidence) => LEVELS.map((level) => ({ kind, confidence, level }))),
  )
  it.each(cases)('$level: is a $kind that is $confidence found?', ({ kind, confidence, level }) => {
    const custom = [
      { id: 'ours', label: 'Ours', kind, pattern: 'ACME-\\d{4}', example: 'ACME-1234', confidence },
    ]
    // Every other kind at the other end, so that no level works for its neighbour.
    const levels = { ...allAt(level === 'off' ? 'possible' : 'off'), [kind]: level }
    const kinds = detect('see ACME-1234', { levels, custom }).map((span) => span.kind)
    expect(kinds).toEqual(LET_THROUGH[level].includes(confidence) ? [kind] : [])
  })

  it('"off" for every kind finds nothing, whatever stands there', () => {
    expect(detect(PARTS.join('\n'), { levels: allAt('off') })).toEqual([])
  })

  it('finds a card with its words near when only what is certain counts', () => {
    const text = 'Please charge my card number 4242 4242 4242 4242 again'
    const [span] = detect(text, { levels: allAt('certain') })
    expect(span).toMatchObject({ kind: 'payment_card', confidence: 'certain' })
  })

  it('changes which spans are answered, and nothing about them', () => {
    const anyLevel = fc.constantFrom<ActLevel>(...LEVELS)
    const anyLevels = fc.record(
      Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, anyLevel])) as Record<
        DetectedKind,
        typeof anyLevel
      >,
    )
    const anyText = fc
      .array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 6 })
      .chain((parts) => fc.constantFrom(parts.join('\n'), parts.join(', ')))
    fc.assert(
      fc.property(anyText, anyLevels, (text, levels) => {
        const all = detect(text, { levels: allAt('possible') })
        expect(detect(text, { levels })).toEqual(
          all.filter(({ kind, confidence }) => LET_THROUGH[levels[kind]].includes(confidence)),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('may be lowered for more and raised for less, never the other way round', () => {
    const counts = LEVELS.map((level) => detect(PARTS.join('\n'), { levels: allAt(level) }).length)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(counts[0]).toBeGreaterThan(2)
  })
})
