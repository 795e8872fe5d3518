/**
 * From a value to what may be shown of it without a reveal; MASKS.md says what each kind keeps and
 * why. Total: whatever it does not recognise is masked fully. Never returns its input and never tells
 * its length.
 */
import type { FieldKind, SensitivityClass } from './protected-field.ts'
import { isIban } from '../detect/checks/iban.ts'
import { passesLuhn } from '../detect/checks/luhn.ts'

declare const masked: unique symbol
/** A display form that gives nothing away beyond its kind's rule. Only `maskValue` makes one. */
export type MaskedValue = string & { readonly [masked]: true }

/** Nothing of the value: eight bullets, whatever the length. */
export const FULL_MASK = '••••••••' as MaskedValue

/** In UTF-16 units. Nothing that a rule knows comes near it, invisible characters included. */
const MAX_LENGTH = 512

/** Format characters and combining marks, which would hide digits from the rules. */
const INVISIBLE = /[\p{Cf}\p{Mn}]/gu
const BLANK = /^[\p{Cf}\p{Mn}\s]$/u
const DASH = /\p{Pd}/gu

/**
 * Full-width and other compatibility forms become plain ones and every dash a hyphen; what stands
 * around the value goes.
 */
function normalize(value: string): string {
  const characters = Array.from(value.normalize('NFKC').replace(DASH, '-'))
  const isSolid = (character: string) => !BLANK.test(character)
  const first = characters.findIndex(isSolid)
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isSolid) + 1).join('')
}

/**
 * For rules that keep trailing digits only. Control characters stay, so that two lines never match as
 * one value.
 */
function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '')
}

/**
 * PCI DSS 4.0.1, 3.4.1 allows at most the BIN and the last four digits; we keep the last four.
 * A long number that is still a card without its last three or four digits may end in the card's
 * verification code, and keeps nothing.
 */
function maskPaymentCard(text: string): string | null {
  const value = withoutInvisible(text)
  if (!/^\d(?:[ .-]?\d){11,18}$/.test(value)) return null
  const digits = value.replace(/\D/g, '')
  const mayEndInCode =
    digits.length > 16 && [3, 4].some((code) => passesLuhn(digits.slice(0, -code)))
  return passesLuhn(digits) && !mayEndInCode ? `•••• •••• •••• ${digits.slice(-4)}` : null
}

/**
 * An IBAN (ISO 13616) keeps its country and last four. Below 18 characters (Norway, Belgium) four
 * would leave so few accounts per bank that one could try them all: those keep two. Anything else,
 * an IBAN with a remark behind it included, keeps nothing.
 */
function maskBankAccount(text: string): string | null {
  const compact = withoutInvisible(text).replace(/[ -]/g, '')
  if (!/^[a-z]{2}\d{2}[a-z0-9]{11,30}$/i.test(compact)) return null
  const iban = compact.toUpperCase()
  if (!isIban(iban)) return null
  const end = iban.length < 18 ? `••${iban.slice(-2)}` : iban.slice(-4)
  return `${iban.slice(0, 2)}•• •••• •••• ${end}`
}

/** Mailboxes that name nobody: what identifies is the domain. */
const GENERIC_MAILBOXES: readonly string[] = [
  'admin',
  'contact',
  'hello',
  'info',
  'mail',
  'office',
  'post',
]

/** Letters in a row that local part and domain may not share. */
const TELLING_LETTERS = 4

/** Whether the host's name repeats a name of the local part, or a good part of one. */
function isToldByHost(localPart: string, host: string): boolean {
  const words = (text: string) => text.split(/[^a-z]+/).filter((word) => word.length >= 3)
  const pieces = words(localPart).flatMap((word) => {
    const count = Math.max(word.length - TELLING_LETTERS + 1, 0)
    return Array.from({ length: count }, (_, at) => word.slice(at, at + TELLING_LETTERS))
  })
  return (
    [...words(localPart), ...pieces].some((piece) => host.includes(piece)) ||
    words(host).some((label) => localPart.includes(label))
  )
}

/**
 * First letter and domain. One `@`, no spaces, nothing invisible: what hides behind a zero-width
 * space would pass for a part of the domain. Nothing is kept where so little is hidden that one could
 * guess it (a short local part), where the local part begins like a number, or where the domain tells
 * what the local part hides (`maya@maya-rivera.example`, `info@maya-rivera.example`).
 */
function maskEmail(text: string): string | null {
  const match =
    /^([a-z][a-z0-9._%+-]{2,63})@((?:[a-z0-9-]{1,63}\.){1,4}(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}))$/.exec(
      text.toLowerCase(),
    )
  const [, localPart, domain] = match ?? []
  if (localPart === undefined || domain === undefined) return null
  // Digits in a domain may be an account, a phone or a card that somebody typed there.
  if (domain.replace(/\D/g, '').length > 3 || GENERIC_MAILBOXES.includes(localPart)) return null
  const host = domain.slice(0, domain.lastIndexOf('.'))
  return isToldByHost(localPart, host) ? null : `${localPart.slice(0, 1)}•••@${domain}`
}

/**
 * The last two digits of a number of at most fifteen (ITU-T E.164). At least six digits of the
 * subscriber's own stay hidden: eight in all, ten where a country code stands in front.
 */
function maskPhone(text: string): string | null {
  const value = withoutInvisible(text)
  if (!/^\+?[\d ()./-]{7,30}$/.test(value)) return null
  const dialled = value.replace(/\D/g, '')
  const isInternational = value.startsWith('+') || dialled.startsWith('00')
  const digits = isInternational ? dialled.replace(/^00/, '') : dialled
  const fewest = isInternational ? 10 : 8
  return digits.length >= fewest && digits.length <= 15 ? `•••• •••• ${digits.slice(-2)}` : null
}

const RULES: Partial<Record<FieldKind, (text: string) => string | null>> = {
  payment_card: maskPaymentCard,
  bank_account: maskBankAccount,
  email: maskEmail,
  phone: maskPhone,
}

/**
 * The mask of `value`. `secret` fields keep nothing of any kind; kinds without a rule keep nothing in
 * any class.
 */
export function maskValue(
  value: string,
  kind: FieldKind,
  sensitivityClass: SensitivityClass,
): MaskedValue {
  // Classes and kinds are asked for by name: one that nobody thought of here keeps nothing.
  if (sensitivityClass !== 'confidential' && sensitivityClass !== 'restricted') return FULL_MASK
  if (!Object.hasOwn(RULES, kind) || value.length > MAX_LENGTH) return FULL_MASK
  const result = RULES[kind]?.(normalize(value)) ?? null
  return result === null ? FULL_MASK : (result as MaskedValue)
}

/** What other systems write: at least five signs in a row, and a few characters that they keep. */
const MASK_OF_OTHERS = /^[\p{L}\p{N}]{0,6}[*#xX●∗]{5,}[\p{L}\p{N}]{0,6}$/u

/**
 * Whether a text holds a mask, or is one of another system's, rather than a value: saving it would
 * overwrite the real one.
 */
export function looksMasked(text: string): boolean {
  const visible = withoutInvisible(text)
  return visible.includes('••') || MASK_OF_OTHERS.test(visible.replace(/[\s./_-]+/gu, ''))
}
