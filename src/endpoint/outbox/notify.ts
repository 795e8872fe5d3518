/** Hints to open apps that something changed. Ids only; the app asks the endpoint what. */
import { appendOutbox } from '../../storage/outbox.ts'
import type { Queryable } from '../../storage/database.ts'
import type { ActDeps } from '../context.ts'

/** The one event that the app listens for (`api_notification.scrim_changed`). */
const EVENT = 'scrim_changed'

/** Tells the requester's open apps. */
export async function notifyRequester(
  tx: Queryable,
  deps: ActDeps,
  about: { ticketId: number; requesterId: number },
): Promise<void> {
  await notifyPeople(tx, deps, about.ticketId, [about.requesterId])
}

/** Tells these people's open apps. */
export async function notifyPeople(
  tx: Queryable,
  deps: ActDeps,
  ticketId: number,
  personIds: readonly number[],
): Promise<void> {
  await appendOutbox(
    tx,
    deps.account.id,
    deps.now(),
    [...new Set(personIds)].map((agentId) => ({
      id: deps.newId(),
      kind: 'notify' as const,
      payload: { event: EVENT, ticketId, agentId },
    })),
  )
}
