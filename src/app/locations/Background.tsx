/** Runs unseen in every tab of Zendesk: tells people what waits, and hides native fields. No values. */
import type { NativeFieldList } from '../../contract/protected-fields.ts'
import type { RevealRequestList } from '../../contract/reveal-requests.ts'
import type { Me } from '../../contract/session.ts'
import { useClientEvent } from '../../zaf/useClientEvent.ts'
import { useDecisions } from '../features/announce/useDecisions.ts'
import { useHiddenNativeFields } from '../features/announce/useHiddenNativeFields.ts'
import { useNewRequests } from '../features/announce/useNewRequests.ts'
import { usePolled } from '../shared/usePolled.ts'

const STANDING_SECONDS = 300
const QUEUE_SECONDS = 60

const NO_FIELDS: readonly number[] = []

export function Background() {
  // A hidden frame is this location's whole life, so nothing pauses here.
  const [me] = usePolled<Me>('/me', { isActive: true, secondsUntilNext: () => STANDING_SECONDS })
  const [native] = usePolled<NativeFieldList>('/native-fields', {
    isActive: true,
    secondsUntilNext: () => STANDING_SECONDS,
  })
  const mayDecide = me.status === 'success' && me.data.mayDecide
  const [queue, refreshQueue] = usePolled<RevealRequestList>(
    mayDecide ? '/reveal-requests?queue=needs_me' : null,
    { isActive: true, secondsUntilNext: () => QUEUE_SECONDS },
  )
  const announceDecisions = useDecisions()
  useHiddenNativeFields(native.status === 'success' ? native.data.zendeskFieldIds : NO_FIELDS)
  useNewRequests(queue.status === 'success' ? queue.data : null)
  useClientEvent('api_notification.scrim_changed', (payload) => {
    void refreshQueue()
    const ticketId = hintedTicket(payload)
    if (ticketId !== null) void announceDecisions(ticketId)
  })
  return null
}

/** `{ body: { ticketId } }` as the endpoint sends it; any agent can send another, so it is only a hint. */
function hintedTicket(payload: unknown): number | null {
  const body = (payload as { body?: { ticketId?: unknown } } | null)?.body
  const ticketId = body?.ticketId
  return typeof ticketId === 'number' && Number.isSafeInteger(ticketId) && ticketId > 0
    ? ticketId
    : null
}
