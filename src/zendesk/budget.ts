/**
 * Keeps all calls to Zendesk below a share of the account's plan, and acts ahead of everything else.
 * The account's agents and other apps live on the rest.
 */
import type { Priority } from './directory.ts'

const WINDOW_MS = 60_000

/**
 * A priority may only start a call while fewer than this share of the minute's calls are spent. What
 * lies above the ceiling of views and watches is the reserve of acts.
 */
const CEILINGS: Readonly<Record<Priority, number>> = { view: 0.6, watch: 0.75, act: 1 }

/** Share of the minute that trickles in for a priority, and how much of it may pile up. */
const TRICKLE: Readonly<Record<Exclude<Priority, 'act'>, { rate: number; burst: number }>> = {
  view: { rate: 0.25, burst: 0.25 },
  watch: { rate: 0.35, burst: 0.2 },
}

export type Admission = { granted: true } | { granted: false; waitMs: number }

export type RequestBudget = {
  /** Spends one call, or says in how many milliseconds to ask again. */
  take(priority: Priority): Admission
  /** Zendesk said 429: nobody calls before this many seconds have passed. */
  pause(seconds: number): void
}

/**
 * At most `requestsPerMinute` calls in any 60 seconds (a sliding window), of which views and watches
 * get no more than their token buckets hold.
 */
export function createRequestBudget(deps: {
  requestsPerMinute: number
  /** Monotonic milliseconds. */
  elapsed: () => number
}): RequestBudget {
  const perMinute = Math.max(1, Math.floor(deps.requestsPerMinute))
  const spent: number[] = []
  let pausedUntil = Number.NEGATIVE_INFINITY
  const start = deps.elapsed()
  const buckets = {
    view: { tokens: Math.max(1, perMinute * TRICKLE.view.burst), at: start },
    watch: { tokens: Math.max(1, perMinute * TRICKLE.watch.burst), at: start },
  }

  const take = (priority: Priority): Admission => {
    const at = deps.elapsed()
    if (at < pausedUntil) return { granted: false, waitMs: pausedUntil - at }
    while (spent[0] !== undefined && spent[0] <= at - WINDOW_MS) spent.shift()
    const ceiling = Math.max(1, Math.floor(perMinute * CEILINGS[priority]))
    const blocking = spent[spent.length - ceiling]
    if (blocking !== undefined) return { granted: false, waitMs: blocking + WINDOW_MS - at }
    if (priority !== 'act') {
      const bucket = buckets[priority]
      const { rate, burst } = TRICKLE[priority]
      const perMs = (perMinute * rate) / WINDOW_MS
      const refilled = bucket.tokens + Math.max(0, at - bucket.at) * perMs
      bucket.tokens = Math.min(Math.max(1, perMinute * burst), refilled)
      bucket.at = at
      if (bucket.tokens < 1) return { granted: false, waitMs: (1 - bucket.tokens) / perMs }
      bucket.tokens -= 1
    }
    spent.push(at)
    return { granted: true }
  }

  return {
    take,
    pause(seconds) {
      pausedUntil = Math.max(pausedUntil, deps.elapsed() + seconds * 1000)
    },
  }
}
