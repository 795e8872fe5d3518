/** Tells a requester, through the host, what was decided. Names and labels only, never a value. */
import { useCallback, useRef } from 'react'
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const NOTICE_MS = 8_000

/** The request that was decided last, if its decision can still be news. */
function newestDecided(list: ProtectedFieldList): RevealRequestView | undefined {
  const isAlive = (grantId: string | null) =>
    list.grants.some((grant) => grant.id === grantId && grant.state === 'active')
  return list.requests
    .filter(
      ({ state, grantId }) => state === 'denied' || (state === 'approved' && isAlive(grantId)),
    )
    .sort((a, b) => (b.decision?.at ?? '').localeCompare(a.decision?.at ?? ''))[0]
}

/**
 * Returns what to do when something changed on a ticket: ask the endpoint for my own requests there, and
 * announce the last decision once. The hint itself is never believed.
 */
export function useDecisions(): (ticketId: number) => Promise<void> {
  const { endpoint } = useEndpoint()
  const { t, list: join, fieldLabel } = useTranslation()
  const notify = useClientInvoke('notify')
  const announced = useRef(new Set<string>())
  return useCallback(
    async (ticketId: number) => {
      const answer = await endpoint
        .get<ProtectedFieldList>(`/tickets/${ticketId}/protected-fields`)
        .catch(() => null)
      if (answer === null || answer.isUnchanged) return
      const request = newestDecided(answer.body)
      if (request === undefined || announced.current.has(request.id)) return
      announced.current.add(request.id)
      const values = {
        name: request.decision?.by?.name ?? '',
        fields: join(request.fields.map(fieldLabel)),
        ticket: `#${request.ticketId}`,
      }
      const isApproved = request.state === 'approved'
      await notify(
        t(isApproved ? 'announce.approved' : 'announce.denied', values),
        isApproved ? 'notice' : 'alert',
        NOTICE_MS,
      ).catch(() => undefined)
    },
    [endpoint, notify, t, join, fieldLabel],
  )
}
