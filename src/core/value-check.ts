/**
 * How often a person may compare what a customer says with a stored value, or search by a value. Each
 * try is a guess that was answered, so tries are few; who misses too often is locked out for a while.
 */
import type { Policy } from './policy.ts'

export type CheckLimits = Policy['limits']['checks']
export type SearchLimits = Policy['limits']['searches']

/** Earlier tries as instants, newest first. Only as many are needed as the limits count. */
export type CheckHistory = {
  /** This person's tries at any value, the last day's. */
  mine: readonly Date[]
  /** This person's misses at this value. */
  myMisses: readonly Date[]
  /** Everybody's misses at this value. */
  allMisses: readonly Date[]
}

type Refusal<Code> = { allowed: false; code: Code; retryAfterSeconds: number }
export type TryVerdict<Code extends string> = { allowed: true } | Refusal<Code>

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

function secondsTo(end: number, now: Date): number {
  return Math.max(1, Math.ceil((end - now.getTime()) / 1000))
}

/** When `most` tries within `windowMs` allow the next one, or null when they already do. */
function rateEnd(tries: readonly Date[], most: number, windowMs: number, now: Date): number | null {
  const oldest = tries[most - 1]
  if (oldest === undefined) return null
  const end = oldest.getTime() + windowMs
  return end > now.getTime() ? end : null
}

/** The end of the lock that `most` misses within `minutes` begin: so many minutes after the last one. */
function lockEnd(misses: readonly Date[], most: number, minutes: number, now: Date): number | null {
  const [newest] = misses
  const oldest = misses[most - 1]
  if (newest === undefined || oldest === undefined) return null
  const lockMs = minutes * MINUTE_MS
  const end = newest.getTime() + lockMs
  return newest.getTime() - oldest.getTime() < lockMs && end > now.getTime() ? end : null
}

/** Whether a person who tried so often may try again: so many a minute and so many a day. */
export function withinRate(
  tries: readonly Date[],
  limits: { perMinute: number; perDay: number },
  now: Date,
): TryVerdict<'rate_limited'> {
  const ends = [
    rateEnd(tries, limits.perMinute, MINUTE_MS, now),
    rateEnd(tries, limits.perDay, DAY_MS, now),
  ].filter((end) => end !== null)
  return ends.length === 0
    ? { allowed: true }
    : { allowed: false, code: 'rate_limited', retryAfterSeconds: secondsTo(Math.max(...ends), now) }
}

/** Whether one more check of this value is within the limits. */
export function mayTryCheck(
  history: CheckHistory,
  limits: CheckLimits,
  now: Date,
): TryVerdict<'rate_limited' | 'value_check_locked'> {
  const lockedSeconds = checkLock(history, limits, now)
  return lockedSeconds === null
    ? withinRate(history.mine, limits, now)
    : { allowed: false, code: 'value_check_locked', retryAfterSeconds: lockedSeconds }
}

/** Seconds until this person may check this value again, or null when it is not locked. */
export function checkLock(
  { myMisses, allMisses }: Pick<CheckHistory, 'myMisses' | 'allMisses'>,
  limits: CheckLimits,
  now: Date,
): number | null {
  const ends = [
    lockEnd(myMisses, limits.missesPerPerson, limits.lockMinutes, now),
    lockEnd(allMisses, limits.missesOfAll, limits.lockAllMinutes, now),
  ].filter((end) => end !== null)
  return ends.length === 0 ? null : secondsTo(Math.max(...ends), now)
}

/** How many misses more lock this value for this person; 0 when it is locked. */
export function missesLeft(
  { myMisses, allMisses }: Pick<CheckHistory, 'myMisses' | 'allMisses'>,
  limits: CheckLimits,
  now: Date,
): number {
  const recent = (misses: readonly Date[], minutes: number) =>
    misses.filter((at) => now.getTime() - at.getTime() < minutes * MINUTE_MS).length
  if (checkLock({ myMisses, allMisses }, limits, now) !== null) return 0
  return Math.max(
    0,
    Math.min(
      limits.missesPerPerson - recent(myMisses, limits.lockMinutes),
      limits.missesOfAll - recent(allMisses, limits.lockAllMinutes),
    ),
  )
}
