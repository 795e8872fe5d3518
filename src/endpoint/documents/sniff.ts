/**
 * What a file is, by its first bytes: names and headers say what the sender likes. Only what can be
 * shown is told apart (WHATWG MIME Sniffing, 6.1 and 7.1); a general library would read hostile files
 * in dozens of formats for types that we never show.
 */

/** null stands for any byte. */
type Signature = { type: string; bytes: readonly (number | null)[] }

const ANY = [null, null, null, null] as const
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))

const SIGNATURES: readonly Signature[] = [
  { type: 'application/pdf', bytes: ascii('%PDF-') },
  { type: 'image/png', bytes: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/webp', bytes: [...ascii('RIFF'), ...ANY, ...ascii('WEBPVP')] },
  { type: 'image/gif', bytes: ascii('GIF87a') },
  { type: 'image/gif', bytes: ascii('GIF89a') },
]

/** Text that a browser would run, or load further files for, were it ever served as what it is. */
const MARKUP: readonly { type: string; begins: RegExp }[] = [
  {
    type: 'image/svg+xml',
    begins: /^(?:<\?xml[^>]*>|<!--[^>]*>|<!doctype svg[^>]*>|\s)*<svg[\s>]/i,
  },
  { type: 'text/xml', begins: /^<\?xml\s/i },
  {
    type: 'text/html',
    begins:
      /^<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\s>]|^<!--/i,
  },
]

/** How far into a text one looks for how it begins. */
const BEGIN_LENGTH = 1024

/** C0 and C1 controls besides tab, line and page breaks, and what is no character at all. */
// oxlint-disable-next-line no-control-regex
const NO_TEXT = /[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

/**
 * The media type by content: one of those that can be shown, a text that is markup as what it is
 * (`text/html`, `text/xml`, `image/svg+xml`), or null for everything else, an empty file included.
 */
export function sniffType(bytes: Uint8Array): string | null {
  if (bytes.byteLength === 0) return null
  const known = SIGNATURES.find((signature) => hasSignature(bytes, signature))
  if (known !== undefined) return known.type
  const text = textOf(bytes)
  if (text === null || NO_TEXT.test(text)) return null
  const begin = text.slice(0, BEGIN_LENGTH).trimStart()
  return MARKUP.find(({ begins }) => begins.test(begin))?.type ?? 'text/plain'
}

function hasSignature(bytes: Uint8Array, signature: Signature): boolean {
  return signature.bytes.every((byte, at) => byte === null || bytes[at] === byte)
}

/** The whole file as text: UTF-16 where it says so by its byte order mark, else UTF-8. null for neither. */
function textOf(bytes: Uint8Array): string | null {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
