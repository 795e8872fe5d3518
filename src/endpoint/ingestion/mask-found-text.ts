/**
 * The outbox's masking of a subject or of a field that no catalogue has. It looks again at what the
 * text says now: what is new goes to the vault first, what is gone is an end.
 */
import { ScrimError } from '../../core/errors.ts'
import { takeOutOfText } from '../../core/ticket-text.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import type { EndpointDeps } from '../context.ts'
import { retryRace } from '../outbox/retry-race.ts'
import { textAt } from './ticket-texts.ts'
import { vaultText } from './vault-text.ts'

/**
 * Throws `zendesk_unavailable` while the text still says what it should not, or the ticket changed under
 * the write; `ticket_closed`.
 */
export async function maskFoundText(
  deps: EndpointDeps,
  { ticketId, zendeskFieldId }: { ticketId: number; zendeskFieldId: number | null },
): Promise<void> {
  const ticket = await readTicket(deps, ticketId)
  const { text } = textAt(ticket, zendeskFieldId)
  const masked = await keepAndMask(deps, ticket, { zendeskFieldId, text })
  if (masked === null) return
  if (ticket.isClosed) throw new ScrimError('ticket_closed')
  const replaced = await write(deps, ticket, { zendeskFieldId, text: masked })
  if (replaced === null || replaced === text) return
  // Typed in the second of the look, which Zendesk's comparison of whole seconds lets through: its
  // words come back, unless somebody has written others since.
  const late = await keepAndMask(deps, ticket, { zendeskFieldId, text: replaced })
  const now = await readTicket(deps, ticketId)
  if (textAt(now, zendeskFieldId).text !== masked) return
  await write(deps, now, { zendeskFieldId, text: late ?? replaced })
}

async function readTicket(deps: EndpointDeps, ticketId: number): Promise<ContentTicket> {
  const ticket = await deps.zendesk.content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  return ticket
}

/** The text with masks, once all that they stand for is in the vault; null when nothing is found. */
async function keepAndMask(
  deps: EndpointDeps,
  ticket: ContentTicket,
  at: { zendeskFieldId: number | null; text: string },
): Promise<string | null> {
  const taken = takeOutOfText(deps.policy, at.text)
  if (taken.findings.length === 0) return null
  await retryRace(vaultText(deps, ticket, { ...at, taken }, true))
  return taken.masked
}

/** Answers what it wrote over. */
async function write(
  deps: EndpointDeps,
  { id, updatedStamp }: ContentTicket,
  at: { zendeskFieldId: number | null; text: string },
): Promise<string | null> {
  deps.zendesk.forgetTicket(id)
  const { written, replaced } = await retryRace(
    deps.zendesk.content.replaceText({ ticketId: id, ...at, updatedStamp }),
  )
  if (takeOutOfText(deps.policy, written).findings.length > 0) {
    throw new ScrimError('zendesk_unavailable')
  }
  return replaced
}
