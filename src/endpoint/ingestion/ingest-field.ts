/** "When the field changes under us": what each protected field of a ticket says, and what follows. */
import { ScrimError } from '../../core/errors.ts'
import { readFieldText } from '../../core/field-reading.ts'
import type { ExposureCategory } from '../../core/residual-exposure.ts'
import type { Token } from '../../core/token.ts'
import { findTokenOwner, setCleared } from '../../storage/found-values.ts'
import { appendOutbox } from '../../storage/outbox.ts'
import { appendValue } from '../../storage/vault.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { endGrantsOnField } from '../grants/end.ts'
import { prepareValue } from '../vault/prepare-value.ts'
import { noteExposures } from './exposures.ts'
import type { FieldState } from './field-state.ts'
import { versionOfValue } from './field-state.ts'

/** Zendesk does not say who typed into a field, and has no user 0. */
export const NOBODY = 0

export type FieldReport = { vaulted: number; isQueued: boolean; exposures: number }

const NOTHING: FieldReport = { vaulted: 0, isQueued: false, exposures: 0 }

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
  const reading = readFieldText(ticket.texts.get(field.zendeskFieldId) ?? null, current)
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
        : await vaultTyped(deps, ticket, state, { value: reading.value, isWaiting })
    case 'foreign':
      if (isWaiting || ticket.isClosed) return NOTHING
      await restore(deps, ticket, state, reading.token)
      return { ...NOTHING, isQueued: true }
  }
}

const recordOf = (ticket: ContentTicket) => ({ type: 'ticket', id: ticket.id }) as const

/** Where a typed value stays although the field is replaced: history for ever, a closed field too. */
function exposuresOf(ticket: ContentTicket, { field }: FieldState) {
  const categories: ExposureCategory[] = ticket.isClosed
    ? ['field_history', 'closed_ticket_field']
    : ['field_history']
  return categories.map((category) => ({
    ticketId: ticket.id,
    category,
    place: field.id,
    kind: field.kind,
  }))
}

async function vaultTyped(
  deps: EndpointDeps,
  ticket: ContentTicket,
  state: FieldState,
  { value, isWaiting }: { value: string; isWaiting: boolean },
): Promise<FieldReport> {
  const { account, database } = deps
  const { field } = state
  const record = recordOf(ticket)
  const newest = state.versions.at(-1)?.version ?? 0
  const isKept = state.current !== null && (await versionOfValue(deps, state, value)) === newest
  const isQueued = !isWaiting && !ticket.isClosed
  const order = {
    id: deps.newId(),
    kind: 'replace_field',
    payload: { ticketId: ticket.id, fieldId: field.id },
  } as const
  if (isKept) {
    if (isQueued) await appendOutbox(database.orm, account.id, deps.now(), [order])
    return { ...NOTHING, isQueued }
  }
  const version = newest + 1
  const row = await prepareValue(deps, {
    record,
    field,
    version,
    value,
    source: 'field',
    customerId: ticket.requesterId,
    createdBy: NOBODY,
  })
  return await database.transaction(async (tx) => {
    const isMine = await appendValue(tx, account.id, record, row)
    if (!isMine) throw new ScrimError('conflict')
    await endGrantsOnField(tx, deps, record.id, field.id, version)
    if (isQueued) await appendOutbox(tx, account.id, row.createdAt, [order])
    await audit(tx, deps, {
      action: 'protected_value.ingest',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record,
      fields: [field.id],
      policyVersion: deps.policy.version,
      data: { source: 'field', version },
    })
    const exposures = await noteExposures(tx, deps, exposuresOf(ticket, state))
    return { vaulted: 1, isQueued, exposures }
  })
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
    if (isQueued) {
      const payload = { ticketId: ticket.id, fieldId: field.id }
      await appendOutbox(tx, deps.account.id, deps.now(), [
        { id: deps.newId(), kind: 'replace_field', payload },
      ])
    }
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
    await appendOutbox(tx, account.id, deps.now(), [
      {
        id: deps.newId(),
        kind: 'replace_field',
        payload: { ticketId: ticket.id, fieldId: field.id },
      },
    ])
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
