/** From candidates that overlap to spans that do not. */
import type { Candidate } from './rule.ts'
import { CONFIDENCE_LEVELS } from './span.ts'

function rank({ confidence }: Candidate): number {
  return CONFIDENCE_LEVELS.indexOf(confidence)
}

/**
 * Keeps the surest of what overlaps, then the longest, then the one whose context word stands nearest,
 * then the one found first. By place; `length` is the text's.
 */
export function resolveOverlaps(candidates: readonly Candidate[], length: number): Candidate[] {
  if (candidates.length < 2) return [...candidates]
  const best = [...candidates].sort(
    (left, right) =>
      rank(right) - rank(left) ||
      right.end - right.start - (left.end - left.start) ||
      left.distance - right.distance ||
      left.start - right.start,
  )
  const isTaken = new Uint8Array(length)
  const kept = best.filter(({ start, end }) => {
    // A span that overlaps a kept one covers one of its ends, or lies within it.
    for (let at = start; at < end; at += 1) if (isTaken[at] === 1) return false
    isTaken.fill(1, start, end)
    return true
  })
  return kept.sort((left, right) => left.start - right.start)
}
