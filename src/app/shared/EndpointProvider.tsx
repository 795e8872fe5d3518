/** Hands the endpoint client to the app, and what else its composition root makes. */
import { createContext, useContext } from 'react'
import type { EndpointClient } from './endpoint-client.ts'

export type AppDeps = {
  endpoint: EndpointClient
  /** A new UUID, for attempts. */
  newId: () => string
}

const EndpointContext = createContext<AppDeps | null>(null)

export const EndpointProvider = EndpointContext.Provider

/** The endpoint client and the maker of ids. Throws outside the provider. */
export function useEndpoint(): AppDeps {
  const deps = useContext(EndpointContext)
  if (deps === null) throw new TypeError('useEndpoint must be used within EndpointProvider')
  return deps
}
