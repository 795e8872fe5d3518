/** One answer of the endpoint, asked for when its path changes and when told to. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useEndpoint } from './EndpointProvider.tsx'

export type Fetched<Data> =
  { status: 'processing' } | { status: 'success'; data: Data } | { status: 'error'; error: unknown }

/** An answer to an older path is dropped. */
export function useFetched<Data>(path: string): [Fetched<Data>, () => Promise<void>] {
  const { endpoint } = useEndpoint()
  const [came, setCame] = useState<{ path: string; fetched: Fetched<Data> } | null>(null)
  const run = useRef(0)
  const load = useCallback(async () => {
    run.current += 1
    const own = run.current
    const settle = (fetched: Fetched<Data>) => {
      if (own === run.current) setCame({ path, fetched })
    }
    try {
      const answer = await endpoint.get<Data>(path)
      if (!answer.isUnchanged) settle({ status: 'success', data: answer.body })
    } catch (error) {
      settle({ status: 'error', error })
    }
  }, [endpoint, path])
  useEffect(() => {
    void load()
  }, [load])
  return [came?.path === path ? came.fetched : { status: 'processing' }, load]
}
