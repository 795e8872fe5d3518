/**
 * Reads through how a text is written: other scripts' digits, full-width letters, accents, invisible
 * characters and, on request, HTML become plain characters, with a way back to each one's place.
 */

/** A stretch of the source that reads as something else, in order. */
type Change = { folded: number; foldedEnd: number; source: number; sourceEnd: number }

/** The way back from a folded text. */
export type Places = {
  /** The place in the source of a place in the folded text. */
  sourceStart(at: number): number
  /** Where the source of the character before `end` ends. */
  sourceEnd(end: number): number
}

export type Folded = { text: string; places: Places }

/** Every unit reads as one. */
export const UNMOVED: Places = { sourceStart: (at) => at, sourceEnd: (end) => end }

/** Common characters beyond ASCII that no value is written with: a text of these needs no folding. */
function isPlain(code: number): boolean {
  if (code < 0xc0) return code !== 0xa0 && code !== 0xad && code !== 0x85
  return (
    (code >= 0x410 && code <= 0x44f) ||
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2030 && code <= 0x205e) ||
    (code >= 0x20a0 && code <= 0x20bf) ||
    (code >= 0x2190 && code <= 0x245f && code !== 0x2212) ||
    (code >= 0x2500 && code <= 0x2bff) ||
    (code >= 0x3041 && code <= 0x30fe) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    // Halves of emoji; D835 and D83E begin rows of digits, too.
    code === 0xd83c ||
    code === 0xd83d ||
    (code >= 0xdc00 && code <= 0xdfff)
  )
}

const folds = new Map<number, string>()

const LIGATURES: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  '。': '.',
  '、': ',',
}

function foldCharacter(codePoint: number): string {
  const known = folds.get(codePoint)
  if (known !== undefined) return known
  const folded = foldAnew(String.fromCodePoint(codePoint), codePoint)
  folds.set(codePoint, folded)
  return folded
}

function foldAnew(character: string, codePoint: number): string {
  if (/[\p{Cf}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u.test(character)) return ''
  if (/[\u2028\u2029\u0085]/.test(character)) return '\n'
  if (/\p{Zs}/u.test(character)) return ' '
  if (/[\p{Pd}\u2212]/u.test(character)) return '-'
  // Superscripts and numbers in circles are footnotes, not digits.
  if (/\p{No}/u.test(character)) return character
  const ligature = LIGATURES[character]
  if (ligature !== undefined) return ligature
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '')
  if (/^[\x20-\x7e]{1,3}$/.test(plain)) return plain
  return /\p{Nd}/u.test(character) ? digitOf(codePoint) : character
}

/** Each script's digits stand in a row of ten that begins with its zero. */
function digitOf(codePoint: number): string {
  let zero = codePoint
  while (codePoint - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(codePoint - zero)
}

const UNKNOWN = 0
const MANY = 0xffff
/** What single units read as; each is found out when it first comes. */
const units = new Uint16Array(1 << 16)

/** The one unit that a unit beyond ASCII reads as, or -1 where that is none, several or half of a pair. */
export function foldUnit(code: number): number {
  const known = units[code] ?? MANY
  if (known !== UNKNOWN) return known === MANY ? -1 : known
  const reads = isPlain(code) ? String.fromCharCode(code) : isHalf(code) ? '' : foldCharacter(code)
  units[code] = reads.length === 1 ? reads.charCodeAt(0) : MANY
  return foldUnit(code)
}

function isHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

/** What a value may be laid out in. What is not known here stands as it is written. */
const REFERENCES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  shy: '',
  zwnj: '',
  zwj: '',
  ndash: '-',
  mdash: '-',
  hyphen: '-',
  minus: '-',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  commat: '@',
  colon: ':',
  period: '.',
  sol: '/',
  plus: '+',
}

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,8}));/y
/** Bounded: a `<` that no `>` follows soon is text. */
const TAG = /<(?:!--[^<>]{0,400}--|[/!]?([a-zA-Z][a-zA-Z0-9]{0,15})(?:[\s/][^<>]{0,600})?)>/y
const BLOCKS = new Set(
  'address article blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul'.split(
    ' ',
  ),
)

/** What an HTML tag or character reference at `at` reads as, and where it ends. */
function foldMarkup(text: string, at: number): { reads: string; end: number } | undefined {
  const isTag = text.charCodeAt(at) === 60
  const pattern = isTag ? TAG : REFERENCE
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) return undefined
  const end = at + match[0].length
  const [, first, second, third] = match
  if (isTag) return { reads: BLOCKS.has((first ?? '').toLowerCase()) ? '\n' : '', end }
  if (third !== undefined) {
    const reads = Object.hasOwn(REFERENCES, third) ? REFERENCES[third] : undefined
    return reads === undefined ? undefined : { reads, end }
  }
  const code = first === undefined ? Number.parseInt(second ?? '', 16) : Number(first)
  if (!(code > 0 && code <= 0x10ffff)) return undefined
  return { reads: code < 128 ? String.fromCharCode(code) : foldCharacter(code), end }
}

const SPECIAL = /[^\0-\x7f]/g
const SPECIAL_IN_HTML = /[^\0-\x7f]|[<&]/g

/** The next place that may read as something else: a native search, quicker than a loop. */
function nextSpecial(text: string, from: number, isHtml: boolean): number {
  const special = isHtml ? SPECIAL_IN_HTML : SPECIAL
  special.lastIndex = from
  return special.exec(text)?.index ?? text.length
}

/** Folds a text. `markup: 'html'` reads through tags and character references, too. */
export function fold(text: string, markup: 'text' | 'html'): Folded {
  const changes: Change[] = []
  const isHtml = markup === 'html'
  let folded = ''
  let copied = 0
  const change = (at: number, end: number, reads: string) => {
    folded += text.slice(copied, at) + reads
    copied = end
    // One unit for one keeps every place.
    if (reads.length === 1 && end - at === 1) return
    const last = changes.at(-1)
    if (reads === '' && last?.sourceEnd === at && last.folded === last.foldedEnd) {
      last.sourceEnd = end
      return
    }
    changes.push({
      folded: folded.length - reads.length,
      foldedEnd: folded.length,
      source: at,
      sourceEnd: end,
    })
  }
  for (let at = nextSpecial(text, 0, isHtml); at < text.length;) {
    const code = text.charCodeAt(at)
    let end = at + 1
    if (code < 128) {
      const markedUp = foldMarkup(text, at)
      if (markedUp !== undefined) {
        end = markedUp.end
        change(at, end, markedUp.reads)
      }
    } else if (!isPlain(code)) {
      const codePoint = text.codePointAt(at) ?? code
      if (codePoint > 0xffff) end = at + 2
      const reads = foldCharacter(codePoint)
      if (reads.length !== end - at || reads !== text.slice(at, end)) change(at, end, reads)
    }
    at = text.charCodeAt(end) >= 128 ? end : nextSpecial(text, end, isHtml)
  }
  folded += text.slice(copied)
  return { text: folded, places: changes.length === 0 ? UNMOVED : placesBehind(changes) }
}

function placesBehind(changes: readonly Change[]): Places {
  return {
    sourceStart: (at) => {
      const last = lastChange(changes, at)
      if (last === undefined) return at
      return at < last.foldedEnd ? last.source : at - last.foldedEnd + last.sourceEnd
    },
    sourceEnd: (end) => {
      const at = end - 1
      const last = lastChange(changes, at)
      if (last === undefined) return end
      return at < last.foldedEnd ? last.sourceEnd : at - last.foldedEnd + last.sourceEnd + 1
    },
  }
}

/** The last change that begins at or before `at` and is not itself invisible right at it. */
function lastChange(changes: readonly Change[], at: number): Change | undefined {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((changes[middle]?.folded ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return changes[low - 1]
}
