/**
 * Everything sensitive in a subject or in a field that no catalogue has goes to the vault in one
 * transaction, together with the order to mask it.
 */
import { ScrimError } from '../../core/errors.ts'
import { handlingOf } from '../../core/ingestion.ts'
import type { TakenOut } from '../../core/mask-text.ts'
import { appendOutbox, findOpenOutbox } from '../../storage/outbox.ts'
import { appendValue } from '../../storage/vault.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { noteExposures } from './exposures.ts'
import { newValues } from './new-values.ts'
import { count, countKinds } from './tally.ts'
import type { TicketText } from './ticket-texts.ts'
import type { FieldReport } from './vault-typed.ts'
import { NOTHING, fieldExposures } from './vault-typed.ts'
import { NOBODY, whoTyped } from './who-typed.ts'

/**
 * Vaults what was found unless it is, and queues the masking unless it is, was before the ticket was
 * read, or cannot be: the ticket is closed. Durable when it resolves. Throws `conflict` when somebody
 * else does the same at this moment.
 */
export async function vaultText(
  deps: EndpointDeps,
  ticket: ContentTicket,
  { zendeskFieldId, text, taken }: TicketText & { taken: TakenOut },
  wasQueued: boolean,
): Promise<FieldReport> {
  const { account, database } = deps
  const record = { type: 'ticket', id: ticket.id } as const
  const {
    values: unsigned,
    isKnown,
    kinds: found,
  } = await newValues(deps, ticket, taken.findings, {
    source: zendeskFieldId === null ? 'subject' : 'field',
    sourceId: zendeskFieldId,
    placeOf: (number) =>
      zendeskFieldId === null
        ? { in: 'subject', number }
        : { in: 'field', id: zendeskFieldId, number },
    createdBy: NOBODY,
  })
  const open = await findOpenOutbox(database.orm, account.id, ticket.id)
  const isWaiting = open.some(
    ({ kind, payload }) => kind === 'mask_text' && payload.zendeskFieldId === zendeskFieldId,
  )
  const isQueued = !isWaiting && !wasQueued && !ticket.isClosed
  const createdBy =
    unsigned.length === 0
      ? NOBODY
      : await whoTyped(deps, { ticketId: ticket.id, zendeskFieldId, text })
  const values = unsigned.map((value) => ({ ...value, createdBy }))
  const isDone = values.length === 0 && !isQueued && (isKnown || isWaiting || wasQueued)
  if (isDone && !ticket.isClosed) return NOTHING
  const kinds = [...new Set(found.all)].toSorted()
  const place = placeName(zendeskFieldId)
  return await database.transaction(async (tx) => {
    for (const value of values) {
      const isMine = await appendValue(tx, account.id, record, value)
      if (!isMine) throw new ScrimError('conflict')
    }
    if (isQueued) {
      const payload = { ticketId: ticket.id, zendeskFieldId }
      await appendOutbox(tx, account.id, deps.now(), [
        { id: deps.newId(), kind: 'mask_text', payload },
      ])
    }
    const exposures = await noteExposures(
      tx,
      deps,
      fieldExposures(ticket).flatMap((category) =>
        kinds.map((kind) => ({ ticketId: ticket.id, category, place, kind })),
      ),
    )
    if (values.length > 0 || exposures > 0) {
      await audit(tx, deps, {
        action: 'protected_value.ingest',
        actor: systemActor('ingestion'),
        outcome: 'ok',
        record,
        fields: values.map(({ fieldId }) => fieldId),
        policyVersion: deps.policy.version,
        data: {
          source: place,
          ...(values.length > 0 && { createdBy }),
          foundKinds: kinds,
          destroyedKinds: kinds.filter((kind) => handlingOf(deps.policy, kind) === 'destroyed'),
        },
      })
    }
    // On a closed ticket it stands for ever, and is no news the next time.
    if (isQueued || values.length > 0 || exposures > 0) {
      await count(tx, deps, {
        'places.field': 1,
        ...countKinds('found', isQueued || !isKnown ? found.all : found.vaulted),
        ...countKinds('vaulted', found.vaulted),
        ...countKinds('destroyed', isQueued ? found.destroyed : []),
      })
    }
    return { vaulted: values.length, isQueued, exposures }
  })
}

/** How exposures and entries name the text: `subject`, `field_<id>`. */
export function placeName(zendeskFieldId: number | null): string {
  return zendeskFieldId === null ? 'subject' : `field_${zendeskFieldId}`
}
