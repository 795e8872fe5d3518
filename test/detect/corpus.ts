/**
 * The detection corpus: reads `corpus/*.txt` into cases. The lines are an outside judge of the detector
 * and know nothing of its rules; `corpus/README.md` says how they are written.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { DetectedKind } from '../../src/detect/span.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'

/** What a line says stands in its text. Offsets in UTF-16 units. */
export type ExpectedSpan = {
  kind: DetectedKind
  /** Other names under which finding it is as right. */
  otherKinds: readonly DetectedKind[]
  start: number
  end: number
  /** The part that must be covered; the rest of the span may be. */
  coreStart: number
  coreEnd: number
  /** Finding it is neither asked for nor wrong. */
  isOptional: boolean
}

export type CorpusCase = { file: string; line: number; text: string; spans: ExpectedSpan[] }

/** Ordinary support talk that holds nothing sensitive; counted apart from the corpus. */
export const EVERYDAY_FILE = 'everyday.txt'

const FOLDER = new URL('./corpus/', import.meta.url)
const SPAN_START = /\{\{(\??)([a-z_]+(?:\/[a-z_]+)*):/y
const ESCAPES: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '|': '|',
  '{': '{',
  '}': '}',
  '<': '<',
  '>': '>',
  '#': '#',
}

/** Every line of every topic file but {@link EVERYDAY_FILE}. */
export function corpusCases(): CorpusCase[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt') && file !== EVERYDAY_FILE)
    .sort()
    .flatMap(casesOf)
}

/** The lines of {@link EVERYDAY_FILE}. */
export function everydayCases(): CorpusCase[] {
  return casesOf(EVERYDAY_FILE)
}

function casesOf(file: string): CorpusCase[] {
  return parseCorpus(readFileSync(new URL(file, FOLDER), 'utf8'), file)
}

/** The cases of a topic file. Throws an `Error` that names file and line where the markup is broken. */
export function parseCorpus(content: string, file: string): CorpusCase[] {
  return content.split('\n').flatMap((source, index) => {
    if (source.trim() === '' || source.startsWith('#')) return []
    try {
      return [{ file, line: index + 1, ...parseLine(source) }]
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`${file}:${index + 1}: ${reason}`, { cause })
    }
  })
}

function parseLine(source: string): { text: string; spans: ExpectedSpan[] } {
  const spans: ExpectedSpan[] = []
  let text = ''
  let open: { isOptional: boolean; kinds: DetectedKind[]; start: number } | undefined
  let coreStart: number | undefined
  let coreEnd: number | undefined
  let at = 0
  while (at < source.length) {
    const escaped = escapeAt(source, at)
    if (escaped !== undefined) {
      text += escaped.text
      at = escaped.end
      continue
    }
    if (open === undefined) {
      SPAN_START.lastIndex = at
      const match = SPAN_START.exec(source)
      if (match === null) {
        text += source[at++]
        continue
      }
      const kinds = (match[2] ?? '').split('/').map(knownKind)
      open = { isOptional: match[1] === '?', kinds, start: text.length }
      coreStart = coreEnd = undefined
      at = SPAN_START.lastIndex
    } else if (source.startsWith('}}', at)) {
      const [kind, ...otherKinds] = open.kinds
      if (kind === undefined) throw new Error('a span without a kind')
      if (text.length === open.start) throw new Error('an empty value')
      if ((coreStart === undefined) !== (coreEnd === undefined)) throw new Error('half a << >>')
      const { start, isOptional } = open
      const end = text.length
      spans.push({
        kind,
        otherKinds,
        start,
        end,
        coreStart: coreStart ?? start,
        coreEnd: coreEnd ?? end,
        isOptional,
      })
      open = undefined
      at += 2
    } else if (source.startsWith('<<', at)) {
      coreStart = text.length
      at += 2
    } else if (source.startsWith('>>', at)) {
      coreEnd = text.length
      at += 2
    } else if (source[at] === '|') {
      at++
    } else {
      text += source[at++]
    }
  }
  if (open !== undefined) throw new Error('a span that never ends')
  return { text, spans }
}

function escapeAt(source: string, at: number): { text: string; end: number } | undefined {
  if (source[at] !== '\\') return undefined
  const unit = /^u([0-9a-fA-F]{4})/.exec(source.slice(at + 1, at + 6))
  if (unit !== null) {
    return { text: String.fromCharCode(Number.parseInt(unit[1] ?? '', 16)), end: at + 6 }
  }
  const text = ESCAPES[source[at + 1] ?? '']
  if (text === undefined) throw new Error(`unknown escape; a backslash itself is written \\\\`)
  return { text, end: at + 2 }
}

function knownKind(name: string): DetectedKind {
  const kind = DETECTED_KINDS.find((known) => known === name)
  if (kind === undefined) throw new Error(`no such kind: ${name}`)
  return kind
}
