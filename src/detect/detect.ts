/** Finds sensitive values in free text, in time linear in its length. */
import type { CustomDetector } from './custom.ts'
import type { Confidence, DetectedKind, Span } from './span.ts'
import { DETECTED_KINDS } from './span.ts'

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

/** The spans at or above each kind's level, by place, none overlapping another. */
export function detect(_text: string, _options: DetectOptions = {}): Span[] {
  return []
}
