/** "When the field changes under us": what each protected field of a ticket says, and what follows. */
import { readFieldText } from '../../core/field-reading.ts'
import type { Token } from '../../core/token.ts'
import { findTokenOwner, setCleared } from '../../storage/found-values.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { noteExposures } from './exposures.ts'
import type { FieldState } from './field-state.ts'
import { count } from './tally.ts'
import type { FieldReport } from './vault-typed.ts'
import { NOTHING, exposuresOf, recordOf, vaultTyped } from './vault-typed.ts'

/**
 * Decides about one field. `isWaiting`: our own write to it is under way, so that what stands there
 * now is expected. Durable when it resolves; throws `conflict` when somebody does the same right now.
 */
export async function ingestField(
  deps: EndpointDeps,
  ticket: ContentTicket,
  state: FieldState,
  isWaiting: boolean,
): Promise<FieldReport> {
  const { field, current } = state
  const text = ticket.texts.get(field.zendeskFieldId) ?? ''
  const reading = readFieldText(text, current)
  switch (reading.is) {
    case 'current':
      if (current !== null && current.clearedAt !== null)
        await flagCleared(deps, ticket, state, null)
      return NOTHING
    case 'empty': {
      if (current === null || current.clearedAt !== null || isWaiting) return NOTHING
      await flagCleared(deps, ticket, state, deps.now())
      return NOTHING
    }
    case 'plain':
      return field.protection === 'destroyed'
        ? await destroyTyped(deps, ticket, state, isWaiting)
        : await vaultTyped(deps, ticket, state, { value: reading.value, text, isWaiting })
    case 'foreign':
      if (isWaiting || ticket.isClosed) return NOTHING
      await restore(deps, ticket, state, reading.token)
      return { ...NOTHING, isQueued: true }
  }
}

/** Of a kind that is kept nowhere: the field is emptied. */
async function destroyTyped(
  deps: EndpointDeps,
  ticket: ContentTicket,
  state: FieldState,
  isWaiting: boolean,
): Promise<FieldReport> {
  if (isWaiting) return NOTHING
  const { field } = state
  const isQueued = !ticket.isClosed
  return await deps.database.transaction(async (tx) => {
    if (isQueued) await orderFieldWrite(tx, deps, { ticketId: ticket.id, fieldId: field.id })
    const exposures = await noteExposures(tx, deps, exposuresOf(ticket, state))
    if (isQueued) {
      await audit(tx, deps, {
        action: 'protected_value.ingest',
        actor: systemActor('ingestion'),
        outcome: 'ok',
        record: recordOf(ticket),
        fields: [field.id],
        policyVersion: deps.policy.version,
        data: { source: 'field', destroyedKinds: [field.kind] },
      })
    }
    // On a closed ticket nothing is destroyed, and what was noted before is no news.
    if (isQueued || exposures > 0) {
      await count(tx, deps, {
        'places.field': 1,
        [`found.${field.kind}`]: 1,
        [`destroyed.${field.kind}`]: isQueued ? 1 : 0,
      })
    }
    return { vaulted: 0, isQueued, exposures }
  })
}

async function flagCleared(
  deps: EndpointDeps,
  ticket: ContentTicket,
  { field, current }: FieldState,
  clearedAt: Date | null,
): Promise<void> {
  if (current === null) return
  const record = recordOf(ticket)
  const key = { record, fieldId: field.id, version: current.version }
  await deps.database.transaction(async (tx) => {
    await setCleared(tx, deps.account.id, key, clearedAt)
    if (clearedAt === null) return
    await audit(tx, deps, {
      action: 'protected_value.clear',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record,
      fields: [field.id],
      policyVersion: deps.policy.version,
      data: { version: current.version },
    })
  })
}

/** Puts the original back. A token that somebody brought here from elsewhere is an alert. */
async function restore(
  deps: EndpointDeps,
  ticket: ContentTicket,
  { field, versions }: FieldState,
  token: Token | null,
): Promise<void> {
  const { account, database } = deps
  const isOwn = versions.some((version) => version.token === token)
  const owner = token === null ? undefined : await findTokenOwner(database.orm, account.id, token)
  const found = isOwn
    ? 'outdated'
    : token === null
      ? 'mask'
      : owner === undefined
        ? 'invented'
        : 'copied'
  await database.transaction(async (tx) => {
    await orderFieldWrite(tx, deps, { ticketId: ticket.id, fieldId: field.id })
    await audit(tx, deps, {
      action: 'protected_value.restore',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record: recordOf(ticket),
      fields: [field.id],
      policyVersion: deps.policy.version,
      data: {
        found,
        // A tab that was opened before the value changed writes the old token back: no alert.
        isAlert: found === 'copied' || found === 'invented',
        copiedFromTicketId: owner === undefined || isOwn ? null : owner.recordId,
      },
    })
  })
}
