/**
 * From a value to what may be shown of it without a reveal. Total: whatever it does not recognise is
 * masked fully. Never returns its input and never tells its length.
 */
import type { FieldKind, SensitivityClass } from './protected-field.ts'

declare const masked: unique symbol
/** A display form that gives nothing away beyond its kind's rule. Only `maskValue` makes one. */
export type MaskedValue = string & { readonly [masked]: true }

/** Nothing of the value: eight bullets, whatever the length. */
export const FULL_MASK = '••••••••' as MaskedValue

/** In UTF-16 units. Nothing that a rule knows comes near it, invisible characters included. */
const MAX_LENGTH = 512

/** Format characters and combining marks, which would hide digits from the rules. */
const INVISIBLE = /[\p{Cf}\p{Mn}]/gu
const EDGES = /^[\p{Cf}\p{Mn}\s]+|[\p{Cf}\p{Mn}\s]+$/gu

/** Full-width and other compatibility forms become plain ones; what stands around the value goes. */
function normalize(value: string): string {
  return value.normalize('NFKC').replace(EDGES, '')
}

/**
 * For rules that keep trailing digits only. Control characters stay, so that two lines never match as
 * one value.
 */
function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '')
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const weighted = at % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

/**
 * PCI DSS 4.0.1, 3.4.1 allows at most the first six and the last four digits; we keep the last four.
 * A long number that is still a card without its last three or four digits may end in the card's
 * verification code, and keeps nothing.
 */
function maskPaymentCard(text: string): string | null {
  const value = withoutInvisible(text)
  if (!/^\d(?:[ -]?\d){11,18}$/.test(value)) return null
  const digits = value.replace(/\D/g, '')
  const mayEndInCode =
    digits.length > 16 && [3, 4].some((code) => passesLuhn(digits.slice(0, -code)))
  return passesLuhn(digits) && !mayEndInCode ? `•••• •••• •••• ${digits.slice(-4)}` : null
}

/** Country and length of every IBAN, from the ISO 13616 registry. */
const IBAN_LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 ' +
    'DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 ' +
    'IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 ' +
    'MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 ' +
    'SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** ISO 7064 MOD 97-10 over the rearranged IBAN, letters as 10 to 35. */
function passesMod97(iban: string): boolean {
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString()) {
      rest = (rest * 10 + Number(digit)) % 97
    }
  }
  return rest === 1
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
  const country = iban.slice(0, 2)
  if (IBAN_LENGTHS.get(country) !== iban.length || !passesMod97(iban)) return null
  const end = iban.length < 18 ? `••${iban.slice(-2)}` : iban.slice(-4)
  return `${country}•• •••• •••• ${end}`
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

/**
 * First letter and domain. One `@`, no spaces, nothing invisible: what hides behind a zero-width
 * space would pass for a part of the domain. Nothing is kept where so little is hidden that one could
 * guess it (a short local part), or where the domain tells what the local part hides
 * (`maya@maya-rivera.example`, `info@maya-rivera.example`).
 */
function maskEmail(text: string): string | null {
  const match =
    /^([a-z0-9][a-z0-9._%+-]{2,63})@((?:[a-z0-9-]{1,63}\.){1,4}(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}))$/.exec(
      text.toLowerCase(),
    )
  const [, localPart, domain] = match ?? []
  if (localPart === undefined || domain === undefined) return null
  // A long number in a domain is an account, a phone or a card that somebody typed there.
  if (/\d{4}/.test(domain) || GENERIC_MAILBOXES.includes(localPart)) return null
  const host = domain.slice(0, domain.lastIndexOf('.'))
  const names = localPart.split(/[^a-z]+/).filter((name) => name.length >= 3)
  const labels = host.split(/[^a-z]+/).filter((label) => label.length >= 3)
  const isTold =
    names.some((name) => host.includes(name)) || labels.some((label) => localPart.includes(label))
  return isTold ? null : `${localPart.slice(0, 1)}•••@${domain}`
}

/**
 * The last two digits of a number of at most fifteen (ITU-T E.164). At least six digits of the
 * subscriber's own stay hidden: eight in all, ten where a country code stands in front.
 */
function maskPhone(text: string): string | null {
  const value = withoutInvisible(text)
  if (!/^\+?[\d ().-]{7,30}$/.test(value)) return null
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

/** Whether a text is, or holds, a mask rather than a value: saving it would overwrite the real one. */
export function looksMasked(text: string): boolean {
  return withoutInvisible(text).includes('••')
}
