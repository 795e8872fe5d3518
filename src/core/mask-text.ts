/**
 * Masks in the middle of text: what detection found is replaced, the rest stays as it was written.
 * Whatever a rule does not recognise where it stands is masked fully.
 */
import type { DetectOptions } from '../detect/detector.ts'
import { detect } from '../detect/detect.ts'
import { fold } from '../detect/fold.ts'
import type { DetectedKind, Span } from '../detect/span.ts'
import type { MaskedValue } from './mask.ts'
import { FULL_MASK, maskValue } from './mask.ts'
import type { SensitivityClass } from './protected-field.ts'

/** A kind without a class here keeps nothing. */
export type ClassByKind = Readonly<Partial<Record<DetectedKind, SensitivityClass>>>

type Place = Pick<Span, 'kind' | 'start' | 'end'>
type OpenPlace = { kind: DetectedKind | null; start: number; end: number }
type Markup = NonNullable<DetectOptions['markup']>

/**
 * `text` with a mask in place of each span, in any order. Spans that overlap become one full mask; a
 * span that splits a surrogate pair takes the whole pair. In `html`, references and inline tags inside
 * a value are read through and its tags stay behind the mask, without attributes, so that what was
 * closed remains closed.
 */
export function maskSpans(
  text: string,
  spans: readonly Place[],
  classByKind: ClassByKind,
  { markup = 'text' }: { markup?: Markup } = {},
): string {
  const shown: string[] = []
  let at = 0
  for (const { kind, start, end } of separate(text, spans)) {
    const written = text.slice(start, end)
    shown.push(
      text.slice(at, start),
      maskOf(kind, written, classByKind, markup),
      markup === 'html' ? tagsOf(written) : '',
    )
    at = end
  }
  return shown.join('') + text.slice(at)
}

function maskOf(
  kind: DetectedKind | null,
  written: string,
  classByKind: ClassByKind,
  markup: Markup,
): MaskedValue {
  const sensitivityClass = kind === null ? undefined : classByKind[kind]
  if (kind === null || sensitivityClass === undefined) return FULL_MASK
  return maskValue(markup === 'html' ? asRead(written, kind) : written, kind, sensitivityClass)
}

/** More rounds than masks can uncover new values; each leaves fewer characters to find. */
const MOST_ROUNDS = 8

export type TakenOut = {
  /** In the order they were found; what a mask uncovered comes after it. */
  findings: { kind: DetectedKind; value: string }[]
  /** The text without them. Nothing is found in it any more. */
  masked: string
}

/**
 * All that `detect` finds in a text, and the text with masks in place of it. What masks leave may read
 * as another value beside the text around them: that is a finding, too, and is masked fully, until
 * nothing is found. A text that keeps giving findings is one itself and masked whole.
 */
export function takeOut(
  text: string,
  classByKind: ClassByKind,
  options: DetectOptions = {},
): TakenOut {
  const findings: TakenOut['findings'] = []
  let masked = text
  for (let round = 0; round <= MOST_ROUNDS; round += 1) {
    const spans = detect(masked, options)
    if (spans.length === 0) return { findings, masked }
    for (const { kind, start, end } of spans) {
      findings.push({ kind, value: masked.slice(start, end) })
    }
    masked = maskSpans(masked, spans, round === 0 ? classByKind : {}, options)
  }
  return { findings: [{ kind: 'other', value: text }], masked: FULL_MASK }
}

/** `text` with all that `detect` finds masked, as `takeOut` does it. */
export function maskText(
  text: string,
  classByKind: ClassByKind,
  options: DetectOptions = {},
): string {
  return takeOut(text, classByKind, options).masked
}

/** By place, none touching another's characters; where spans overlap, which kind it is stays open. */
function separate(text: string, spans: readonly Place[]): OpenPlace[] {
  const places: OpenPlace[] = spans
    .map(({ kind, start, end }) => ({
      kind,
      start: Math.max(0, splitsPair(text, start) ? start - 1 : start),
      end: Math.min(text.length, splitsPair(text, end) ? end + 1 : end),
    }))
    .filter(({ start, end }) => start < end)
    .sort((one, other) => one.start - other.start)
  const separated: OpenPlace[] = []
  for (const place of places) {
    const last = separated.at(-1)
    if (last === undefined || place.start >= last.end) {
      separated.push(place)
      continue
    }
    last.kind = null
    last.end = Math.max(last.end, place.end)
  }
  return separated
}

function splitsPair(text: string, at: number): boolean {
  return at > 0 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1))
}

/** What editors and mail programs put into a comment. */
const TAG_NAMES = new Set(
  (
    'a abbr b blockquote br code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol ' +
    'p pre s small span strong sub sup table tbody td th thead tr tt u ul wbr'
  ).split(' '),
)

/** Bounded, as the detector's own. */
const TAG = /<(\/?)([a-z][a-z0-9]{0,15})(?:[\s/][^<>]{0,600})?>/gi

/** The bare tags inside a value. A name that HTML does not have may be a part of the value. */
function tagsOf(written: string): string {
  return Array.from(written.matchAll(TAG), ([, slash = '', name = '']) =>
    TAG_NAMES.has(name.toLowerCase()) ? `<${slash}${name.toLowerCase()}>` : '',
  ).join('')
}

/**
 * A comment's markup as the detector reads it, which makes plain letters of others. Not so an address
 * that has others or references: another domain is another address, and what hides behind an
 * invisible character would pass for a part of it.
 */
function asRead(written: string, kind: DetectedKind): string {
  const isPlain = kind !== 'email' || /^[\x20-\x25\x27-\x7e]*$/.test(written)
  return isPlain ? fold(written, 'html').text : written
}
