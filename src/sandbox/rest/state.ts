/**
 * Everything the emulated Zendesk stores, in the shapes its REST API speaks, as one JSON value: it can
 * be saved, loaded, and searched for what must not be in it.
 */
import type { Person } from '../../core/person.ts'
import { SANDBOX_ACCOUNT, SANDBOX_TICKET_FIELDS } from '../account.ts'
import type { SandboxPerson } from '../people.ts'
import {
  SANDBOX_CUSTOMERS,
  SANDBOX_CUSTOM_ROLES,
  SANDBOX_GROUPS,
  SANDBOX_ORGANIZATION,
  SANDBOX_PEOPLE,
} from '../people.ts'
import type { SandboxFile, SandboxTicket } from '../tickets.ts'
import { SANDBOX_TICKETS } from '../tickets.ts'

export type RestUser = {
  id: number
  url: string
  name: string
  email: string
  role: Person['zendeskRole']
  role_type: number | null
  custom_role_id: number | null
  ticket_restriction: Person['ticketRestriction']
  restricted_agent: boolean
  organization_id: number | null
  default_group_id: number | null
  suspended: boolean
  active: boolean
  verified: boolean
  shared: boolean
  locale: string
  time_zone: string
  iana_time_zone: string
  tags: string[]
  user_fields: Record<string, string>
  created_at: string
  updated_at: string
}

export type RestGroup = {
  id: number
  url: string
  name: string
  description: string
  default: boolean
  deleted: boolean
  is_public: boolean
  created_at: string
  updated_at: string
}

export type RestMembership = {
  id: number
  user_id: number
  group_id: number
  default: boolean
  created_at: string
  updated_at: string
}

export type RestCustomRole = {
  id: number
  name: string
  description: string
  role_type: number
  team_member_count: number
  configuration: { ticket_access: string; light_agent: boolean; ticket_editing: boolean }
  created_at: string
  updated_at: string
}

export type RestTicketField = {
  id: number
  url: string
  type: string
  title: string
  raw_title: string
  description: string
  position: number
  active: boolean
  required: boolean
  removable: boolean
  visible_in_portal: boolean
  editable_in_portal: boolean
  agent_can_edit: boolean
  tag: string | null
  created_at: string
  updated_at: string
}

export type RestVia = {
  channel: string
  source: { from: Record<string, unknown>; to: object; rel: string | null }
}

export type RestTicket = {
  id: number
  url: string
  external_id: null
  via: RestVia
  created_at: string
  updated_at: string
  type: 'question'
  subject: string
  raw_subject: string
  description: string
  priority: string
  status: SandboxTicket['status']
  recipient: null
  requester_id: number
  submitter_id: number
  assignee_id: number | null
  organization_id: number | null
  group_id: number | null
  brand_id: number
  ticket_form_id?: number
  collaborator_ids: number[]
  follower_ids: number[]
  email_cc_ids: number[]
  has_incidents: boolean
  is_public: boolean
  due_at: null
  tags: string[]
  custom_fields: { id: number; value: string | null }[]
  /** The tickets that follow this one up; only closed tickets have it. */
  followup_ids?: number[]
}

export type RestAttachment = {
  id: number
  url: string
  file_name: string
  content_url: string
  mapped_content_url: string
  content_type: string
  size: number
  width: string | null
  height: string | null
  inline: boolean
  deleted: boolean
  malware_access_override: boolean
  malware_scan_result: 'malware_found' | 'malware_not_found' | 'failed_to_scan' | 'not_scanned'
  thumbnails: never[]
}

export type RestComment = {
  id: number
  type: 'Comment'
  author_id: number
  body: string
  html_body: string
  plain_body: string
  public: boolean
  /** Inline ones, too. */
  attachments: RestAttachment[]
  audit_id: number
  via: RestVia
  created_at: string
  metadata: { system: object; custom: object }
}

export type RestAuditEvent =
  | {
      id: number
      type: 'Create'
      field_name: string
      value: string | null
    }
  | {
      id: number
      type: 'Change'
      field_name: string
      value: string | null
      /** As in Zendesk: what stood there before stays here for ever. */
      previous_value: string | null
    }
  | ({ type: 'Comment' } & Pick<
      RestComment,
      'id' | 'author_id' | 'body' | 'html_body' | 'plain_body' | 'public' | 'attachments'
    >)

export type RestAudit = {
  id: number
  ticket_id: number
  created_at: string
  author_id: number
  via: RestVia
  metadata: { system: object; custom: object }
  events: RestAuditEvent[]
}

export type RestBrandAgent = {
  id: string
  user_id: number
  brand_id: number
  url: string
  created_at: string
  updated_at: string
}

export type RestInstallation = {
  id: number
  app_id: number
  product: 'support'
  enabled: boolean
  settings: Record<string, string | number | boolean | null>
  created_at: string
  updated_at: string
}

export type RestState = {
  users: RestUser[]
  groups: RestGroup[]
  groupMemberships: RestMembership[]
  customRoles: RestCustomRole[]
  brandAgents: RestBrandAgent[]
  ticketFields: RestTicketField[]
  tickets: RestTicket[]
  /** By ticket id, oldest first. */
  comments: Record<number, RestComment[]>
  audits: Record<number, RestAudit[]>
  /** By content token. The content is one character a byte. */
  files: Record<string, { contentType: string; content: string }>
  /** What was uploaded and not attached yet, by upload token. */
  uploads: Record<string, RestAttachment[]>
  installation: RestInstallation
  organizations: { id: number; name: string }[]
  nextId: number
}

export const API_ORIGIN = `https://${SANDBOX_ACCOUNT.subdomain}.zendesk.com`

const FIRST_ID = 900_001
/** The account's only form. */
const FORM_ID = 401
const MINUTE_MS = 60_000

/** The account as it is before anyone touched it; conversations are dated back from `now`. */
export function seedRestState(now: Date): RestState {
  const founded = new Date(now.getTime() - 400 * 24 * 60 * MINUTE_MS).toISOString()
  const dates = { created_at: founded, updated_at: founded }
  const people = [...SANDBOX_PEOPLE, ...SANDBOX_CUSTOMERS, integrationUser]
  const agents = people.filter((person) => person.role !== 'end-user')
  const memberships = agents.flatMap((person) =>
    person.groupIds.map((groupId, index) => ({
      id: person.id * 1000 + groupId,
      user_id: person.id,
      group_id: groupId,
      default: index === 0,
      ...dates,
    })),
  )
  const state: RestState = {
    users: people.map((person) => ({ ...userOf(person), ...dates })),
    groups: SANDBOX_GROUPS.map((group) => ({
      id: group.id,
      url: `${API_ORIGIN}/api/v2/groups/${group.id}.json`,
      name: group.name,
      description: group.description,
      default: group.id === 201,
      deleted: false,
      is_public: group.isPublic,
      ...dates,
    })),
    groupMemberships: memberships,
    customRoles: SANDBOX_CUSTOM_ROLES.map((role) => ({
      id: role.id,
      name: role.name,
      description: role.description,
      role_type: role.roleType,
      team_member_count: people.filter((person) => person.customRoleId === role.id).length,
      configuration: {
        ticket_access: role.ticketAccess,
        light_agent: role.roleType === 1,
        ticket_editing: role.roleType !== 1,
      },
      ...dates,
    })),
    brandAgents: agents.map((person) => ({
      id: `01SANDBOXBRANDAGENT${person.id}`,
      user_id: person.id,
      brand_id: SANDBOX_ACCOUNT.brandId,
      url: `${API_ORIGIN}/api/v2/brand_agents/${person.id}.json`,
      ...dates,
    })),
    ticketFields: SANDBOX_TICKET_FIELDS.map((field, index) => ({
      id: field.id,
      url: `${API_ORIGIN}/api/v2/ticket_fields/${field.id}.json`,
      type: field.type,
      title: field.title,
      raw_title: field.title,
      description: '',
      position: index + 1,
      active: true,
      required: false,
      removable: true,
      visible_in_portal: false,
      editable_in_portal: false,
      agent_can_edit: true,
      tag: null,
      ...dates,
    })),
    tickets: [],
    comments: {},
    audits: {},
    files: {},
    uploads: {},
    installation: {
      id: SANDBOX_ACCOUNT.installationId,
      app_id: SANDBOX_ACCOUNT.appId,
      product: 'support',
      enabled: true,
      settings: {
        name: 'Scrim',
        title: 'Scrim',
        max_minutes: null,
        display_seconds: null,
        allow_copy: null,
        min_reason_length: null,
        extra_protected_field_ids: null,
        pause_all_reveals: false,
      },
      ...dates,
    },
    organizations: [SANDBOX_ORGANIZATION],
    nextId: FIRST_ID,
  }
  for (const ticket of SANDBOX_TICKETS) addTicket(state, ticket, now)
  return state
}

/** The administrator behind the endpoint's OAuth client. Nobody signs in as them. */
const integrationUser: SandboxPerson = {
  id: SANDBOX_ACCOUNT.integrationUserId,
  name: 'Scrim integration',
  email: 'scrim.integration@example.com',
  role: 'admin',
  roleType: 4,
  customRoleId: null,
  ticketRestriction: null,
  groupIds: [201],
  organizationId: null,
  title: 'Integration',
}

function userOf(person: SandboxPerson): Omit<RestUser, 'created_at' | 'updated_at'> {
  return {
    id: person.id,
    url: `${API_ORIGIN}/api/v2/users/${person.id}.json`,
    name: person.name,
    email: person.email,
    role: person.role,
    role_type: person.roleType,
    custom_role_id: person.customRoleId,
    ticket_restriction: person.ticketRestriction,
    restricted_agent: person.role === 'agent' && person.ticketRestriction !== null,
    organization_id: person.organizationId,
    default_group_id: person.groupIds[0] ?? null,
    suspended: false,
    active: true,
    verified: true,
    shared: false,
    locale: 'en-US',
    time_zone: 'London',
    iana_time_zone: 'Europe/London',
    tags: [],
    user_fields: {},
  }
}

export function viaChannel(channel: string): RestVia {
  return { channel, source: { from: {}, to: {}, rel: null } }
}

/** A comment as Zendesk stores it three times: as typed, as HTML, as plain text. */
export function commentOf(written: {
  id: number
  authorId: number
  body: string
  /** Written as HTML; made of the body when absent. */
  html?: string
  isPublic: boolean
  auditId: number
  at: string
  attachments?: RestAttachment[]
}): RestComment {
  const escaped = written.body
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
  const html = written.html ?? `<p dir="auto">${escaped}</p>`
  return {
    id: written.id,
    type: 'Comment',
    author_id: written.authorId,
    body: written.body,
    html_body: `<div class="zd-comment" dir="auto">${html}</div>`,
    plain_body: written.body,
    public: written.isPublic,
    attachments: written.attachments ?? [],
    audit_id: written.auditId,
    via: viaChannel('web'),
    created_at: written.at,
    metadata: { system: {}, custom: {} },
  }
}

/** Keeps a file under a content token and answers the attachment that is made of it. */
export function storeFile(
  state: RestState,
  file: SandboxFile,
  contentToken: string,
): RestAttachment {
  const id = takeId(state)
  state.files[contentToken] = { contentType: file.contentType, content: file.content }
  return {
    id,
    url: `${API_ORIGIN}/api/v2/attachments/${id}.json`,
    ...nameAndAddress(file.fileName, contentToken),
    content_type: file.contentType,
    size: file.content.length,
    width: null,
    height: null,
    inline: false,
    deleted: false,
    malware_access_override: false,
    malware_scan_result: 'malware_not_found',
    thumbnails: [],
  }
}

export function nameAndAddress(fileName: string, contentToken: string) {
  const address = `${API_ORIGIN}/attachments/token/${contentToken}/`
  const contentUrl = `${address}?name=${encodeURIComponent(fileName)}`
  return { file_name: fileName, content_url: contentUrl, mapped_content_url: contentUrl }
}

export function commentEvent(comment: RestComment): RestAuditEvent {
  return {
    id: comment.id,
    type: 'Comment',
    author_id: comment.author_id,
    body: comment.body,
    html_body: comment.html_body,
    plain_body: comment.plain_body,
    public: comment.public,
    attachments: comment.attachments,
  }
}

export function takeId(state: RestState): number {
  state.nextId += 1
  return state.nextId
}

function addTicket(state: RestState, seed: SandboxTicket, now: Date): void {
  const dates = seed.conversation.map((comment) =>
    new Date(now.getTime() - comment.minutesAgo * MINUTE_MS).toISOString(),
  )
  const [first] = seed.conversation
  const createdAt = dates[0] ?? now.toISOString()
  const comments: RestComment[] = []
  const audits: RestAudit[] = []
  for (const [index, { authorId, body, isPublic, files }] of seed.conversation.entries()) {
    const at = dates[index] ?? createdAt
    const auditId = takeId(state)
    const id = takeId(state)
    const attachments = (files ?? []).map((file, number) =>
      storeFile(state, file, `seeded-${id}-${number + 1}`),
    )
    const comment = commentOf({ id, authorId, body, isPublic, auditId, at, attachments })
    const creation = { subject: seed.subject, status: 'new', priority: seed.priority }
    const created: RestAuditEvent[] =
      index > 0
        ? []
        : Object.entries(creation).map(([name, value]) => ({
            id: takeId(state),
            type: 'Create',
            field_name: name,
            value,
          }))
    comments.push(comment)
    audits.push({
      id: auditId,
      ticket_id: seed.id,
      created_at: at,
      author_id: authorId,
      via: viaChannel('web'),
      metadata: { system: {}, custom: {} },
      events: [commentEvent(comment), ...created],
    })
  }
  state.comments[seed.id] = comments
  state.audits[seed.id] = audits
  state.tickets.push({
    id: seed.id,
    url: `${API_ORIGIN}/api/v2/tickets/${seed.id}.json`,
    external_id: null,
    via: viaChannel('web'),
    created_at: createdAt,
    updated_at: dates.at(-1) ?? createdAt,
    type: 'question',
    subject: seed.subject,
    raw_subject: seed.subject,
    description: first?.body ?? '',
    priority: seed.priority,
    status: seed.status,
    recipient: null,
    requester_id: seed.requesterId,
    submitter_id: first?.authorId ?? seed.requesterId,
    assignee_id: seed.assigneeId,
    organization_id: seed.organizationId,
    group_id: seed.groupId,
    brand_id: SANDBOX_ACCOUNT.brandId,
    ticket_form_id: FORM_ID,
    collaborator_ids: [...seed.collaboratorIds],
    follower_ids: [...seed.followerIds],
    email_cc_ids: [...seed.collaboratorIds],
    has_incidents: false,
    is_public: true,
    due_at: null,
    tags: [...seed.tags],
    custom_fields: SANDBOX_TICKET_FIELDS.map((field) => ({
      id: field.id,
      value: seed.fieldTexts[field.id] ?? null,
    })),
  })
}
