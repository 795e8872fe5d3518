/** The requests on screen, in an order that polling does not disturb. */
import { useCallback, useState } from 'react'
import type { RevealRequestList } from '../../../contract/reveal-requests.ts'
import { steadyOrder } from './steady-order.ts'
import type { SteadyRequest } from './steady-order.ts'

type Steady = {
  data: RevealRequestList | null
  rows: readonly SteadyRequest[]
  /** Requests that this person handled: they leave as soon as the list says so. */
  handled: ReadonlySet<string>
}

const NOTHING: Steady = { data: null, rows: [], handled: new Set() }

/**
 * `data` null empties the list. Rows that vanished stay, marked as gone, until `settle` is called: the
 * person's next act. `handle` names those whose leaving is no surprise.
 */
export function useSteadyRequests(data: RevealRequestList | null): {
  rows: readonly SteadyRequest[]
  settle: () => void
  handle: (requestIds: readonly string[]) => void
} {
  const [steady, setSteady] = useState(NOTHING)
  if (data !== steady.data) {
    // The newest decision stands first, so that list is always as it came.
    const isSame = data?.queue === steady.data?.queue && data?.queue !== 'decided'
    const before = isSame ? steady.rows : []
    const rows = steadyOrder(before, data?.requests ?? []).filter(
      ({ entry, isGone }) => !isGone || !steady.handled.has(entry.request.id),
    )
    setSteady({ data, rows, handled: steady.handled })
  }
  const settle = useCallback(
    () =>
      setSteady((last) =>
        last.rows.some((row) => row.isGone)
          ? { ...last, rows: last.rows.filter((row) => !row.isGone) }
          : last,
      ),
    [],
  )
  const handle = useCallback(
    (requestIds: readonly string[]) =>
      setSteady((last) => ({ ...last, handled: new Set([...last.handled, ...requestIds]) })),
    [],
  )
  return { rows: data === steady.data ? steady.rows : [], settle, handle }
}
