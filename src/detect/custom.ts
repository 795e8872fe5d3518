/** Detectors that an administrator writes into the policy. `custom-check.ts` says which are safe. */
import { fold } from './fold.ts'
import type { Confidence, DetectedKind } from './span.ts'

export type CustomDetector = {
  /** `[a-z0-9_]{1,40}`, distinct within a policy. */
  id: string
  label: string
  kind: DetectedKind
  /** The safe syntax: a subset of JavaScript's, with the flag `u`. Upper and lower case differ, accents not. */
  pattern: string
  /** A text that the pattern must match: the proof that it does what its author meant. */
  example: string
  confidence: Confidence
}

export type CompiledCustom = {
  detector: CustomDetector
  /**
   * The matches in a folded text, none overlapping another. One that begins or ends with a letter or
   * a digit has none beside it: `AB-1234` is not found in `AB-12345`.
   */
  find(text: string): { start: number; end: number }[]
}

/** One letter, digit or mark that belongs to a letter. */
const ALPHANUMERIC = '[\\p{L}\\p{M}\\p{N}]'
/** No letter or digit on both sides of this place. */
const BOUNDARY = `(?!(?<=${ALPHANUMERIC})${ALPHANUMERIC})`

/** What of a pattern runs: texts are searched folded (`fold.ts`), so it is folded like them. */
export function foldedPattern({ pattern }: Pick<CustomDetector, 'pattern'>): string {
  return fold(pattern, 'text').text
}

/** For detectors that `checkCustomDetector` admits: any other may take for ever. */
export function compileCustomDetector(detector: CustomDetector): CompiledCustom {
  const expression = new RegExp(`${BOUNDARY}(?:${foldedPattern(detector)})${BOUNDARY}`, 'gu')
  return {
    detector,
    find: (text) =>
      Array.from(text.matchAll(expression), ({ 0: match, index }) => ({
        start: index,
        end: index + match.length,
      })),
  }
}
