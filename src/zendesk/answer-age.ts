/** How old an answer is, and answers that are shared while they are young enough. */

/** The moment a question was sent: an answer is as old as its question. */
export type Stamp = { elapsed: number; now: number }

export type AnswerAges = { stamp(): Stamp; seconds(stamp: Stamp): number }

/**
 * Ages by two clocks, of which the one that moved further counts: the monotonic clock may stand still
 * while a serverless instance is frozen, the wall clock may be set back.
 */
export function createAnswerAges(deps: { now: () => Date; elapsed: () => number }): AnswerAges {
  return {
    stamp: () => ({ elapsed: deps.elapsed(), now: deps.now().getTime() }),
    seconds: (stamp) =>
      Math.max(deps.elapsed() - stamp.elapsed, deps.now().getTime() - stamp.now, 0) / 1000,
  }
}

/** After this share of its life an answer is renewed behind the back of those who still use it. */
const RENEW_AHEAD = 0.9
/** A failure stands this long, so that a crowd of askers does not spend the budget on an outage. */
const FAILURE_STANDS_SECONDS = 3

/**
 * `load`, asked at most once at a time and not again before its answer is `maxAgeSeconds` old. A
 * failed renewal ahead of time hurts nobody; once the answer is too old, failures pass through.
 */
export function shareAnswer<T>(
  load: () => Promise<T>,
  ages: AnswerAges,
  maxAgeSeconds: number,
): () => Promise<T> {
  let held: { answer: T; stamp: Stamp } | null = null
  let failed: { error: unknown; stamp: Stamp } | null = null
  let loading: Promise<T> | null = null

  const start = async (): Promise<T> => {
    const stamp = ages.stamp()
    try {
      const answer = await load()
      held = { answer, stamp }
      failed = null
      return answer
    } catch (error) {
      failed = { error, stamp: ages.stamp() }
      throw error
    } finally {
      loading = null
    }
  }

  return async () => {
    const age = held === null ? Number.POSITIVE_INFINITY : ages.seconds(held.stamp)
    const standing =
      failed !== null && ages.seconds(failed.stamp) < FAILURE_STANDS_SECONDS ? failed : null
    if (held === null || age >= maxAgeSeconds) {
      if (loading === null && standing !== null) throw standing.error
      loading ??= start()
      return loading
    }
    if (age >= maxAgeSeconds * RENEW_AHEAD && loading === null && standing === null) {
      loading = start()
      loading.catch(() => undefined)
    }
    return held.answer
  }
}
