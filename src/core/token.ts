/**
 * The token that stands for a vaulted value in a Zendesk field. It is presentation: it grants
 * nothing, and no reveal takes one as input.
 *
 *     •••• •••• •••• 4242 [scrim:7Q2K9M4XA1BC3DEF]
 */
import type { MaskedValue } from './mask.ts'

declare const token: unique symbol
export type Token = string & { readonly [token]: true }

/** Crockford's base 32: no I, L, O or U, so that nobody misreads one aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TOKEN_LENGTH = 16
const TOKEN_PATTERN = new RegExp(`\\[scrim:([${ALPHABET}]{${TOKEN_LENGTH}})\\]`)

/** A token from at least 16 random bytes (80 bits are used). */
export function tokenFrom(randomBytes: Uint8Array): Token {
  if (randomBytes.length < TOKEN_LENGTH) throw new TypeError('A token takes 16 random bytes')
  return Array.from(
    randomBytes.subarray(0, TOKEN_LENGTH),
    (byte) => ALPHABET[byte % ALPHABET.length],
  ).join('') as Token
}

/** A token as it stands in text. */
export function formatToken(value: Token): string {
  return `[scrim:${value}]`
}

/** What a Zendesk field holds in place of the value. */
export function formatFieldText(masked: MaskedValue, value: Token): string {
  return `${masked} ${formatToken(value)}`
}

/** The first token in a field's text, or null. */
export function parseFieldText(text: string): Token | null {
  return (TOKEN_PATTERN.exec(text)?.[1] ?? null) as Token | null
}
