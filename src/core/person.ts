/**
 * A person as Zendesk knows them. Always resolved by the endpoint from Zendesk's REST API, never
 * claimed by a browser.
 */

export type TicketRestriction = 'organization' | 'groups' | 'assigned' | 'requested' | null

export type Person = {
  /** Zendesk user id. */
  id: number
  name: string
  /** Lower case; null when Zendesk has none. */
  email: string | null
  zendeskRole: 'end-user' | 'agent' | 'admin'
  /** 0 custom, 1 light agent, 2 chat agent, 3 contributor, 4 admin, 5 billing admin; null when unset. */
  roleType: number | null
  customRoleId: number | null
  ticketRestriction: TicketRestriction
  isSuspended: boolean
  isActive: boolean
  groupIds: readonly number[]
  organizationId: number | null
  /**
   * What of their power nobody has confirmed yet, such as `group_203` (`core/power.ts`); put here by the
   * endpoint. It shows masks and gives nothing else.
   */
  waitingPowers?: readonly string[]
}

/** What Scrim needs to know of a ticket to decide. */
export type Ticket = {
  id: number
  subject: string
  status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed'
  requesterId: number
  submitterId: number | null
  assigneeId: number | null
  groupId: number | null
  organizationId: number | null
  brandId: number | null
  /** CCs. */
  collaboratorIds: readonly number[]
  followerIds: readonly number[]
}

/** Whether the ticket takes no more work: solved and closed tickets end requests and grants. */
export function isSolved(ticket: Pick<Ticket, 'status'>): boolean {
  return ticket.status === 'solved' || ticket.status === 'closed'
}

/** An address as it is compared, or null where there is none. */
function comparable(email: string | null | undefined): string | null {
  return email?.normalize('NFKC').trim().toLowerCase() || null
}

/** Two Zendesk users that policy knows as one human being, by id. */
export type SamePerson = readonly [number, number]

/**
 * Whether two Zendesk users are one human being as far as separation of duties goes: the same id, the
 * same e-mail address in any spelling of its case, or a pair that policy names. Two users without an
 * address are two people otherwise.
 */
export function isSamePerson(
  a: { id: number; email?: string | null },
  b: { id: number; email?: string | null },
  pairs: readonly SamePerson[],
): boolean {
  const email = comparable(a.email)
  return (
    a.id === b.id ||
    (email !== null && email === comparable(b.email)) ||
    pairs.some((pair) => pair.includes(a.id) && pair.includes(b.id))
  )
}
