/** The one way to have a field's mask and token written into Zendesk: an order in the outbox. */
import { appendOutbox } from '../../storage/outbox.ts'
import type { Queryable } from '../../storage/database.ts'
import type { ActDeps } from '../context.ts'

/** In the transaction of the act that changed what the field should say. `write-field.ts` does it. */
export async function orderFieldWrite(
  tx: Queryable,
  deps: ActDeps,
  payload: { ticketId: number; fieldId: string },
): Promise<void> {
  await appendOutbox(tx, deps.account.id, deps.now(), [
    { id: deps.newId(), kind: 'write_field', payload },
  ])
}
