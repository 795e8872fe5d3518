/**
 * How many values one person is shown, and everybody together. Beyond a soft cap a lead has to look,
 * beyond a hard one nothing is shown; beyond the account's the circuit breaker opens for everybody.
 */
import type { Cap } from './policy.ts'

export const CAP_SPANS = ['hour', 'day', 'customers'] as const
export type CapSpan = (typeof CAP_SPANS)[number]

/** One reveal that counts: taken and not given back. */
export type CountedReveal = { customerId: number | null; at: Date }

/** Which bound one more reveal would break, and when it will not any more. */
export type CapReached = { per: CapSpan; limit: number; retryAfterSeconds: number }

const HOUR_MS = 60 * 60 * 1000
export const CAP_DAY_MS = 24 * HOUR_MS

/**
 * Whether one more reveal, for this customer, would go beyond the cap; null when it would not. Hour and
 * day are the last sixty minutes and twenty-four hours: nothing begins anew at midnight. Of several
 * bounds it is the one that lasts longest.
 */
export function capReached(
  cap: Cap | null,
  reveals: readonly CountedReveal[],
  customerId: number,
  now: Date,
): CapReached | null {
  if (cap === null) return null
  const instants = reveals.map(({ at }) => at.getTime()).toSorted((a, b) => b - a)
  const ends: Record<CapSpan, { most: number | null; end: number | null }> = {
    hour: { most: cap.perHour, end: windowEnd(instants, cap.perHour, HOUR_MS, now) },
    day: { most: cap.perDay, end: windowEnd(instants, cap.perDay, CAP_DAY_MS, now) },
    customers: {
      most: cap.customersPerDay,
      end: customersEnd(reveals, cap.customersPerDay, customerId, now),
    },
  }
  let latest: { per: CapSpan; limit: number; end: number } | null = null
  for (const per of CAP_SPANS) {
    const { most, end } = ends[per]
    if (most === null || end === null || end <= (latest?.end ?? -Infinity)) continue
    latest = { per, limit: most, end }
  }
  if (latest === null) return null
  const { per, limit, end } = latest
  return { per, limit, retryAfterSeconds: Math.max(1, Math.ceil((end - now.getTime()) / 1000)) }
}

/** When fewer than `most` of the instants, newest first, lie within the window; null when they do. */
function windowEnd(
  instants: readonly number[],
  most: number | null,
  windowMs: number,
  now: Date,
): number | null {
  const oldest = most === null ? undefined : instants[most - 1]
  if (oldest === undefined) return null
  const end = oldest + windowMs
  return end > now.getTime() ? end : null
}

/** Whoever was shown a value of this customer within the day may be shown another one. */
function customersEnd(
  reveals: readonly CountedReveal[],
  most: number | null,
  customerId: number,
  now: Date,
): number | null {
  const newest = new Map<number | null, number>()
  for (const reveal of reveals) {
    const at = reveal.at.getTime()
    if (at + CAP_DAY_MS <= now.getTime()) continue
    newest.set(reveal.customerId, Math.max(at, newest.get(reveal.customerId) ?? at))
  }
  if (newest.has(customerId)) return null
  return windowEnd(
    [...newest.values()].toSorted((a, b) => b - a),
    most,
    CAP_DAY_MS,
    now,
  )
}

export type Caps = { hard: Cap | null; accountPerHour: number | null }

/** A reveal that is about to be recorded. `personIds` are all users of Zendesk that one human has. */
export type AskedReveal = { personIds: readonly number[]; customerId: number; at: Date; caps: Caps }

export type Admission =
  | { isAdmitted: true }
  | { isAdmitted: false; code: 'circuit_open' }
  | ({ isAdmitted: false; code: 'reveal_cap_reached' } & CapReached)

/**
 * Admits reveals one after the other, each counted for the next. `opensAt` is the account's count that
 * opens the breaker, or null while it stays as it is.
 */
export function admitReveals(
  asked: readonly AskedReveal[],
  counted: {
    /** Of everybody in `asked`, within the last day. */
    reveals: readonly (CountedReveal & { personId: number })[]
    /** Everybody's within the hour, since the breaker was last closed. */
    account: number
    isOpen: boolean
  },
): { admissions: Admission[]; opensAt: number | null } {
  const reveals = [...counted.reveals]
  let { account, isOpen } = counted
  let opensAt: number | null = null
  const admissions = asked.map(({ personIds, customerId, at, caps }): Admission => {
    if (!isOpen && isBeyond(account, caps)) {
      isOpen = true
      opensAt = account
    }
    // An account without such a bound has no breaker.
    if (isOpen && caps.accountPerHour !== null) return { isAdmitted: false, code: 'circuit_open' }
    const own = reveals.filter(({ personId }) => personIds.includes(personId))
    const reached = capReached(caps.hard, own, customerId, at)
    if (reached !== null) return { isAdmitted: false, code: 'reveal_cap_reached', ...reached }
    reveals.push({ personId: personIds[0] ?? 0, customerId, at })
    account += 1
    if (!isOpen && isBeyond(account, caps)) {
      isOpen = true
      opensAt = account
    }
    return { isAdmitted: true }
  })
  return { admissions, opensAt }
}

function isBeyond(account: number, { accountPerHour }: Caps): boolean {
  return accountPerHour !== null && account >= accountPerHour
}

/** Whether somebody may close a breaker that they themselves tripped: whoever had most reveals may not. */
export function trippers(counts: readonly { personId: number; count: number }[]): number[] {
  const most = Math.max(0, ...counts.map(({ count }) => count))
  return counts.filter(({ count }) => count === most && most > 0).map(({ personId }) => personId)
}
