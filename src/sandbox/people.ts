/** The people, groups and roles of the sandbox account. Invented, all of them. */
import type { TicketRestriction } from '../core/person.ts'

export type SandboxGroup = { id: number; name: string; description: string; isPublic: boolean }

export const SANDBOX_GROUPS: readonly SandboxGroup[] = [
  { id: 201, name: 'Billing', description: 'Payments, refunds and payouts', isPublic: true },
  { id: 202, name: 'Technical support', description: 'Sign-in, exports, errors', isPublic: true },
  { id: 203, name: 'Escalation leads', description: 'Decide and take over', isPublic: true },
  { id: 204, name: 'Compliance', description: 'Data protection and audits', isPublic: false },
]

export type SandboxCustomRole = {
  id: number
  name: string
  description: string
  roleType: number
  ticketAccess:
    | 'all'
    | 'assigned-only'
    | 'within-groups'
    | 'within-groups-and-public-groups'
    | 'within-organization'
}

export const SANDBOX_CUSTOM_ROLES: readonly SandboxCustomRole[] = [
  {
    id: 401,
    name: 'Team lead',
    description: 'Sees and assigns every ticket',
    roleType: 0,
    ticketAccess: 'all',
  },
  {
    id: 402,
    name: 'Group agent',
    description: 'Works on the tickets of their own groups',
    roleType: 0,
    ticketAccess: 'within-groups',
  },
  {
    id: 403,
    name: 'Light agent',
    description: 'Reads tickets and writes internal notes',
    roleType: 1,
    ticketAccess: 'within-groups',
  },
]

export type SandboxPerson = {
  id: number
  name: string
  email: string
  role: 'end-user' | 'agent' | 'admin'
  /** Zendesk's `role_type`; null for end users. */
  roleType: number | null
  customRoleId: number | null
  ticketRestriction: TicketRestriction
  /** The first one is the default group. */
  groupIds: readonly number[]
  organizationId: number | null
  /** What they do, as the sandbox's person switcher says it. */
  title: string
}

const agent = {
  role: 'agent',
  roleType: 0,
  customRoleId: null,
  ticketRestriction: null,
  organizationId: null,
} as const

/** Three agents, two leads, a compliance officer and an administrator. */
export const SANDBOX_PEOPLE: readonly SandboxPerson[] = [
  {
    ...agent,
    id: 101,
    name: 'Maya Rivera',
    email: 'maya.rivera@example.com',
    groupIds: [201],
    title: 'Agent, Billing',
  },
  {
    ...agent,
    id: 102,
    name: 'Tomás Vidal',
    email: 'tomas.vidal@example.com',
    groupIds: [201],
    title: 'Agent, Billing',
  },
  {
    ...agent,
    id: 103,
    name: 'Aisha Khan',
    email: 'aisha.khan@example.com',
    customRoleId: 402,
    ticketRestriction: 'groups',
    groupIds: [202],
    title: 'Agent, Technical support',
  },
  {
    ...agent,
    id: 104,
    name: 'Omar Haddad',
    email: 'omar.haddad@example.com',
    customRoleId: 401,
    groupIds: [203, 201, 202],
    title: 'Escalation lead',
  },
  {
    ...agent,
    id: 105,
    name: 'Lena Fischer',
    email: 'lena.fischer@example.com',
    customRoleId: 402,
    ticketRestriction: 'groups',
    groupIds: [203, 202],
    title: 'Escalation lead, Technical support only',
  },
  {
    ...agent,
    id: 106,
    name: 'Ingrid Solberg',
    email: 'ingrid.solberg@example.com',
    groupIds: [204],
    title: 'Compliance officer',
  },
  {
    ...agent,
    id: 107,
    name: 'Sam Okafor',
    email: 'sam.okafor@example.com',
    role: 'admin',
    roleType: 4,
    groupIds: [201],
    title: 'Administrator',
  },
]

const customer = {
  role: 'end-user',
  roleType: null,
  customRoleId: null,
  ticketRestriction: 'requested',
  groupIds: [],
  title: 'Customer',
} as const

export const SANDBOX_ORGANIZATION = { id: 701, name: 'Northwind Cycles' }

export const SANDBOX_CUSTOMERS: readonly SandboxPerson[] = [
  {
    ...customer,
    id: 501,
    name: 'Harriet Cole',
    email: 'harriet.cole@example.com',
    organizationId: null,
  },
  { ...customer, id: 502, name: 'Jun Watanabe', email: 'jun@example.net', organizationId: null },
  {
    ...customer,
    id: 503,
    name: 'Priya Nair',
    email: 'priya.nair@example.org',
    organizationId: SANDBOX_ORGANIZATION.id,
  },
  {
    ...customer,
    id: 504,
    name: 'Marek Nowak',
    email: 'marek.nowak@example.com',
    organizationId: SANDBOX_ORGANIZATION.id,
  },
  {
    ...customer,
    id: 505,
    name: 'Chloé Martin',
    email: 'chloe.martin@example.net',
    organizationId: null,
  },
  {
    ...customer,
    id: 506,
    name: 'Daniel Osei',
    email: 'daniel.osei@example.org',
    organizationId: null,
  },
]
