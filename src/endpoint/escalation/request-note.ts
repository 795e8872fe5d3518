/**
 * The outbox's `request_note`: a private note on the ticket that a request waits, for desks where not
 * everybody who decides has Scrim open. It names fields and a time, and nothing that detection would
 * find.
 */
import { ScrimError } from '../../core/errors.ts'
import {
  formatRequestMarker,
  requestMarkersIn,
  requestNote,
  withoutMarkers,
} from '../../core/notification.ts'
import type { Queryable } from '../../storage/database.ts'
import { findRequest } from '../../storage/reveal-requests.ts'
import type { ContentComment } from '../../zendesk/ticket-content.ts'
import { audit } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { findingsIn } from '../ingestion/vault-comment.ts'
import { retryRace } from '../outbox/retry-race.ts'
import { entryFor } from './run.ts'
import { fieldsInWords } from './tell.ts'

/**
 * Writes the note unless the ticket has it, or nothing waits any more. Answers what is written in the
 * transaction that marks the order as done. Throws `ticket_not_found`, `ticket_closed`, and
 * `zendesk_unavailable` when the ticket changed meanwhile: the next try looks again.
 */
export async function leaveRequestNote(
  deps: EndpointDeps,
  { requestId, ticketId }: { requestId: string; ticketId: number },
): Promise<((tx: Queryable) => Promise<void>) | undefined> {
  const { content } = deps.zendesk
  const request = await findRequest(deps.database.orm, deps.account.id, requestId)
  if (request === undefined || request.state !== 'pending') return undefined
  const written = (tx: Queryable) => audit(tx, deps, entryFor(deps, request, 'reveal_request.note'))
  // Before the comments: what is written in between then moves the stamp.
  const ticket = await content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  const comments = await content.comments(ticketId)
  if (comments.some(({ htmlBody }) => htmlBody.includes(formatRequestMarker(requestId)))) {
    return written
  }
  if (ticket.isClosed) throw new ScrimError('ticket_closed')
  const note = requestNote({ ...request, fields: fieldsInWords(deps, request) })
  // A label may look like a value to a detector of the account's own: then none is named.
  const isPlain = findingsOutside(deps, { htmlBody: note, isPublic: false }, [requestId]) === 0
  const htmlBody = isPlain ? note : requestNote({ ...request, fields: ['protected fields'] })
  deps.zendesk.forgetTicket(ticketId)
  await retryRace(content.addNote({ ticketId, htmlBody, updatedStamp: ticket.updatedStamp }))
  return written
}

/**
 * Whether a comment is such a note of ours and holds nothing else to find. Only markers of this
 * ticket's requests count: another string in their form may be somebody's value.
 */
export async function isRequestNote(
  deps: Pick<EndpointDeps, 'policy' | 'database' | 'account'>,
  ticketId: number,
  comment: Pick<ContentComment, 'htmlBody' | 'isPublic'>,
): Promise<boolean> {
  const known: string[] = []
  for (const id of new Set(requestMarkersIn(comment.htmlBody))) {
    const request = await findRequest(deps.database.orm, deps.account.id, id)
    if (request?.ticketId === ticketId) known.push(id)
  }
  return known.length > 0 && findingsOutside(deps, comment, known) === 0
}

function findingsOutside(
  deps: Pick<EndpointDeps, 'policy'>,
  comment: Pick<ContentComment, 'htmlBody' | 'isPublic'>,
  requestIds: readonly string[],
): number {
  const htmlBody = withoutMarkers(comment.htmlBody, requestIds)
  return findingsIn(deps, { ...comment, htmlBody }).length
}
