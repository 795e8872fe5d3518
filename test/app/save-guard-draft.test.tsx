/** The draft's text, plain or HTML: what is found is read right and replaced where it stands. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  mayBeMarkup,
  plainText,
  replaceOccurrences,
  saysTheSame,
  scanDraft,
} from '../../src/app/features/save-guard/draft-text.ts'
import {
  gatherFindings,
  isCovered,
  keyOf,
  passFor,
  planFor,
} from '../../src/app/features/save-guard/findings.ts'
import { detect } from '../../src/detect/detect.ts'
import { cardField } from './fixtures.ts'

const CARD = '4111 1111 1111 1111'
const MASK = '•••• •••• •••• 1111'
const found = (text: string) => scanDraft(detect, text, {})
const valuesIn = (text: string) => found(text).map(({ kind, value }) => [kind, value])
const masked = (text: string) => replaceOccurrences(text, found(text), MASK)

describe('plain and HTML', () => {
  test.each([
    ['Card 4111', false],
    ['2 < 3 and 5 > 4', false],
    ['AT&T and R & D; both', false],
    ['<p>Card</p>', true],
    ['a&nbsp;b', true],
  ])('%s may be markup: %s', (text, expected) => {
    expect(mayBeMarkup(text)).toBe(expected)
  })

  test.each([
    ['<p>One</p><p>two&amp;three</p>', 'One\n\ntwo&three'],
    ['a<br>b', 'a\nb'],
    ['4111 <b>1111</b>', '4111 1111'],
    ['<3 you', '<3 you'],
  ])('%s reads as it looks', (text, expected) => {
    expect(plainText(text).trim()).toBe(expected)
  })

  test('nothing of a draft runs while it is read', () => {
    const before = document.images.length
    expect(plainText('<p>x<img src="x" onerror="document.title = 1"></p>').trim()).toBe('x')
    expect(document.images).toHaveLength(before)
    expect(document.title).not.toBe('1')
  })
})

describe('what stands in a draft', () => {
  test.each([
    ['plain', `Card ${CARD}.`],
    ['HTML', `<p>Card ${CARD}.</p>`],
    ['HTML with tags inside the value', '<p>Card 4111 <b>1111</b> 11<i>11</i> 1111.</p>'],
    ['HTML with references inside the value', '<p>Card 4111&nbsp;1111&#32;1111&nbsp;1111.</p>'],
    ['plain that looks like HTML', `Card ${CARD} <b> & &nbsp; done`],
    ['the address of a link', `<a href="https://example.com/?card=${CARD}">here</a>`],
  ])('a card in %s is the same card', (_, text) => {
    const [first, ...more] = found(text)
    expect(more).toEqual([])
    expect(first?.kind).toBe('payment_card')
    expect(first === undefined ? '' : keyOf(first)).toBe('payment_card 4111111111111111')
  })

  test('numbers of the editor and of pictures are nobody’s', () => {
    const id = '4111111111111111'
    expect(
      valuesIn(`<p id="${id}" data-card="${id}"><img src="https://example.com/${id}.png"></p>`),
    ).toEqual([])
  })

  test.each([
    [`Card ${CARD}.`, `Card ${MASK}.`],
    [`${CARD} and again ${CARD}`, `${MASK} and again ${MASK}`],
    ['<p>4111 <b>1111</b> 1111 1111</p>', `<p>${MASK}<b></b></p>`],
    ['<p>4111 <b>1111 1111 1111</b></p>', `<p>${MASK}<b></b></p>`],
  ])('%s becomes %s', (text, expected) => {
    expect(masked(text)).toBe(expected)
  })

  test('whatever stands around it, nothing of the value is left and no tag is lost', () => {
    const piece = fc.constantFrom('Hello ', '<b>', '</b>', '<p>', '</p>', '&amp; ', 'you. ', '<br>')
    const card = fc.constantFrom(
      CARD,
      '4111111111111111',
      '4111&nbsp;1111&nbsp;1111&nbsp;1111',
      '4111 <i>1111</i> 1111 1111',
    )
    const tagsOf = (text: string) => text.match(/<[^>]+>/g) ?? []
    fc.assert(
      fc.property(fc.array(piece), card, fc.array(piece), (before, value, after) => {
        const text = `${before.join('')} card ${value} ${after.join('')}`
        const result = masked(text)
        expect(found(result)).toEqual([])
        expect(plainText(result).replace(/\D/g, '')).toBe('1111')
        expect(tagsOf(result)).toEqual(tagsOf(text))
      }),
    )
  })

  test('two spellings of one text say the same, another text does not', () => {
    expect(saysTheSame('<p>Hello <b>you</b></p>', 'Hello you')).toBe(true)
    expect(saysTheSame('<p>Hello</p>', '&lt;p&gt;Hello&lt;/p&gt;')).toBe(false)
    expect(saysTheSame('Hello', 'Hello you')).toBe(false)
  })
})

describe('what a pass covers', () => {
  const findingsIn = (text: string) => gatherFindings(found(text))
  const pass = passFor(findingsIn(`card ${CARD}`), true)

  test.each([
    ['the same draft', `card ${CARD}`, true, true],
    ['the same value in another place', `Dear Ann, card ${CARD}!`, true, true],
    ['less', 'Hello', true, true],
    ['the value once more', `card ${CARD} and card ${CARD}`, true, false],
    ['another value', 'card 5555 5555 5555 4444', true, false],
    ['one value more', `card ${CARD} or ann.other@example.com`, true, false],
  ])('%s', (_, text, isPublic, expected) => {
    expect(isCovered(pass, findingsIn(text), isPublic)).toBe(expected)
  })

  test('a pass for a note covers no reply, one for a reply covers a note', () => {
    const findings = findingsIn(`card ${CARD}`)
    expect(isCovered(passFor(findings, false), findings, true)).toBe(false)
    expect(isCovered(passFor(findings, true), findings, false)).toBe(true)
    expect(isCovered(null, findings, false)).toBe(false)
  })
})

test('one empty field takes one value; the other keeps its mask, and nothing is replaced', () => {
  const findings = gatherFindings(found(`cards ${CARD} and 5555 5555 5555 4444`))
  const empty = { ...cardField, hasValue: false, masked: null }
  const fieldIds = (fields: (typeof cardField)[], taken: string[] = []) =>
    planFor(findings, fields, new Set(taken)).map(({ fieldId }) => fieldId)
  expect(fieldIds([empty])).toEqual(['card_number', null])
  expect(fieldIds([cardField])).toEqual([null, null])
  expect(fieldIds([empty], ['card_number'])).toEqual([null, null])
  expect(fieldIds([cardField, { ...empty, fieldId: 'second' }])).toEqual(['second', null])
})
