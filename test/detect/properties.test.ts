import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detect } from '../../src/detect/detect.ts'
import type { Span } from '../../src/detect/span.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'

const EVERYTHING = {
  levels: Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, 'possible'])) as Record<
    (typeof DETECTED_KINDS)[number],
    'possible'
  >,
}

const PIECES = [
  '4111 1111 1111 1111',
  '378282246310005',
  'maya.rivera@example.com',
  'DE89 3704 0044 0532 0130 00',
  'GB82WEST12345698765432',
  '536-90-4399',
  '+44 20 7946 0958',
  '(202) 555-0143',
  '12/03/1985',
  '192.0.2.146',
  '2001:db8::8a2e:370:7334',
  '00:00:5e:00:53:af',
  'AKIAIOSFODNN7EXAMPLE',
  'hunter2!X',
  '943 476 5919',
  '123',
  'card ',
  'my SSN is ',
  'date of birth: ',
  'password: ',
  'phone ',
  'CVV ',
  'order number ',
  'passport ',
  'Address: 12 Main St',
  'and then ',
]

/** Pieces that findings are made of, and what disturbs them. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 12 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(' ', '  ', '\n', '\r\n', '-', '.', '/', ', ', ': ', '(', ')'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\u200b',
      '\u202e',
      '\u0301',
      '😀',
      '\ud83d',
      '\ude00',
      '٤',
      '４',
      '<b>',
      '&nbsp;',
      '•',
    ),
  },
)
const anyText = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))

function valuesOf(text: string, spans: readonly Span[]) {
  return spans.map(({ kind, start, end, confidence }) => ({
    kind,
    confidence,
    value: text.slice(start, end),
  }))
}

describe('spans', () => {
  test('stand within the text, in order, none overlapping another, none empty', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('text' as const, 'html' as const), (text, markup) => {
        let last = 0
        for (const { start, end } of detect(text, { ...EVERYTHING, markup })) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          last = end
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('never begin or end between the halves of a character', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { start, end } of detect(text, EVERYTHING)) {
          for (const at of [start, end]) {
            const halves = text.slice(at - 1, at + 1)
            expect(at === 0 || !/^[\ud800-\udbff][\udc00-\udfff]$/.test(halves)).toBe(true)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('are the same whatever lines of prose stand above and below', () => {
    const prose = fc.constantFrom(
      'Hello, thank you for getting back to me so quickly.',
      'The printer on the third floor is out of toner again.',
      'Best regards from the whole team',
      'Ich melde mich morgen noch einmal, vielen Dank.',
      'Merci beaucoup et bonne journée !',
      'We restarted the service 😀 and it has been fine since.',
    )
    fc.assert(
      fc.property(anyText, prose, prose, (text, above, below) => {
        const alone = detect(text, EVERYTHING)
        const lead = above.length + 1
        const within = detect(`${above}\n${text}\n${below}`, EVERYTHING).map((span) => ({
          ...span,
          start: span.start - lead,
          end: span.end - lead,
        }))
        expect(within).toEqual(alone)
      }),
      { numRuns: 1000 },
    )
  })

  test('are the same for the same text, whatever was read before', () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        const before = detect(first, EVERYTHING)
        detect(second, EVERYTHING)
        expect(detect(first, EVERYTHING)).toEqual(before)
      }),
    )
  })

  test('hold the same values when tags stand around every character', () => {
    const values = fc.constantFrom(
      '4111 1111 1111 1111',
      'maya.rivera@example.com',
      '378282246310005',
    )
    fc.assert(
      fc.property(
        values,
        fc.constantFrom('<b>', '</i>', '<span class="a">', '&#8203;'),
        (value, tag) => {
          const html = `My card: ${Array.from(value).join(tag)} thanks`
          const [span] = detect(html, { markup: 'html' })
          expect(span && html.slice(span.start, span.end).replaceAll(tag, '')).toBe(value)
        },
      ),
    )
  })
})

describe('levels', () => {
  test('a kind that policy turned off still takes its place in the text', () => {
    const text = 'card 4111 1111 1111 1111'
    const levels = { ...EVERYTHING.levels, payment_card: 'off' as const }
    expect(valuesOf(text, detect(text, { levels }))).toEqual([])
  })
})
