/** A detector over some rules: what it is asked with, and how it answers. */
import type { CompiledCustom, CustomDetector } from './custom.ts'
import { compileCustomDetector } from './custom.ts'
import { fold, foldUnit, UNMOVED } from './fold.ts'
import { resolveOverlaps } from './resolve.ts'
import type { Rule } from './rule.ts'
import { RuleIndex } from './rule-index.ts'
import { Scanner } from './scan.ts'
import type { Confidence, DetectedKind, Span } from './span.ts'
import { CONFIDENCE_LEVELS, DETECTED_KINDS } from './span.ts'

/** From which confidence a kind is acted on. */
export type ActLevel = Confidence | 'off'

export type DetectionSettings = {
  levels: Readonly<Record<DetectedKind, ActLevel>>
  custom: readonly CustomDetector[]
}

export const DEFAULT_LEVELS: Readonly<Record<DetectedKind, ActLevel>> = Object.fromEntries(
  DETECTED_KINDS.map((kind) => [kind, 'likely']),
) as Record<DetectedKind, ActLevel>

export type DetectOptions = Partial<DetectionSettings> & {
  /** `html`: tags and character references between the characters of a value are read through. */
  markup?: 'text' | 'html'
}

const compiled = new WeakMap<readonly CustomDetector[], readonly CompiledCustom[]>()
const NO_CUSTOM: readonly CustomDetector[] = []

/**
 * The spans at or above each kind's level, by place, none overlapping another. Total: any string will
 * do, lone surrogates included. Time is linear in the text's length. Custom detectors must have passed
 * `checkCustomDetector`.
 */
export type Detect = (text: string, options?: DetectOptions) => Span[]

/** A detector that knows these rules and none besides custom ones. */
export function createDetector(rules: readonly Rule[]): Detect {
  const scanner = new Scanner(new RuleIndex(rules))
  return (text, { levels = DEFAULT_LEVELS, custom = NO_CUSTOM, markup = 'text' } = {}) => {
    const { candidates, length, places } = scan(scanner, text, markup, compiledFor(custom))
    if (candidates.length === 0) return []
    return resolveOverlaps(candidates, length)
      .filter(({ kind, confidence }) => isActedOn(confidence, levels[kind]))
      .map(({ kind, start, end, confidence, why }) => ({
        kind,
        ...wholeCharacters(text, places.sourceStart(start), places.sourceEnd(end)),
        confidence,
        why,
      }))
  }
}

/** In most texts each unit reads as one unit: that is done while they are written down. */
function scan(
  scanner: Scanner,
  text: string,
  markup: 'text' | 'html',
  custom: readonly CompiledCustom[],
) {
  if (markup === 'text') {
    const candidates = scanner.read(text, custom, foldUnit)
    if (candidates !== undefined) return { candidates, length: text.length, places: UNMOVED }
  }
  const folded = fold(text, markup)
  const candidates = scanner.read(folded.text, custom, null) ?? []
  return { candidates, length: folded.text.length, places: folded.places }
}

function isActedOn(confidence: Confidence, level: ActLevel): boolean {
  if (level === 'off') return false
  return CONFIDENCE_LEVELS.indexOf(confidence) >= CONFIDENCE_LEVELS.indexOf(level)
}

function compiledFor(custom: readonly CustomDetector[]): readonly CompiledCustom[] {
  const known = compiled.get(custom)
  if (known !== undefined) return known
  const fresh = custom.map(compileCustomDetector)
  compiled.set(custom, fresh)
  return fresh
}

/** A span never ends between the halves of a surrogate pair. */
function wholeCharacters(text: string, start: number, end: number) {
  return {
    start: isBetweenHalves(text, start) ? start - 1 : start,
    end: isBetweenHalves(text, end) ? end + 1 : end,
  }
}

function isBetweenHalves(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}
