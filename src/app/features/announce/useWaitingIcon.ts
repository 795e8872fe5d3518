/** Marks Scrim's icon in the navigation bar while something waits for this person. */
import { useEffect, useRef } from 'react'
import { useClient } from '../../../zaf/ClientProvider.tsx'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'

type Instance = { instanceGuid?: unknown; location?: unknown }

/** Symbols of `icon_nav_bar.svg`. */
type IconSymbol = 'default' | 'waiting'

/**
 * An icon is set through the instance in the navigation bar, which exists, or does not yet, whether or
 * not its page is open.
 */
export function useWaitingIcon(waiting: number): void {
  const client = useClient()
  const symbol: IconSymbol = waiting > 0 ? 'waiting' : 'default'
  const shown = useRef<IconSymbol>(symbol)

  useEffect(() => {
    shown.current = symbol
    client.get('instances').then(
      ({ instances }) =>
        Object.values((instances ?? {}) as Record<string, Instance>).map((instance) =>
          mark(client, instance, symbol),
        ),
      () => undefined,
    )
  }, [client, symbol])

  useClientEvent('instance.created', (context) =>
    mark(client, (context ?? {}) as Instance, shown.current),
  )
}

function mark(client: ReturnType<typeof useClient>, instance: Instance, symbol: IconSymbol): void {
  const { instanceGuid, location } = instance
  if (typeof instanceGuid !== 'string' || location !== 'nav_bar') return
  client
    .instance(instanceGuid)
    .invoke('iconSymbol', symbol)
    .catch(() => undefined)
}
