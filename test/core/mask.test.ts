import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FULL_MASK, looksMasked, maskValue } from '../../src/core/mask.ts'
import { FIELD_KINDS, SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import type { FieldKind, SensitivityClass } from '../../src/core/protected-field.ts'
import { leaks } from './mask-leaks.ts'
import {
  cardNumber,
  disguised,
  emailAddress,
  hostileText,
  iban,
  ibanOf,
  obscured,
  phoneNumber,
} from './values.ts'

const KINDS_WITH_A_RULE: readonly FieldKind[] = ['payment_card', 'bank_account', 'email', 'phone']
const KINDS_WITHOUT_A_RULE = FIELD_KINDS.filter((kind) => !KINDS_WITH_A_RULE.includes(kind))
const OPEN_CLASSES: readonly SensitivityClass[] = ['confidential', 'restricted']

const openClass = fc.constantFrom(...OPEN_CLASSES)
const anyClass = fc.constantFrom(...SENSITIVITY_CLASSES)
const anyKind = fc.constantFrom(...FIELD_KINDS)

/** Values of every sort, as written, disguised, run together, or no values at all. */
const plainValue = fc.oneof(cardNumber, iban, emailAddress, phoneNumber)
const anyValue = fc.oneof(
  { weight: 3, arbitrary: plainValue },
  { weight: 3, arbitrary: plainValue.chain(disguised) },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.tuple(plainValue, hostileText, plainValue).map((parts) => parts.join('')),
  },
)

const isPartial = (masked: string) => masked !== FULL_MASK

const CARD = '4242 4242 4242 4242'
const AMEX = '3782 822463 10005'

describe('what a mask keeps', () => {
  const kept: [string, FieldKind, string][] = [
    // A card keeps its last four.
    [CARD, 'payment_card', '•••• •••• •••• 4242'],
    ['4242424242424242', 'payment_card', '•••• •••• •••• 4242'],
    ['4242-4242-4242-4242', 'payment_card', '•••• •••• •••• 4242'],
    [AMEX, 'payment_card', '•••• •••• •••• 0005'],
    ['30569309025904', 'payment_card', '•••• •••• •••• 5904'],
    ['4222222222222', 'payment_card', '•••• •••• •••• 2222'],
    ['  4111 1111 1111 1111\r\n', 'payment_card', '•••• •••• •••• 1111'],
    ['4242.4242.4242.4242', 'payment_card', '•••• •••• •••• 4242'],
    ['4242\u20134242\u20134242\u20134242', 'payment_card', '•••• •••• •••• 4242'],
    // The same card in full-width digits, with no-break spaces, zero-width joints, marks and RTL marks.
    ['４２４２４２４２４２４２４２４２', 'payment_card', '•••• •••• •••• 4242'],
    ['4242\u00a04242\u00a04242\u00a04242', 'payment_card', '•••• •••• •••• 4242'],
    ['4242\u200b4242\u200d4242\u20604242', 'payment_card', '•••• •••• •••• 4242'],
    ['\u202e4242 4242 4242 4242\u202c', 'payment_card', '•••• •••• •••• 4242'],
    ['4\u03012\u030142 4242 4242 4242\u0301', 'payment_card', '•••• •••• •••• 4242'],
    // An IBAN keeps its country and last four; the two shortest countries keep two.
    ['GB82 WEST 1234 5698 7654 32', 'bank_account', 'GB•• •••• •••• 5432'],
    ['gb82west12345698765432', 'bank_account', 'GB•• •••• •••• 5432'],
    ['DE89 3704 0044 0532 0130 00', 'bank_account', 'DE•• •••• •••• 3000'],
    ['MT84 MALT 0110 0001 2345 MTLC AST0 01S', 'bank_account', 'MT•• •••• •••• 001S'],
    ['NO93 8601 1117 947', 'bank_account', 'NO•• •••• •••• ••47'],
    ['BE68 5390 0754 7034', 'bank_account', 'BE•• •••• •••• ••34'],
    // An e-mail address keeps its first letter and its domain.
    ['maya.rivera@example.com', 'email', 'm•••@example.com'],
    ['Maya.Rivera@Example.COM', 'email', 'm•••@example.com'],
    ['maya+4242424242424242@mail.example.org', 'email', 'm•••@mail.example.org'],
    // A phone number keeps its last two digits.
    ['+44 20 7946 0018', 'phone', '•••• •••• 18'],
    ['(0141) 496 0123', 'phone', '•••• •••• 23'],
    ['+1 202-555-0143', 'phone', '•••• •••• 43'],
    ['0491.570.006', 'phone', '•••• •••• 06'],
    ['030/23125 123', 'phone', '•••• •••• 23'],
    ['+44\u201320\u20137946\u20130018', 'phone', '•••• •••• 18'],
    ['\u200e+44 20 7946 0018\u200e', 'phone', '•••• •••• 18'],
  ]
  it.each(kept)('%j as %s shows %s', (value, kind, expected) => {
    for (const sensitivityClass of OPEN_CLASSES) {
      expect(maskValue(value, kind, sensitivityClass)).toBe(expected)
    }
  })
})

describe('what masks fully', () => {
  const full: [string, FieldKind, string][] = [
    ['', 'payment_card', 'nothing'],
    ['4242', 'payment_card', 'too short for a card'],
    ['4242 4242 4242 4241', 'payment_card', 'no card: the check digit is wrong'],
    [`${CARD} 123`, 'payment_card', 'a card with its verification code behind it'],
    [`${AMEX} 1234`, 'payment_card', 'an American Express card with its four-digit code'],
    [`${CARD} 12/30`, 'payment_card', 'a card with its expiry'],
    ['4242\n4242 4242 4242', 'payment_card', 'a number over two lines'],
    [`${CARD}\n${CARD}`, 'payment_card', 'two cards'],
    ['٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢', 'payment_card', 'Arabic-Indic digits'],
    ['card 4242 4242 4242 4242', 'payment_card', 'words around a card'],
    ['4111<b>1111</b>11111111', 'payment_card', 'markup inside a card'],
    ['4111&nbsp;1111&nbsp;1111&nbsp;1111', 'payment_card', 'character references inside a card'],
    ['42424242\u20dd42424242', 'payment_card', 'a circle around a digit'],
    ['3782 822463 1000\ud800', 'payment_card', 'half of a character'],
    ['GB82 WEST 1234 5698 7654 33', 'bank_account', 'an IBAN with a wrong check'],
    ['GB82 WEST 1234 5698 7654 32 PIN 1234', 'bank_account', 'an IBAN with a PIN behind it'],
    ['AB12 my password is tr0ub4dor', 'bank_account', 'free text that begins like an IBAN'],
    ['ZZ82WEST12345698765432', 'bank_account', 'a country without IBANs'],
    ['12-34-56 00012345', 'bank_account', 'a sort code and account number'],
    ['jo@example.com', 'email', 'a local part that one could guess'],
    ['447700900123@example.com', 'email', 'a mailbox that is a number'],
    ['maya@202-555-0143.example', 'email', 'a phone number in the domain'],
    ['mayarivera@riveram.example', 'email', 'a domain that repeats a part of the name'],
    ['a@b@example.com', 'email', 'two at signs'],
    ['maya rivera@example.com', 'email', 'a space'],
    ['maya@localhost', 'email', 'a domain without a top level'],
    ['maya@555.010.0199', 'email', 'a domain of digits'],
    ['maya@4242424242424242.example', 'email', 'a card in the domain'],
    ['rivera@maya-rivera.example', 'email', 'a domain that repeats the name'],
    ['maya.x@rivera-maya.example', 'email', 'a domain that repeats the first name'],
    ['maya@555.010.199', 'email', 'a domain of short numbers'],
    ['mrivera@rivera.example', 'email', 'a local part that holds the domain'],
    ['rivera1980@rivera.example', 'email', 'a local part that repeats the domain'],
    ['info@maya-rivera.example', 'email', 'a mailbox for all whose domain is the name'],
    ['maya@example.com\u200bhunter', 'email', 'a word hidden behind a zero-width space'],
    ['maya@example.com\nhunter', 'email', 'a second line'],
    ['maya@example.com\thunter', 'email', 'a word behind a tab'],
    ['555-0123', 'phone', 'seven digits'],
    ['+290 22158', 'phone', 'a country with five-digit numbers'],
    ['00 290 22158', 'phone', 'the same with the international prefix'],
    ['1234567890123456', 'phone', 'more digits than a phone number has'],
    ['+44 20 7946 0018 ext. 4', 'phone', 'words'],
    ['+44 20 7946 0018\n+44 20 7946 0147', 'phone', 'two numbers'],
  ]
  it.each(full)('%j as %s masks fully: %s', (value, kind) => {
    for (const sensitivityClass of OPEN_CLASSES) {
      expect(maskValue(value, kind, sensitivityClass)).toBe(FULL_MASK)
    }
  })

  it('keeps nothing of kinds without a rule, whatever the value', () => {
    fc.assert(
      fc.property(
        hostileText,
        fc.constantFrom(...KINDS_WITHOUT_A_RULE),
        anyClass,
        (value, kind, sensitivityClass) => {
          expect(maskValue(value, kind, sensitivityClass)).toBe(FULL_MASK)
        },
      ),
    )
  })

  it('keeps nothing in the class secret, whatever the kind and value', () => {
    const known = fc.constantFrom(CARD, 'DE89370400440532013000', 'maya@example.com', '02079460018')
    fc.assert(
      fc.property(fc.oneof(known, hostileText), anyKind, (value, kind) => {
        expect(maskValue(value, kind, 'secret')).toBe(FULL_MASK)
      }),
    )
  })

  it('keeps nothing for a kind or class that it was never taught', () => {
    const strange = ['constructor', 'toString', '__proto__', 'PAYMENT_CARD', '']
    for (const name of strange) {
      // Data of a later version, or a hostile policy document, may name what the types rule out.
      expect(maskValue(CARD, name as FieldKind, 'confidential')).toBe(FULL_MASK)
      expect(maskValue(CARD, 'payment_card', name as SensitivityClass)).toBe(FULL_MASK)
    }
  })

  it('masks very long values fully, and soon', () => {
    const long = [
      '4'.repeat(100_000),
      `${'a'.repeat(100_000)}@example.com`,
      '\u0301'.repeat(100_000),
      `4242${'\u200b'.repeat(600)}424242424242`,
      `${' '.repeat(600)}${CARD}`,
    ]
    for (const value of long) {
      for (const kind of FIELD_KINDS) {
        expect(maskValue(value, kind, 'confidential')).toBe(FULL_MASK)
      }
    }
  })
})

describe('whatever the value', () => {
  it('a mask never shows more of it than its kind and class allow', () => {
    fc.assert(
      fc.property(anyValue, anyKind, anyClass, (value, kind, sensitivityClass) => {
        const masked = maskValue(value, kind, sensitivityClass)
        expect(leaks(value, masked, kind, sensitivityClass)).toBe(false)
      }),
      { numRuns: 20_000 },
    )
  })

  it('what is found to leak would be seen', () => {
    const leaking: [string, FieldKind, SensitivityClass, string][] = [
      [CARD, 'payment_card', 'confidential', CARD],
      [CARD, 'payment_card', 'confidential', '•••• •••• •••2 4242'],
      [CARD, 'payment_card', 'confidential', '4242 42•• •••• 4242'],
      [CARD, 'payment_card', 'confidential', '•••••••••••• 4242'],
      [CARD, 'payment_card', 'secret', '•••• •••• •••• 4242'],
      [`${CARD} 123`, 'payment_card', 'restricted', '•••• •••• •••• 4242'],
      [`${CARD} 0123`, 'payment_card', 'restricted', '•••• •••• •••• 4242'],
      ['4242', 'payment_card', 'restricted', '•••• •••• •••• 4242'],
      ['GB82WEST12345698765432', 'bank_account', 'restricted', 'GB•• •••• •••4 5432'],
      ['GB82WEST12345698765432', 'bank_account', 'restricted', 'GB82 •••• •••• 5432'],
      ['NO9386011117947', 'bank_account', 'restricted', 'NO•• •••• •••• 7947'],
      ['maya.rivera@example.com', 'email', 'confidential', 'ma•••@example.com'],
      ['maya.rivera@example.com', 'email', 'confidential', 'm••••••••••@example.com'],
      ['maya@maya-rivera.example', 'email', 'confidential', 'm•••@maya-rivera.example'],
      ['maya@example.com\u200bhunter', 'email', 'confidential', 'm•••@example.comhunter'],
      ['+44 20 7946 0018', 'phone', 'confidential', '•••• ••• 018'],
      ['+44 20 7946 0018', 'phone', 'confidential', '•••• ••0018'],
      ['+44 20 7946 0018', 'phone', 'confidential', '+44 •••• •• 18'],
      ['C01X00T47', 'identity_document', 'confidential', 'C••••••••'],
      ['C01X00T47', 'identity_document', 'confidential', '•••••••••'],
      ['078-05-1120', 'national_id', 'confidential', '•••-••-1120'],
      ['12/30', 'card_expiry', 'confidential', '••/30'],
      ['123', 'card_verification_code', 'confidential', '•••'],
      ['192.0.2.146', 'ip_address', 'confidential', '192.0.•••.•••'],
    ]
    const unseen = leaking.filter(
      ([value, kind, sensitivityClass, masked]) => !leaks(value, masked, kind, sensitivityClass),
    )
    expect(unseen).toEqual([])
  })

  it('two values that share what may be shown have the same mask', () => {
    const masksOf = (values: string[], kind: FieldKind) =>
      new Set(values.map((value) => maskValue(value, kind, 'restricted')).filter(isPartial))
    fc.assert(
      fc.property(fc.array(cardNumber, { minLength: 2 }), (cards) => {
        const ends = new Set(cards.map((digits) => digits.slice(-4)))
        expect(masksOf(cards, 'payment_card').size).toBeLessThanOrEqual(ends.size)
      }),
    )
    fc.assert(
      fc.property(fc.array(phoneNumber, { minLength: 2 }), (phones) => {
        const ends = new Set(phones.map((phone) => phone.replace(/\D/g, '').slice(-2)))
        expect(masksOf(phones, 'phone').size).toBeLessThanOrEqual(ends.size)
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^m[a-z0-9.]{4,60}$/)), (locals) => {
        const addresses = locals.map((local) => `${local}@mx.example`)
        expect(masksOf(addresses, 'email').size).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('a card shows its last four digits at most, however it is written', () => {
    fc.assert(
      fc.property(
        cardNumber.chain((digits) => fc.tuple(fc.constant(digits), obscured(digits))),
        openClass,
        ([digits, written], sensitivityClass) => {
          const masked = maskValue(written, 'payment_card', sensitivityClass)
          expect([FULL_MASK, `•••• •••• •••• ${digits.slice(-4)}`]).toContain(masked)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('a card of sixteen digits is recognised however it is written', () => {
    fc.assert(
      fc.property(
        cardNumber
          .filter((digits) => digits.length === 16)
          .chain((digits) => fc.tuple(fc.constant(digits), obscured(digits))),
        ([digits, written]) => {
          const masked = maskValue(written, 'payment_card', 'restricted')
          expect(masked).toBe(`•••• •••• •••• ${digits.slice(-4)}`)
        },
      ),
    )
  })

  it('no verification code shows behind a card', () => {
    const code = fc.oneof(
      fc.integer({ min: 0, max: 999 }).map((value) => String(value).padStart(3, '0')),
      fc.integer({ min: 0, max: 9999 }).map((value) => String(value).padStart(4, '0')),
    )
    const between = fc.constantFrom('', ' ', '-', '\n', '\t', '\u200b', ' / ', ', ')
    const long = cardNumber.filter((digits) => digits.length >= 14)
    fc.assert(
      fc.property(long, between, code, (digits, joint, verification) => {
        const masked = maskValue(`${digits}${joint}${verification}`, 'payment_card', 'confidential')
        expect(masked).toBe(FULL_MASK)
      }),
      { numRuns: 2000 },
    )
  })

  it('an IBAN shows its country and four characters at most, however it is written', () => {
    fc.assert(
      fc.property(
        iban.chain((compact) => fc.tuple(fc.constant(compact), obscured(compact))),
        ([compact, written]) => {
          const shown = compact.length < 18 ? `••${compact.slice(-2)}` : compact.slice(-4)
          expect(maskValue(written, 'bank_account', 'restricted')).toBe(
            `${compact.slice(0, 2)}•• •••• •••• ${shown}`,
          )
        },
      ),
    )
  })

  it('a text that checks out as an IBAN but has another length than its country’s shows nothing', () => {
    const length = fc.integer({ min: 15, max: 34 }).filter((other) => other !== 22)
    fc.assert(
      fc.property(
        length.chain((other) => ibanOf('DE', other)),
        (compact) => {
          expect(maskValue(compact, 'bank_account', 'confidential')).toBe(FULL_MASK)
        },
      ),
    )
  })

  it('nothing that stands behind an IBAN or an address shows', () => {
    const word = fc.stringMatching(/^[QXZ]{3,8}$/)
    const joint = fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '\u200b',
      '\u00ad',
      '\u200e',
      '-',
      ', ',
      '\u2028',
    )
    fc.assert(
      fc.property(iban, joint, word, (compact, between, secret) => {
        expect(maskValue(`${compact}${between}${secret}`, 'bank_account', 'confidential')).toBe(
          FULL_MASK,
        )
      }),
    )
    fc.assert(
      // A hyphen makes it another domain, which is shown as such.
      fc.property(
        joint.filter((between) => between !== '-'),
        word,
        (between, secret) => {
          const masked = maskValue(
            `maya.rivera@example.com${between}${secret}`,
            'email',
            'restricted',
          )
          expect(masked).toBe(FULL_MASK)
        },
      ),
    )
  })
})

describe('the length', () => {
  it('of a card does not show', () => {
    fc.assert(
      fc.property(cardNumber, (digits) => {
        expect([FULL_MASK.length, 19]).toContain(
          maskValue(digits, 'payment_card', 'confidential').length,
        )
      }),
    )
  })

  it('of a phone number does not show', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{5,10}$/), (start) => {
        expect(maskValue(`${start}42`, 'phone', 'confidential')).toBe('•••• •••• 42')
      }),
    )
  })

  it('of a local part does not show', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[b-d]{2,60}$/), (rest) => {
        expect(maskValue(`m${rest}@example.com`, 'email', 'confidential')).toBe('m•••@example.com')
      }),
    )
  })
})

describe('masking a mask', () => {
  it('gives nothing more', () => {
    const values = fc.oneof(
      cardNumber.map((value) => [value, 'payment_card'] as const),
      iban.map((value) => [value, 'bank_account'] as const),
      fc.constant(['maya.rivera@example.com', 'email'] as const),
      fc.constant(['+44 20 7946 0018', 'phone'] as const),
      fc.tuple(hostileText, anyKind),
    )
    fc.assert(
      fc.property(values, anyKind, openClass, ([value, kind], otherKind, sensitivityClass) => {
        const masked = maskValue(value, kind, sensitivityClass)
        expect(maskValue(masked, otherKind, sensitivityClass)).toBe(FULL_MASK)
      }),
    )
  })

  it('is recognised before a mask overwrites a value', () => {
    const masks = [
      FULL_MASK,
      maskValue(CARD, 'payment_card', 'restricted'),
      maskValue('NO93 8601 1117 947', 'bank_account', 'restricted'),
      maskValue('maya.rivera@example.com', 'email', 'confidential'),
      maskValue('+44 20 7946 0018', 'phone', 'confidential'),
    ]
    for (const masked of masks) {
      expect(looksMasked(masked)).toBe(true)
      expect(looksMasked(`Card: ${masked} [scrim:7Q2K9M4XA1BC3DEF]`)).toBe(true)
      expect(looksMasked(Array.from(masked).join('\u200b'))).toBe(true)
    }
    for (const value of [CARD, 'maya.rivera@example.com', '• one point', '']) {
      expect(looksMasked(value)).toBe(false)
    }
  })

  it.each([
    '**** **** **** 4242',
    'XXXX-XXXX-XXXX-4242',
    'xxx-xx-1234',
    '************4242',
    '424242******4242',
    'DE** **** **** **** 3000',
    '●●●●●●',
    '########',
  ])('is recognised when another system made it: %s', (text) => {
    expect(looksMasked(text)).toBe(true)
  })

  it.each([
    'Xx4Y7xxK',
    'correct horse #battery# staple***',
    '2*3*5',
    'DE89 3704 0044 0532 0130 00',
    'x@example.com',
    'Straße 4, 12345 Köln',
  ])('is not seen in a value: %s', (text) => {
    expect(looksMasked(text)).toBe(false)
  })

  it('is looked for in linear time', () => {
    expect(looksMasked(`${'*'.repeat(4000)}!`)).toBe(false)
    expect(looksMasked('x '.repeat(2000) + '!')).toBe(false)
  })
})

describe('the table of what each kind keeps', () => {
  const table = readFileSync(new URL('../../src/core/MASKS.md', import.meta.url), 'utf8')
  const rows = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, kinds = '', keeps = '']) =>
      Array.from(kinds.matchAll(/`(\w+)`/g), ([, kind = '']) => ({ kind, keeps })),
    )

  it('has every kind once', () => {
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual([...FIELD_KINDS].toSorted())
  })

  it('says nothing of those, and only those, without a rule', () => {
    const kept = rows.filter(({ keeps }) => keeps !== 'nothing').map(({ kind }) => kind)
    expect(kept).toEqual(KINDS_WITH_A_RULE)
  })
})
