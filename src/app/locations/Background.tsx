/** Runs unseen in every tab of Zendesk: tells people what waits, and hides native fields. No values. */
import type { BreakGlassList } from '../../contract/break-glass.ts'
import type { NativeFieldList } from '../../contract/protected-fields.ts'
import type { RevealRequestList } from '../../contract/reveal-requests.ts'
import type { Me } from '../../contract/session.ts'
import { useClientEvent } from '../../zaf/useClientEvent.ts'
import { useDecisions } from '../features/announce/useDecisions.ts'
import { useEmergencies } from '../features/announce/useEmergencies.ts'
import { useHiddenNativeFields } from '../features/announce/useHiddenNativeFields.ts'
import { useNewRequests } from '../features/announce/useNewRequests.ts'
import { useWaitingIcon } from '../features/announce/useWaitingIcon.ts'
import { usePolled } from '../shared/usePolled.ts'

const STANDING_SECONDS = 300
const QUEUE_SECONDS = 60

const NO_FIELDS: readonly number[] = []

/** Words of hints that concern those who decide, and nobody's own request. */
const FOR_DECIDERS: readonly unknown[] = ['asked', 'reminder', 'escalated', 'claimed', 'handled']

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
  const [glass, refreshGlass] = usePolled<BreakGlassList>(
    me.status === 'success' && me.data.maySeeBreakGlass ? '/break-glass' : null,
    { isActive: true, secondsUntilNext: () => QUEUE_SECONDS },
  )
  useEmergencies(
    glass.status === 'success' ? glass.data : null,
    me.status === 'success' ? me.data.person.id : null,
  )
  const announceDecisions = useDecisions()
  useHiddenNativeFields(native.status === 'success' ? native.data.zendeskFieldIds : NO_FIELDS)
  useNewRequests(queue.status === 'success' ? queue.data : null)
  useWaitingIcon(queue.status === 'success' ? queue.data.counts.needsMe : 0)
  useClientEvent('api_notification.scrim_changed', (payload) => {
    const { word, ticketId } = hintOf(payload)
    if (word !== 'decided') void refreshQueue()
    // A word for one's queue is none for an emergency, and the other way round.
    if (word === undefined) void refreshGlass()
    if (ticketId !== null && !FOR_DECIDERS.includes(word)) void announceDecisions(ticketId)
  })
  return null
}

/**
 * `{ body: { ticketId, word } }` as the endpoint sends it. Any agent can send another, so it only says
 * what to ask the endpoint about.
 */
function hintOf(payload: unknown): { word: unknown; ticketId: number | null } {
  const { ticketId, word } = bodyOf(payload)
  const isId = typeof ticketId === 'number' && Number.isSafeInteger(ticketId) && ticketId > 0
  return { word, ticketId: isId ? ticketId : null }
}

function bodyOf(payload: unknown): { ticketId?: unknown; word?: unknown } {
  const body = (payload as { body?: unknown } | null)?.body
  return typeof body === 'object' && body !== null ? body : {}
}
