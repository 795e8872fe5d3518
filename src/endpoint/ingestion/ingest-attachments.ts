/** All attachments of a ticket: what policy takes out goes to the vault and is redacted then. */
import { ScrimError } from '../../core/errors.ts'
import { takesDocuments } from '../../core/ingestion.ts'
import { fieldIdAt } from '../../core/vaulted-field.ts'
import { findLooks, recordLook } from '../../storage/attachment-looks.ts'
import type { AttachmentLook } from '../../storage/attachment-looks.ts'
import type { KnownValue } from '../../storage/found-values.ts'
import { appendOutbox, findOpenOutbox } from '../../storage/outbox.ts'
import type { OutboxWork } from '../../storage/outbox.ts'
import type {
  ContentAttachment,
  ContentComment,
  ContentTicket,
} from '../../zendesk/ticket-content.ts'
import type { EndpointDeps } from '../context.ts'
import { noteExposures } from './exposures.ts'
import { lookInto } from './look-into.ts'
import { count } from './tally.ts'
import type { AttachmentReport } from './vault-attachment.ts'
import { vaultAttachment } from './vault-attachment.ts'

/** What was known before the ticket was read. */
export type Before = { known: readonly KnownValue[]; open: readonly OutboxWork[] }

const NOTHING: AttachmentReport = { vaulted: 0, isQueued: false, exposures: 0 }

/**
 * Looks into every attachment of the comments that policy covers, once for each policy. Answers what was
 * done, attachment by attachment. One that cannot be fetched keeps no other waiting: what it throws is
 * thrown at the end. `zendesk_busy` is thrown at once.
 */
export async function ingestAttachments(
  deps: EndpointDeps,
  ticket: ContentTicket,
  comments: readonly ContentComment[],
  before: Before,
): Promise<AttachmentReport[]> {
  const { publicComments, internalNotes } = deps.policy.ingestion
  const isMarked = takesDocuments(deps.policy, ticket)
  if (comments.every(({ attachments }) => attachments.length === 0)) return []
  const looks = await findLooks(deps.database.orm, deps.account.id, ticket.id)
  const reports: AttachmentReport[] = []
  let failure: unknown
  for (const comment of comments) {
    if (!(comment.isPublic ? publicComments : internalNotes)) continue
    for (const attachment of comment.attachments) {
      if (isRedacted(attachment) || wasLookedInto(deps, looks, attachment, isMarked)) continue
      try {
        reports.push(
          await ingestAttachment(deps, ticket, comment, attachment, { ...before, isMarked }),
        )
      } catch (error) {
        if (!(error instanceof ScrimError) || error.code !== 'zendesk_unavailable') throw error
        failure = error
      }
    }
  }
  if (failure !== undefined) throw failure
  return reports
}

/**
 * Whether this is what Zendesk leaves of a redacted attachment. It says that the file is empty; a line
 * break's length is allowed for. Longer ones are looked into, whatever their name.
 */
export function isRedacted({ fileName, size }: ContentAttachment): boolean {
  return fileName === 'redacted.txt' && size !== null && size <= 2
}

function wasLookedInto(
  deps: EndpointDeps,
  looks: readonly AttachmentLook[],
  { id }: ContentAttachment,
  isMarked: boolean,
): boolean {
  return looks.some(
    (look) =>
      look.attachmentId === id &&
      look.policyVersion === deps.policy.version &&
      (look.isMarked || !isMarked),
  )
}

async function ingestAttachment(
  deps: EndpointDeps,
  ticket: ContentTicket,
  comment: ContentComment,
  attachment: ContentAttachment,
  { known, open, isMarked }: Before & { isMarked: boolean },
): Promise<AttachmentReport> {
  const { account, database } = deps
  const place = fieldIdAt({ in: 'attachment', id: attachment.id })
  if (known.some(({ fieldId }) => fieldId === place)) {
    return await redactKnown(deps, ticket, comment, attachment, open)
  }
  const look = await lookInto(deps, attachment, isMarked)
  if (look.is === 'document') {
    return await vaultAttachment(deps, ticket, comment, attachment, look.document)
  }
  return await database.transaction(async (tx) => {
    await recordLook(tx, account.id, deps.now(), {
      ticketId: ticket.id,
      attachmentId: attachment.id,
      policyVersion: deps.policy.version,
      isMarked,
    })
    if (look.is === 'nothing') return NOTHING
    const exposure = { ticketId: ticket.id, category: 'unread_attachment', place } as const
    return {
      ...NOTHING,
      exposures: await noteExposures(tx, deps, [{ ...exposure, kind: 'other' }]),
    }
  })
}

/**
 * It is in the vault and stands in the ticket all the same: the order is given anew, unless one waits,
 * or did before the comment was read.
 */
async function redactKnown(
  deps: EndpointDeps,
  ticket: ContentTicket,
  comment: ContentComment,
  attachment: ContentAttachment,
  before: readonly OutboxWork[],
): Promise<AttachmentReport> {
  const { account, database } = deps
  if (ticket.isClosed) return NOTHING
  const now = await findOpenOutbox(database.orm, account.id, ticket.id)
  const isQueued = [...before, ...now].some(
    ({ kind, payload }) => kind === 'redact_attachment' && payload.attachmentId === attachment.id,
  )
  if (isQueued) return NOTHING
  const payload = { ticketId: ticket.id, commentId: comment.id, attachmentId: attachment.id }
  await database.transaction(async (tx) => {
    await appendOutbox(tx, account.id, deps.now(), [
      { id: deps.newId(), kind: 'redact_attachment', payload },
    ])
    await count(tx, deps, { 'places.attachment': 1 })
  })
  return { ...NOTHING, isQueued: true }
}
