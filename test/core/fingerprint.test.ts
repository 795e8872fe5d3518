import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comparableValue,
  fingerprintInput,
  isBareValue,
  saysTheSame,
} from '../../src/core/fingerprint.ts'
import { FIELD_KINDS } from '../../src/core/protected-field.ts'
import type { FieldKind } from '../../src/core/protected-field.ts'

describe('two spellings of one value', () => {
  it.each<[FieldKind, string, string]>([
    ['payment_card', '4242 4242 4242 4242', '4242424242424242'],
    ['payment_card', '4242-4242-4242-4242', ' 4242 4242 4242 4242\u200b'],
    ['payment_card', '٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢', '4242 4242 4242 4242'],
    ['payment_card', '４２４２４２４２４２４２４２４２', '4242 4242 4242 4242'],
    ['phone', '+49 (30) 5557 0100', '0049 30 55570100'],
    ['bank_account', 'GB82 WEST 1234 5698 7654 32', 'gb82west12345698765432'],
    ['national_id', '078-05-1120', '078 05 1120'],
    ['identity_document', 'l898902c3', 'L898902C3'],
    ['medical_id', '943 476 5919', '9434765919'],
    ['email', 'Maya.Rivera@Example.com ', 'maya.rivera@example.com'],
    ['address', ' 1 Main Street\n', '1 Main Street'],
    ['other', 'ﬁle', 'file'],
  ])('of kind %s compare as equal', (kind, one, other) => {
    expect(comparableValue(one, kind)).toBe(comparableValue(other, kind))
  })

  it.each<[FieldKind, string, string]>([
    ['payment_card', '4242 4242 4242 4242', '4242 4242 4242 4241'],
    ['crypto_wallet', '1BoatSLRHtKNngkdXEeobR76b53LETtpyT', '1boatslrhtknngkdxeeobr76b53letpyt'],
    ['credential', 'correct horse', 'Correct horse'],
    ['bank_account', 'GB82WEST12345698765432', 'GB82WEST12345698765431'],
  ])('of kind %s that mean different things stay different', (kind, one, other) => {
    expect(comparableValue(one, kind)).not.toBe(comparableValue(other, kind))
  })

  it('keep what has nothing of its kind in it as a text of its own', () => {
    expect(comparableValue(' see the letter ', 'payment_card')).toBe('see the letter')
    expect(comparableValue('see below', 'phone')).not.toBe(comparableValue('see above', 'phone'))
  })
})

describe('a text that compares equal to a value', () => {
  it.each([
    ['payment_card', '4242-4242-4242-4242', true],
    ['payment_card', ' (4242 4242 4242 4242). ', true],
    ['payment_card', '４２４２ 4242 4242 4242', true],
    ['payment_card', 'card 4242 4242 4242 4242, call Bob', false],
    ['phone', '0049 30 901820', true],
    ['phone', '+49 30 901820 (ask for Bob)', false],
    ['bank_account', 'de89 3704 0044 0532 0130 00', true],
    ['email', 'Harriet@Example.com', true],
    ['credential', 'Correct Horse', true],
  ] as const)('of kind %s, "%s", says nothing more: %s', (kind, text, isBare) => {
    expect(isBareValue(text, kind)).toBe(isBare)
  })

  it('says the same as another one whatever its blanks and punctuation', () => {
    expect(saysTheSame('card 4242, call Bob', 'Card  4242; call Bob!')).toBe(true)
    expect(saysTheSame('card 4242, call Bob', 'card 4242, call Ann')).toBe(false)
  })
})

describe('what a fingerprint is made of', () => {
  it('is the same for a value that was compared before', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...FIELD_KINDS), (value, kind) => {
        const once = comparableValue(value, kind)
        expect(comparableValue(once, kind)).toBe(once)
      }),
    )
  })

  it('differs by account and by kind', () => {
    const bytes = [
      fingerprintInput('one', 'phone', '4155550100'),
      fingerprintInput('two', 'phone', '4155550100'),
      fingerprintInput('one', 'national_id', '4155550100'),
      fingerprintInput('one', 'other', 'phone\u00004155550100'),
    ]
    expect(new Set(bytes.map((each) => Buffer.from(each).toString('hex'))).size).toBe(4)
  })
})
