/**
 * Keeps all calls to Zendesk below a share of the account's plan, and acts ahead of everything else.
 * The account's agents and other apps live on the rest.
 */
import type { Priority } from './directory.ts'

/** A second more than the minute that Zendesk counts, because calls do not travel equally fast. */
const WINDOW_MS = 61_000

type Share = {
  /** It starts no call once this share of the minute is spent by all together. */
  ceiling: number
  /** Trickles in per minute, and piles up to `burst`: a crowd that comes at once is spread out. */
  rate: number
  burst: number
}

/** What lies above the ceilings is the reserve of acts, which know no other bound than the whole. */
const SHARES: Readonly<Record<Exclude<Priority, 'act'> | 'ingest', Share>> = {
  view: { ceiling: 0.85, rate: 0.25, burst: 0.25 },
  watch: { ceiling: 0.9, rate: 0.2, burst: 0.15 },
  // Work that nobody waits for: it stops first.
  ingest: { ceiling: 0.7, rate: 0.35, burst: 0.35 },
}

export type Admission = { granted: true } | { granted: false; waitMs: number }

export type RequestBudget = {
  /** Spends one call, or says in how many milliseconds to ask again. */
  take(priority: Priority | 'ingest'): Admission
  /** Zendesk said 429: nobody calls before this many seconds have passed. */
  pause(seconds: number): void
}

/**
 * At most `requestsPerMinute` calls in any 60 seconds (a sliding window), of which views, watches
 * and ingestion get no more than their shares.
 */
export function createRequestBudget(deps: {
  requestsPerMinute: number
  /** Monotonic milliseconds. */
  elapsed: () => number
}): RequestBudget {
  const perMinute = Math.max(1, Math.floor(deps.requestsPerMinute))
  const portion = (share: number) => Math.max(1, Math.floor(perMinute * share))
  const spent: number[] = []
  let pausedUntil = Number.NEGATIVE_INFINITY
  const start = deps.elapsed()
  const buckets = {
    view: { tokens: portion(SHARES.view.burst), at: start },
    watch: { tokens: portion(SHARES.watch.burst), at: start },
    ingest: { tokens: portion(SHARES.ingest.burst), at: start },
  }

  /** How long until fewer than `most` calls are in the window. */
  const waitForWindow = (most: number, at: number): number => {
    const blocking = spent[spent.length - most]
    return blocking === undefined ? 0 : blocking + WINDOW_MS - at
  }

  const waitForShare = (priority: keyof typeof buckets, at: number): number => {
    const { ceiling, rate, burst } = SHARES[priority]
    const bucket = buckets[priority]
    const perMs = (perMinute * rate) / 60_000
    bucket.tokens = Math.min(portion(burst), bucket.tokens + Math.max(0, at - bucket.at) * perMs)
    bucket.at = at
    const waitForToken = bucket.tokens < 1 ? (1 - bucket.tokens) / perMs : 0
    return Math.max(waitForToken, waitForWindow(portion(ceiling), at))
  }

  return {
    take(priority) {
      const at = deps.elapsed()
      while (spent[0] !== undefined && spent[0] <= at - WINDOW_MS) spent.shift()
      const waitMs = Math.max(
        pausedUntil - at,
        waitForWindow(perMinute, at),
        priority === 'act' ? 0 : waitForShare(priority, at),
      )
      if (waitMs > 0) return { granted: false, waitMs }
      if (priority !== 'act') buckets[priority].tokens -= 1
      spent.push(at)
      return { granted: true }
    },
    pause(seconds) {
      pausedUntil = Math.max(pausedUntil, deps.elapsed() + seconds * 1000)
    },
  }
}

/**
 * One call after the other at an even pace, `requestsPerMinute` at most: for a process that works by
 * itself and serves nobody, so that the account's own users never meet a burst.
 */
export function createSteadyBudget(deps: {
  requestsPerMinute: number
  /** Monotonic milliseconds. */
  elapsed: () => number
}): RequestBudget {
  const intervalMs = 60_000 / deps.requestsPerMinute
  let nextAt = Number.NEGATIVE_INFINITY
  return {
    take() {
      const at = deps.elapsed()
      if (nextAt > at) return { granted: false, waitMs: nextAt - at }
      nextAt = at + intervalMs
      return { granted: true }
    },
    pause(seconds) {
      nextAt = Math.max(nextAt, deps.elapsed() + seconds * 1000)
    },
  }
}
