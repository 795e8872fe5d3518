/**
 * What stands in tickets: field texts, comments and attachments. Never cached and never logged; every
 * call asks Zendesk, within a share of the request budget that leaves people their acts and views.
 */
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { RestAnswer, RestClient } from './rest-client.ts'

export type ContentTicket = {
  id: number
  isClosed: boolean
  requesterId: number
  subject: string
  /** By Zendesk field id; fields that are empty or hold no text are absent. */
  texts: ReadonlyMap<number, string>
  /** With another account, from which or to which its comments and fields are copied. */
  isShared: boolean
  /** The closed ticket that this one says it follows up. */
  followUpOf: number | null
  /** The tickets that Zendesk knows as follow-ups of this one. */
  followUpIds: readonly number[]
  /** null for the account's only form. */
  formId: number | null
  tags: readonly string[]
  /** As Zendesk spells it, for `replaceField`. */
  updatedStamp: string
}

export type ContentAttachment = {
  id: number
  fileName: string
  /** Where it lies: with Zendesk as a rule, but "the file may be hosted externally". */
  contentUrl: string
  /** As the sender called it. */
  contentType: string
  /** In bytes; null when Zendesk does not say. */
  size: number | null
  /** Stands in the text, such as a picture. */
  isInline: boolean
  /** What Zendesk's scan found; without a finding it may still be under way. */
  isMalware: boolean
}

export type ContentComment = {
  id: number
  authorId: number
  htmlBody: string
  isPublic: boolean
  /** The tickets that were merged into this one with this comment. */
  mergedFrom: readonly number[]
  /** Inline ones, too. */
  attachments: readonly ContentAttachment[]
}

/**
 * Every method throws `zendesk_unavailable` and, with `retryAfterSeconds`, `zendesk_busy` as the
 * directory's do.
 */
export type TicketContent = {
  /** null when Zendesk has none, or has deleted it. */
  ticket(id: number): Promise<ContentTicket | null>
  /** All of them, oldest first. `ticket_not_found`. */
  comments(ticketId: number): Promise<ContentComment[]>
  /**
   * `htmlBody` is the stored one with `<redact>` tags. Answers what the comment says now. Throws
   * `ticket_not_found` when the comment is gone, `conflict` when it does not say that any more.
   */
  redactComment(input: { ticketId: number; commentId: number; htmlBody: string }): Promise<string>
  /**
   * All bytes of an attachment; `too_large` when there are more than `maxBytes`, null when they cannot
   * be had: deleted, refused, kept elsewhere than with Zendesk, or not as many as Zendesk says, as of a
   * page to sign in at.
   */
  attachment(
    attachment: Pick<ContentAttachment, 'contentUrl' | 'size'>,
    maxBytes: number,
  ): Promise<Uint8Array | 'too_large' | null>
  /**
   * Replaces an attachment by an empty `redacted.txt`, for good. False when there is no such attachment.
   * Throws `conflict` on a closed ticket. (`external_attachment_urls` of a comment's redaction are for
   * files kept elsewhere, which are never vaulted and so never redacted.)
   */
  redactAttachment(input: {
    ticketId: number
    commentId: number
    attachmentId: number
  }): Promise<boolean>
  /**
   * Who last made a field, or the subject (null), say this very text, by the ticket's audits; null when
   * they do not say, or may not be read (Zendesk wants the global scope `read`). `ticket_not_found`.
   */
  authorOf(input: {
    ticketId: number
    zendeskFieldId: number | null
    text: string
  }): Promise<number | null>
  /**
   * Writes a field, or the subject (null), unless the ticket changed after `updatedStamp`; whole
   * seconds, as Zendesk compares them. `written`: what stands there now. `replaced`: the text it wrote
   * over as Zendesk's audit of the write has it (`''` for none), or null when nothing changed or
   * Zendesk does not say. Throws `conflict` when the ticket did change or is closed,
   * `ticket_not_found`, `field_unknown`.
   */
  replaceText(input: {
    ticketId: number
    zendeskFieldId: number | null
    text: string
    updatedStamp: string
  }): Promise<{ written: string; replaced: string | null }>
  /**
   * Adds a comment that customers do not see, as our own user, unless the ticket changed after
   * `updatedStamp`; whole seconds, as Zendesk compares them. Throws `conflict` when it did or is
   * closed, `ticket_not_found`.
   */
  addNote(input: { ticketId: number; htmlBody: string; updatedStamp: string }): Promise<void>
  /**
   * Tickets in the order in which they changed, by cursor-based incremental export. `since` has to be
   * a minute ago at least. `changedAt` as Zendesk spells it. Deleted ones are among them.
   */
  changedTickets(from: { cursor: string } | { since: Date }): Promise<{
    changes: { ticketId: number; changedAt: string; isDeleted: boolean }[]
    cursor: string
    isEnd: boolean
  }>
  /** About how many tickets changed since that day: Zendesk counts them by day. */
  countChangedTickets(since: Date): Promise<number>
}

const id = z.number().int().positive()
/** Zendesk documents neither which of the two a merge has nor whether its ids are numbers. */
const sourceId = z.coerce.number<unknown>().int().positive()
const source = z
  .object({
    rel: z.string().nullish(),
    from: z
      .object({ ticket_id: sourceId.nullish(), ticket_ids: z.array(sourceId).nullish() })
      .nullish()
      .catch(null),
  })
  .nullish()
  .catch(null)
const via = z.object({ source }).nullish().catch(null)

const contentTicket = z.object({
  id,
  status: z.string(),
  requester_id: id,
  subject: z.string().nullish(),
  custom_fields: z.array(z.object({ id, value: z.unknown() })),
  via,
  followup_ids: z.array(id).nullish(),
  sharing_agreement_ids: z.array(z.unknown()).nullish(),
  ticket_form_id: id.nullish().catch(null),
  tags: z.array(z.string()).nullish().catch(null),
  updated_at: z.string(),
})

const shownTicket = z.object({ ticket: contentTicket })

/** An attachment that does not even have an id can be neither fetched nor redacted. */
const contentAttachment = z.object({
  id,
  file_name: z.string().nullish().catch(null),
  content_url: z.string().nullish().catch(null),
  content_type: z.string().nullish().catch(null),
  size: z.number().int().nonnegative().nullish().catch(null),
  inline: z.boolean().nullish().catch(null),
  deleted: z.boolean().nullish().catch(null),
  malware_scan_result: z.string().nullish().catch(null),
})

const contentComment = z.object({
  id,
  author_id: z.number().int(),
  html_body: z.string().nullish(),
  public: z.boolean(),
  via,
  attachments: z.array(contentAttachment.nullable().catch(null)).nullish(),
})

/** What an update changed, as far as it concerns fields. */
const events = z.array(
  z.object({
    field_name: z.string().nullish().catch(null),
    value: z.unknown().optional(),
    previous_value: z.unknown().optional(),
  }),
)
const writeAudit = z.object({ events }).nullish().catch(null)
/** -1 is Zendesk itself. */
const contentAudit = z.object({ author_id: z.number().int(), events })

const changes = z.object({
  tickets: z.array(z.object({ id, updated_at: z.string(), status: z.string().nullish() })),
  after_cursor: z.string().nullish(),
  end_of_stream: z.boolean(),
})

export function createTicketContent(rest: RestClient): TicketContent {
  return {
    async ticket(ticketId) {
      const answer = await rest.read(`/api/v2/tickets/${ticketId}`, shownTicket, 'ingest')
      return answer.status === 'absent' ? null : toTicket(expectOk(answer).ticket)
    },
    async comments(ticketId) {
      const path = `/api/v2/tickets/${ticketId}/comments?include_inline_images=true`
      const answer = await rest.readAll(path, 'comments', contentComment, 'ingest')
      if (answer.status === 'absent') throw new ScrimError('ticket_not_found')
      return expectOk(answer).map(toComment)
    },
    async redactComment({ ticketId, commentId, htmlBody }) {
      const answer = await rest.write(
        'PUT',
        `/api/v2/comment_redactions/${commentId}`,
        { ticket_id: ticketId, html_body: htmlBody },
        z.object({ comment: z.object({ html_body: z.string() }) }),
        'ingest',
      )
      if (answer.status === 'absent') throw new ScrimError('ticket_not_found')
      if (answer.status === 'invalid') throw new ScrimError('conflict')
      return expectOk(answer).comment.html_body
    },
    async attachment({ contentUrl, size }, maxBytes) {
      if (size !== null && size > maxBytes) return 'too_large'
      const answer = await rest.download(contentUrl, maxBytes, 'ingest')
      if (answer.status === 'too_large') return 'too_large'
      return answer.status === 'ok' && answer.body.byteLength === size ? answer.body : null
    },
    async redactAttachment({ ticketId, commentId, attachmentId }) {
      const comment = `/api/v2/tickets/${ticketId}/comments/${commentId}`
      const path = `${comment}/attachments/${attachmentId}/redact`
      const answer = await rest.write('PUT', path, {}, z.unknown(), 'ingest')
      if (answer.status === 'invalid') throw new ScrimError('conflict')
      if (answer.status === 'absent') return false
      expectOk(answer)
      return true
    },
    async authorOf({ ticketId, zendeskFieldId, text }) {
      const path = `/api/v2/tickets/${ticketId}/audits`
      const answer = await rest.readAll(path, 'audits', contentAudit, 'ingest')
      if (answer.status === 'absent') throw new ScrimError('ticket_not_found')
      if (answer.status === 'forbidden') return null
      const name = auditName(zendeskFieldId)
      const audit = expectOk(answer).findLast(({ events }) =>
        events.some((event) => event.field_name === name && event.value === text),
      )
      return audit?.author_id ?? null
    },
    async replaceText({ ticketId, zendeskFieldId, text, updatedStamp }) {
      const change =
        zendeskFieldId === null
          ? { subject: text }
          : { custom_fields: [{ id: zendeskFieldId, value: text }] }
      const answer = await rest.write(
        'PUT',
        `/api/v2/tickets/${ticketId}`,
        { ticket: { ...change, safe_update: true, updated_stamp: updatedStamp } },
        z.object({
          ticket: contentTicket.pick({ subject: true, custom_fields: true }),
          audit: writeAudit,
        }),
        'ingest',
      )
      if (answer.status === 'absent') throw new ScrimError('ticket_not_found')
      if (answer.status === 'invalid') throw new ScrimError('conflict')
      const { ticket, audit } = expectOk(answer)
      const field = ticket.custom_fields.find((candidate) => candidate.id === zendeskFieldId)
      // Zendesk ignores fields it does not have, and says 200.
      if (zendeskFieldId !== null && field === undefined) throw new ScrimError('field_unknown')
      const written = zendeskFieldId === null ? ticket.subject : field?.value
      const name = auditName(zendeskFieldId)
      const event = audit?.events.find((candidate) => candidate.field_name === name)
      return {
        written: typeof written === 'string' ? written : '',
        replaced: event === undefined ? null : previousOf(event),
      }
    },
    async addNote({ ticketId, htmlBody, updatedStamp }) {
      const answer = await rest.write(
        'PUT',
        `/api/v2/tickets/${ticketId}`,
        {
          ticket: {
            comment: { html_body: htmlBody, public: false },
            safe_update: true,
            updated_stamp: updatedStamp,
          },
        },
        z.object({ ticket: z.object({ id }) }),
        'act',
      )
      if (answer.status === 'absent') throw new ScrimError('ticket_not_found')
      if (answer.status === 'invalid') throw new ScrimError('conflict')
      expectOk(answer)
    },
    async changedTickets(from) {
      const query =
        'cursor' in from
          ? `cursor=${encodeURIComponent(from.cursor)}`
          : `start_time=${Math.floor(from.since.getTime() / 1000)}`
      const path = `/api/v2/incremental/tickets/cursor?${query}`
      const page = expectOk(await rest.read(path, changes, 'ingest'))
      const cursor = page.after_cursor ?? ('cursor' in from ? from.cursor : null)
      if (cursor === null) throw new ScrimError('zendesk_unavailable')
      return {
        changes: page.tickets.map((ticket) => ({
          ticketId: ticket.id,
          changedAt: ticket.updated_at,
          isDeleted: ticket.status === 'deleted',
        })),
        cursor,
        isEnd: page.end_of_stream,
      }
    },
    async countChangedTickets(since) {
      const query = `type:ticket updated>=${since.toISOString().slice(0, 10)}`
      const path = `/api/v2/search/count?query=${encodeURIComponent(query)}`
      const schema = z.object({ count: z.number().int().nonnegative() })
      return expectOk(await rest.read(path, schema, 'ingest')).count
    },
  }
}

function expectOk<T>(answer: RestAnswer<T>): T {
  if (answer.status !== 'ok') throw new ScrimError('zendesk_unavailable')
  return answer.body
}

/** How audits call a field, or the subject. */
function auditName(zendeskFieldId: number | null): string {
  return zendeskFieldId === null ? 'subject' : String(zendeskFieldId)
}

function previousOf({ previous_value: previous }: { previous_value?: unknown }): string {
  return typeof previous === 'string' ? previous : ''
}

function toTicket(ticket: z.infer<typeof contentTicket>): ContentTicket | null {
  if (ticket.status === 'deleted') return null
  const followed = ticket.via?.source
  return {
    id: ticket.id,
    isClosed: ticket.status === 'closed',
    requesterId: ticket.requester_id,
    subject: ticket.subject ?? '',
    texts: new Map(
      ticket.custom_fields.flatMap((field): [number, string][] =>
        typeof field.value === 'string' && field.value !== '' ? [[field.id, field.value]] : [],
      ),
    ),
    isShared: (ticket.sharing_agreement_ids ?? []).length > 0,
    followUpOf: followed?.rel === 'follow_up' ? (followed.from?.ticket_id ?? null) : null,
    followUpIds: ticket.followup_ids ?? [],
    formId: ticket.ticket_form_id ?? null,
    tags: ticket.tags ?? [],
    updatedStamp: ticket.updated_at,
  }
}

function toComment(comment: z.infer<typeof contentComment>): ContentComment {
  const merged = comment.via?.source?.rel === 'merge' ? comment.via.source.from : null
  return {
    id: comment.id,
    authorId: comment.author_id,
    htmlBody: comment.html_body ?? '',
    isPublic: comment.public,
    mergedFrom: [
      ...(merged?.ticket_ids ?? []),
      ...(merged?.ticket_id === null || merged?.ticket_id === undefined ? [] : [merged.ticket_id]),
    ],
    attachments: (comment.attachments ?? []).flatMap((attachment) =>
      attachment === null || attachment.deleted === true ? [] : [toAttachment(attachment)],
    ),
  }
}

function toAttachment(attachment: z.infer<typeof contentAttachment>): ContentAttachment {
  return {
    id: attachment.id,
    fileName: attachment.file_name ?? '',
    contentUrl: attachment.content_url ?? '',
    contentType: attachment.content_type ?? '',
    size: attachment.size ?? null,
    isInline: attachment.inline === true,
    isMalware: attachment.malware_scan_result === 'malware_found',
  }
}
