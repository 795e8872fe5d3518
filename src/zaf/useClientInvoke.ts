import { useCallback } from 'react'
import { useClient } from './ClientProvider.tsx'

/** A function that calls one action of the host, such as `notify`, with the given arguments. */
export function useClientInvoke(path: string): (...args: unknown[]) => Promise<unknown> {
  const client = useClient()
  return useCallback(
    async (...args: unknown[]) => {
      const result = await client.invoke(path, ...args)
      return result[path]
    },
    [client, path],
  )
}
