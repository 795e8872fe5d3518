/** `PUT /api/v2/tickets/{id}`: what an update changes, and the audit that keeps what it replaced. */
import { takeUploads } from './attachments.ts'
import { textOf } from './redaction.ts'
import { commentEvent, commentOf, takeId, viaChannel } from './state.ts'
import type { RestAudit, RestAuditEvent, RestState, RestTicket, RestUser } from './state.ts'

const STATUSES: readonly string[] = ['new', 'open', 'pending', 'hold', 'solved', 'closed']
const PRIORITIES: readonly string[] = ['low', 'normal', 'high', 'urgent']

export type TicketUpdate =
  | { outcome: 'updated'; audit: RestAudit | null }
  | { outcome: 'outdated' }
  | { outcome: 'invalid'; field: string; description: string }

/** Applies `input` (the request's `ticket`) in place. An invalid update changes nothing. */
export function updateTicket(
  state: RestState,
  ticket: RestTicket,
  input: Readonly<Record<string, unknown>>,
  author: RestUser,
  now: Date,
): TicketUpdate {
  if (ticket.status === 'closed') {
    return {
      outcome: 'invalid',
      field: 'status',
      description: 'Status: closed prevents ticket update',
    }
  }
  if (input.safe_update === true && isOutdated(ticket, input.updated_stamp)) {
    return { outcome: 'outdated' }
  }
  const draft = structuredClone(ticket)
  const invalid = applyProperties(state, draft, input, author)
  if (invalid !== null) return invalid
  const written = commentInput(input.comment)
  const attachments = written === null ? [] : takeUploads(state, written.uploads)
  if (attachments === null) {
    return { outcome: 'invalid', field: 'comment', description: 'Uploads: token is invalid' }
  }
  const at = now.toISOString()
  const auditId = takeId(state)
  const events: RestAuditEvent[] = changes(ticket, draft).map((change) => ({
    id: takeId(state),
    type: 'Change',
    ...change,
  }))
  if (written !== null) {
    const comment = commentOf({
      id: takeId(state),
      authorId: author.id,
      body: written.body,
      ...(written.html === undefined ? {} : { html: written.html }),
      // Agents who are restricted to internal notes are not emulated.
      isPublic: written.isPublic,
      auditId,
      at,
      attachments,
    })
    ;(state.comments[ticket.id] ??= []).push(comment)
    events.unshift(commentEvent(comment))
  }
  if (events.length === 0) return { outcome: 'updated', audit: null }
  Object.assign(ticket, draft, { updated_at: at })
  const audit: RestAudit = {
    id: auditId,
    ticket_id: ticket.id,
    created_at: at,
    author_id: author.id,
    via: viaChannel('api'),
    metadata: { system: {}, custom: {} },
    events,
  }
  ;(state.audits[ticket.id] ??= []).push(audit)
  return { outcome: 'updated', audit }
}

/** Zendesk compares whole seconds. */
function isOutdated(ticket: RestTicket, stamp: unknown): boolean {
  const known = typeof stamp === 'string' ? Date.parse(stamp) : Number.NaN
  if (Number.isNaN(known)) return true
  return Math.floor(Date.parse(ticket.updated_at) / 1000) > Math.floor(known / 1000)
}

function applyProperties(
  state: RestState,
  draft: RestTicket,
  input: Readonly<Record<string, unknown>>,
  author: RestUser,
): Extract<TicketUpdate, { outcome: 'invalid' }> | null {
  const invalid = (field: string) => ({
    outcome: 'invalid' as const,
    field,
    description: `${field}: is not valid`,
  })
  if (input.subject !== undefined) {
    if (typeof input.subject !== 'string') return invalid('subject')
    draft.subject = input.subject
    draft.raw_subject = input.subject
  }
  if (input.priority !== undefined) {
    if (!PRIORITIES.includes(String(input.priority))) return invalid('priority')
    draft.priority = String(input.priority)
  }
  if (input.group_id !== undefined) {
    const group = state.groups.find(({ id, deleted }) => id === input.group_id && !deleted)
    if (input.group_id !== null && group === undefined) return invalid('group_id')
    draft.group_id = group?.id ?? null
    if (!isMemberOf(state, draft.assignee_id, draft.group_id)) draft.assignee_id = null
  }
  if (input.assignee_id !== undefined) {
    const assignee = state.users.find(
      ({ id, role }) => id === input.assignee_id && role !== 'end-user',
    )
    if (input.assignee_id !== null && assignee === undefined) return invalid('assignee_id')
    draft.assignee_id = assignee?.id ?? null
    if (assignee && !isMemberOf(state, assignee.id, draft.group_id)) {
      draft.group_id = assignee.default_group_id
    }
  }
  if (input.status !== undefined) {
    if (!STATUSES.includes(String(input.status))) return invalid('status')
    draft.status = input.status as RestTicket['status']
    if (draft.status === 'solved')
      draft.assignee_id ??= author.role === 'end-user' ? null : author.id
  }
  if (Array.isArray(input.collaborator_ids)) {
    draft.collaborator_ids = input.collaborator_ids.map(Number)
    draft.email_cc_ids = [...draft.collaborator_ids]
  }
  if (Array.isArray(input.follower_ids)) draft.follower_ids = input.follower_ids.map(Number)
  if (Array.isArray(input.tags)) draft.tags = input.tags.map(String)
  if (Array.isArray(input.custom_fields)) setFields(draft, input.custom_fields)
  return null
}

/** Fields the account does not have are ignored, as Zendesk does. */
function setFields(draft: RestTicket, fields: readonly unknown[]): void {
  for (const field of fields) {
    const { id, value } = (field ?? {}) as { id?: unknown; value?: unknown }
    const held = draft.custom_fields.find((candidate) => candidate.id === id)
    if (held) held.value = value === null || value === undefined ? null : String(value)
  }
}

function isMemberOf(state: RestState, userId: number | null, groupId: number | null): boolean {
  return state.groupMemberships.some((row) => row.user_id === userId && row.group_id === groupId)
}

const AUDITED = [
  'subject',
  'priority',
  'status',
  'group_id',
  'assignee_id',
  'collaborator_ids',
  'follower_ids',
  'tags',
] as const

function changes(before: RestTicket, after: RestTicket) {
  const properties = AUDITED.map((name) => ({
    field_name: name as string,
    previous_value: asText(before[name]),
    value: asText(after[name]),
  }))
  const fields = after.custom_fields.map((field) => ({
    field_name: String(field.id),
    previous_value: before.custom_fields.find(({ id }) => id === field.id)?.value ?? null,
    value: field.value,
  }))
  return [...properties, ...fields].filter((change) => change.value !== change.previous_value)
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return Array.isArray(value) ? value.join(' ') : String(value)
}

type CommentInput = { body: string; html?: string; isPublic: boolean; uploads: string[] }

function commentInput(comment: unknown): CommentInput | null {
  if (typeof comment !== 'object' || comment === null) return null
  const { body, html_body: htmlBody, ...rest } = comment as Record<string, unknown>
  const isPublic = rest.public !== false
  const uploads = Array.isArray(rest.uploads) ? rest.uploads.map(String) : []
  if (typeof htmlBody === 'string' && htmlBody !== '') {
    return { body: textOf(htmlBody), html: htmlBody, isPublic, uploads }
  }
  return typeof body === 'string' && body !== '' ? { body, isPublic, uploads } : null
}
