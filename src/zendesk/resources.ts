/** Zendesk's resources as they arrive, and what they become. Unknown members are left alone. */
import { z } from 'zod'
import type { Person, Ticket } from '../core/person.ts'
import type { Group, TicketField } from './directory.ts'
import type { CustomRole } from './ticket-access.ts'

const id = z.number().int().positive()
const optionalId = id.nullish().transform((value) => value ?? null)
const ids = z
  .array(id)
  .nullish()
  .transform((value) => value ?? [])

export const userResource = z.object({
  id,
  name: z.string(),
  email: z.string().nullish(),
  role: z.string(),
  role_type: z.number().int().nullish(),
  custom_role_id: optionalId,
  ticket_restriction: z.string().nullish(),
  suspended: z.boolean(),
  active: z.boolean(),
  organization_id: optionalId,
})

export const membershipResource = z.object({ user_id: id, group_id: id })

export const groupResource = z.object({
  id,
  name: z.string(),
  is_public: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
})

export const customRoleResource = z.object({
  id,
  name: z.string().nullish(),
  configuration: z.object({ ticket_access: z.string().nullish() }).nullish(),
})

export const brandAgentResource = z.object({ user_id: id, brand_id: id })

export const ticketFieldResource = z.object({ id, type: z.string(), title: z.string().nullish() })

export const ticketResource = z.object({
  id,
  subject: z.string().nullish(),
  status: z.string(),
  requester_id: id,
  submitter_id: optionalId,
  assignee_id: optionalId,
  group_id: optionalId,
  organization_id: optionalId,
  brand_id: optionalId,
  collaborator_ids: ids,
  email_cc_ids: ids,
  follower_ids: ids,
})

export const installationResource = z.object({
  enabled: z.boolean().nullish(),
  settings: z.record(z.string(), z.unknown()),
})

/** Anything that is not known to be an agent or an administrator counts as an end user. */
export function personOf(user: z.infer<typeof userResource>, groupIds: readonly number[]): Person {
  return {
    id: user.id,
    name: user.name,
    email: user.email?.trim().toLowerCase() || null,
    zendeskRole: user.role === 'admin' || user.role === 'agent' ? user.role : 'end-user',
    roleType: user.role_type ?? null,
    customRoleId: user.custom_role_id,
    ticketRestriction: restrictionOf(user.ticket_restriction),
    isSuspended: user.suspended,
    isActive: user.active,
    groupIds,
    organizationId: user.organization_id,
  }
}

/** A restriction we do not know becomes `requested`, which opens nothing to an agent. */
function restrictionOf(restriction: string | null | undefined): Person['ticketRestriction'] {
  switch (restriction) {
    case null:
    case undefined:
      return null
    case 'organization':
    case 'groups':
    case 'assigned':
      return restriction
    default:
      return 'requested'
  }
}

const STATUSES: readonly string[] = ['new', 'open', 'pending', 'hold', 'solved', 'closed']

/** Null for deleted tickets, and for a status that we cannot tell open from solved. */
export function ticketOf(ticket: z.infer<typeof ticketResource>): Ticket | null {
  if (!STATUSES.includes(ticket.status)) return null
  return {
    id: ticket.id,
    subject: ticket.subject ?? '',
    status: ticket.status as Ticket['status'],
    requesterId: ticket.requester_id,
    submitterId: ticket.submitter_id,
    assigneeId: ticket.assignee_id,
    groupId: ticket.group_id,
    organizationId: ticket.organization_id,
    brandId: ticket.brand_id,
    collaboratorIds: [...new Set([...ticket.collaborator_ids, ...ticket.email_cc_ids])],
    followerIds: ticket.follower_ids,
  }
}

/** A group that does not say whether it is public is private. Accounts without private groups say true. */
export function groupOf(group: z.infer<typeof groupResource>): Group {
  return { id: group.id, name: group.name, isPublic: group.is_public === true }
}

export function customRoleOf(
  role: z.infer<typeof customRoleResource>,
): CustomRole & { name: string } {
  return {
    id: role.id,
    name: role.name ?? `#${role.id}`,
    ticketAccess: role.configuration?.ticket_access ?? null,
  }
}

export function ticketFieldOf(field: z.infer<typeof ticketFieldResource>): TicketField {
  return { id: field.id, title: field.title ?? `#${field.id}`, type: field.type }
}
