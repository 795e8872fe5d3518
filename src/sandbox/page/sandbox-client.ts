/** The page's way to the sandbox server: the REST API as one person, and what only a sandbox has. */
import type { ControlChange, ControlView, SandboxEvent, SandboxSetup } from '../control-state.ts'
import type { CommentRecord, TicketChange, TicketFieldRecord, TicketRecord } from './records.ts'

/** The REST API refused or did not answer. `status` is 0 when nothing came back. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number

  constructor(status: number) {
    super(`Zendesk answered ${status}`)
    this.status = status
  }
}

async function readJson<Body>(response: Response): Promise<Body> {
  if (!response.ok) throw new RestError(response.status)
  return (await response.json()) as Body
}

async function getJson<Body>(path: string): Promise<Body> {
  return readJson<Body>(await fetch(path))
}

function sendJson(path: string, method: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

export type SandboxClient = {
  fetchAsPerson(path: string, init?: RequestInit): Promise<Response>
  tickets(): Promise<readonly TicketRecord[]>
  ticket(id: number): Promise<TicketRecord>
  comments(ticketId: number): Promise<readonly CommentRecord[]>
  ticketFields(): Promise<readonly TicketFieldRecord[]>
  updateTicket(id: number, change: TicketChange): Promise<TicketRecord>
  /** A page credential as Zendesk would sign it for this person. */
  signPage(location: string, query: string): Promise<string>
}

export function loadSetup(): Promise<SandboxSetup> {
  return getJson('/sandbox/setup')
}

export async function changeControl(change: ControlChange): Promise<ControlView> {
  return readJson<ControlView>(await sendJson('/sandbox/control', 'PATCH', change))
}

/** Puts a person into a group of Zendesk or takes them out, as the account's administrator does. */
export async function changeMembership(
  administratorId: number,
  membership: { userId: number; groupId: number; isMember: boolean },
): Promise<void> {
  const { userId, groupId, isMember } = membership
  const { fetchAsPerson } = createSandboxClient(administratorId)
  if (isMember) {
    const body = JSON.stringify({ group_membership: { user_id: userId, group_id: groupId } })
    const headers = { 'content-type': 'application/json' }
    await readJson(
      await fetchAsPerson('/api/v2/group_memberships', { method: 'POST', headers, body }),
    )
    return
  }
  const { group_memberships: memberships } = await readJson<{
    group_memberships: { id: number; group_id: number }[]
  }>(await fetchAsPerson(`/api/v2/users/${userId}/group_memberships`))
  for (const { id, group_id: ownGroupId } of memberships) {
    if (ownGroupId !== groupId) continue
    await fetchAsPerson(`/api/v2/group_memberships/${id}`, { method: 'DELETE' })
  }
}

/** Listens to the sandbox server until undone. The browser reconnects by itself. */
export function listenToSandbox(
  personId: number,
  onEvent: (event: SandboxEvent) => void,
): () => void {
  const source = new EventSource(`/sandbox/events?as=${personId}`)
  source.addEventListener('message', (message) => {
    onEvent(JSON.parse(String(message.data)) as SandboxEvent)
  })
  return () => source.close()
}

/** The person is named in a header, so that two windows of one browser can be two people. */
export function createSandboxClient(personId: number): SandboxClient {
  async function fetchAsPerson(path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers)
    headers.set('x-sandbox-person', String(personId))
    try {
      return await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' })
    } catch {
      throw new RestError(0)
    }
  }

  async function get<Body>(path: string): Promise<Body> {
    return readJson<Body>(await fetchAsPerson(`/api/v2/${path}`))
  }

  return {
    fetchAsPerson,
    async tickets() {
      const { tickets } = await get<{ tickets: TicketRecord[] }>('tickets?per_page=100')
      return tickets
    },
    async ticket(id) {
      return (await get<{ ticket: TicketRecord }>(`tickets/${id}`)).ticket
    },
    async comments(ticketId) {
      return (await get<{ comments: CommentRecord[] }>(`tickets/${ticketId}/comments`)).comments
    },
    async ticketFields() {
      return (await get<{ ticket_fields: TicketFieldRecord[] }>('ticket_fields')).ticket_fields
    },
    async updateTicket(id, change) {
      const response = await fetchAsPerson(`/api/v2/tickets/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ticket: change }),
      })
      return (await readJson<{ ticket: TicketRecord }>(response)).ticket
    },
    async signPage(location, query) {
      const response = await sendJson('/sandbox/page-credential', 'POST', {
        personId,
        location,
        query,
      })
      return (await readJson<{ token: string }>(response)).token
    },
  }
}
