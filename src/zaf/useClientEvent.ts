import { useEffect, useRef } from 'react'
import { useClient } from './ClientProvider.tsx'

/**
 * Listens to one event of the host while mounted. The newest handler is called; changing it does not
 * subscribe anew. What an event carries is a hint at most: any agent can send a notification.
 */
export function useClientEvent(event: string, handler: (payload: unknown) => void): void {
  const client = useClient()
  const newest = useRef(handler)
  useEffect(() => {
    newest.current = handler
  })
  useEffect(() => {
    const listener = (payload: unknown) => {
      newest.current(payload)
    }
    client.on(event, listener)
    return () => client.off(event, listener)
  }, [client, event])
}
