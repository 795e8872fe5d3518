/**
 * What a mask of each kind and class may show of a value, said once and apart from the code that
 * makes masks: tests hold every mask against it.
 */
import type { FieldKind, SensitivityClass } from '../../src/core/protected-field.ts'

/** Nothing of a value, whatever its kind, class and length. */
const NOTHING = '••••••••'

const INLINE = /<\/?(?:b|i|u|em|span|strong)\b[^<>]*>|<!--.*?-->/g
const REFERENCES: [RegExp, string][] = [
  [/&nbsp;/g, ' '],
  [/&#8203;/g, '\u200b'],
  [/&#45;/g, '-'],
]

/** A decimal digit of any script as ASCII; each script's ten stand in a row, zero first. */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0
  let zero = point
  while (point - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(point - zero)
}

/** The text as somebody reads it: markup and other forms of digits looked through, `invisible` as told. */
function asRead(text: string, invisible = ''): string {
  const shown = REFERENCES.reduce(
    (rest, [reference, meaning]) => rest.replace(reference, meaning),
    text.replace(INLINE, ''),
  )
  return shown
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{M}]/gu, invisible)
    .replace(/\p{Nd}/gu, asciiDigit)
}

const digitsOf = (text: string) => asRead(text).replace(/\D/g, '')

function leaksCard(value: string, masked: string): boolean {
  const [, lastFour] = /^•••• •••• •••• (\d{4})$/.exec(masked) ?? []
  const digits = digitsOf(value)
  return lastFour === undefined || digits.length < 12 || !digits.endsWith(lastFour)
}

function leaksBankAccount(value: string, masked: string): boolean {
  const [, country, lastFour, lastTwo] =
    /^([A-Z]{2})•• •••• •••• (?:([A-Z0-9]{4})|••([A-Z0-9]{2}))$/.exec(masked) ?? []
  const compact = asRead(value)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
  const end = lastFour ?? lastTwo
  if (country === undefined || end === undefined) return true
  const fewest = lastFour === undefined ? 15 : 18
  return !compact.startsWith(country) || !compact.endsWith(end) || compact.length < fewest
}

function leaksEmail(value: string, masked: string): boolean {
  const [, letter, domain] = /^([a-z])•••@([a-z0-9.-]+)$/.exec(masked) ?? []
  // What hides behind a zero-width space is no part of the domain.
  const [local, host, ...more] = asRead(value, ' ').trim().toLowerCase().split('@')
  if (letter === undefined || domain === undefined || local === undefined) return true
  if (host !== domain || more.length > 0 || !local.startsWith(letter) || local.length < 3)
    return true
  const isRepeated = Array.from(local, (_, at) => local.slice(at, at + 4)).some(
    (four) => /^[a-z]{4}$/.test(four) && domain.slice(0, domain.lastIndexOf('.')).includes(four),
  )
  return isRepeated || domain.replace(/\D/g, '').length > 3
}

function leaksPhone(value: string, masked: string): boolean {
  const [, lastTwo] = /^•••• •••• (\d{2})$/.exec(masked) ?? []
  const digits = digitsOf(value)
  return lastTwo === undefined || digits.length < 8 || !digits.endsWith(lastTwo)
}

const ALLOWANCES: Partial<Record<FieldKind, (value: string, masked: string) => boolean>> = {
  payment_card: leaksCard,
  bank_account: leaksBankAccount,
  email: leaksEmail,
  phone: leaksPhone,
}

/**
 * Whether `masked` shows more of `value` than its kind and class allow: another character of it, or,
 * by having another shape than its kind's, how long it is.
 */
export function leaks(
  value: string,
  masked: string,
  kind: FieldKind,
  sensitivityClass: SensitivityClass,
): boolean {
  if (masked === NOTHING) return false
  return sensitivityClass === 'secret' || (ALLOWANCES[kind]?.(value, masked) ?? true)
}
