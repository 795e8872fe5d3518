/**
 * A follow-up ticket comes with the masks and tokens of the closed one. Their values go along, sealed
 * anew for the new record, where Zendesk confirms from both sides that it is one, for one customer.
 */
import { ScrimError } from '../../core/errors.ts'
import type { RecordRef } from '../../core/protected-field.ts'
import { appendDocument } from '../../storage/documents.ts'
import type { KnownValue } from '../../storage/found-values.ts'
import { findKnownValues, findSealed } from '../../storage/found-values.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { openDocument } from '../vault/open-document.ts'
import type { GivenValue } from '../vault/prepare-given.ts'
import { prepareGiven } from '../vault/prepare-given.ts'
import { parseFieldText } from '../../core/token.ts'
import { fieldStateOf, openVersion } from './field-state.ts'
import { count } from './tally.ts'
import { NOBODY } from './who-typed.ts'

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
    const given = await openGiven(deps, from, value)
    if (given === null) continue
    const carried = await prepareGiven(deps, given, {
      record,
      field,
      version: 1,
      source: 'follow_up',
      sourceId: from.id,
      customerId: ticket.requesterId,
      createdBy: NOBODY,
    })
    await database.transaction(async (tx) => {
      const isMine = await appendDocument(tx, account.id, record, carried)
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

/** The closed ticket's value as it was given; null when it was erased meanwhile. */
async function openGiven(
  deps: EndpointDeps,
  from: RecordRef,
  { fieldId, version, contentType }: KnownValue,
): Promise<GivenValue | null> {
  if (contentType === null) {
    const value = await openVersion(deps, from, fieldId, version)
    return value === null ? null : { value }
  }
  const key = { record: from, fieldId, version }
  const jwe = await findSealed(deps.database.orm, deps.account.id, key)
  if (jwe === undefined) return null
  return { document: { bytes: await openDocument(deps, key, jwe), contentType } }
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
