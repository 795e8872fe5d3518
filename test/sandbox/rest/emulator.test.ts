import { describe, expect, test } from 'vitest'
import { SANDBOX_TICKETS, SANDBOX_VALUES } from '../../../src/sandbox/tickets.ts'
import { SANDBOX_CUSTOMERS, SANDBOX_PEOPLE } from '../../../src/sandbox/people.ts'
import { sandboxPolicy } from '../../../src/sandbox/account.ts'
import { policySchema } from '../../../src/core/policy.ts'
import { createRestEmulator } from '../../../src/sandbox/rest/emulator.ts'
import type { NotifyMessage } from '../../../src/sandbox/rest/emulator.ts'
import type { RestState } from '../../../src/sandbox/rest/state.ts'
import { OAUTH, emulator } from './emulated-rest.ts'

describe('the sandbox account', () => {
  test('has three agents, two leads, a compliance officer, an administrator and customers', () => {
    expect(SANDBOX_PEOPLE).toHaveLength(7)
    expect(SANDBOX_CUSTOMERS.length).toBeGreaterThanOrEqual(5)
    expect(SANDBOX_PEOPLE.filter((person) => person.groupIds.includes(203))).toHaveLength(2)
  })

  test('starts with a policy that its own schema accepts', () => {
    expect(policySchema.parse(sandboxPolicy)).toEqual(sandboxPolicy)
  })

  test('has values only for tickets and protected fields that exist', () => {
    for (const { ticketId, fieldId } of SANDBOX_VALUES) {
      expect(SANDBOX_TICKETS.some((ticket) => ticket.id === ticketId)).toBe(true)
      expect(sandboxPolicy.fields.some((field) => field.id === fieldId)).toBe(true)
    }
  })

  test('stores none of those values before the intake took them in', async () => {
    const { rest } = await emulator()
    for (const { value } of SANDBOX_VALUES) {
      expect(rest.exportState()).not.toContain(value)
      expect(rest.exportState()).not.toContain(value.replaceAll(' ', ''))
    }
  })

  test('has e-mail addresses that reach nobody', () => {
    for (const person of [...SANDBOX_PEOPLE, ...SANDBOX_CUSTOMERS]) {
      expect(person.email).toMatch(/@example\.(com|net|org)$/)
    }
  })
})

describe('who may call', () => {
  test.each([
    ['nobody', {}],
    ['a made-up credential', { authorization: 'Bearer made-up' }],
    ['basic authentication', { authorization: 'Basic c2NyaW06c2NyaW0=' }],
    ['a person who does not exist', { 'x-sandbox-person': '9999' }],
  ])('not %s', async (_, headers: Record<string, string>) => {
    const { send } = await emulator()
    expect((await send('GET', '/api/v2/users/101', headers)).status).toBe(401)
  })

  test.each([
    ['another secret', { client_secret: 'guess' }],
    ['another client', { client_id: 'other' }],
  ])('a token is not given for %s', async (_, change) => {
    const { send } = await emulator()
    const body = {
      grant_type: 'client_credentials',
      client_id: OAUTH.clientId,
      client_secret: OAUTH.clientSecret,
      ...change,
    }
    expect((await send('POST', '/oauth/tokens', {}, body)).status).toBe(401)
  })

  test('a credential ends after its time, and when it is revoked', async () => {
    let now = new Date('2026-11-23T09:00:00.000Z')
    const { call } = await emulator({ now: () => now })
    now = new Date('2026-11-23T10:59:59.000Z')
    expect((await call('GET', '/api/v2/users/me')).status).toBe(200)
    now = new Date('2026-11-23T11:00:00.000Z')
    expect((await call('GET', '/api/v2/users/me')).status).toBe(401)
    const second = await emulator()
    second.rest.controls.revokeCredentials()
    expect((await second.call('GET', '/api/v2/users/me')).status).toBe(401)
  })

  test('a person of the sandbox is themself, until suspended', async () => {
    const { rest, as } = await emulator()
    expect((await as(101, 'GET', '/api/v2/users/me')).body).toMatchObject({ user: { id: 101 } })
    const maya = rest.state.users.find(({ id }) => id === 101)
    if (maya) maya.suspended = true
    expect((await as(101, 'GET', '/api/v2/users/me')).status).toBe(401)
  })
})

describe('groups', () => {
  const groupsOf = (personId: number, rest: { state: RestState }) =>
    rest.state.groupMemberships.filter((row) => row.user_id === personId).map((row) => row.group_id)

  test('an administrator puts a person into one and takes them out; once is enough', async () => {
    const { rest, as } = await emulator()
    const group_membership = { user_id: 102, group_id: 203 }
    const path = '/api/v2/group_memberships'
    const answer = await as(107, 'POST', path, { group_membership })
    expect(answer).toMatchObject({ status: 201, body: { group_membership } })
    await as(107, 'POST', path, { group_membership })
    expect(groupsOf(102, rest)).toEqual([201, 203])
    const { id } = answer.body.group_membership as { id: number }
    expect((await as(107, 'DELETE', `${path}/${id}`)).status).toBe(204)
    expect((await as(107, 'DELETE', `${path}/${id}`)).status).toBe(404)
    expect(groupsOf(102, rest)).toEqual([201])
  })

  test('nobody else changes them, and customers and strangers are in none', async () => {
    const { rest, as } = await emulator()
    const path = '/api/v2/group_memberships'
    const put = (by: number, user_id: number, group_id: number) =>
      as(by, 'POST', path, { group_membership: { user_id, group_id } })
    expect((await put(104, 102, 203)).status).toBe(403)
    expect((await as(104, 'DELETE', `${path}/1`)).status).toBe(403)
    expect((await put(107, 501, 203)).status).toBe(422)
    expect((await put(107, 102, 999)).status).toBe(422)
    expect(groupsOf(102, rest)).toEqual([201])
  })
})

describe('what a person of the sandbox sees', () => {
  const visible = async (personId: number) => {
    const { as } = await emulator()
    const { body } = await as(personId, 'GET', '/api/v2/tickets')
    return (body.tickets as { id: number }[]).map(({ id }) => id)
  }

  test('an agent sees all but private tickets', async () => {
    expect(await visible(101)).toEqual([4001, 4002, 4003, 4004, 4005, 4006, 4008, 4009, 4010])
  })

  test('a lead restricted to groups sees no Billing ticket', async () => {
    expect(await visible(105)).toEqual([4003, 4005, 4009, 4010])
  })

  test('an administrator sees every ticket', async () => {
    expect(await visible(107)).toHaveLength(10)
  })

  test('a ticket they may not see is refused, and not changed', async () => {
    const { rest, as } = await emulator()
    const before = rest.exportState()
    expect((await as(105, 'GET', '/api/v2/tickets/4001')).status).toBe(403)
    expect(
      (await as(105, 'PUT', '/api/v2/tickets/4001', { ticket: { status: 'solved' } })).status,
    ).toBe(403)
    expect(rest.exportState()).toBe(before)
  })
})

describe('a changed ticket', () => {
  const put = (ticket: Record<string, unknown>) => ({ ticket })

  test('keeps what stood in a field before in its audit, as Zendesk does', async () => {
    const { rest, call } = await emulator()
    await call('PUT', '/api/v2/tickets/4001', put({ custom_fields: [{ id: 308, value: 'ORD-1' }] }))
    const { body } = await call('GET', '/api/v2/tickets/4001/audits')
    expect((body.audits as { events: unknown[] }[]).at(-1)?.events).toEqual([
      expect.objectContaining({
        type: 'Change',
        field_name: '308',
        previous_value: 'ORD-20417',
        value: 'ORD-1',
      }),
    ])
    expect(rest.exportState()).toContain('ORD-20417')
  })

  test('has the comment that came along, internal when it says so', async () => {
    const { as } = await emulator()
    await as(
      101,
      'PUT',
      '/api/v2/tickets/4001',
      put({ comment: { body: 'A <b> & c', public: false } }),
    )
    const { body } = await as(101, 'GET', '/api/v2/tickets/4001/comments')
    expect((body.comments as object[]).at(-1)).toMatchObject({
      author_id: 101,
      body: 'A <b> & c',
      public: false,
      html_body: expect.stringContaining('A &lt;b&gt; &amp; c'),
    })
  })

  test('tells its listeners, once, and not when nothing changed', async () => {
    const { rest, as } = await emulator()
    const changed: number[] = []
    const stop = rest.onTicketChange((ticket) => changed.push(ticket.id))
    await as(101, 'PUT', '/api/v2/tickets/4001', put({ status: 'solved' }))
    await as(101, 'PUT', '/api/v2/tickets/4001', put({ status: 'solved' }))
    stop()
    await as(101, 'PUT', '/api/v2/tickets/4001', put({ status: 'open' }))
    expect(changed).toEqual([4001])
  })

  test('loses its assignee with its group, and follows its assignee into theirs', async () => {
    const { rest, as } = await emulator()
    const ticket = rest.state.tickets.find(({ id }) => id === 4001)
    await as(104, 'PUT', '/api/v2/tickets/4001', put({ group_id: 202 }))
    expect(ticket).toMatchObject({ group_id: 202, assignee_id: null })
    await as(104, 'PUT', '/api/v2/tickets/4001', put({ assignee_id: 102 }))
    expect(ticket).toMatchObject({ group_id: 201, assignee_id: 102 })
  })

  test.each([
    ['a status that does not exist', { status: 'frozen' }, 422],
    ['a group that does not exist', { group_id: 9 }, 422],
    ['a customer as assignee', { assignee_id: 501 }, 422],
    [
      'a stamp from before the last change',
      { safe_update: true, updated_stamp: '2020-01-01T00:00:00Z', status: 'hold' },
      409,
    ],
    ['safe_update without a stamp', { safe_update: true, status: 'hold' }, 409],
  ])('refuses %s and changes nothing', async (_, input, status) => {
    const { rest, call } = await emulator()
    const before = JSON.stringify(rest.state.tickets)
    expect((await call('PUT', '/api/v2/tickets/4001', put(input))).status).toBe(status)
    expect(JSON.stringify(rest.state.tickets)).toBe(before)
  })

  test('accepts a safe update with the stamp it was read with', async () => {
    const { call } = await emulator()
    const { body } = await call('GET', '/api/v2/tickets/4001')
    const { updated_at: stamp } = body.ticket as { updated_at: string }
    const input = { safe_update: true, updated_stamp: stamp, status: 'hold' }
    expect((await call('PUT', '/api/v2/tickets/4001', put(input))).status).toBe(200)
  })

  test('takes no change once it is closed', async () => {
    const { call } = await emulator()
    await call('PUT', '/api/v2/tickets/4008', put({ status: 'closed' }))
    expect((await call('PUT', '/api/v2/tickets/4008', put({ status: 'open' }))).status).toBe(422)
  })
})

describe('lists', () => {
  test('come in pages by cursor', async () => {
    const { call } = await emulator()
    const ids: number[] = []
    let next: string | null = '/api/v2/tickets?page[size]=4'
    let pages = 0
    while (next !== null) {
      const { body } = await call('GET', next)
      ids.push(...(body.tickets as { id: number }[]).map(({ id }) => id))
      const link = (body.links as { next: string | null }).next
      next = link === null ? null : link.replace('https://sandbox.zendesk.com', '')
      pages += 1
    }
    expect(pages).toBe(3)
    expect(ids).toEqual(SANDBOX_TICKETS.map(({ id }) => id))
  })

  test('come in pages by offset', async () => {
    const { call } = await emulator()
    const { body } = await call('GET', '/api/v2/tickets?per_page=4&page=3')
    expect(body).toMatchObject({ count: 10, next_page: null })
    expect((body.tickets as { id: number }[]).map(({ id }) => id)).toEqual([4009, 4010])
  })

  test('of users hold the roles that were asked for', async () => {
    const { call } = await emulator()
    const { body } = await call('GET', '/api/v2/users?role[]=admin')
    expect((body.users as { id: number }[]).map(({ id }) => id)).toEqual([107, 900])
  })
})

describe('controls', () => {
  test('Zendesk can answer errors, refuse connections, and come back', async () => {
    const { rest, call } = await emulator()
    rest.controls.setHealth('errors')
    expect((await call('GET', '/api/v2/users/me')).status).toBe(503)
    rest.controls.setHealth('refused')
    await expect(call('GET', '/api/v2/users/me')).rejects.toThrow('fetch failed')
    rest.controls.setHealth('up')
    expect((await call('GET', '/api/v2/users/me')).status).toBe(200)
  })

  test('Zendesk can ask to slow down, for as many calls as one likes', async () => {
    const { rest, call } = await emulator()
    rest.controls.limit(12, 1)
    const limited = await call('GET', '/api/v2/users/me')
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '12'])
    expect((await call('GET', '/api/v2/users/me')).status).toBe(200)
  })

  test('calls are counted by route, refused ones too', async () => {
    const { rest, call, send } = await emulator()
    await call('GET', '/api/v2/tickets/4001')
    await call('GET', '/api/v2/tickets/4002.json')
    await send('GET', '/api/v2/tickets/4003', {})
    await call('GET', '/api/v2/nothing')
    expect(rest.counts.byRoute()).toEqual({ 'GET /api/v2/tickets/{id}': 3, 'GET unknown': 1 })
    expect(rest.counts.total()).toBe(4)
  })

  test('every answer takes eighty milliseconds by default', async () => {
    const waits: number[] = []
    const rest = createRestEmulator({
      now: () => new Date('2026-11-23T09:00:00.000Z'),
      newId: () => 'token',
      oauth: OAUTH,
      sleep: async (milliseconds) => {
        waits.push(milliseconds)
      },
    })
    await rest.fetch(new Request('https://sandbox.zendesk.com/api/v2/users/me'))
    rest.controls.setDelay(5)
    await rest.fetch(new Request('https://sandbox.zendesk.com/api/v2/users/me'))
    expect(waits).toEqual([80, 5])
  })
})

describe('the app', () => {
  test('is notified with the object that was sent as text', async () => {
    const { rest, call } = await emulator()
    const messages: NotifyMessage[] = []
    rest.onNotify((message) => messages.push(message))
    const answer = await call('POST', '/api/v2/apps/notify', {
      app_id: 1,
      event: 'changed',
      body: '{"ticketId":4001}',
      agent_id: 101,
    })
    expect(answer.status).toBe(200)
    expect(messages).toEqual([
      { event: 'changed', body: { ticketId: 4001 }, agentId: 101, senderId: 900 },
    ])
    await call('POST', '/api/v2/apps/notify', { app_id: 2, event: 'changed' })
    expect(messages).toHaveLength(1)
  })

  test('has settings that an administrator changes and an agent does not', async () => {
    const { rest, as } = await emulator()
    const path = '/api/v2/apps/installations/2'
    expect((await as(101, 'PUT', path, { settings: { max_minutes: 60 } })).status).toBe(403)
    expect((await as(107, 'PUT', path, { settings: { max_minutes: 5 } })).status).toBe(200)
    expect(rest.state.installation.settings.max_minutes).toBe(5)
    expect((await as(107, 'GET', '/api/v2/apps/installations/3')).status).toBe(404)
  })
})

test('what the emulator stores survives a restart, credentials do not', async () => {
  const first = await emulator()
  await first.as(101, 'PUT', '/api/v2/tickets/4001', {
    ticket: { comment: { body: 'Kept over a restart.' } },
  })
  const saved = first.rest.exportState()
  const second = await emulator({ state: JSON.parse(saved) as RestState })
  expect(second.rest.exportState()).toBe(saved)
  expect(saved).toContain('Kept over a restart.')
  expect(saved).not.toContain(OAUTH.clientSecret)
  const { body } = await second.as(101, 'PUT', '/api/v2/tickets/4001', {
    ticket: { comment: { body: 'And more.' } },
  })
  const { id } = body.audit as { id: number }
  expect(saved).not.toContain(`"id":${id},`)
})
