/**
 * The outbox's way back to mask and token. It writes over what ingestion has dealt with, which is in
 * the vault or no value at all, and over nothing else.
 */
import { ScrimError } from '../../core/errors.ts'
import { readFieldText } from '../../core/field-reading.ts'
import type { MaskedValue } from '../../core/mask.ts'
import { findField } from '../../core/protected-field.ts'
import type { Token } from '../../core/token.ts'
import { formatFieldText } from '../../core/token.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import { appendInbox } from '../../storage/inbox.ts'
import type { EndpointDeps } from '../context.ts'
import { noteExposures } from './exposures.ts'
import { fieldStateOf, versionOfValue } from './field-state.ts'

/** Throws `zendesk_unavailable` when the ticket changed under the write: the next try reads it again. */
export async function replaceFoundField(
  deps: EndpointDeps,
  { ticketId, fieldId }: { ticketId: number; fieldId: string },
): Promise<void> {
  const { account, database } = deps
  const field = findField(deps.policy.fields, fieldId)
  if (field === undefined) throw new ScrimError('field_unknown')
  const ticket = await deps.zendesk.content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  const known = await findKnownValues(database.orm, account.id, { type: 'ticket', id: ticketId })
  const state = fieldStateOf(field, known)
  const shown = ticket.texts.get(field.zendeskFieldId) ?? null
  const reading = readFieldText(shown, state.current)
  if (reading.is === 'current' || reading.is === 'empty') return
  const isKept =
    reading.is === 'foreign' ||
    field.protection === 'destroyed' ||
    (await versionOfValue(deps, state, reading.value)) !== null
  if (!isKept) {
    // Typed since: it has to be vaulted first.
    const id = `replace:${deps.newId()}`
    await appendInbox(database.orm, account.id, deps.now(), [{ id, ticketId }])
    return
  }
  if (ticket.isClosed) {
    const category = 'closed_ticket_field'
    const exposure = { ticketId, category, place: fieldId, kind: field.kind } as const
    const isPlain = reading.is === 'plain'
    await database.transaction((tx) => noteExposures(tx, deps, isPlain ? [exposure] : []))
    return
  }
  const { current } = state
  // The vault's columns only ever receive what `maskValue` and `tokenFrom` made.
  const text =
    current === null ? '' : formatFieldText(current.masked as MaskedValue, current.token as Token)
  const { updatedStamp } = ticket
  const { zendeskFieldId } = field
  deps.zendesk.forgetTicket(ticketId)
  try {
    await deps.zendesk.content.replaceField({ ticketId, zendeskFieldId, text, updatedStamp })
  } catch (error) {
    if (error instanceof ScrimError && error.code === 'conflict') {
      throw new ScrimError('zendesk_unavailable')
    }
    throw error
  }
}
