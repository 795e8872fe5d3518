import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldReading } from '../../src/core/field-reading.ts'
import { readFieldText } from '../../src/core/field-reading.ts'
import {
  classOfFinding,
  DEFAULT_INGESTION,
  handlingOf,
  ingestionSection,
} from '../../src/core/ingestion.ts'

const OWN = { masked: '•••• •••• •••• 4242', token: '7Q2K9M4XA1BC3DEF' }
const OWN_TEXT = `${OWN.masked} [scrim:${OWN.token}]`
const CARD = '5555 5555 5555 4444'

describe('a protected field', () => {
  const readings: [string, string | null, FieldReading][] = [
    ['its own mask and token', OWN_TEXT, { is: 'current' }],
    ['them between blanks', ` ${OWN_TEXT}\n`, { is: 'current' }],
    ['nothing', null, { is: 'empty' }],
    ['blanks and invisible characters', ' \u200b\n', { is: 'empty' }],
    ['a value', CARD, { is: 'plain', value: CARD }],
    ['a value behind its mask', `${OWN_TEXT} ${CARD}`, { is: 'plain', value: CARD }],
    ['a value before its mask', `${CARD} ${OWN_TEXT}`, { is: 'plain', value: CARD }],
    [
      'a value before a token that is not its own',
      `${CARD} [scrim:AAAAAAAAAAAAAAAA]`,
      { is: 'plain', value: CARD },
    ],
    [
      'another token',
      '•••• 1111 [scrim:AAAAAAAAAAAAAAAA]',
      { is: 'foreign', token: 'AAAAAAAAAAAAAAAA' as never },
    ],
    ['a token alone', `[scrim:${OWN.token}]`, { is: 'foreign', token: OWN.token as never }],
    ['a mask alone', OWN.masked, { is: 'foreign', token: null }],
    ['a token that cannot be one', '[scrim:AAA]', { is: 'foreign', token: null }],
  ]
  it.each(readings)('with %s is read so', (_, text, expected) => {
    expect(readFieldText(text, OWN)).toEqual(expected)
  })

  it('of which the vault holds nothing has no text of its own', () => {
    expect(readFieldText(OWN_TEXT, null)).toEqual({ is: 'foreign', token: OWN.token })
    expect(readFieldText(CARD, null)).toEqual({ is: 'plain', value: CARD })
  })

  it('never passes for its own with anything added', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), fc.boolean(), (added, isBefore) => {
        const text = isBefore ? added + OWN_TEXT : OWN_TEXT + added
        const isBlank = text.trim() === OWN_TEXT
        expect(readFieldText(text, OWN).is === 'current').toBe(isBlank)
      }),
    )
  })

  it('loses no visible character of what was typed over it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (typed) => {
        const reading = readFieldText(typed, OWN)
        const value = reading.is === 'plain' ? reading.value : ''
        const kept = reading.is === 'plain' ? value.replace(/\s/g, '') : ''
        const expected = reading.is === 'plain' ? typed.replace(/\s/g, '') : ''
        expect(kept).toBe(expected)
      }),
    )
  })
})

describe('ingestion by default', () => {
  it('vaults every kind as restricted, and destroys verification codes', () => {
    const policy = { ingestion: DEFAULT_INGESTION }
    expect(handlingOf(policy, 'payment_card')).toBe('vaulted')
    expect(handlingOf(policy, 'card_verification_code')).toBe('destroyed')
    expect(classOfFinding(policy, 'payment_card')).toBe('restricted')
  })

  it('cannot be told to store verification codes', () => {
    const handling = { card_verification_code: 'vaulted' }
    expect(ingestionSection.safeParse({ ...DEFAULT_INGESTION, handling }).success).toBe(false)
  })
})
