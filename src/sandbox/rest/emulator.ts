/**
 * Zendesk's REST API as far as Scrim calls it, under its real paths and shapes, in memory. It checks
 * credentials, pages, keeps audits, takes its time, counts, and can be told to fail.
 */
import { SANDBOX_ACCOUNT } from '../account.ts'
import { answerFile, contentTokenOf, listedComments, redactAttachment } from './attachments.ts'
import { countChanged, incrementalPage } from './incremental-export.ts'
import { addMembership, removeMembership } from './memberships.ts'
import { pageOf } from './paging.ts'
import { redactComment } from './redaction.ts'
import { API_ORIGIN, seedRestState, storeFile } from './state.ts'
import type { RestState, RestTicket, RestUser } from './state.ts'
import { updateTicket } from './ticket-update.ts'
import { isVisibleTo } from './visibility.ts'

const DEFAULT_DELAY_MS = 80
const TOKEN_SECONDS = 7_200
const UPLOADS = '/api/v2/uploads'

/** Who calls: the endpoint's OAuth client, or a person signed in to the sandbox's page. */
type Caller = { user: RestUser; isIntegration: boolean }

type Call = { url: URL; params: readonly string[]; body: Record<string, unknown>; caller: Caller }

type Answer = { status: number; body: unknown; headers?: Record<string, string> }

export type NotifyMessage = {
  event: string
  body: unknown
  agentId: number | null
  senderId: number
}

export type RestEmulator = {
  /** Answers a request as Zendesk would; rejects while `refused`. */
  fetch(request: Request): Promise<Response>
  /** Live. Change it to change Zendesk; all of it is JSON. */
  readonly state: RestState
  exportState(): string
  controls: {
    setDelay(milliseconds: number): void
    /** `errors`: 503 to everything. `refused`: no connection. */
    setHealth(health: 'up' | 'errors' | 'refused'): void
    /** The next `calls` calls get 429 with this `Retry-After` (seconds, or a date as text). */
    limit(retryAfter: number | string, calls?: number): void
    /** Every access credential handed out so far stops working. */
    revokeCredentials(): void
  }
  counts: {
    /** By route, `GET /api/v2/tickets/{id}`. Refused and limited calls count too. */
    byRoute(): Record<string, number>
    total(): number
    reset(): void
  }
  /** Called with every push (`POST /api/v2/apps/notify`). Returns how to stop. */
  onNotify(listener: (message: NotifyMessage) => void): () => void
  /** Called after a ticket changed, by whomever. Returns how to stop. */
  onTicketChange(listener: (ticket: RestTicket) => void): () => void
}

export function createRestEmulator(options: {
  now: () => Date
  /** Names access credentials; must not be guessable where others can reach the emulator. */
  newId: () => string
  oauth: { clientId: string; clientSecret: string }
  /** Where callers reach it, when that is not the account's own address: files lead there. */
  origin?: string
  /** What `exportState` gave; the seeded account when absent. */
  state?: RestState
  delayMs?: number
  /** Waits. Tests may pass one that does not. */
  sleep?: (milliseconds: number) => Promise<void>
}): RestEmulator {
  const { now, origin = API_ORIGIN } = options
  const state = options.state ?? seedRestState(now())
  // What was kept before there were files has none.
  state.files ??= {}
  state.uploads ??= {}
  const sleep = options.sleep ?? defaultSleep
  const tokens = new Map<string, number>()
  const routeCounts = new Map<string, number>()
  const notifyListeners = new Set<(message: NotifyMessage) => void>()
  const ticketListeners = new Set<(ticket: RestTicket) => void>()
  let delayMs = options.delayMs ?? DEFAULT_DELAY_MS
  let health: 'up' | 'errors' | 'refused' = 'up'
  let limited = { calls: 0, retryAfter: '1' }

  const issueToken = (body: Record<string, unknown>): Answer => {
    if (body.grant_type !== 'client_credentials') return problem(400, 'unsupported_grant_type')
    const { clientId, clientSecret } = options.oauth
    if (body.client_id !== clientId || body.client_secret !== clientSecret) {
      return problem(401, 'invalid_client')
    }
    const token = options.newId()
    tokens.set(token, now().getTime() + TOKEN_SECONDS * 1000)
    return ok({
      access_token: token,
      token_type: 'bearer',
      scope: 'read write',
      expires_in: TOKEN_SECONDS,
    })
  }

  const callerOf = (request: Request): Caller | null => {
    const personId = request.headers.get('x-sandbox-person')
    if (personId !== null) {
      const user = state.users.find(({ id }) => String(id) === personId)
      return user?.active && !user.suspended ? { user, isIntegration: false } : null
    }
    const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
    const expiresAt = token === undefined ? undefined : tokens.get(token)
    if (expiresAt === undefined || expiresAt <= now().getTime()) return null
    const user = state.users.find(({ id }) => id === SANDBOX_ACCOUNT.integrationUserId)
    return user === undefined ? null : { user, isIntegration: true }
  }

  const ticketFor = ({ caller, params }: Call): RestTicket | Answer => {
    const ticketId = Number(params[0])
    const ticket = state.tickets.find(({ id }) => id === ticketId)
    if (ticket === undefined) return notFound()
    if (isVisibleTo(state, caller.user, ticket)) return ticket
    return problem(403, 'Forbidden', 'You do not have access to this page.')
  }

  const ticketRead = (read: (ticket: RestTicket, call: Call) => unknown) => (call: Call) => {
    const ticket = ticketFor(call)
    return 'subject' in ticket ? ok(read(ticket, call)) : ticket
  }

  const putTicket = (call: Call): Answer => {
    const ticket = ticketFor(call)
    if (!('subject' in ticket)) return ticket
    const input = call.body.ticket
    if (typeof input !== 'object' || input === null) {
      return problem(400, 'InvalidParameter', 'ticket is required')
    }
    const result = updateTicket(
      state,
      ticket,
      input as Record<string, unknown>,
      call.caller.user,
      now(),
    )
    if (result.outcome === 'outdated') {
      return problem(409, 'UpdateConflict', 'Safe Update prevented the update')
    }
    if (result.outcome === 'invalid') {
      return {
        status: 422,
        body: {
          error: 'RecordInvalid',
          description: 'Record validation errors',
          details: { [result.field]: [{ description: result.description }] },
        },
      }
    }
    if (result.audit !== null) for (const listener of ticketListeners) listener(ticket)
    return ok({ ticket, ...(result.audit === null ? {} : { audit: result.audit }) })
  }

  const putRedaction = (call: Call): Answer => {
    const { ticket_id: ticketId, html_body: htmlBody } = call.body
    const ticket = ticketFor({ ...call, params: [String(ticketId)] })
    if (!('subject' in ticket)) return ticket
    const comment = state.comments[ticket.id]?.find(({ id }) => String(id) === call.params[0])
    if (comment === undefined) return notFound()
    if (call.caller.user.role === 'end-user') return problem(403, 'Forbidden')
    if (typeof htmlBody !== 'string') return problem(400, 'InvalidParameter')
    const { user } = call.caller
    const { outcome } = redactComment(state, ticket, comment, htmlBody, user, now())
    if (outcome === 'invalid') return problem(422, 'RecordInvalid', 'html_body does not match')
    if (outcome === 'redacted') for (const listener of ticketListeners) listener(ticket)
    return ok({ comment })
  }

  const postUpload = async (request: Request, url: URL): Promise<Answer> => {
    const fileName = url.searchParams.get('filename')
    if (fileName === null) return problem(400, 'ParameterMissing', 'filename is required')
    const file = {
      fileName,
      contentType: request.headers.get('content-type') ?? 'application/octet-stream',
      content: Buffer.from(await request.arrayBuffer()).toString('latin1'),
    }
    const token = url.searchParams.get('token') ?? options.newId()
    const attachment = storeFile(state, file, options.newId())
    const attachments = (state.uploads[token] ??= [])
    attachments.push(attachment)
    return { status: 201, body: { upload: { token, attachment, attachments } } }
  }

  const putAttachmentRedaction = (call: Call): Answer => {
    const ticket = ticketFor(call)
    if (!('subject' in ticket)) return ticket
    const [, commentId, attachmentId] = call.params
    const comment = state.comments[ticket.id]?.find(({ id }) => String(id) === commentId)
    const attachment = comment?.attachments.find(({ id }) => String(id) === attachmentId)
    if (comment === undefined || attachment === undefined) return notFound()
    const { user } = call.caller
    if (user.role === 'end-user') return problem(403, 'Forbidden')
    const outcome = redactAttachment(state, ticket, comment, attachment, {
      author: user,
      now: now(),
    })
    if (outcome === 'closed') return problem(422, 'RecordInvalid', 'The ticket is closed')
    if (outcome === 'redacted') for (const listener of ticketListeners) listener(ticket)
    return ok({ attachment })
  }

  const getIncremental = ({ url, caller }: Call): Answer => {
    if (caller.user.role !== 'admin') return problem(403, 'Forbidden')
    const page = incrementalPage(url, state.tickets, now())
    return page === null ? problem(422, 'InvalidValue', 'Too recent start_time') : ok(page)
  }

  const postNotify = ({ body, caller }: Call): Answer => {
    const { app_id: appId, event, agent_id: agentId } = body
    if (appId !== state.installation.app_id || typeof event !== 'string' || event === '') {
      return problem(400, 'InvalidParameter')
    }
    const message: NotifyMessage = {
      event,
      body: parseOrText(body.body),
      agentId: typeof agentId === 'number' ? agentId : null,
      senderId: caller.user.id,
    }
    for (const listener of notifyListeners) listener(message)
    return ok(null)
  }

  const installation =
    (act: 'read' | 'write') =>
    ({ params, body, caller }: Call): Answer => {
      if (caller.user.role !== 'admin') return problem(403, 'Forbidden')
      if (params[0] !== String(state.installation.id)) return notFound()
      if (act === 'write') {
        if (typeof body.enabled === 'boolean') state.installation.enabled = body.enabled
        if (typeof body.settings === 'object') {
          Object.assign(state.installation.settings, body.settings)
        }
        state.installation.updated_at = now().toISOString()
      }
      return ok(state.installation)
    }

  const postMembership = ({ body, caller }: Call): Answer => {
    if (caller.user.role !== 'admin') return problem(403, 'Forbidden')
    const asked = (body.group_membership ?? {}) as { user_id?: unknown; group_id?: unknown }
    const ids = { userId: Number(asked.user_id), groupId: Number(asked.group_id) }
    const membership = addMembership(state, ids, now())
    if (membership === null) return problem(422, 'RecordInvalid', 'No such agent or group')
    return { status: 201, body: { group_membership: membership } }
  }

  const deleteMembership = ({ params, caller }: Call): Answer => {
    if (caller.user.role !== 'admin') return problem(403, 'Forbidden')
    return removeMembership(state, Number(params[0])) ? { status: 204, body: null } : notFound()
  }

  const list = (key: string, items: (call: Call) => readonly unknown[]) => (call: Call) =>
    ok(pageOf(call.url, key, items(call)))

  const membershipsOf = (userId: string | null) =>
    state.groupMemberships.filter((row) => userId === null || String(row.user_id) === userId)

  const listTickets = ({ url, caller }: Call): RestTicket[] => {
    const status = url.searchParams.get('status')
    return state.tickets
      .filter((ticket) => isVisibleTo(state, caller.user, ticket))
      .filter((ticket) => status === null || ticket.status === status)
  }

  // First match wins, so that `me` and `show_many` are no ids.
  const routes: readonly [method: string, path: string, handle: (call: Call) => Answer][] = [
    ['GET', '/api/v2/users/me', ({ caller }) => ok({ user: caller.user })],
    ['GET', '/api/v2/users/show_many', ({ url }) => ok({ users: byIds(state.users, url) })],
    ['GET', '/api/v2/users', list('users', ({ url }) => usersByRole(state.users, url))],
    ['GET', '/api/v2/users/{id}', ({ params }) => one('user', state.users, params)],
    [
      'GET',
      '/api/v2/users/{id}/group_memberships',
      list('group_memberships', ({ params }) => membershipsOf(params[0] ?? null)),
    ],
    [
      'GET',
      '/api/v2/group_memberships',
      list('group_memberships', ({ url }) => membershipsOf(url.searchParams.get('user_id'))),
    ],
    ['POST', '/api/v2/group_memberships', postMembership],
    ['DELETE', '/api/v2/group_memberships/{id}', deleteMembership],
    ['GET', '/api/v2/groups', list('groups', () => state.groups.filter((group) => !group.deleted))],
    ['GET', '/api/v2/groups/{id}', ({ params }) => one('group', state.groups, params)],
    ['GET', '/api/v2/custom_roles', () => ok({ custom_roles: state.customRoles })],
    ['GET', '/api/v2/brand_agents', list('brand_agents', () => state.brandAgents)],
    ['GET', '/api/v2/ticket_fields', list('ticket_fields', () => state.ticketFields)],
    [
      'GET',
      '/api/v2/ticket_fields/{id}',
      ({ params }) => one('ticket_field', state.ticketFields, params),
    ],
    [
      'GET',
      '/api/v2/tickets/show_many',
      (call) => ok({ tickets: byIds(listTickets(call), call.url) }),
    ],
    ['GET', '/api/v2/tickets', list('tickets', listTickets)],
    ['GET', '/api/v2/tickets/{id}', ticketRead((ticket) => ({ ticket }))],
    ['PUT', '/api/v2/tickets/{id}', putTicket],
    [
      'GET',
      '/api/v2/tickets/{id}/comments',
      ticketRead(({ id }, { url }) => {
        const includesInline = url.searchParams.get('include_inline_images') === 'true'
        return pageOf(url, 'comments', listedComments(state.comments[id] ?? [], includesInline))
      }),
    ],
    [
      'GET',
      '/api/v2/tickets/{id}/audits',
      ticketRead(({ id }, { url }) => pageOf(url, 'audits', state.audits[id] ?? [])),
    ],
    ['PUT', '/api/v2/comment_redactions/{id}', putRedaction],
    ['PUT', '/api/v2/tickets/{id}/comments/{id}/attachments/{id}/redact', putAttachmentRedaction],
    ['GET', '/api/v2/incremental/tickets/cursor', getIncremental],
    ['GET', '/api/v2/search/count', ({ url }) => ok({ count: countChanged(state.tickets, url) })],
    ['POST', '/api/v2/apps/notify', postNotify],
    ['GET', '/api/v2/apps/installations/{id}', installation('read')],
    ['PUT', '/api/v2/apps/installations/{id}', installation('write')],
  ]

  const answer = async (request: Request, url: URL, path: string): Promise<Answer> => {
    if (request.method === 'POST' && path === UPLOADS) {
      return callerOf(request) === null ? problem(401, 'invalid_token') : postUpload(request, url)
    }
    const body = await bodyOf(request)
    if (body === null) return problem(400, 'JSONParseError', 'The body is not a JSON object')
    if (request.method === 'POST' && path === '/oauth/tokens') return issueToken(body)
    const caller = callerOf(request)
    if (caller === null) return problem(401, 'invalid_token', 'The access token is not valid')
    for (const [method, pattern, handle] of routes) {
      const params = match(pattern, path)
      if (method === request.method && params !== null) return handle({ url, params, body, caller })
    }
    return notFound()
  }

  const routeName = (method: string, url: URL, path: string): string => {
    if (contentTokenOf(url) !== null) return `${method} /attachments/token/{token}`
    const known = routes.find((route) => route[0] === method && match(route[1], path) !== null)
    const isOther = path === '/oauth/tokens' || path === UPLOADS
    return `${method} ${known?.[1] ?? (isOther ? path : 'unknown')}`
  }

  return {
    async fetch(request) {
      const url = new URL(request.url)
      const path = url.pathname.replace(/\.json$/, '')
      const name = routeName(request.method, url, path)
      routeCounts.set(name, (routeCounts.get(name) ?? 0) + 1)
      if (health === 'refused') throw new TypeError('fetch failed')
      if (delayMs > 0) await sleep(delayMs)
      if (health === 'errors') return respond(problem(503, 'ServiceUnavailable'))
      if (limited.calls > 0) {
        limited.calls -= 1
        return respond({
          ...problem(429, 'APIRateLimitExceeded', 'Number of allowed API requests exceeded'),
          headers: { 'retry-after': limited.retryAfter },
        })
      }
      const isSignedIn = callerOf(request) !== null
      const file = answerFile(state, request, { origin, isSignedIn })
      return file ?? respondFrom(origin, await answer(request, url, path))
    },
    state,
    exportState: () => JSON.stringify(state),
    controls: {
      setDelay(milliseconds) {
        delayMs = milliseconds
      },
      setHealth(next) {
        health = next
      },
      limit(retryAfter, calls = Number.POSITIVE_INFINITY) {
        limited = { calls, retryAfter: String(retryAfter) }
      },
      revokeCredentials() {
        tokens.clear()
      },
    },
    counts: {
      byRoute: () => Object.fromEntries(routeCounts),
      total: () => [...routeCounts.values()].reduce((sum, count) => sum + count, 0),
      reset: () => routeCounts.clear(),
    },
    onNotify: (listener) => subscribe(notifyListeners, listener),
    onTicketChange: (listener) => subscribe(ticketListeners, listener),
  }
}

function defaultSleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function problem(status: number, error: string, description?: string): Answer {
  return { status, body: description === undefined ? { error } : { error, description } }
}

function notFound(): Answer {
  return problem(404, 'RecordNotFound', 'Not found')
}

/** An answer whose addresses of files lead to where the emulator is. */
function respondFrom(origin: string, answer: Answer): Response {
  if (origin === API_ORIGIN) return respond(answer)
  const text = JSON.stringify(answer.body)
  const here = text.replaceAll(`${API_ORIGIN}/attachments/`, `${origin}/attachments/`)
  return respond({ ...answer, body: JSON.parse(here) })
}

function respond({ status, body, headers }: Answer): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

/** The body as an object; empty when there is none, null when it is no JSON object. */
async function bodyOf(request: Request): Promise<Record<string, unknown> | null> {
  const text = await request.text()
  if (text === '') return {}
  const parsed = parseOrText(text)
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null
}

function parseOrText(text: unknown): unknown {
  if (typeof text !== 'string') return text ?? null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The ids in `path` where `pattern` says `{id}`, or null when they differ. */
function match(pattern: string, path: string): string[] | null {
  const expected = pattern.split('/')
  const actual = path.split('/')
  if (expected.length !== actual.length) return null
  const params: string[] = []
  for (const [index, part] of expected.entries()) {
    const given = actual[index] ?? ''
    if (part === '{id}') {
      if (!/^\d+$/.test(given)) return null
      params.push(given)
    } else if (part !== given) return null
  }
  return params
}

function one(key: string, records: readonly { id: number }[], params: readonly string[]): Answer {
  const found = records.find(({ id }) => String(id) === params[0])
  return found === undefined ? notFound() : ok({ [key]: found })
}

function byIds<T extends { id: number }>(records: readonly T[], url: URL): T[] {
  const ids = (url.searchParams.get('ids') ?? '').split(',').slice(0, 100)
  return records.filter(({ id }) => ids.includes(String(id)))
}

function usersByRole(users: readonly RestUser[], url: URL): RestUser[] {
  const roles = [...url.searchParams.getAll('role[]'), ...url.searchParams.getAll('role')]
  return users.filter((user) => user.active && (roles.length === 0 || roles.includes(user.role)))
}
