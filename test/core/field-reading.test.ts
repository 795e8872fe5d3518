import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldReading } from '../../src/core/field-reading.ts'
import { fillIn, readFieldText } from '../../src/core/field-reading.ts'
import { maskValue } from '../../src/core/mask.ts'
import { FIELD_KINDS } from '../../src/core/protected-field.ts'
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
    ['words beside its mask', `${OWN_TEXT}, call Bob`, { is: 'plain', value: ', call Bob' }],
    [
      'words beside the mask of another value',
      'call Bob h•••@example.com [scrim:AAAAAAAAAAAAAAAA]',
      { is: 'plain', value: 'call Bob' },
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

  it.each(FIELD_KINDS)('with the mask of any value of kind %s alone says nothing', (kind) => {
    const values = [
      '4242 4242 4242 4242',
      'GB82WEST12345698765432',
      'NO9386011117947',
      '+442079460018',
    ]
    for (const value of [...values, 'harriet@example.com', 'L898902C3', '']) {
      const text = `${maskValue(value, kind, 'confidential')} [scrim:AAAAAAAAAAAAAAAA]`
      expect(readFieldText(text, OWN).is).toBe('foreign')
    }
  })

  it('says in full what stands around its mask', () => {
    const filled = (text: string) => fillIn(text, OWN, 'the value')
    expect(filled(`card ${OWN_TEXT}, call Bob`)).toBe('card the value, call Bob')
    expect(filled(`[scrim:${OWN.token}] call Bob`)).toBe('the value call Bob')
    expect(filled(`${OWN_TEXT} •••• 1111 [scrim:AAAAAAAAAAAAAAAA]`)).toBe('the value')
    expect(filled('call Bob [scrim:AAAAAAAAAAAAAAAA]')).toBeNull()
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
