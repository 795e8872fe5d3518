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

/** Invisible characters that would hide digits from the rules below (Unicode Cf, Mn and spaces kept out). */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Mn}]/gu

/** Full-width and other compatibility forms become plain ones, invisible characters go. */
function normalize(value: string): string {
  return value.normalize('NFKC').replace(INVISIBLE, '').trim()
}

/** PCI DSS 4.0.1, 3.4.1 allows at most the first six and the last four digits; we keep the last four. */
function maskPaymentCard(value: string): string | null {
  if (!/^\d(?:[ -]?\d){11,18}$/.test(value)) return null
  return `•••• •••• •••• ${value.replace(/\D/g, '').slice(-4)}`
}

/** An IBAN (ISO 13616) keeps its country and last four; any other account keeps nothing. */
function maskBankAccount(value: string): string | null {
  const compact = value.replace(/[ -]/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(compact)) return null
  return `${compact.slice(0, 2)}•• •••• •••• ${compact.slice(-4)}`
}

/** First letter and domain. One `@`, no spaces; a one-letter local part keeps nothing. */
function maskEmail(value: string): string | null {
  const match = /^([a-z0-9])[a-z0-9._%+-]{1,63}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})$/i.exec(
    value,
  )
  return match ? `${match[1]}•••@${match[2]}` : null
}

/** The last two digits of a number of seven to fifteen (ITU-T E.164). */
function maskPhone(value: string): string | null {
  if (!/^\+?[\d ().-]{7,30}$/.test(value)) return null
  const digits = value.replace(/\D/g, '')
  return digits.length >= 7 && digits.length <= 15 ? `•••• •••• ${digits.slice(-2)}` : null
}

const RULES: Partial<Record<FieldKind, (value: string) => string | null>> = {
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
  if (sensitivityClass === 'secret') return FULL_MASK
  const result = RULES[kind]?.(normalize(value)) ?? null
  return result === null ? FULL_MASK : (result as MaskedValue)
}

/** Whether a text is, or holds, a mask rather than a value: saving it would overwrite the real one. */
export function looksMasked(text: string): boolean {
  return text.includes('••')
}
