/** Detectors that an administrator writes into the policy. `custom-check.ts` says which are safe. */
import type { Confidence, DetectedKind } from './span.ts'

export type CustomDetector = {
  /** `[a-z0-9_]{1,40}`, distinct within a policy. */
  id: string
  label: string
  kind: DetectedKind
  /** The safe syntax: a subset of JavaScript's, with the flag `u`. Upper and lower case differ. */
  pattern: string
  /** A text that the pattern must match: the proof that it does what its author meant. */
  example: string
  confidence: Confidence
}

export type CompiledCustom = {
  detector: CustomDetector
  /**
   * By UTF-16 unit below 128, whether a match may begin with it; null when every one may. Other
   * units always may.
   */
  firstCharacters: readonly boolean[] | null
  /**
   * Where a match that begins at `at` ends, or -1. A match that begins or ends with a letter or a
   * digit has none beside it: `AB-1234` is not found in `AB-12345`.
   */
  match(text: string, at: number): number
}

/** One letter, digit or mark that belongs to a letter. */
const ALPHANUMERIC = '[\\p{L}\\p{M}\\p{N}]'
/** No letter or digit on both sides of this place. */
const BOUNDARY = `(?!(?<=${ALPHANUMERIC})${ALPHANUMERIC})`

/** What a pattern begins with, where that is plain to see: a class, `\\d` and the like, a character. */
const FIRST_ATOM = /^(?:\\b)?(\[(?:\\.|[^\]\\])*\]|\\[^b-cpuxBPk0-9]|[^\\[(|])(?!\?|\{0)/u

/** For patterns that `checkCustomDetector` admits: any other may take for ever. */
export function compileCustomDetector(detector: CustomDetector): CompiledCustom {
  const expression = new RegExp(`${BOUNDARY}(?:${detector.pattern})${BOUNDARY}`, 'uy')
  return {
    detector,
    firstCharacters: firstCharactersOf(detector.pattern),
    match(text, at) {
      // With the flag `u` a match may begin one unit early, at the start of a surrogate pair.
      if (isInsidePair(text, at)) return -1
      expression.lastIndex = at
      return expression.test(text) ? expression.lastIndex : -1
    },
  }
}

function firstCharactersOf(pattern: string): boolean[] | null {
  const [, atom] = FIRST_ATOM.exec(pattern) ?? []
  if (atom === undefined || pattern.includes('|')) return null
  const first = new RegExp(`^${atom}$`, 'u')
  return Array.from({ length: 128 }, (_, unit) => first.test(String.fromCharCode(unit)))
}

function isInsidePair(text: string, at: number): boolean {
  return isTrailing(text.charCodeAt(at)) && isLeading(text.charCodeAt(at - 1))
}

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
