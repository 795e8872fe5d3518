import { useCallback } from 'react'
import type { ClientRequestOptions } from './client.ts'
import { useClient } from './ClientProvider.tsx'

/** A function that sends a request as the signed-in agent, through the host. Never for identity. */
export function useClientRequest(): (options: ClientRequestOptions) => Promise<unknown> {
  const client = useClient()
  return useCallback((options: ClientRequestOptions) => client.request(options), [client])
}
