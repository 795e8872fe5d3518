/** Entity tags of polled answers (RFC 9110, 8.8.3): equal while nothing but time has passed. */
import { createHash } from 'node:crypto'

/** Numbers that count down or up by themselves; the app counts along with its own clock. */
const TICKING = new Set([
  'remainingSeconds',
  'displayRemainingSeconds',
  'ageSeconds',
  'expiresInSeconds',
])

/** A weak tag, because ticking numbers may differ under it. */
export function entityTag(body: unknown): string {
  const text = JSON.stringify(body, (key, value: unknown) => (TICKING.has(key) ? null : value))
  return `W/"${createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 27)}"`
}

/** Whether an `If-None-Match` header names the tag; compared weakly, as the RFC has it for GET. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  const opaque = (text: string) => text.trim().replace(/^W\//, '')
  return header.split(',').some((part) => part.trim() === '*' || opaque(part) === opaque(tag))
}
