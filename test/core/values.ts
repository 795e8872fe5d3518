/** Values for properties: valid by construction, and written in ways that hide them from a rule. */
import * as fc from 'fast-check'

/** Text that masks and comparisons find hard: any Unicode, invisible characters, digits of all kinds. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      ...'0123456789 -+.@()/abzABZ•',
      ...'０５９٤٢०१²½',
      '\u200b',
      '\u202e',
      '\u00ad',
      '\u0301',
      '\ufeff',
      '\n',
      '\t',
      '\u0000',
      '\u2028',
      '\u3164',
      '\ud800',
      '😀',
      'Ⓐ',
    ),
    maxLength: 60,
  }),
)

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength })

/** 13 to 19 digits that pass ISO/IEC 7812-1's check, computed so that no card stands in this file. */
export const cardNumber = fc
  .tuple(fc.constantFrom('3', '4', '5', '6'), digits(11, 17))
  .map(([first, rest]) => {
    const body = `${first}${rest}`
    const sum = Array.from(body)
      .reverse()
      .map((digit, at) => (at % 2 === 0 ? Number(digit) * 2 : Number(digit)))
      .reduce((total, weighted) => total + (weighted > 9 ? weighted - 9 : weighted), 0)
    return `${body}${(10 - (sum % 10)) % 10}`
  })

/** A country, right check digits and an account that fills the length. */
export function ibanOf(country: string, length: number): fc.Arbitrary<string> {
  return digits(length - 4, length - 4).map((account) => {
    const moved = Array.from(`${account}${country}00`, (character) =>
      Number.parseInt(character, 36).toString(),
    ).join('')
    const check = 98n - (BigInt(moved) % 97n)
    return `${country}${String(check).padStart(2, '0')}${account}`
  })
}

/** An IBAN of one of the shortest, usual and longest lengths. */
export const iban = fc.oneof(
  ibanOf('NO', 15),
  ibanOf('BE', 16),
  ibanOf('DK', 18),
  ibanOf('DE', 22),
  ibanOf('FR', 27),
  ibanOf('RU', 33),
)

/** The same value with invisible characters, full-width digits and combining marks on its digits. */
export function obscured(value: string): fc.Arbitrary<string> {
  const noise = fc.constantFrom('', '', ' ', '-', '\u200b', '\u2060', '\u202e', '\u00a0')
  const mark = fc.constantFrom('', '', '\u0301', '\u0335')
  return fc
    .array(fc.tuple(noise, fc.boolean(), mark), {
      minLength: value.length,
      maxLength: value.length,
    })
    .map((choices) =>
      Array.from(value, (character, at) => {
        const [before, isWide, above] = choices[at] ?? ['', false, '']
        const joint = at === 0 ? '' : before
        if (!/\d/.test(character)) return joint + character
        const digit = isWide ? String.fromCodePoint(0xff10 + Number(character)) : character
        return joint + digit + above
      }).join(''),
    )
}

/** Every way that a text, a comment's markup or a hostile hand puts between two characters of a value. */
const BETWEEN = (
  '|||| |-|.|\u2013|\u00a0|\u2009|\n|\r\n|\t|\u2028|\u0000|' +
  '\u200b|\u200d|\u2060|\u202e|\u2066|\u00ad|\u0301|\u20dd|\ufe0f|\ud800|' +
  '<b>|</b>|<br>|</p><p>|<span style="x">|<!-- -->|&nbsp;|&#8203;|&#45;'
).split('|')

/** Zeros of decimal digits: ASCII, full-width, Arabic-Indic, Devanagari, Thai, mathematical bold. */
const ZEROS = [0x30, 0x30, 0x30, 0xff10, 0x660, 0x966, 0xe50, 0x1d7ce]

/** The same value written so that a rule may miss it, or see another one in it. */
export function disguised(value: string): fc.Arbitrary<string> {
  const length = { minLength: value.length, maxLength: value.length }
  return fc
    .tuple(
      fc.constantFrom(...ZEROS),
      fc.array(fc.constantFrom(...BETWEEN), length),
      fc.array(fc.nat(9), length),
    )
    .map(([zero, joints, chances]) =>
      Array.from(value, (character, at) => {
        const joint = at === 0 || (chances[at] ?? 0) < 7 ? '' : (joints[at] ?? '')
        return (
          joint +
          (/\d/.test(character) ? String.fromCodePoint(zero + Number(character)) : character)
        )
      }).join(''),
    )
}

/** An address whose local part, often, resembles its domain. */
export const emailAddress = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9][a-z0-9._%+-]{0,20}$/),
    fc.constantFrom('', 'maya', 'rivera', 'maya.rivera', '4242424242424242'),
    fc.stringMatching(/^(?:[a-z0-9-]{1,12}\.){1,3}[a-z]{2,6}$/),
    fc.constantFrom('', 'maya-rivera.', 'mail.', '4242-42.'),
  )
  .map(([start, name, domain, host]) => `${start}${name}@${host}${domain}`)

/** Seven to fifteen digits, grouped in one of the usual ways. */
export const phoneNumber = fc
  .tuple(
    fc.constantFrom('', '+', '00', '(0'),
    fc.stringMatching(/^[1-9]\d{5,14}$/),
    fc.constantFrom('', ' ', '-', '.', '/'),
  )
  .map(([prefix, number, separator]) => {
    const groups = number.match(/\d{1,3}/g) ?? []
    return `${prefix}${groups.join(separator)}${prefix === '(0' ? ')' : ''}`
  })
