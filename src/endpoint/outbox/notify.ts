/** Hints to open apps that something changed. Ids only; the app asks the endpoint what. */
import type { RequestEvent, RequestWord } from '../../core/notification.ts'
import { appendOutbox } from '../../storage/outbox.ts'
import type { OutboxWork } from '../../storage/outbox.ts'
import type { Queryable } from '../../storage/database.ts'
import type { ActDeps } from '../context.ts'

/** The one event that the app listens for (`api_notification.scrim_changed`). */
const EVENT = 'scrim_changed'

/** Zendesk takes a hundred notifications a minute: more people than this are told all at once. */
const MOST_SINGLY = 5

/** Tells the requester's open apps. */
export async function notifyRequester(
  tx: Queryable,
  deps: ActDeps,
  about: { ticketId: number; requesterId: number },
): Promise<void> {
  await notifyPeople(tx, deps, about.ticketId, [about.requesterId], { word: 'decided' })
}

/** Tells these people's open apps. */
export async function notifyPeople(
  tx: Queryable,
  deps: ActDeps,
  ticketId: number,
  personIds: readonly number[],
  about: { word?: RequestWord; requestId?: string } = {},
): Promise<void> {
  const ids = [...new Set(personIds)]
  // Everybody's app gets it then: it names neither ticket nor request.
  const everybody = { event: EVENT, ticketId: null, agentId: null }
  const payloads =
    ids.length > MOST_SINGLY
      ? [{ ...everybody, ...(about.word === undefined ? {} : { word: about.word }) }]
      : ids.map((agentId) => ({ event: EVENT, ticketId, agentId, ...about }))
  await order(
    tx,
    deps,
    payloads.map((payload) => ({ kind: 'notify', payload })),
  )
}

/** Tells these people's open apps that there is something to review. It belongs to no ticket. */
export async function notifyOfReviews(
  tx: Queryable,
  deps: ActDeps,
  personIds: readonly number[],
): Promise<void> {
  const ids = [...new Set(personIds)]
  const agentIds = ids.length > MOST_SINGLY ? [null] : ids
  await order(
    tx,
    deps,
    agentIds.map((agentId) => ({
      kind: 'notify',
      payload: { event: EVENT, ticketId: null, agentId },
    })),
  )
}

/**
 * Tells everybody but the requester what happened to a request: those who may decide on it, or might
 * have, and the chat tool. Who that is is looked up after the commit.
 */
export async function announceRequest(
  tx: Queryable,
  deps: ActDeps,
  request: { id: string; ticketId: number },
  event: RequestEvent,
): Promise<void> {
  const payload = { ticketId: request.ticketId, requestId: request.id, event }
  await order(tx, deps, [{ kind: 'request_news', payload }])
}

async function order(tx: Queryable, deps: ActDeps, work: readonly OutboxWork[]): Promise<void> {
  const items = work.map((each) => ({ ...each, id: deps.newId() }))
  await appendOutbox(tx, deps.account.id, deps.now(), items)
}
