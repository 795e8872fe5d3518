import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../src/detect/fold.ts'

const reads = (text: string, markup: 'text' | 'html' = 'text') => fold(text, markup).text

describe('what a text reads as', () => {
  test.each([
    ['plain text stands as it is', 'Order 66, 5 % off – “today”', 'Order 66, 5 % off – “today”'],
    ['full-width digits and letters', '４１１１ ＡＢ：', '4111 AB:'],
    ['Arabic-Indic digits', '٤١١١', '4111'],
    ['extended Arabic-Indic digits', '۴۱۱۱', '4111'],
    ['Devanagari digits', '४१११', '4111'],
    ['mathematical digits', '𝟜𝟙𝟙𝟙', '4111'],
    ['accents', 'contraseña, Führerschein, numéro', 'contrasena, Fuhrerschein, numero'],
    ['accents as combining marks', 'contrasen\u0303a', 'contrasena'],
    ['ligatures', 'Straße Œuvre', 'Strasse OEuvre'],
    ['zero-width characters', '41\u200b11\u2060 11\ufeff', '4111 11'],
    ['soft hyphens and direction marks', '41\u00ad11\u202e\u200f', '4111'],
    ['no-break and thin blanks', '4111\u00a01111\u2009x', '4111 1111 x'],
    ['the minus sign', '4111\u22121111', '4111-1111'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a\nb\nc'],
    ['superscripts and circled numbers are no digits', 'm² ①', 'm² ①'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ud800b\udc00'],
  ])('%s', (_name, text, expected) => {
    expect(reads(text)).toBe(expected)
  })

  test.each([
    ['inline tags', '4111<b>1111</b> <span style="x">1111</span>', '41111111 1111'],
    ['block tags end a line', '<p>a</p>b<br/>c<br>d', '\na\nb\nc\nd'],
    ['character references', '4&nbsp;1&#49;&#x31;&amp;&lt;', '4 111&<'],
    [
      'unknown references stand',
      '&unknown; &#0; &#x110000; &toString;',
      '&unknown; &#0; &#x110000; &toString;',
    ],
    ['a sign that begins no tag', 'a < b <3 <', 'a < b <3 <'],
    ['a comment', 'a<!-- x -->b', 'ab'],
    ['a tag that never ends', '<a href="x', '<a href="x'],
  ])('in HTML: %s', (_name, text, expected) => {
    expect(reads(text, 'html')).toBe(expected)
  })

  test('every digit of every script reads as its value', () => {
    const digits = Array.from({ length: 0x1ff80 }, (_, at) =>
      String.fromCodePoint(at + 128),
    ).filter((character) => /\p{Nd}/u.test(character))
    expect(digits.filter((digit) => !/^\d$/.test(reads(digit)))).toEqual([])
    // U+0E50 THAI DIGIT ZERO to U+0E59.
    expect(reads('๐๑๒๓๔๕๖๗๘๙')).toBe('0123456789')
  })
})

describe('the way back', () => {
  test('each place of the folded text leads to the character it came from', () => {
    const text = 'né <b>４</b>\u200b𝟙&nbsp;x'
    const folded = fold(text, 'html')
    expect(folded.text).toBe('ne 41 x')
    const places = Array.from(folded.text, (_, at) =>
      text.slice(folded.places.sourceStart(at), folded.places.sourceEnd(at + 1)),
    )
    expect(places).toEqual(['n', 'é', ' ', '４', '𝟙', '&nbsp;', 'x'])
  })

  test('places never go backwards and stay within the text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.string({ unit: 'grapheme', maxLength: 60 }),
          fc.string({
            unit: fc.constantFrom(
              '<',
              'b',
              '>',
              '&',
              'nbsp',
              ';',
              '#',
              '4',
              ' ',
              'é',
              '\u200b',
              '/',
            ),
            maxLength: 40,
          }),
        ),
        fc.constantFrom('text' as const, 'html' as const),
        (text, markup) => {
          const folded = fold(text, markup)
          let last = 0
          for (let at = 0; at < folded.text.length; at += 1) {
            const start = folded.places.sourceStart(at)
            const end = folded.places.sourceEnd(at + 1)
            expect(start).toBeGreaterThanOrEqual(Math.min(last, start))
            expect(end).toBeGreaterThan(start)
            expect(end).toBeLessThanOrEqual(text.length)
            expect(start).toBeGreaterThanOrEqual(last - 1)
            last = start
          }
        },
      ),
    )
  })
})
