/**
 * The private note that stands in a ticket for a restricted one. It holds a name and a token, and
 * nothing that detection would find.
 */
import { ScrimError } from '../../core/errors.ts'
import { standInFor } from '../../core/restricted-note.ts'
import type { SensitivityClass } from '../../core/protected-field.ts'
import type { Token } from '../../core/token.ts'
import { formatToken } from '../../core/token.ts'
import { fieldOfValue, placeOf } from '../../core/vaulted-field.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import type { ContentComment } from '../../zendesk/ticket-content.ts'
import type { EndpointDeps } from '../context.ts'
import { findingsIn } from '../ingestion/vault-comment.ts'
import { namesOf } from '../standing.ts'

/**
 * The outbox's `add_note`: writes the private note unless the ticket has one with this token. Throws
 * `ticket_not_found`, `ticket_closed`, and `zendesk_unavailable` when the ticket changed meanwhile: the
 * next try looks again.
 */
export async function addStandIn(
  deps: EndpointDeps,
  { ticketId, fieldId }: { ticketId: number; fieldId: string },
): Promise<void> {
  const { content } = deps.zendesk
  const record = { type: 'ticket', id: ticketId } as const
  const values = await findCurrentValues(deps.database.orm, deps.account.id, record)
  const value = values.find((candidate) => candidate.fieldId === fieldId)
  const field = value === undefined ? undefined : fieldOfValue(deps.policy, value)
  // An erased note needs nothing to stand for it.
  if (value === undefined || field === undefined || value.erasedAt !== null) return
  // Before the comments: what is written in between then moves the stamp.
  const ticket = await content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  const comments = await content.comments(ticketId)
  // The vault's column only ever receives what `tokenFrom` made.
  const token = value.token as Token
  if (comments.some(({ htmlBody }) => htmlBody.includes(formatToken(token)))) return
  if (ticket.isClosed) throw new ScrimError('ticket_closed')
  const { name } = (await namesOf(deps))(value.createdBy)
  const note = { author: name, sensitivityClass: field.sensitivityClass, token }
  const htmlBody = harmless(deps, note, value.createdBy)
  deps.zendesk.forgetTicket(ticketId)
  try {
    await content.addNote({ ticketId, htmlBody, updatedStamp: ticket.updatedStamp })
  } catch (error) {
    if (error instanceof ScrimError && error.code === 'conflict') {
      throw new ScrimError('zendesk_unavailable')
    }
    throw error
  }
}

/** Somebody may be called like an address or a number that policy takes out: then the id names them. */
function harmless(
  deps: EndpointDeps,
  note: { author: string; sensitivityClass: SensitivityClass; token: Token },
  authorId: number,
): string {
  const htmlBody = standInFor(note)
  const isFound = findingsOutside(deps, { htmlBody, isPublic: false }, [note.token])
  return isFound ? standInFor({ ...note, author: `#${authorId}` }) : htmlBody
}

/** The tokens of a ticket's restricted notes. */
export function noteTokens(values: readonly { fieldId: string; token: string }[]): string[] {
  return values.flatMap(({ fieldId, token }) => (placeOf(fieldId)?.in === 'note' ? [token] : []))
}

/**
 * Whether a comment stands for one of these notes and holds nothing else to find. Its token itself may
 * look like a value, to a detector of the account's own or by chance: it stays where it is.
 */
export function isStandIn(
  deps: Pick<EndpointDeps, 'policy'>,
  comment: Pick<ContentComment, 'htmlBody' | 'isPublic'>,
  tokens: readonly string[],
): boolean {
  const isOurs = tokens.some((token) => comment.htmlBody.includes(formatToken(token as Token)))
  return isOurs && !findingsOutside(deps, comment, tokens)
}

function findingsOutside(
  deps: Pick<EndpointDeps, 'policy'>,
  comment: Pick<ContentComment, 'htmlBody' | 'isPublic'>,
  tokens: readonly string[],
): boolean {
  const htmlBody = tokens.reduce(
    (html, token) => html.replaceAll(formatToken(token as Token), ''),
    comment.htmlBody,
  )
  return findingsIn(deps, { ...comment, htmlBody }).length > 0
}
