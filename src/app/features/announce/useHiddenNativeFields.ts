/** Hides the native inputs of protected fields on every ticket that is open. Cosmetic, and labelled so. */
import { useCallback, useEffect, useRef } from 'react'
import { useClient } from '../../../zaf/ClientProvider.tsx'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'

const TICKET_LOCATIONS = ['ticket_sidebar', 'new_ticket_sidebar']

type Instance = { instanceGuid?: unknown; location?: unknown }

export function useHiddenNativeFields(zendeskFieldIds: readonly number[]): void {
  const client = useClient()
  const ids = useRef(zendeskFieldIds)

  const hideOn = useCallback(
    (instance: Instance) => {
      const { instanceGuid, location } = instance
      if (typeof instanceGuid !== 'string' || !TICKET_LOCATIONS.includes(String(location))) return
      const ticket = client.instance(instanceGuid)
      for (const id of ids.current) {
        // A ticket form without this field answers with an error, and there is nothing to hide.
        ticket.invoke(`ticketFields:custom_field_${id}.hide`).catch(() => undefined)
      }
    },
    [client],
  )

  useEffect(() => {
    ids.current = zendeskFieldIds
    if (zendeskFieldIds.length === 0) return
    client.get('instances').then(
      ({ instances }) => Object.values((instances ?? {}) as Record<string, Instance>).map(hideOn),
      () => undefined,
    )
  }, [client, zendeskFieldIds, hideOn])

  useClientEvent('instance.created', (context) => hideOn((context ?? {}) as Instance))
}
