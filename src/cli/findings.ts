/** What `detect` found, as lines: for people, and one JSON object each for programs. */
import { styleText } from 'node:util'
import type { Span, Why } from '../detect/span.ts'
import { CONFIDENCE_LEVELS, DETECTED_KINDS } from '../detect/span.ts'

export type Found = {
  /** As it was named; `-` is standard input. */
  file: string
  text: string
  spans: readonly Span[]
}

export type FindingsFormat = {
  /** Whether the value itself is printed. */
  isShown: boolean
  isColoured: boolean
}

const COLOURS = { certain: 'red', likely: 'yellow', possible: 'gray' } as const

const widthOf = (texts: readonly string[]) =>
  texts.reduce((width, { length }) => Math.max(width, length), 0)

const KIND_WIDTH = widthOf(DETECTED_KINDS)
const CONFIDENCE_WIDTH = widthOf(CONFIDENCE_LEVELS)

/**
 * `LINE:COLUMN` of offsets that come in rising order. Both count from 1, columns in UTF-16 units as
 * editors do; lines end in LF or CR LF.
 */
function placesIn(text: string): (offset: number) => string {
  const endFrom = (start: number) => {
    const end = text.indexOf('\n', start)
    return end === -1 ? text.length : end
  }
  let line = 1
  let start = 0
  let end = endFrom(0)
  return (offset) => {
    while (end < offset) {
      line += 1
      start = end + 1
      end = endFrom(start)
    }
    return `${line}:${offset - start + 1}`
  }
}

/** Control and direction characters as escapes: no value and no file's name steers the terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function formatWhy({ rule, check, context }: Why): string {
  return [
    rule,
    ...(check === undefined ? [] : [`check ${check}`]),
    ...(context === undefined ? [] : [`context ${context}`]),
  ].join(', ')
}

/** One JSON object a line. */
export function* formatJson({ file, text, spans }: Found, format: FindingsFormat) {
  for (const { kind, start, end, confidence, why } of spans) {
    const { rule, check, context } = why
    const finding = { file, kind, start, end, confidence, why: { rule, check, context } }
    yield JSON.stringify(format.isShown ? { ...finding, value: text.slice(start, end) } : finding)
  }
}

/** `FILE:LINE:COLUMN  START-END  KIND  CONFIDENCE  WHY`, in columns. */
export function* formatFindings({ file, text, spans }: Found, format: FindingsFormat) {
  const placeOf = placesIn(text)
  const name = file === '-' ? 'stdin' : printable(file)
  const places = spans.map(({ start }) => `${name}:${placeOf(start)}`)
  const offsets = spans.map(({ start, end }) => `${start}-${end}`)
  const placeWidth = widthOf(places)
  const offsetsWidth = widthOf(offsets)
  for (const [index, { kind, start, end, confidence, why }] of spans.entries()) {
    const level = confidence.padEnd(CONFIDENCE_WIDTH)
    yield [
      places[index]?.padEnd(placeWidth),
      offsets[index]?.padEnd(offsetsWidth),
      kind.padEnd(KIND_WIDTH),
      format.isColoured ? styleText(COLOURS[confidence], level) : level,
      formatWhy(why),
      ...(format.isShown ? [`"${printable(text.slice(start, end))}"`] : []),
    ].join('  ')
  }
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** "3 findings: 2 payment_card, 1 email", and in how many texts where there are several. */
export function summarize(found: readonly (readonly Span[])[]): string {
  const texts = plural(found.length, 'text', 'texts')
  const counts = new Map<string, number>()
  for (const { kind } of found.flat()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  if (counts.size === 0) return `nothing found in ${texts}`
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const hit = found.filter(({ length }) => length > 0).length
  const byKind = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} ${kind}`)
  const where = found.length === 1 ? '' : ` in ${hit} of ${texts}`
  return `${plural(all, 'finding', 'findings')}${where}: ${byKind.join(', ')}`
}
