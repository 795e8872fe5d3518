/** The texts of a ticket that no catalogue names: its subject, and its other text fields. */
import { canHoldMask } from '../../core/protected-field.ts'
import type { TakenOut } from '../../core/mask-text.ts'
import { takeOutOfText } from '../../core/ticket-text.ts'
import type { ContentTicket } from '../../zendesk/ticket-content.ts'
import type { EndpointDeps } from '../context.ts'

/** `zendeskFieldId` is null for the subject. */
export type TicketText = { zendeskFieldId: number | null; text: string }

/** What stands there now. Empty for a field that is empty, or not there. */
export function textAt(ticket: ContentTicket, zendeskFieldId: number | null): TicketText {
  const text = zendeskFieldId === null ? ticket.subject : ticket.texts.get(zendeskFieldId)
  return { zendeskFieldId, text: text ?? '' }
}

/**
 * Those in which policy has something taken out. A field of the catalogue is not among them, whatever
 * its protection; nor is one whose type would not take another text. Tags are not looked at: Zendesk
 * keeps them as words without blanks, and people route by them.
 */
export async function findTexts(
  deps: Pick<EndpointDeps, 'policy' | 'zendesk'>,
  ticket: ContentTicket,
): Promise<(TicketText & { taken: TakenOut })[]> {
  const { fields, ingestion } = deps.policy
  const named = new Set(fields.map(({ zendeskFieldId }) => zendeskFieldId))
  const ids = [
    ...(ingestion.subjects ? [null] : []),
    ...(ingestion.otherFields ? [...ticket.texts.keys()].filter((id) => !named.has(id)) : []),
  ]
  const found: (TicketText & { taken: TakenOut })[] = []
  for (const id of ids) {
    const at = textAt(ticket, id)
    const taken = takeOutOfText(deps.policy, at.text)
    if (taken.findings.length > 0 && (await holdsText(deps, id))) found.push({ ...at, taken })
  }
  return found
}

async function holdsText(
  { zendesk }: Pick<EndpointDeps, 'zendesk'>,
  zendeskFieldId: number | null,
): Promise<boolean> {
  if (zendeskFieldId === null) return true
  const type = await zendesk.ticketFieldType(zendeskFieldId)
  return type !== null && canHoldMask(type).allowed
}
