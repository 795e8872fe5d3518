/**
 * The one way into a protected ticket field, whoever ordered it. It writes the mask and token of the
 * newest version, or nothing where no value is left, and only over what is in the vault or is no value:
 * what somebody typed meanwhile goes there first.
 */
import { ScrimError } from '../../core/errors.ts'
import { readFieldText } from '../../core/field-reading.ts'
import type { MaskedValue } from '../../core/mask.ts'
import { findField } from '../../core/protected-field.ts'
import type { Token } from '../../core/token.ts'
import { formatFieldText } from '../../core/token.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import { appendInbox } from '../../storage/inbox.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import type { EndpointDeps } from '../context.ts'
import { noteExposures } from '../ingestion/exposures.ts'
import type { FieldState } from '../ingestion/field-state.ts'
import { fieldStateOf } from '../ingestion/field-state.ts'
import { vaultTyped } from '../ingestion/vault-typed.ts'
import { retryRace } from './retry-race.ts'

const MOST_TRIES = 3

/**
 * Throws `zendesk_unavailable` when the ticket changed under the write: the next try reads it again.
 * `ticket_closed`.
 */
export async function writeField(
  deps: EndpointDeps,
  { ticketId, fieldId }: { ticketId: number; fieldId: string },
): Promise<void> {
  const { content } = deps.zendesk
  const ticket = await content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  const before = await stateOf(deps, ticketId, fieldId)
  const { field } = before
  const shown = ticket.texts.get(field.zendeskFieldId) ?? ''
  const reading = readFieldText(shown, before.current)
  if (reading.is === 'current' || (reading.is === 'empty' && before.current === null)) return
  if (reading.is === 'empty' && isFromField(before)) {
    // It stood here and somebody cleared it: that is flagged, not undone.
    const id = `cleared:${deps.newId()}`
    await appendInbox(deps.database.orm, deps.account.id, deps.now(), [{ id, ticketId }])
    return
  }
  const typed = reading.is === 'plain' && field.protection !== 'destroyed' ? reading.value : null
  if (typed !== null) {
    await retryRace(
      vaultTyped(deps, ticket, before, { value: typed, text: shown, isWaiting: true }),
    )
  }
  if (ticket.isClosed) {
    const category = 'closed_ticket_field'
    const exposure = { ticketId, category, place: fieldId, kind: field.kind } as const
    if (reading.is === 'plain') {
      await deps.database.transaction((tx) => noteExposures(tx, deps, [exposure]))
    }
    throw new ScrimError('ticket_closed')
  }
  const state = typed === null ? before : await stateOf(deps, ticketId, fieldId)
  deps.zendesk.forgetTicket(ticketId)
  const text = textOf(state)
  const { zendeskFieldId } = field
  const { updatedStamp } = ticket
  const { written, replaced } = await retryRace(
    content.replaceText({ ticketId, zendeskFieldId, text, updatedStamp }),
  )
  if (replaced !== null && replaced !== shown) await keepReplaced(deps, ticket, fieldId, replaced)
  // A field that cuts or changes what it is given cannot hold a token.
  if (written !== text) throw new ScrimError('field_unknown')
}

async function stateOf(deps: EndpointDeps, ticketId: number, fieldId: string): Promise<FieldState> {
  const field = findField(deps.policy.fields, fieldId)
  if (field === undefined) throw new ScrimError('field_unknown')
  const record = { type: 'ticket', id: ticketId } as const
  return fieldStateOf(field, await findKnownValues(deps.database.orm, deps.account.id, record))
}

/** Whether the value stood in this very field before, rather than coming into an empty one. */
function isFromField({ current }: FieldState): boolean {
  return current?.source === 'field' || current?.source === 'follow_up'
}

function textOf({ current }: FieldState): string {
  // The vault's columns only ever receive what `maskValue` and `tokenFrom` made.
  return current === null
    ? ''
    : formatFieldText(current.masked as MaskedValue, current.token as Token)
}

/**
 * Zendesk compares whole seconds, so a text typed in the second of the look is written over after all.
 * Its audit of the write says which text that was: it becomes the next version. Not put off when
 * somebody else takes that version's number, for the field does not say it any more.
 */
async function keepReplaced(
  deps: EndpointDeps,
  ticket: ContentTicket,
  fieldId: string,
  replaced: string,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const state = await stateOf(deps, ticket.id, fieldId)
    const reading = readFieldText(replaced, state.current)
    if (reading.is !== 'plain' || state.field.protection === 'destroyed') return
    try {
      await vaultTyped(deps, ticket, state, {
        value: reading.value,
        text: replaced,
        isWaiting: false,
      })
      return
    } catch (error) {
      const isRace = error instanceof ScrimError && error.code === 'conflict'
      if (!isRace || tries === MOST_TRIES) throw error
    }
  }
}
