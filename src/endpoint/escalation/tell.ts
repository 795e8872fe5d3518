/** The outbox's `request_news` and `chat`: who is to hear what happened to a request, and in which words. */
import type { RequestEvent } from '../../core/notification.ts'
import { chatBody, fieldInWords, isStillNews, wordFor } from '../../core/notification.ts'
import { ScrimError } from '../../core/errors.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { Queryable } from '../../storage/database.ts'
import { appendOutbox } from '../../storage/outbox.ts'
import { findRequest } from '../../storage/reveal-requests.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import type { EndpointDeps } from '../context.ts'
import { notifyPeople } from '../outbox/notify.ts'
import { waitingLevel, whoMayDecide, whoMightDecide } from './waiting.ts'

type About = { requestId: string; ticketId: number; event: RequestEvent }

/** Answers what is written in the transaction that marks the news as told: an order for each hearer. */
export async function tellNews(
  deps: EndpointDeps,
  { requestId, event }: About,
): Promise<(tx: Queryable) => Promise<void>> {
  const { database, account, policy } = deps
  const request = await findRequest(database.orm, account.id, requestId)
  if (request === undefined || !isStillNews(event, request.state)) return async () => {}
  const word = wordFor(event)
  const called =
    word === 'handled' ? [] : await whoMayDecide(deps, request, await waitingLevel(deps, request))
  // Whoever was asked before, and is not any more, has one less to look at.
  const isOver = word === 'handled' || event === 'next_level'
  const released = isOver ? await whoMightDecide(deps, request) : []
  const { ticketId } = request
  return async (tx) => {
    const ids = called.map(({ id }) => id)
    const others = released.map(({ id }) => id).filter((id) => !ids.includes(id))
    await notifyPeople(tx, deps, ticketId, ids, { word, requestId })
    await notifyPeople(tx, deps, ticketId, others, { word: 'handled', requestId })
    if (!policy.notifications.hasChat) return
    const order = {
      id: deps.newId(),
      kind: 'chat' as const,
      payload: { requestId, ticketId, event },
    }
    await appendOutbox(tx, account.id, deps.now(), [order])
  }
}

/** Throws `chat_unavailable` and `chat_refused`, the latter also where no chat tool is configured. */
export async function sendChat(
  deps: EndpointDeps,
  { id, requestId, event }: About & { id: string },
): Promise<void> {
  const { database, account, chat } = deps
  if (chat === undefined) throw new ScrimError('chat_refused')
  const request = await findRequest(database.orm, account.id, requestId)
  if (request === undefined || !isStillNews(event, request.state)) return
  const news = {
    event,
    requestId,
    ticketId: request.ticketId,
    state: request.state,
    fields: fieldsInWords(deps, request),
    at: deps.now(),
  }
  const show = { template: chat.text, origin: account.zendeskOrigin }
  await chat.webhook.send({ id, body: chatBody(news, show) })
}

/** What was asked for, as everybody may read it. */
export function fieldsInWords(
  deps: Pick<EndpointDeps, 'policy'>,
  request: Pick<StoredRequest, 'fields'>,
): string[] {
  return [...new Set(request.fields.map((each) => fieldInWords(fieldOfValue(deps.policy, each))))]
}
