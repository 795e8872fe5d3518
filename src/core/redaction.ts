/**
 * A comment's HTML as redaction needs it: what sensitive values stand in it, and the same HTML with
 * `<redact>` tags around them. Zendesk takes exactly the stored `html_body` with such tags added
 * (`PUT /api/v2/comment_redactions/{id}`), so nothing else of it is ever changed.
 */
import { detect } from '../detect/detect.ts'
import type { DetectionSettings } from '../detect/detector.ts'
import type { DetectedKind } from '../detect/span.ts'

/** `[start, end)` in the HTML. */
export type HtmlRange = { start: number; end: number }

/** A value as its reader sees it, without markup, and every place where it has to go. */
export type CommentFinding = { kind: DetectedKind; value: string; ranges: readonly HtmlRange[] }

type Node = HtmlRange & { isTag: boolean }

/** A `<` that is not closed within this many characters is text. */
const MAX_TAG_LENGTH = 4096

/** Tags and the text between them, in order and without gaps. A quoted `>` does not end a tag. */
function nodesOf(html: string): Node[] {
  const nodes: Node[] = []
  let textStart = 0
  for (let at = html.indexOf('<'); at !== -1;) {
    const end = tagEnd(html, at)
    if (end !== null) {
      if (at > textStart) nodes.push({ isTag: false, start: textStart, end: at })
      nodes.push({ isTag: true, start: at, end })
      textStart = end
    }
    at = html.indexOf('<', end ?? at + 1)
  }
  if (textStart < html.length) nodes.push({ isTag: false, start: textStart, end: html.length })
  return nodes
}

function tagEnd(html: string, start: number): number | null {
  if (html.startsWith('<!--', start)) {
    const end = html.slice(start, start + MAX_TAG_LENGTH).indexOf('-->', 4)
    return end === -1 ? null : start + end + 3
  }
  if (!/^<[/!?]?[a-z]/i.test(html.slice(start, start + 3))) return null
  const limit = Math.min(html.length, start + MAX_TAG_LENGTH)
  let state: TagState = 'tag_name'
  for (let at = start + 1; at < limit; at += 1) {
    const character = html.charAt(at)
    if (state === '"' || state === "'") {
      if (character === state) state = 'between'
    } else if (character === '>') return at + 1
    else if (character === '<') return null
    else state = nextState(state, character)
  }
  return null
}

/** WHATWG HTML, 13.2.5: a quote is one only where an attribute's value begins; `"` and `'` are within. */
type TagState =
  'tag_name' | 'between' | 'name' | 'after_name' | 'before_value' | 'value' | '"' | "'"

function nextState(state: TagState, character: string): TagState {
  const isBlank = /\s/.test(character)
  switch (state) {
    case 'tag_name':
      return isBlank || character === '/' ? 'between' : 'tag_name'
    case 'between':
      return isBlank || character === '/' ? 'between' : 'name'
    case 'name':
    case 'after_name':
      if (character === '=') return 'before_value'
      if (character === '/') return 'between'
      return isBlank ? 'after_name' : 'name'
    case 'before_value':
      if (character === '"' || character === "'") return character
      return isBlank ? 'before_value' : 'value'
    case 'value':
      return isBlank ? 'between' : 'value'
    case '"':
    case "'":
      return state
  }
}

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,31}));/g
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  shy: '',
  commat: '@',
  colon: ':',
  period: '.',
  sol: '/',
  plus: '+',
}

/** What a reader sees. References that are not known here stand as they are written. */
function decode(text: string): string {
  return text.replace(REFERENCE, (written, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? written) : written
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written
  })
}

const BREAKS = /^<\/?(?:br|div|p|li|td|th|tr|h[1-6]|blockquote|pre)\b/i

/** A range as its reader sees it: tags are gone, a new line or cell is a blank. */
function textIn(html: string, nodes: readonly Node[], range: HtmlRange): string {
  const parts = nodes
    .filter((node) => node.start < range.end && node.end > range.start)
    .map((node) => {
      const written = html.slice(Math.max(node.start, range.start), Math.min(node.end, range.end))
      if (!node.isTag) return decode(written)
      return BREAKS.test(written) ? ' ' : ''
    })
  return parts.join('').trim()
}

/** Addresses and numbers that a link dials or writes to, and the words behind a picture. */
const TELLING_ATTRIBUTE =
  /\s(?:href\s*=\s*["']?(?:mailto|tel|sms|callto):([^"'<>\s]{1,2000})|(?:alt|title)\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'))/gi
const LINKING_ATTRIBUTE = /\s(?:href|src)\s*=\s*["']?([^"'<>\s]{1,4000})/gi

/**
 * What detection acts on in a comment. Attributes count where they say something to a person; a link
 * to elsewhere counts when it repeats a value of the text.
 */
export function readComment(
  html: string,
  settings: Pick<DetectionSettings, 'levels' | 'custom'>,
): CommentFinding[] {
  const nodes = nodesOf(html)
  const found: { kind: DetectedKind; value: string; ranges: HtmlRange[] }[] = detect(html, {
    ...settings,
    markup: 'html',
  }).map(({ kind, start, end }) => ({
    kind,
    value: textIn(html, nodes, { start, end }),
    ranges: [{ start, end }],
  }))
  const inText = found.map((finding) => ({ finding, bare: bareOf(finding.value) }))
  for (const node of nodes) {
    if (!node.isTag) continue
    const tag = html.slice(node.start, node.end)
    // Strictly inside the tag: that is what marks the tag itself.
    const inside = { start: node.start + 1, end: node.end - 1 }
    for (const match of tag.matchAll(TELLING_ATTRIBUTE)) {
      const text = decodeAddress(match[1] ?? match[2] ?? match[3] ?? '')
      for (const { kind, start, end } of detect(text, settings)) {
        found.push({ kind, value: text.slice(start, end), ranges: [inside] })
      }
    }
    for (const match of tag.matchAll(LINKING_ATTRIBUTE)) {
      const address = bareOf(decodeAddress(match[1] ?? ''))
      for (const { finding, bare } of inText) {
        if (bare.length >= 4 && address.includes(bare)) finding.ranges.push(inside)
      }
    }
  }
  return found.filter(({ value }) => value !== '')
}

function bareOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
}

function decodeAddress(text: string): string {
  const plain = decode(text)
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

/**
 * The HTML with each range inside `<redact>` tags: text node by text node, so that tags nest, and
 * never through a character reference. A tag that a range begins or ends in gets the attribute
 * `redact`, which removes the tag and leaves its text.
 */
export function placeRedactions(html: string, ranges: readonly HtmlRange[]): string {
  const merged = merge(ranges)
  let placed = ''
  let next = 0
  for (const node of nodesOf(html)) {
    while ((merged[next]?.end ?? Number.POSITIVE_INFINITY) <= node.start) next += 1
    const here: HtmlRange[] = []
    for (let at = next; (merged[at]?.start ?? Number.POSITIVE_INFINITY) < node.end; at += 1) {
      const range = merged[at]
      if (range !== undefined) here.push(range)
    }
    const written = html.slice(node.start, node.end)
    if (here.length === 0) placed += written
    else if (node.isTag)
      placed += here.some((range) => cuts(range, node)) ? marked(written) : written
    else placed += wrapped(html, node, here)
  }
  return placed
}

function merge(ranges: readonly HtmlRange[]): HtmlRange[] {
  const sorted = ranges
    .filter(({ start, end }) => start < end)
    .toSorted((one, other) => one.start - other.start)
  const merged: HtmlRange[] = []
  for (const { start, end } of sorted) {
    const last = merged.at(-1)
    // Neighbours stay apart: a range that ends a text and one inside the next tag are two things.
    if (last === undefined || start >= last.end) merged.push({ start, end })
    else last.end = Math.max(last.end, end)
  }
  return merged
}

const cuts = (range: HtmlRange, node: HtmlRange) => range.start > node.start || range.end < node.end

/** Only an opening tag has attributes. */
function marked(tag: string): string {
  return /^<[a-z]/i.test(tag) ? tag.replace(/(\s*\/?)>$/, ' redact$1>') : tag
}

function wrapped(html: string, node: Node, ranges: readonly HtmlRange[]): string {
  const text = html.slice(node.start, node.end)
  const references = Array.from(text.matchAll(REFERENCE), ({ 0: written, index }) => ({
    start: node.start + index,
    end: node.start + index + written.length,
  }))
  const whole = ranges.map((range) => {
    const cut = references.filter(({ start, end }) => start < range.end && end > range.start)
    return {
      start: Math.max(node.start, Math.min(range.start, cut[0]?.start ?? range.start)),
      end: Math.min(node.end, Math.max(range.end, cut.at(-1)?.end ?? range.end)),
    }
  })
  let placed = ''
  let at = node.start
  for (const { start, end } of merge(whole)) {
    const inside = html.slice(start, end)
    // Blanks between the cells of a table must stay bare: no element may stand there.
    placed += html.slice(at, start) + (inside.trim() === '' ? inside : `<redact>${inside}</redact>`)
    at = end
  }
  return placed + html.slice(at, node.end)
}
