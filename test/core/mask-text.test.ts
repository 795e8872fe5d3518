import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FULL_MASK } from '../../src/core/mask.ts'
import type { ClassByKind } from '../../src/core/mask-text.ts'
import { maskSpans } from '../../src/core/mask-text.ts'
import type { DetectedKind } from '../../src/detect/span.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import { leaks } from './mask-leaks.ts'
import { cardNumber, disguised, emailAddress, hostileText, iban, phoneNumber } from './values.ts'

const RESTRICTED: ClassByKind = Object.fromEntries(
  DETECTED_KINDS.map((kind) => [kind, 'restricted']),
)

/** The places of `values` in `text`, each searched behind the one before. */
function placesOf(text: string, values: [string, DetectedKind][]) {
  let from = 0
  return values.map(([value, kind]) => {
    const start = text.indexOf(value, from)
    from = start + value.length
    return { kind, start, end: from }
  })
}

const CARD = '4242 4242 4242 4242'
const MAIL = 'maya.rivera@example.com'

describe('masks in text', () => {
  it('each value becomes its mask, and the text around it stays', () => {
    const text = `Hi 😀, card ${CARD}, write to ${MAIL}!\nBye`
    const places = placesOf(text, [
      [CARD, 'payment_card'],
      [MAIL, 'email'],
    ])
    const expected = 'Hi 😀, card •••• •••• •••• 4242, write to m•••@example.com!\nBye'
    expect(maskSpans(text, places, RESTRICTED)).toBe(expected)
    expect(maskSpans(text, places.toReversed(), RESTRICTED)).toBe(expected)
  })

  it('a kind of class secret, or of no class at all, keeps nothing', () => {
    const places = placesOf(`${CARD} ${MAIL}`, [
      [CARD, 'payment_card'],
      [MAIL, 'email'],
    ])
    expect(maskSpans(`${CARD} ${MAIL}`, places, { payment_card: 'secret' })).toBe(
      `${FULL_MASK} ${FULL_MASK}`,
    )
  })

  it('values that overlap become one mask that keeps nothing', () => {
    const text = `x${CARD}y`
    const places = [
      { kind: 'payment_card', start: 1, end: 15 },
      { kind: 'phone', start: 11, end: 20 },
      { kind: 'phone', start: 2, end: 3 },
    ] as const
    expect(maskSpans(text, places, RESTRICTED)).toBe(`x${FULL_MASK}y`)
  })

  it('values that touch become a mask each', () => {
    const text = '12345678'
    const places = [
      { kind: 'national_id', start: 0, end: 4 },
      { kind: 'medical_id', start: 4, end: 8 },
    ] as const
    expect(maskSpans(text, places, RESTRICTED)).toBe(FULL_MASK + FULL_MASK)
  })

  it('places outside the text or without extent change nothing that is not there', () => {
    const places = [
      { kind: 'other', start: -5, end: 2 },
      { kind: 'other', start: 4, end: 4 },
      { kind: 'other', start: 6, end: 99 },
      { kind: 'other', start: 50, end: 60 },
    ] as const
    expect(maskSpans('abcdefgh', places, RESTRICTED)).toBe(`${FULL_MASK}cdef${FULL_MASK}`)
    expect(maskSpans('abc', [], RESTRICTED)).toBe('abc')
  })

  it('half of a character is never left behind', () => {
    const text = '😀1234😀'
    const places = [{ kind: 'other', start: 1, end: 7 }] as const
    expect(maskSpans(text, places, RESTRICTED)).toBe(FULL_MASK)
  })

  it('whatever the places, what lies outside all of them stays, in its order', () => {
    const place = fc.record({
      kind: fc.constantFrom(...DETECTED_KINDS),
      start: fc.integer({ min: -2, max: 70 }),
      end: fc.integer({ min: -2, max: 70 }),
    })
    const letters = fc.string({ unit: fc.constantFrom(...'abc '), maxLength: 60 })
    fc.assert(
      fc.property(letters, fc.array(place, { maxLength: 6 }), (text, places) => {
        const masked = maskSpans(text, places, RESTRICTED)
        const outside = Array.from(text).filter(
          (_, at) => !places.some(({ start, end }) => start <= at && at < end),
        )
        expect(masked.replace(/•/g, '')).toBe(outside.join(''))
      }),
    )
  })
})

describe('masks in a comment’s markup', () => {
  const html: [string, string, DetectedKind, string][] = [
    [
      'a value in bold keeps its tags closed',
      '4242 <b>4242</b> 4242 4242',
      'payment_card',
      '•••• •••• •••• 4242<b></b>',
    ],
    [
      'a tag that was opened inside stays open, without what it carried',
      `4242 4242 <span data-x="4242424242424242">4242 4242`,
      'payment_card',
      '•••• •••• •••• 4242<span>',
    ],
    [
      'references are read through',
      '4242&nbsp;4242&#160;4242&#xa0;424&#50;',
      'payment_card',
      '•••• •••• •••• 4242',
    ],
    ['a broken line keeps nothing', '4242 4242<br>4242 4242', 'payment_card', `${FULL_MASK}<br>`],
    ['an address in bold', '<b>maya</b>.rivera@example.com', 'email', 'm•••@example.com<b></b>'],
    ['a domain with an accent', 'maya.rivera@ex\u00e1mple.com', 'email', FULL_MASK],
    ['a word hidden behind an address', `${MAIL}&#8203;hunter`, 'email', FULL_MASK],
    [
      'an address with a written-out sign keeps nothing',
      'maya.rivera&commat;example.com',
      'email',
      FULL_MASK,
    ],
    ['a reference of no meaning here', '4242 4242 4242 4242&para;', 'payment_card', FULL_MASK],
    ['a reference to no character', '3782 822463 1000&#9999999;', 'payment_card', FULL_MASK],
    ['a comment', '4242 4242 <!-- 9 -->4242 4242', 'payment_card', '•••• •••• •••• 4242'],
    ['a tag that HTML does not have', '4242<a42424242>', 'payment_card', FULL_MASK],
  ]
  it.each(html)('%s', (_, value, kind, expected) => {
    const text = `<p>See ${value}.</p>`
    const masked = maskSpans(text, placesOf(text, [[value, kind]]), RESTRICTED, { markup: 'html' })
    expect(masked).toBe(`<p>See ${expected}.</p>`)
  })

  it('shows no more of a value than its mask, however it is written', () => {
    const kinds = ['payment_card', 'bank_account', 'email', 'phone', 'national_id'] as const
    const written = fc.oneof(
      fc.oneof(cardNumber, iban, emailAddress, phoneNumber).chain(disguised),
      hostileText,
    )
    fc.assert(
      fc.property(written, fc.constantFrom(...kinds), (value, kind) => {
        if (value === '') return
        const places = [{ kind, start: 0, end: value.length }]
        const masked = maskSpans(value, places, RESTRICTED, { markup: 'html' })
        const tags = /(?:<\/?[a-z0-9]+>)*$/
        expect(leaks(value, masked.replace(tags, ''), kind, 'restricted')).toBe(false)
        expect(tags.exec(masked)?.[0] ?? '').toMatch(/^(?:<\/?(?:b|br|p|span)>)*$/)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('large texts', () => {
  it('are masked whole, place by place', () => {
    const text = `${CARD}\n`.repeat(10_000)
    const places = Array.from({ length: 10_000 }, (_, at) => ({
      kind: 'payment_card' as const,
      start: at * (CARD.length + 1),
      end: at * (CARD.length + 1) + CARD.length,
    }))
    expect(maskSpans(text, places, RESTRICTED)).toBe('•••• •••• •••• 4242\n'.repeat(10_000))
  })

  it('with markup that never ends keep nothing', () => {
    const text = '<a'.repeat(50_000)
    const places = [{ kind: 'payment_card', start: 0, end: text.length }] as const
    expect(maskSpans(text, places, RESTRICTED, { markup: 'html' })).toBe(FULL_MASK)
  })
})
