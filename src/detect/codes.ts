/**
 * A text written down in one byte a code unit. Bytes are read several times faster than a string, and
 * however the string is held.
 */

export const OTHER = 0
export const LETTER = 1
export const DIGIT = 2
export const BLANK = 3
export const NEWLINE = 4
export const STOP = 5
export const SIGN = 6
export const BULLET = 7
export const DASH = 8
export const CURRENCY = 9

/** The class of an ASCII code; from 128 on, a class itself: how other characters are written down. */
export const CLASSES = new Uint8Array(256)
for (let code = 97; code <= 122; code += 1) CLASSES[code] = CLASSES[code - 32] = LETTER
for (let code = 48; code <= 57; code += 1) CLASSES[code] = DIGIT
for (const code of [9, 11, 12, 32]) CLASSES[code] = BLANK
for (const code of [10, 13]) CLASSES[code] = NEWLINE
for (const code of '.!') CLASSES[code.charCodeAt(0)] = STOP
for (const code of '@:<-') CLASSES[code.charCodeAt(0)] = SIGN
for (let kind = OTHER; kind <= CURRENCY; kind += 1) CLASSES[128 + kind] = kind

/** The class of a code unit beyond ASCII, in a text that needs no folding or is folded. */
function classBeyondAscii(code: number): number {
  // Bullets, and what stands for something left out.
  if (code === 0x2022 || code === 0x25cf || code === 0x2026) return BULLET
  if (code >= 0x2010 && code <= 0x2015) return DASH
  if (code === 0x20ac || code === 0xa3) return CURRENCY
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x2e7f) || (code >= 0x3000 && code <= 0x303f)) {
    return code === 0xaa || code === 0xb5 || code === 0xba ? LETTER : OTHER
  }
  return code >= 0xd800 && code <= 0xdfff ? OTHER : LETTER
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-16le')
/** Behind the last code stand some that are no letter, no digit and no blank: loops end there. */
export const END = 128
const PADDING = 8
let codes = new Uint8Array(1 << 16)
/** The text's units as they read; every machine that runs this is little-endian. */
let units = new Uint16Array(1 << 12)

/** A text as it reads, and its codes: one byte a unit, ASCII as it is, else its class plus 128. */
export type Encoded = { text: string; codes: Uint8Array }

/**
 * Writes a text down. `foldUnit` says as what single unit each one beyond ASCII reads, or -1 where that
 * takes none or several: then the answer is undefined. null where the text is folded. The codes are
 * overwritten by the next text's.
 */
export function encode(
  text: string,
  foldUnit: ((code: number) => number) | null,
): Encoded | undefined {
  const { length } = text
  if (codes.length < length + PADDING) codes = new Uint8Array(length * 2 + PADDING)
  const { read, written } = encoder.encodeInto(text, codes)
  codes.fill(END, length, length + PADDING)
  if (read === length && written === length) return { text, codes }
  if (units.length < length) units = new Uint16Array(length * 2)
  let isAsWritten = true
  for (let at = 0; at < length; at += 1) {
    let code = text.charCodeAt(at)
    if (code >= 128 && foldUnit !== null) {
      const reads = foldUnit(code)
      if (reads === -1) return undefined
      if (reads !== code) isAsWritten = false
      code = reads
    }
    units[at] = code
    codes[at] = code < 128 ? code : 128 + classBeyondAscii(code)
  }
  codes.fill(END, length, length + PADDING)
  return { text: isAsWritten ? text : decoder.decode(units.subarray(0, length)), codes }
}

export function isAlphanumeric(code: number): boolean {
  const kind = CLASSES[code]
  return kind === LETTER || kind === DIGIT
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isSmallLetter(code: number): boolean {
  return code >= 97 && code <= 122
}

export function isUpper(code: number): boolean {
  return code >= 65 && code <= 90
}

export function isMaskSign(code: number): boolean {
  return code === 42 || code === 128 + BULLET
}

const SEPARATORS = new Uint8Array(256)
for (const sign of ' \t-./()_') SEPARATORS[sign.charCodeAt(0)] = 1
SEPARATORS[128 + DASH] = 1

/** Blank, tab, hyphen, dot, slash, underscore, parentheses and the dashes. */
export function isSeparator(code: number): boolean {
  return SEPARATORS[code] === 1
}
