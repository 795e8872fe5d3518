/**
 * A file that is taken out goes to the vault in one transaction with the order to redact it. It is
 * recognised by its id in Zendesk, whose attachments never change, so that doing it again does nothing.
 */
import { ScrimError } from '../../core/errors.ts'
import type { ExposureCategory } from '../../core/residual-exposure.ts'
import { fieldIdAt } from '../../core/vaulted-field.ts'
import { appendDocument } from '../../storage/documents.ts'
import { appendOutbox } from '../../storage/outbox.ts'
import type {
  ContentAttachment,
  ContentComment,
  ContentTicket,
} from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { prepareDocument } from '../vault/prepare-document.ts'
import { noteExposures } from './exposures.ts'
import type { FoundDocument } from './look-into.ts'
import { count, countKinds } from './tally.ts'

export type AttachmentReport = { vaulted: number; isQueued: boolean; exposures: number }

/**
 * Durable when it resolves. Attachments of closed tickets cannot be redacted: they are vaulted, and
 * written down as staying. Throws `conflict` when somebody else does the same at this moment.
 */
export async function vaultAttachment(
  deps: EndpointDeps,
  ticket: Pick<ContentTicket, 'id' | 'requesterId' | 'isClosed' | 'isShared'>,
  comment: Pick<ContentComment, 'id' | 'authorId' | 'isPublic'>,
  attachment: Pick<ContentAttachment, 'id'>,
  found: FoundDocument,
): Promise<AttachmentReport> {
  const { account, database } = deps
  const record = { type: 'ticket', id: ticket.id } as const
  const { bytes, contentType, kind, sensitivityClass } = found
  const fieldId = fieldIdAt({ in: 'attachment', id: attachment.id })
  const document = await prepareDocument(deps, {
    record,
    field: { id: fieldId, kind, sensitivityClass },
    version: 1,
    bytes,
    contentType,
    source: 'attachment',
    sourceId: attachment.id,
    customerId: ticket.requesterId,
    createdBy: comment.authorId,
  })
  const isQueued = !ticket.isClosed
  return await database.transaction(async (tx) => {
    const isMine = await appendDocument(tx, account.id, record, document)
    if (!isMine) throw new ScrimError('conflict')
    if (isQueued) {
      const payload = { ticketId: ticket.id, commentId: comment.id, attachmentId: attachment.id }
      await appendOutbox(tx, account.id, deps.now(), [
        { id: deps.newId(), kind: 'redact_attachment', payload },
      ])
    }
    await audit(tx, deps, {
      action: 'protected_value.ingest',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record,
      fields: [fieldId],
      policyVersion: deps.policy.version,
      data: {
        source: 'attachment',
        commentId: comment.id,
        attachmentId: attachment.id,
        contentType,
        foundKinds: [...found.foundKinds],
        destroyedKinds: [...found.destroyedKinds],
      },
    })
    const categories: ExposureCategory[] = [
      // Whoever is notified of a public comment may have it in a mailbox.
      ...(comment.isPublic ? (['sent_email'] as const) : []),
      ...(ticket.isClosed ? (['closed_ticket_attachment'] as const) : []),
      ...(ticket.isShared ? (['shared_ticket'] as const) : []),
    ]
    const exposures = await noteExposures(
      tx,
      deps,
      categories.map((category) => ({ ticketId: ticket.id, category, place: fieldId, kind })),
    )
    await count(tx, deps, {
      'places.attachment': 1,
      ...countKinds('found', [kind, ...found.destroyedKinds]),
      ...countKinds('vaulted', [kind]),
      ...countKinds('destroyed', found.destroyedKinds),
    })
    return { vaulted: 1, isQueued, exposures }
  })
}
