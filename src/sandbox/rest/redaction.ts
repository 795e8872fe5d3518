/** `PUT /api/v2/comment_redactions/{id}`: what is marked goes for good, everywhere it is kept. */
import { commentEvent, takeId, viaChannel } from './state.ts'
import type { RestAudit, RestComment, RestState, RestTicket, RestUser } from './state.ts'

const BLOCK = '▇'
const REDACTED_TAG = 'redacted_content'
const MARKED_TAG = /<([a-z][a-z0-9]*)(\s(?:[^<>"']|"[^"]*"|'[^']*')*?)? redact(\s*\/?)>/gi

/** The HTML as it was before `<redact>` tags and `redact` attributes were added. */
function withoutMarks(html: string): string {
  return html.replace(/<\/?redact>/g, '').replace(MARKED_TAG, '<$1$2$3>')
}

/** A comment's HTML as text: what mail and search see of it. */
export function textOf(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/div|\/li)\b[^<>]*>/gi, '\n')
    .replace(/<[/!?]?[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>/gi, '')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim()
}

/**
 * Redacts in place, also on closed tickets. `invalid` when the HTML without its marks is not the
 * stored one; `unchanged` when nothing was marked.
 */
export function redactComment(
  state: RestState,
  ticket: RestTicket,
  comment: RestComment,
  htmlBody: string,
  author: RestUser,
  now: Date,
): { outcome: 'redacted'; audit: RestAudit } | { outcome: 'invalid' | 'unchanged' } {
  if (withoutMarks(htmlBody) !== comment.html_body) return { outcome: 'invalid' }
  if (htmlBody === comment.html_body) return { outcome: 'unchanged' }
  comment.html_body = htmlBody
    .replace(/<redact>([\s\S]*?)<\/redact>/g, (_, inside: string) =>
      inside.replace(/&(?:#\w{1,8}|\w{2,31});|[\s\S]/gu, BLOCK),
    )
    .replace(MARKED_TAG, (_, name: string) => (name.toLowerCase() === 'img' ? '' : `<${name}>`))
  comment.body = textOf(comment.html_body)
  comment.plain_body = comment.body
  for (const audit of state.audits[ticket.id] ?? []) {
    audit.events = audit.events.map((event) =>
      event.type === 'Comment' && event.id === comment.id ? commentEvent(comment) : event,
    )
  }
  if (state.comments[ticket.id]?.[0] === comment) ticket.description = comment.body
  return { outcome: 'redacted', audit: noteRedaction(state, ticket, author, now) }
}

/** The update that each redaction is: a tag, and an entry in the ticket's audits. */
export function noteRedaction(
  state: RestState,
  ticket: RestTicket,
  author: RestUser,
  now: Date,
): RestAudit {
  const before = ticket.tags.join(' ')
  if (!ticket.tags.includes(REDACTED_TAG)) ticket.tags = [...ticket.tags, REDACTED_TAG]
  ticket.updated_at = now.toISOString()
  const audit: RestAudit = {
    id: takeId(state),
    ticket_id: ticket.id,
    created_at: ticket.updated_at,
    author_id: author.id,
    via: viaChannel('api'),
    metadata: { system: {}, custom: {} },
    events: [
      {
        id: takeId(state),
        type: 'Change',
        field_name: 'tags',
        value: ticket.tags.join(' '),
        previous_value: before,
      },
    ],
  }
  ;(state.audits[ticket.id] ??= []).push(audit)
  return audit
}
