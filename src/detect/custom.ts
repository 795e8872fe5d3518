/** Detectors that an administrator writes into the policy. */
import type { Confidence, DetectedKind } from './span.ts'

export type CustomDetector = {
  /** `[a-z0-9_]{1,40}`, distinct within a policy. */
  id: string
  label: string
  kind: DetectedKind
  pattern: string
  /** A text that the pattern must match: the proof that it does what its author meant. */
  example: string
  confidence: Confidence
}
