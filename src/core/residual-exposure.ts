/** What stays in Zendesk because no API of Zendesk's removes it, by why it stays. */

/**
 * - `field_history`: a field's `previous_value` in the ticket's audits.
 * - `sent_email`: notifications of a public comment that left before it was redacted.
 * - `closed_ticket_field`: a field of a closed ticket.
 * - `closed_ticket_attachment`: an attachment of a closed ticket.
 * - `shared_ticket`: what stood in a ticket that is shared with another account, which has its own copy.
 * - `unread_attachment`: an attachment that could not be looked into: encrypted, too large, broken.
 */
export const EXPOSURE_CATEGORIES = [
  'field_history',
  'sent_email',
  'closed_ticket_field',
  'closed_ticket_attachment',
  'shared_ticket',
  'unread_attachment',
] as const
export type ExposureCategory = (typeof EXPOSURE_CATEGORIES)[number]
