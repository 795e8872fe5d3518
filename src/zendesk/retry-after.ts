/** What Zendesk says when it has had enough of us. */
import { ScrimError } from '../core/errors.ts'

const DEFAULT_RETRY_SECONDS = 30
const MAX_RETRY_SECONDS = 600

/** RFC 9110 section 10.2.3: seconds or a date. Unreadable and absurd values are bounded. */
export function retryAfterSeconds(header: string | null, now: Date): number {
  const text = header?.trim() ?? ''
  const seconds = /^\d{1,9}$/.test(text)
    ? Number(text)
    : Math.ceil((Date.parse(text) - now.getTime()) / 1000)
  if (Number.isNaN(seconds)) return DEFAULT_RETRY_SECONDS
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds))
}

/** `zendesk_busy` with whole seconds, at least one. */
export function busy(seconds: number): ScrimError {
  return new ScrimError('zendesk_busy', { retryAfterSeconds: Math.max(1, Math.ceil(seconds)) })
}
