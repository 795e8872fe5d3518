/** A stored ticket with the agent's draft on top, and what of it has to be submitted. */
import type { TicketChange, TicketRecord, TicketStatus } from './records.ts'
import type { Draft } from './store.ts'

const PLAIN = ['subject', 'priority', 'type', 'tags', 'assignee_id', 'group_id'] as const

export function customFieldText(ticket: TicketRecord, draft: Draft, fieldId: number): string {
  const drafted = draft.customFields[fieldId]
  const stored = ticket.custom_fields.find((field) => field.id === fieldId)?.value
  return String((fieldId in draft.customFields ? drafted : stored) ?? '')
}

export function withDraft(ticket: TicketRecord, draft: Draft): TicketRecord {
  const { customFields, comment: _comment, isPublic: _isPublic, ...plain } = draft
  return {
    ...ticket,
    ...plain,
    custom_fields: ticket.custom_fields.map((field) =>
      field.id in customFields
        ? { id: field.id, value: String(customFields[field.id] ?? '') }
        : field,
    ),
  }
}

export function isTouched(draft: Draft): boolean {
  return (
    draft.comment !== '' ||
    Object.keys(draft.customFields).length > 0 ||
    PLAIN.some((name) => name in draft) ||
    draft.status !== undefined
  )
}

/** The body of the update: only what the agent touched, and the status they submit as. */
export function toChange(draft: Draft, status: TicketStatus): TicketChange {
  const change: Record<string, unknown> = { status }
  for (const name of PLAIN) if (name in draft) change[name] = draft[name]
  const customFields = Object.entries(draft.customFields)
  if (customFields.length > 0) {
    change.custom_fields = customFields.map(([id, value]) => ({ id: Number(id), value }))
  }
  if (draft.comment.trim() !== '') {
    change.comment = { body: draft.comment, public: draft.isPublic }
  }
  return change
}
