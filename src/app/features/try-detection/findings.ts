/** What detection finds in a text that somebody tries, acted on or not, and where it is drawn. */
import type { DetectionSettingsView } from '../../../contract/detection.ts'
import type { ActLevel } from '../../../detect/detector.ts'
import { detect } from '../../../detect/detect.ts'
import type { DetectedKind, Span } from '../../../detect/span.ts'
import { DETECTED_KINDS } from '../../../detect/span.ts'

export type Finding = Span & {
  /** From which confidence policy acts on the kind. */
  actsFrom: ActLevel
  isActedOn: boolean
}

const EVERYTHING = Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, 'possible'])) as Record<
  DetectedKind,
  ActLevel
>

/**
 * What policy acts on, and what it would act on at lower levels where that does not overlap; by place.
 */
export function findAll(text: string, settings: DetectionSettingsView): Finding[] {
  const { levels, custom } = settings
  const toFinding = (isActedOn: boolean) => (span: Span) => ({
    ...span,
    actsFrom: levels[span.kind],
    isActedOn,
  })
  const acted = detect(text, { levels, custom }).map(toFinding(true))
  const overlaps = ({ start, end }: Span) =>
    acted.some((other) => start < other.end && other.start < end)
  const ignored = detect(text, { levels: EVERYTHING, custom })
    .filter((span) => !overlaps(span))
    .map(toFinding(false))
  return [...acted, ...ignored].sort((one, other) => one.start - other.start)
}

type Place = { start: number; end: number }

/**
 * The spans of `before` where they stand in `after`, so that marks stay on their words while one types.
 * What the change touched is left out.
 */
export function carry<One extends Place>(
  spans: readonly One[],
  before: string,
  after: string,
): One[] {
  if (before === after) return [...spans]
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < shorter - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1
  }
  const shift = after.length - before.length
  return spans.flatMap((span) => {
    if (span.end <= head) return [span]
    if (span.start < before.length - tail) return []
    return [{ ...span, start: span.start + shift, end: span.end + shift }]
  })
}

/** The text cut at its spans, in order. */
export function piecesOf<One extends Place>(
  text: string,
  spans: readonly One[],
): { start: number; text: string; span: One | null }[] {
  const pieces: { start: number; text: string; span: One | null }[] = []
  let at = 0
  for (const span of spans) {
    if (span.start > at) {
      pieces.push({ start: at, text: text.slice(at, span.start), span: null })
    }
    pieces.push({ start: span.start, text: text.slice(span.start, span.end), span })
    at = span.end
  }
  if (at < text.length) pieces.push({ start: at, text: text.slice(at), span: null })
  return pieces
}
