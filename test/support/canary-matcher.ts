/**
 * Finds a known value in anything: bytes of a database file, a header, a bundle, a document. Knows the
 * forms in which software hands text on, so that a leak is found however it was encoded.
 */

/**
 * What to look for, with a name for the report: a value and the texts that give it away, or a run of
 * bytes that stands in one document only.
 */
export type TextCanary = { name: string; value: string; parts?: readonly string[] }
export type ByteCanary = { name: string; bytes: Uint8Array }
export type Canary = TextCanary | ByteCanary

/** What was found, without the value. */
export type Sighting = { canary: string; encoding: string }

/** Shorter ones stand in files by chance. */
const MIN_LENGTH = 6
const MIN_BYTES = 12

const UTF8 = new TextEncoder()

/** Text whose every character is one byte, for searching in bytes. */
const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const utf8 = (text: string): string => binary(UTF8.encode(text))
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const hex = (text: string): string => hexOf(UTF8.encode(text))

const unitsEscaped = (text: string, isEscaped: (unit: string) => boolean): string =>
  text
    .split('')
    .map((unit) =>
      isEscaped(unit) ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit,
    )
    .join('')

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * The middle of `bytes` in base64, in both alphabets, for each place in a group of three bytes where it
 * may begin. The characters at both ends depend on the neighbours and are left off.
 */
function base64Middles(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
    const encoded = shifted.toString('base64').replace(/=+$/, '')
    const isCut = shifted.length % 3 !== 0
    const middle = encoded.slice(before === 0 ? 0 : before + 1, isCut ? -1 : undefined)
    return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

const percentEncoded = (text: string): string =>
  hex(text).replace(/../g, (digits) => `%${digits.toUpperCase()}`)

const ENCODINGS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  plain: (text) => [utf8(text)],
  json: (text) => {
    const escaped = JSON.stringify(text).slice(1, -1)
    const ascii = unitsEscaped(escaped, (unit) => unit > '~')
    return [escaped, ascii, unitsEscaped(ascii, (unit) => '<>&'.includes(unit))].map(utf8)
  },
  html: (text) => [utf8(text.replace(/[&<>"']/g, (character) => HTML[character] ?? character))],
  percent: (text) => {
    const component = encodeURIComponent(text)
    const form = new URLSearchParams({ '': text }).toString().slice(1)
    const all = percentEncoded(text)
    return [component, encodeURI(text), form, all].flatMap((encoded) => [
      encoded,
      encoded.replace(/%../g, (escape) => escape.toLowerCase()),
    ])
  },
  base64: (text) => base64Middles(UTF8.encode(text)),
  hex: (text) => [hex(text), hex(text).toUpperCase()],
  'utf-16le': (text) => [binary(utf16(text))],
  'utf-16be': (text) => [binary(utf16(text).swap16())],
}

/** The forms in which software hands bytes on that it takes for no text, or wrongly for one. */
const BYTE_ENCODINGS: Readonly<Record<string, (bytes: Uint8Array) => readonly string[]>> = {
  plain: (bytes) => [binary(bytes)],
  // One character a byte, and what becomes of that on its way.
  latin1: (bytes) => [utf8(binary(bytes)), utf16(binary(bytes)).toString('latin1')],
  json: (bytes) => {
    const escaped = JSON.stringify(binary(bytes)).slice(1, -1)
    return [utf8(escaped), unitsEscaped(escaped, (unit) => unit > '~')]
  },
  numbers: (bytes) => [bytes.join(','), bytes.join(', ')],
  base64: base64Middles,
  hex: (bytes) => [hexOf(bytes), hexOf(bytes).toUpperCase()],
}

/** Every form in which a canary may stand somewhere, by the name of its encoding. */
function formsOf(canary: Canary): [encoding: string, forms: string[]][] {
  if ('bytes' in canary) {
    if (canary.bytes.length < MIN_BYTES) throw new TypeError(`${canary.name} is too short`)
    return Object.entries(BYTE_ENCODINGS).map(([encoding, encode]) => [
      encoding,
      [...encode(canary.bytes)],
    ])
  }
  if (canary.value.length < MIN_LENGTH) throw new TypeError(`${canary.name} is too short`)
  return Object.entries(ENCODINGS).map(([encoding, encode]) => [
    encoding,
    variantsOf(canary).flatMap(encode),
  ])
}

/** The value and its parts as they are, in other cases, and with digits grouped otherwise or not. */
function variantsOf({ value, parts = [] }: TextCanary): string[] {
  const written = [value, ...parts]
  const grouped = written.map((text) => text.replace(/\s/g, '-'))
  const compact = written.map((text) => text.replace(/[\s().+-]/g, ''))
  return [...new Set([...written, ...grouped, ...compact])]
    .flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()])
    .filter((text) => text.length >= MIN_LENGTH)
}

type Needle = Sighting & { bytes: Buffer }

/** The first four bytes as one number. */
const startOf = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at)

/**
 * A function that tells which canaries stand in a haystack, and how encoded; each canary and encoding
 * once. Text is searched as UTF-8. It reads a haystack once, however many forms it looks for: a
 * database is tens of megabytes, and the forms are hundreds.
 * @throws TypeError for what is too short to be told from chance.
 */
export function createCanaryMatcher(
  canaries: readonly Canary[],
): (haystack: Uint8Array | string) => Sighting[] {
  const needles = new Map<number, Needle[]>()
  const isStart = new Uint8Array(0x1_0000)
  for (const canary of canaries) {
    for (const [encoding, forms] of formsOf(canary)) {
      for (const form of new Set(forms)) {
        const bytes = Buffer.from(form, 'latin1')
        const start = startOf(bytes, 0)
        isStart[start & 0xffff] = 1
        needles.set(start, [
          ...(needles.get(start) ?? []),
          { canary: canary.name, encoding, bytes },
        ])
      }
    }
  }
  return (haystack) => {
    const bytes = Buffer.from(typeof haystack === 'string' ? UTF8.encode(haystack) : haystack)
    const seen = new Map<string, Sighting>()
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      if (isStart[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] !== 1) continue
      for (const { canary, encoding, bytes: form } of needles.get(startOf(bytes, at)) ?? []) {
        if (form.equals(bytes.subarray(at, at + form.length))) {
          seen.set(`${canary} ${encoding}`, { canary, encoding })
        }
      }
    }
    return [...seen.values()]
  }
}
