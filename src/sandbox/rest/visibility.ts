/** Which tickets Zendesk itself shows to a signed-in person of the sandbox. */
import type { RestState, RestTicket, RestUser } from './state.ts'

/** The rules that the sandbox's people can meet; the endpoint computes its own, from more. */
export function isVisibleTo(state: RestState, user: RestUser, ticket: RestTicket): boolean {
  if (user.suspended || !user.active) return false
  if (user.role === 'admin') return true
  const takesPart =
    ticket.requester_id === user.id ||
    ticket.collaborator_ids.includes(user.id) ||
    ticket.follower_ids.includes(user.id)
  if (user.role === 'end-user' || takesPart) return takesPart
  const isMember = state.groupMemberships.some(
    (row) => row.user_id === user.id && row.group_id === ticket.group_id,
  )
  if (isMember) return true
  const role = state.customRoles.find(({ id }) => id === user.custom_role_id)
  if (role?.configuration.ticket_access === 'all') return true
  const group = state.groups.find(({ id }) => id === ticket.group_id)
  if (group !== undefined && !group.is_public) return false
  if (ticket.assignee_id === user.id) return true
  return user.ticket_restriction === null && role === undefined
}
