/**
 * Many lookups by id, one request: while a batch waits for its turn in the budget, whoever asks joins
 * it. So two hundred agents who look at two hundred tickets cost a few calls a minute.
 */

/** Zendesk's `show_many` takes up to 100 ids. */
const MAX_IDS = 100

/** Looks one id up. Askers for the same id share one answer, null when Zendesk has no such record. */
export type LookUp<T> = (id: number) => Promise<T | null>

export function createLookupBatch<T>(deps: {
  /** Resolves when a request may be sent; throws `zendesk_busy`. */
  admit: () => Promise<void>
  /** One request. Ids that are missing from the answer do not exist. */
  load: (ids: readonly number[]) => Promise<ReadonlyMap<number, T>>
  /** Ids that are worth asking again on the same trip. */
  companions: () => readonly number[]
}): LookUp<T> {
  type Waiting = { resolve: (found: T | null) => void; reject: (error: unknown) => void }
  const asked = new Map<number, Promise<T | null>>()
  const waiting = new Map<number, Waiting>()
  let isForming = false

  const depart = async (): Promise<void> => {
    const batch = new Map<number, Waiting>()
    try {
      await deps.admit()
      isForming = false
      takeFirst(waiting, batch, MAX_IDS)
      if (waiting.size > 0) form()
      const companions = deps.companions().slice(0, MAX_IDS - batch.size)
      const found = await deps.load([...new Set([...batch.keys(), ...companions])])
      for (const [id, { resolve }] of batch) resolve(found.get(id) ?? null)
    } catch (error) {
      // Without admission nobody travels: those who wait hear it too.
      if (isForming && batch.size === 0) {
        isForming = false
        takeFirst(waiting, batch, waiting.size)
      }
      for (const { reject } of batch.values()) reject(error)
    }
  }

  const form = (): void => {
    if (isForming) return
    isForming = true
    void depart()
  }

  return (id) => {
    const known = asked.get(id)
    if (known !== undefined) return known
    const answer = new Promise<T | null>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
    }).finally(() => asked.delete(id))
    asked.set(id, answer)
    form()
    return answer
  }
}

function takeFirst<V>(from: Map<number, V>, to: Map<number, V>, count: number): void {
  for (const [id, value] of [...from].slice(0, count)) {
    from.delete(id)
    to.set(id, value)
  }
}
