/**
 * The outbox's redaction of an attachment, which is for good: never without its row in the vault. What
 * is gone or was redacted before is an end.
 */
import { ScrimError } from '../../core/errors.ts'
import { FIELD_KINDS } from '../../core/protected-field.ts'
import { fieldIdAt } from '../../core/vaulted-field.ts'
import type { Queryable } from '../../storage/database.ts'
import { appendInbox } from '../../storage/inbox.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { noteExposures } from './exposures.ts'
import { isRedacted } from './ingest-attachments.ts'

/**
 * Answers what is written when the work is marked as done: the entry of the redaction, or that the
 * attachment stays because its ticket was closed meanwhile. Throws `zendesk_unavailable` while Zendesk
 * refuses, `ticket_not_found`.
 */
export async function redactFoundAttachment(
  deps: EndpointDeps,
  input: { ticketId: number; commentId: number; attachmentId: number },
): Promise<((tx: Queryable) => Promise<void>) | undefined> {
  const { account, database, zendesk } = deps
  const { ticketId, commentId, attachmentId } = input
  const record = { type: 'ticket', id: ticketId } as const
  const place = fieldIdAt({ in: 'attachment', id: attachmentId })
  const values = await findCurrentValues(database.orm, account.id, record)
  const row = values.find(({ fieldId }) => fieldId === place)
  if (row === undefined) {
    // Not kept: whether it has to be is for whoever looks at the ticket.
    await appendInbox(database.orm, account.id, deps.now(), [
      { id: `redact:${deps.newId()}`, ticketId },
    ])
    return undefined
  }
  const comments = await zendesk.content.comments(ticketId)
  const comment = comments.find(({ id }) => id === commentId)
  const attachment = comment?.attachments.find(({ id }) => id === attachmentId)
  let wasRedacted = attachment === undefined || isRedacted(attachment)
  if (!wasRedacted) {
    const ticket = await zendesk.content.ticket(ticketId)
    if (ticket === null) throw new ScrimError('ticket_not_found')
    if (ticket.isClosed) {
      const kind = FIELD_KINDS.find((known) => known === row.kind) ?? 'other'
      const category = 'closed_ticket_attachment'
      return async (tx) => {
        await noteExposures(tx, deps, [{ ticketId, category, place, kind }])
      }
    }
    wasRedacted = !(await redactNow(deps, input))
  }
  return (tx) =>
    audit(tx, deps, {
      action: 'attachment.redact',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record,
      fields: [place],
      policyVersion: deps.policy.version,
      data: { commentId, attachmentId, wasRedacted },
    })
}

async function redactNow(
  deps: EndpointDeps,
  input: { ticketId: number; commentId: number; attachmentId: number },
): Promise<boolean> {
  try {
    return await deps.zendesk.content.redactAttachment(input)
  } catch (error) {
    // Closed since it was read, perhaps: the next try looks again.
    if (error instanceof ScrimError && error.code === 'conflict') {
      throw new ScrimError('zendesk_unavailable')
    }
    throw error
  }
}
