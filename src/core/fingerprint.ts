/**
 * What a fingerprint is made of: which spellings of a value count as the same one. The keyed hash over
 * it is made in `keys/fingerprint.ts`; nothing here may be stored, for it is the value itself.
 */
import type { FieldKind } from './protected-field.ts'

/** Format characters: nobody sees or says them. */
const INVISIBLE = /\p{Cf}/gu
const DIGIT = /^\p{Nd}$/u

/** Digits of any script as ASCII: Unicode keeps each script's ten in a row, from its zero on. */
function withPlainDigits(text: string): string {
  return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    let first = code
    while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1
    return String((code - first) % 10)
  })
}

function digitsOf(text: string): string {
  return withPlainDigits(text).replace(/\D/g, '')
}

/** `+49…` and `0049…` are one number. A national spelling stays another one. */
function dialled(text: string): string {
  return digitsOf(text).replace(/^(?:00)+/, '')
}

function compact(text: string): string {
  return withPlainDigits(text)
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

const SPELLINGS: Partial<Record<FieldKind, (text: string) => string>> = {
  payment_card: digitsOf,
  phone: dialled,
  bank_account: compact,
  national_id: compact,
  identity_document: compact,
  medical_id: compact,
  email: (text) => text.toLowerCase(),
}

/**
 * The one spelling under which values of a kind are compared: digits of cards and phones, capitals
 * without blanks and punctuation of accounts and ids, small letters of e-mail addresses, and otherwise
 * the text in NFKC without what surrounds it. Never empty unless the text has nothing visible.
 */
export function comparableValue(value: string, kind: FieldKind): string {
  const text = value.normalize('NFKC').replace(INVISIBLE, '').trim()
  const spelled = Object.hasOwn(SPELLINGS, kind) ? (SPELLINGS[kind]?.(text) ?? '') : text
  return spelled === '' ? text : spelled
}

/** How a value may be written without saying anything else: blanks, punctuation, what nobody sees. */
const FORMATTING = /[\s\p{Z}\p{P}\p{Cf}+]/gu

/** What a text says, however it is written. Leading zeros are a way to write phone numbers. */
function wordsOf(text: string): string {
  return withPlainDigits(text.normalize('NFKC'))
    .replace(FORMATTING, '')
    .replace(/^0+/, '')
    .toUpperCase()
}

/**
 * Whether a text says nothing but the value it is compared by. "card 4111…, call Bob" compares equal to
 * the card's number and says more.
 */
export function isBareValue(text: string, kind: FieldKind): boolean {
  return wordsOf(text) === wordsOf(comparableValue(text, kind))
}

/** Whether two texts that compare equal also say the same beside the value. */
export function saysTheSame(one: string, other: string): boolean {
  return wordsOf(one) === wordsOf(other)
}

/**
 * `scrim fingerprint 1 ‖ account ‖ kind ‖ comparable value`, divided by NUL. Only the last part can
 * hold one, so no two inputs have the same bytes.
 */
export function fingerprintInput(account: string, kind: FieldKind, value: string): Uint8Array {
  const parts = ['scrim fingerprint 1', account, kind, comparableValue(value, kind)]
  return new TextEncoder().encode(parts.join('\0'))
}
