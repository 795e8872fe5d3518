/** A text that somebody typed into a protected field becomes the next version of its value. */
import { ScrimError } from '../../core/errors.ts'
import { fillIn } from '../../core/field-reading.ts'
import type { RecordRef } from '../../core/protected-field.ts'
import type { ExposureCategory } from '../../core/residual-exposure.ts'
import { detect } from '../../detect/detect.ts'
import { appendValue } from '../../storage/vault.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { endGrantsOnField } from '../grants/end.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { prepareValue } from '../vault/prepare-value.ts'
import { noteExposures } from './exposures.ts'
import type { FieldState } from './field-state.ts'
import { count } from './tally.ts'
import { openVersion, versionHolding } from './field-state.ts'
import { whoTyped } from './who-typed.ts'

export type FieldReport = { vaulted: number; isQueued: boolean; exposures: number }

export const NOTHING: FieldReport = { vaulted: 0, isQueued: false, exposures: 0 }

export const recordOf = (ticket: ContentTicket) => ({ type: 'ticket', id: ticket.id }) as const

/** Why a text stays somewhere although its field is written over. */
export function fieldExposures(ticket: ContentTicket): ExposureCategory[] {
  return [
    'field_history',
    ...(ticket.isClosed ? (['closed_ticket_field'] as const) : []),
    ...(ticket.isShared ? (['shared_ticket'] as const) : []),
  ]
}

/** Where a typed value stays although the field is replaced: history for ever, a closed field too. */
export function exposuresOf(ticket: ContentTicket, { field }: FieldState) {
  return fieldExposures(ticket).map((category) => ({
    ticketId: ticket.id,
    category,
    place: field.id,
    kind: field.kind,
  }))
}

/**
 * Appends `value`, which is what `text` says beside masks and tokens, unless it is the newest version,
 * and orders the field to be written unless that is under way (`isWaiting`) or cannot be. Throws
 * `conflict` when somebody else takes the version's number.
 */
export async function vaultTyped(
  deps: EndpointDeps,
  ticket: ContentTicket,
  state: FieldState,
  { value, text, isWaiting }: { value: string; text: string; isWaiting: boolean },
): Promise<FieldReport> {
  const { account, database } = deps
  const { field } = state
  const record = recordOf(ticket)
  const newest = state.versions.at(-1)?.version ?? 0
  const said = await inFull(deps, record, state, { value, text })
  const version = state.current === null ? null : await versionHolding(deps, record, state, said)
  // While a write is under way, an older value may be what the field said when it was ordered.
  const isKept = version !== null && (version === newest || isWaiting)
  const isQueued = !isWaiting && !ticket.isClosed
  const order = { ticketId: ticket.id, fieldId: field.id }
  if (isKept) {
    if (!isQueued) return NOTHING
    await database.transaction(async (tx) => {
      await orderFieldWrite(tx, deps, order)
      await count(tx, deps, { 'places.field': 1, [`found.${field.kind}`]: 1 })
    })
    return { ...NOTHING, isQueued }
  }
  const { zendeskFieldId } = field
  const createdBy = await whoTyped(deps, { ticketId: ticket.id, zendeskFieldId, text })
  const next = newest + 1
  const row = await prepareValue(deps, {
    record,
    field,
    version: next,
    value: said,
    source: 'field',
    customerId: ticket.requesterId,
    createdBy,
  })
  return await database.transaction(async (tx) => {
    const isMine = await appendValue(tx, account.id, record, row)
    if (!isMine) throw new ScrimError('conflict')
    await endGrantsOnField(tx, deps, record.id, field.id, next)
    if (isQueued) await orderFieldWrite(tx, deps, order)
    await audit(tx, deps, {
      action: 'protected_value.ingest',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record,
      fields: [field.id],
      policyVersion: deps.policy.version,
      data: { source: 'field', version: next, createdBy },
    })
    const exposures = await noteExposures(tx, deps, exposuresOf(ticket, state))
    await count(tx, deps, {
      'places.field': 1,
      [`found.${field.kind}`]: 1,
      [`vaulted.${field.kind}`]: 1,
    })
    return { vaulted: 1, isQueued, exposures }
  })
}

/**
 * Words beside a mask, such as "call Bob", are a remark on its value: both are the next version, or
 * nobody could ask for the value any more. Another value of the field's kind takes its place.
 */
async function inFull(
  deps: EndpointDeps,
  record: RecordRef,
  { field, versions }: FieldState,
  { value, text }: { value: string; text: string },
): Promise<string> {
  const own = versions.findLast(({ token }) => text.includes(token))
  if (own === undefined) return value
  const isOther = detect(value, deps.policy.detection).some(({ kind }) => kind === field.kind)
  const stored = isOther ? null : await openVersion(deps, record, field.id, own.version)
  return stored === null ? value : (fillIn(text, own, stored) ?? value)
}
