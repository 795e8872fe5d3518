import { describe, expect, test } from 'vitest'
import type { Person, Ticket } from '../../src/core/person.ts'
import { ticketAccess } from '../../src/zendesk/ticket-access.ts'
import type { TicketAccessFacts } from '../../src/zendesk/ticket-access.ts'

const BILLING = 201
const SUPPORT = 202
const COMPLIANCE = 204
const UNKNOWN_GROUP = 299
const OUR_ORG = 701
const OTHER_ORG = 702
const BRAND = 601

const agent: Person = {
  id: 101,
  name: 'Maya Rivera',
  email: 'maya.rivera@example.com',
  zendeskRole: 'agent',
  roleType: 0,
  customRoleId: null,
  ticketRestriction: null,
  isSuspended: false,
  isActive: true,
  groupIds: [BILLING],
  organizationId: null,
}

const ticket: Ticket = {
  id: 4001,
  subject: 'Refund not arrived',
  status: 'open',
  requesterId: 501,
  submitterId: 501,
  assigneeId: null,
  groupId: SUPPORT,
  organizationId: null,
  brandId: BRAND,
  collaboratorIds: [],
  followerIds: [],
}

const facts: TicketAccessFacts = {
  groups: [
    { id: BILLING, name: 'Billing', isPublic: true },
    { id: SUPPORT, name: 'Technical support', isPublic: true },
    { id: COMPLIANCE, name: 'Compliance', isPublic: false },
  ],
  customRoles: [
    { id: 401, ticketAccess: 'all' },
    { id: 402, ticketAccess: 'within-groups' },
    { id: 403, ticketAccess: 'within-groups-and-public-groups' },
    { id: 404, ticketAccess: 'within-organization' },
    { id: 405, ticketAccess: 'assigned-only' },
    { id: 406, ticketAccess: 'within-the-moon' },
    { id: 407, ticketAccess: null },
  ],
  brands: { known: true, brandIdsOf: new Map([[101, new Set([BRAND])]]) },
}

const ALL = { customRoleId: 401 }
const GROUPS = { customRoleId: 402 }
const PUBLIC = { customRoleId: 403 }
const ORG = { customRoleId: 404, organizationId: OUR_ORG }
const ASSIGNED = { customRoleId: 405 }

const mine = { groupId: BILLING }
const others = { groupId: SUPPORT }
const secret = { groupId: COMPLIANCE }
const nowhere = { groupId: null }
const strange = { groupId: UNKNOWN_GROUP }
const assignee = { assigneeId: 101 }
const requester = { requesterId: 101 }
const cc = { collaboratorIds: [7, 101] }
const follower = { followerIds: [101, 7] }
const ours = { organizationId: OUR_ORG }
const theirs = { organizationId: OTHER_ORG }

type Row = [
  rule: string,
  person: Partial<Person>,
  ticket: Partial<Ticket>,
  expected:
    true | 'ticket_access_denied' | 'person_unknown' | 'person_suspended' | 'person_not_agent',
  facts?: Partial<TicketAccessFacts>,
]

const no = 'ticket_access_denied'
const admin = { zendeskRole: 'admin', roleType: 4 } as const
const otherBrand = {
  brands: { known: true, brandIdsOf: new Map([[101, new Set([602])]]) },
} as const
const noBrands = { brands: { known: true, brandIdsOf: new Map<number, Set<number>>() } } as const

const rows: Row[] = [
  // Who is asking.
  ['an administrator opens any ticket', admin, others, true],
  ['an administrator opens a private ticket', admin, secret, true],
  ['an administrator opens a ticket of an unknown group', admin, strange, true],
  ['an administrator opens tickets of every brand', admin, others, true, otherBrand],
  ['a billing administrator opens any ticket', { ...admin, roleType: 5 }, others, true],
  [
    'a suspended administrator opens nothing',
    { ...admin, isSuspended: true },
    others,
    'person_suspended',
  ],
  [
    'a deleted administrator opens nothing',
    { ...admin, isActive: false },
    others,
    'person_unknown',
  ],
  ['a suspended agent opens nothing', { isSuspended: true }, mine, 'person_suspended'],
  ['a suspended assignee opens nothing', { isSuspended: true }, assignee, 'person_suspended'],
  ['a deleted agent opens nothing', { isActive: false }, mine, 'person_unknown'],
  [
    'an end user opens nothing',
    { zendeskRole: 'end-user', roleType: null },
    mine,
    'person_not_agent',
  ],
  [
    'an end user does not open their own request',
    { zendeskRole: 'end-user' },
    requester,
    'person_not_agent',
  ],
  ['a chat-only agent opens nothing', { roleType: 2 }, mine, 'person_not_agent'],
  [
    'a chat-only agent opens nothing, whatever the role',
    { ...ALL, roleType: 2 },
    mine,
    'person_not_agent',
  ],

  // Unrestricted agents on plans without custom roles.
  ['an agent without restriction opens a ticket of their group', {}, mine, true],
  ['… and of another public group', {}, others, true],
  ['… and of no group', {}, nowhere, true],
  ['… but not of a private group', {}, secret, no],
  ['… unless they are a member', { groupIds: [COMPLIANCE] }, secret, true],
  ['… or its requester', {}, { ...secret, ...requester }, true],
  ['… or a CC', {}, { ...secret, ...cc }, true],
  ['… or a follower', {}, { ...secret, ...follower }, true],
  ['… being its assignee without membership is stale data', {}, { ...secret, ...assignee }, no],
  ['… nor of a group that nobody knows', {}, strange, no],
  ['… a role type that Zendesk left out changes nothing', { roleType: null }, others, true],

  // Custom role: all.
  ['a role for all tickets opens another group', ALL, others, true],
  ['… and a private group', ALL, secret, true],
  ['… and no group', ALL, nowhere, true],
  ['… and an unknown group', ALL, strange, true],
  [
    '… not when the person is restricted to groups beside it',
    { ...ALL, ticketRestriction: 'groups' },
    others,
    no,
  ],
  [
    '… not when the person is restricted to assigned tickets',
    { ...ALL, ticketRestriction: 'assigned' },
    mine,
    no,
  ],

  // Custom role: within groups.
  ['a role for own groups opens their group', GROUPS, mine, true],
  ['… not another group', GROUPS, others, no],
  ['… not a ticket without group', GROUPS, nowhere, no],
  ['… not an unknown group', GROUPS, strange, no],
  ['… a private group they belong to', { ...GROUPS, groupIds: [COMPLIANCE] }, secret, true],
  ['… not a private group of others', GROUPS, secret, no],
  ['… a ticket assigned to them', GROUPS, { ...others, ...assignee }, true],
  ['… a ticket they requested', GROUPS, { ...others, ...requester }, true],
  ['… a ticket they are CC on', GROUPS, { ...others, ...cc }, true],
  ['… a ticket they follow', GROUPS, { ...others, ...follower }, true],
  ['… not one they merely submitted', GROUPS, { ...others, submitterId: 101 }, no],
  [
    '… not one of their organization',
    { ...GROUPS, organizationId: OUR_ORG },
    { ...others, ...ours },
    no,
  ],
  [
    '… the same with the restriction that mirrors it',
    { ...GROUPS, ticketRestriction: 'groups' },
    mine,
    true,
  ],
  ['… nothing without any group', { ...GROUPS, groupIds: [] }, others, no],

  // Custom role: own and public groups.
  ['a role for own and public groups opens a public group', PUBLIC, others, true],
  ['… and a ticket without group', PUBLIC, nowhere, true],
  ['… and a private group they belong to', { ...PUBLIC, groupIds: [COMPLIANCE] }, secret, true],
  ['… not a private group of others', PUBLIC, secret, no],
  ['… not an unknown group', PUBLIC, strange, no],
  ['… a private one as follower', PUBLIC, { ...secret, ...follower }, true],
  [
    '… the groups restriction beside it is no contradiction',
    { ...PUBLIC, ticketRestriction: 'groups' },
    others,
    true,
  ],
  [
    '… an organization restriction beside it is',
    { ...PUBLIC, ticketRestriction: 'organization' },
    others,
    no,
  ],

  // Custom role: within organization.
  ['a role for the organization opens its tickets', ORG, { ...others, ...ours }, true],
  ['… not those of another organization', ORG, { ...mine, ...theirs }, no],
  ['… not those of none', ORG, mine, no],
  ['… no organization does not match no organization', { ...ORG, organizationId: null }, mine, no],
  ['… not by assignment', ORG, { ...mine, ...theirs, ...assignee }, no],
  ['… not by CC, which brings notifications only', ORG, { ...mine, ...theirs, ...cc }, no],
  ['… not a private group of others', ORG, { ...secret, ...ours }, no],

  // Custom role: assigned only.
  ['a role for assigned tickets opens an assigned one', ASSIGNED, { ...mine, ...assignee }, true],
  ['… also in another public group', ASSIGNED, { ...others, ...assignee }, true],
  ['… not one assigned to somebody else', ASSIGNED, { ...mine, assigneeId: 102 }, no],
  ['… not an unassigned one of their group', ASSIGNED, mine, no],
  ['… not by CC', ASSIGNED, { ...mine, ...cc }, no],
  ['… not by following', ASSIGNED, { ...mine, ...follower }, no],
  ['… not a private one of others, assigned or not', ASSIGNED, { ...secret, ...assignee }, no],

  // Roles we know nothing of.
  ['a custom role that does not exist opens nothing', { customRoleId: 499 }, mine, no],
  [
    'a ticket access that we do not know opens nothing',
    { customRoleId: 406 },
    { ...mine, ...assignee },
    no,
  ],
  ['a role without ticket access opens nothing', { customRoleId: 407 }, mine, no],
  ['a role opens nothing while roles are unknown', ALL, mine, no, { customRoles: [] }],
  [
    '"constructor" is no ticket access',
    { customRoleId: 408 },
    mine,
    no,
    { customRoles: [{ id: 408, ticketAccess: 'constructor' }] },
  ],

  // Restrictions on plans without custom roles.
  ['restricted to groups: their group', { ticketRestriction: 'groups' }, mine, true],
  ['restricted to groups: not another', { ticketRestriction: 'groups' }, others, no],
  ['restricted to groups: not without group', { ticketRestriction: 'groups' }, nowhere, no],
  ['restricted to groups: as CC', { ticketRestriction: 'groups' }, { ...others, ...cc }, true],
  [
    'restricted to the organization: its ticket',
    { ticketRestriction: 'organization', organizationId: OUR_ORG },
    ours,
    true,
  ],
  [
    'restricted to the organization: no other',
    { ticketRestriction: 'organization', organizationId: OUR_ORG },
    { ...mine, ...theirs },
    no,
  ],
  [
    'restricted to assigned: an assigned one',
    { ticketRestriction: 'assigned' },
    { ...mine, ...assignee },
    true,
  ],
  ['restricted to assigned: no other', { ticketRestriction: 'assigned' }, mine, no],
  [
    'an agent restricted like an end user opens nothing',
    { ticketRestriction: 'requested' },
    { ...mine, ...requester },
    no,
  ],

  // Light agents and contributors.
  [
    'a light agent with a role for own groups opens their group',
    { ...GROUPS, roleType: 1 },
    mine,
    true,
  ],
  ['… not another group', { ...GROUPS, roleType: 1 }, others, no],
  ['… as CC, another group', { ...GROUPS, roleType: 1 }, { ...others, ...cc }, true],
  [
    'a light agent with a restriction follows it',
    { roleType: 1, ticketRestriction: 'groups' },
    mine,
    true,
  ],
  ['a light agent with neither opens nothing', { roleType: 1 }, mine, no],
  ['a contributor with neither opens nothing', { roleType: 3 }, { ...mine, ...assignee }, no],
  [
    'a contributor with a role for all tickets opens another group',
    { ...ALL, roleType: 3 },
    others,
    true,
  ],

  // Brands.
  ['an agent of another brand opens nothing', {}, mine, no, otherBrand],
  ['… not even with a role for all tickets', ALL, mine, no, otherBrand],
  ['… not as CC', GROUPS, { ...mine, ...cc }, no, otherBrand],
  ['an agent without any brand opens nothing', ALL, mine, no, noBrands],
  [
    'a ticket whose brand is not told opens to nobody but administrators',
    ALL,
    { ...mine, brandId: null },
    no,
  ],
  [
    'brands do not matter where the account has no memberships',
    {},
    { ...mine, brandId: null },
    true,
    { brands: 'unrestricted' },
  ],
  ['brands that Zendesk did not tell close', ALL, mine, no, { brands: 'unknown' }],
  [
    'brands that Zendesk did not tell do not close to administrators',
    admin,
    mine,
    true,
    { brands: 'unknown' },
  ],
  ['groups that are not known close public groups', {}, others, no, { groups: [] }],
]

describe('who opens which ticket', () => {
  test.each(rows)('%s', (_, person, ticketChange, expected, factsChange) => {
    const verdict = ticketAccess(
      { ...agent, ...person },
      { ...ticket, ...ticketChange },
      { ...facts, ...factsChange },
    )
    expect(verdict).toEqual(
      expected === true ? { allowed: true } : { allowed: false, code: expected },
    )
  })

  test('the table has at least sixty rows', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60)
  })

  test('solved and closed tickets open like others: what may happen on them is policy', () => {
    for (const status of ['solved', 'closed'] as const) {
      expect(ticketAccess(agent, { ...ticket, status }, facts).allowed).toBe(true)
    }
  })
})
