/**
 * A follow-up ticket comes with the masks and tokens of the closed one. Their values go along, sealed
 * anew for the new record, where Zendesk confirms from both sides that it is one, for one customer.
 */
import { ScrimError } from '../../core/errors.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import { appendValue } from '../../storage/vault.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { prepareValue } from '../vault/prepare-value.ts'
import { parseFieldText } from '../../core/token.ts'
import { fieldStateOf, openVersion } from './field-state.ts'
import { count } from './tally.ts'
import { NOBODY } from './vault-typed.ts'

/** Answers how many values went along; 0 when the ticket is none, or is not confirmed. */
export async function carryFollowUp(deps: EndpointDeps, ticket: ContentTicket): Promise<number> {
  if (ticket.followUpOf === null) return 0
  const { account, database } = deps
  const record = { type: 'ticket', id: ticket.id } as const
  const from = { type: 'ticket', id: ticket.followUpOf } as const
  const [known, before] = await Promise.all([
    findKnownValues(database.orm, account.id, record),
    findKnownValues(database.orm, account.id, from),
  ])
  const missing = deps.policy.fields.flatMap((field) => {
    const state = fieldStateOf(field, before)
    const token = parseFieldText(ticket.texts.get(field.zendeskFieldId) ?? '')
    const isTheirs = state.versions.some((version) => version.token === token)
    const isHere = known.some(({ fieldId }) => fieldId === field.id)
    return state.current !== null && isTheirs && !isHere ? [{ field, value: state.current }] : []
  })
  if (missing.length === 0 || !(await isConfirmed(deps, ticket, from.id))) return 0
  for (const { field, value } of missing) {
    const text = await openVersion(deps, from, field.id, value.version)
    if (text === null) continue
    const row = await prepareValue(deps, {
      record,
      field,
      version: 1,
      value: text,
      source: 'follow_up',
      sourceId: from.id,
      customerId: ticket.requesterId,
      createdBy: NOBODY,
    })
    await database.transaction(async (tx) => {
      const isMine = await appendValue(tx, account.id, record, row)
      if (!isMine) throw new ScrimError('conflict')
      await orderFieldWrite(tx, deps, { ticketId: ticket.id, fieldId: field.id })
      await audit(tx, deps, {
        action: 'protected_value.carry',
        actor: systemActor('ingestion'),
        outcome: 'ok',
        record,
        fields: [field.id],
        policyVersion: deps.policy.version,
        data: { fromTicketId: from.id, fromVersion: value.version, version: 1 },
      })
      await count(tx, deps, { [`carried.${field.kind}`]: 1 })
    })
  }
  return missing.length
}

/** Anybody can claim to follow a ticket up; only Zendesk lists it there. */
async function isConfirmed(
  deps: EndpointDeps,
  ticket: ContentTicket,
  fromId: number,
): Promise<boolean> {
  const source = await deps.zendesk.content.ticket(fromId)
  return (
    source !== null &&
    source.isClosed &&
    source.followUpIds.includes(ticket.id) &&
    source.requesterId === ticket.requesterId
  )
}
