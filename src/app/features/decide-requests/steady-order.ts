/** Rows stay where one looks at them while others decide and ask. */
import type { QueuedRevealRequest } from '../../../contract/reveal-requests.ts'

export type SteadyRequest = { entry: QueuedRevealRequest; isGone: boolean }

/**
 * What to show when `fresh` has come after `shown`: what stands there keeps its place, marked as gone
 * when it is no longer in the list, and what is new follows in the list's own order.
 */
export function steadyOrder(
  shown: readonly SteadyRequest[],
  fresh: readonly QueuedRevealRequest[],
): SteadyRequest[] {
  const left = new Map(fresh.map((entry) => [entry.request.id, entry]))
  const kept = shown.map(({ entry }) => {
    const now = left.get(entry.request.id)
    left.delete(entry.request.id)
    return now === undefined ? { entry, isGone: true } : { entry: now, isGone: false }
  })
  return [...kept, ...[...left.values()].map((entry) => ({ entry, isGone: false }))]
}
