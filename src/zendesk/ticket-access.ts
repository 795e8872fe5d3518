/**
 * May this person open this ticket in Zendesk? No REST call answers that, so it is computed from what
 * Zendesk says of the person, the ticket, the groups, the custom roles and the brands. What it does
 * not know, it refuses.
 */
import { ALLOWED, refuse } from '../core/errors.ts'
import type { Verdict } from '../core/errors.ts'
import type { Person, Ticket } from '../core/person.ts'
import type { Group } from './directory.ts'

export type CustomRole = {
  id: number
  /** Zendesk's `configuration.ticket_access`; null when Zendesk does not say. */
  ticketAccess: string | null
}

/**
 * Which brands each agent belongs to. `unrestricted`: the account has no brand memberships at all.
 * `unknown`: Zendesk did not let us ask.
 */
export type BrandMemberships =
  { known: true; brandIdsOf: ReadonlyMap<number, ReadonlySet<number>> } | 'unrestricted' | 'unknown'

export type TicketAccessFacts = {
  groups: readonly Group[]
  customRoles: readonly CustomRole[]
  brands: BrandMemberships
}

type TicketAccessCode =
  'person_unknown' | 'person_suspended' | 'person_not_agent' | 'ticket_access_denied'

const DENIED = refuse('ticket_access_denied')

type Scope = 'all' | 'groups' | 'groups-and-public' | 'organization' | 'assigned' | 'unknown'

const ROLE_SCOPES: Readonly<Record<string, Scope>> = {
  all: 'all',
  'within-groups': 'groups',
  'within-groups-and-public-groups': 'groups-and-public',
  'within-organization': 'organization',
  'assigned-only': 'assigned',
}

const CHAT_ONLY_ROLE_TYPE = 2
const LIGHT_AGENT_ROLE_TYPES: readonly (number | null)[] = [1, 3]

/**
 * The rules, each with the Zendesk page it comes from (`support.zendesk.com/hc/en-us/articles/N`):
 *
 * 1. Administrators open every ticket (203661776, 4767122732058) and belong to every brand
 *    (7584022494874).
 * 2. End users and chat-only agents are no ticket agents; suspended and deleted people open nothing.
 * 3. An agent opens tickets of brands they belong to; without a membership, none (7584022494874).
 *    Being CC'd does not lift that: the page names no exception that can be computed.
 * 4. A custom role's `ticket_access` decides on Enterprise, the person's `ticket_restriction` on other
 *    plans (4803993367706). Where both speak, both must allow: a restricted person with an
 *    unrestricted role is a contradiction. The one pair that is none is `groups` beside "within their
 *    groups and all public groups", which has no restriction value of its own.
 *    - `all`: everything, private groups included (4408882153882).
 *    - `within-groups`: tickets of their groups.
 *    - `within-groups-and-public-groups`: these, public groups' tickets, and tickets in no group
 *      (4408882153882).
 *    - `within-organization`: tickets of their organization, whatever groups they are in, assigned
 *      to them or not (4408886146842). Only the default organization is known.
 *    - `assigned-only`: tickets assigned to them.
 *    - no custom role and no restriction: every ticket but those of private groups, because access
 *      to these is given by role or membership (4767122732058).
 * 5. A private group's ticket opens to its members, and to its requester, CCs and followers
 *    (4988173561370). Being the assignee adds nothing: an assignee who is no member is stale data.
 * 6. The requester (4409408679578), CCs (4409408679578), followers (4767122732058) and the assignee
 *    open a ticket outside their groups. For people restricted to their organization or to assigned
 *    tickets, Zendesk promises a CC notifications only (4408886146842), so they get no access by it.
 * 7. Light agents and contributors (role types 1 and 3) follow their role or restriction like others;
 *    with neither, what they see is a setting that no REST call shows (4408846501402): refused.
 */
export function ticketAccess(
  person: Person,
  ticket: Ticket,
  facts: TicketAccessFacts,
): Verdict<TicketAccessCode> {
  if (!person.isActive) return refuse('person_unknown')
  if (person.isSuspended) return refuse('person_suspended')
  if (person.zendeskRole === 'admin') return ALLOWED
  if (person.zendeskRole !== 'agent') return refuse('person_not_agent')
  if (person.roleType === CHAT_ONLY_ROLE_TYPE) return refuse('person_not_agent')
  if (!isInBrand(person, ticket, facts.brands)) return DENIED
  return scopesOf(person, facts.customRoles).every((scope) => opens(scope, person, ticket, facts))
    ? ALLOWED
    : DENIED
}

function isInBrand(person: Person, ticket: Ticket, brands: BrandMemberships): boolean {
  if (brands === 'unrestricted') return true
  if (brands === 'unknown' || ticket.brandId === null) return false
  return brands.brandIdsOf.get(person.id)?.has(ticket.brandId) ?? false
}

/** Every scope that speaks about this person; each one must open the ticket. */
function scopesOf(person: Person, customRoles: readonly CustomRole[]): Scope[] {
  const restriction = scopeOfRestriction(person)
  if (person.customRoleId === null) {
    if (restriction !== null) return [restriction]
    return LIGHT_AGENT_ROLE_TYPES.includes(person.roleType) ? ['unknown'] : ['groups-and-public']
  }
  const role = customRoles.find((candidate) => candidate.id === person.customRoleId)
  const scope = ROLE_SCOPES[role?.ticketAccess ?? ''] ?? 'unknown'
  if (restriction === null) return [scope]
  if (scope === 'groups-and-public' && restriction === 'groups') return [scope]
  return [scope, restriction]
}

function scopeOfRestriction(person: Person): Scope | null {
  switch (person.ticketRestriction) {
    case null:
      return null
    case 'groups':
      return 'groups'
    case 'organization':
      return 'organization'
    case 'assigned':
      return 'assigned'
    default:
      // `requested` belongs to end users; on an agent it says nothing that opens a ticket.
      return 'unknown'
  }
}

function opens(scope: Scope, person: Person, ticket: Ticket, facts: TicketAccessFacts): boolean {
  const isAssignee = ticket.assigneeId === person.id
  switch (scope) {
    case 'all':
      return true
    case 'assigned':
      return isAssignee && !isForeignPrivate(person, ticket, facts.groups)
    case 'organization':
      return (
        person.organizationId !== null &&
        person.organizationId === ticket.organizationId &&
        !isForeignPrivate(person, ticket, facts.groups)
      )
    case 'groups':
    case 'groups-and-public':
      if (isMember(person, ticket) || isParticipant(person, ticket)) return true
      if (isForeignPrivate(person, ticket, facts.groups)) return false
      return isAssignee || scope === 'groups-and-public'
    default:
      return false
  }
}

function isMember(person: Person, ticket: Ticket): boolean {
  return ticket.groupId !== null && person.groupIds.includes(ticket.groupId)
}

function isParticipant(person: Person, ticket: Ticket): boolean {
  return (
    ticket.requesterId === person.id ||
    ticket.collaboratorIds.includes(person.id) ||
    ticket.followerIds.includes(person.id)
  )
}

/** Whether the ticket is in a group that is private, or not known to be public, and not theirs. */
function isForeignPrivate(person: Person, ticket: Ticket, groups: readonly Group[]): boolean {
  if (ticket.groupId === null || isMember(person, ticket)) return false
  return groups.find((group) => group.id === ticket.groupId)?.isPublic !== true
}
