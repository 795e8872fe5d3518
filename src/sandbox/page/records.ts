/** The records of Zendesk's REST API, as far as the page shows them. */

export const TICKET_STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]

export type TicketRecord = {
  id: number
  subject: string
  status: TicketStatus
  priority: string | null
  type: string | null
  requester_id: number
  assignee_id: number | null
  group_id: number | null
  tags: readonly string[]
  custom_fields: readonly { id: number; value: string | null }[]
  created_at: string
  updated_at: string
}

export type CommentRecord = {
  id: number
  author_id: number
  body: string
  public: boolean
  created_at: string
}

export type TicketFieldRecord = { id: number; title: string; type: string; active: boolean }

/** What an agent may change on a ticket before submitting it. */
export type TicketChange = {
  subject?: string
  status?: TicketStatus
  priority?: string | null
  type?: string | null
  assignee_id?: number | null
  group_id?: number | null
  tags?: readonly string[]
  custom_fields?: readonly { id: number; value: unknown }[]
  comment?: { body: string; public: boolean }
}
