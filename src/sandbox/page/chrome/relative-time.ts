/** Times as an agent reads them, in the locale the host names, seen from the sandbox's clock. */

const RELATIVE = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' })
const DAY_AND_TIME = new Intl.DateTimeFormat('en-US', {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
})
const DAY = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric' })

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Relative under an hour, then the day with its time. */
export function formatTime(at: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(at)
  if (ageMs < MINUTE_MS) return 'just now'
  if (ageMs < HOUR_MS) return RELATIVE.format(-Math.floor(ageMs / MINUTE_MS), 'minute')
  return DAY_AND_TIME.format(new Date(at))
}

/** The day, or how long ago on the same day. */
export function formatDay(at: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(at)
  if (ageMs < MINUTE_MS) return 'just now'
  if (ageMs < HOUR_MS) return RELATIVE.format(-Math.floor(ageMs / MINUTE_MS), 'minute')
  if (ageMs < 24 * HOUR_MS) return RELATIVE.format(-Math.floor(ageMs / HOUR_MS), 'hour')
  return DAY.format(new Date(at))
}
