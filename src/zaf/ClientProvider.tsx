/**
 * Hands the host's client to the app. Renders at once; the context follows when the host registers,
 * unless whoever renders has it already.
 */
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import type { Client, ClientContext } from './client.ts'

type Host = { client: Client; context: ClientContext | null }

const HostContext = createContext<Host | null>(null)

export function ClientProvider(props: {
  client: Client
  registered?: ClientContext | null
  children: ReactNode
}) {
  const { client, children } = props
  const [context, setContext] = useState<ClientContext | null>(props.registered ?? null)
  useEffect(() => {
    let isMounted = true
    // The SDK passes on what the host sent, and the host is the page that frames the app.
    const onUpdated = (payload: unknown) => setContext(payload as ClientContext)
    // Asked rather than listened for: the host may have registered the app before this effect ran.
    client.context().then(
      (registered) => isMounted && setContext(registered),
      () => undefined,
    )
    client.on('context.updated', onUpdated)
    return () => {
      isMounted = false
      client.off('context.updated', onUpdated)
    }
  }, [client])
  const host = useMemo(() => ({ client, context }), [client, context])
  return <HostContext.Provider value={host}>{children}</HostContext.Provider>
}

function useHost(hook: string): Host {
  const host = useContext(HostContext)
  if (host === null) throw new TypeError(`${hook} must be used within ClientProvider`)
  return host
}

/** The host's client. Throws outside the provider. */
export function useClient(): Client {
  return useHost('useClient').client
}

/** Where the app stands, or null until the host has registered it. */
export function useClientContext(): ClientContext | null {
  return useHost('useClientContext').context
}

/** The Zendesk id of the ticket that the app stands beside. A question to the endpoint, never a right. */
export function useTicketId(): number | null {
  return useHost('useTicketId').context?.ticketId ?? null
}
