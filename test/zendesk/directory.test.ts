import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/account.ts'
import { ACT, VIEW, WATCH } from '../../src/zendesk/directory.ts'
import { START, emulatedDirectory } from './emulated-directory.ts'

const MAYA = 101
const LENA = 105
const INGRID = 106

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('people', () => {
  test('an agent is who Zendesk says, with their groups', async () => {
    const { directory } = emulatedDirectory()
    const expected = {
      id: MAYA,
      name: 'Maya Rivera',
      email: 'maya.rivera@example.com',
      zendeskRole: 'agent',
      roleType: 0,
      customRoleId: null,
      ticketRestriction: null,
      isSuspended: false,
      isActive: true,
      groupIds: [201],
      organizationId: null,
    }
    expect(await directory.person(MAYA, VIEW)).toEqual(expected)
    expect(await directory.person(MAYA, ACT)).toEqual(expected)
    expect(await directory.person(MAYA, WATCH)).toEqual(expected)
  })

  test('views of everybody cost one snapshot', async () => {
    const { directory, emulator } = emulatedDirectory()
    for (const id of [101, 102, 103, 104, 105, 106, 107]) await directory.person(id, VIEW)
    await directory.people()
    expect(emulator.counts.byRoute()).toEqual({
      'POST /oauth/tokens': 1,
      'GET /api/v2/users': 1,
      'GET /api/v2/group_memberships': 1,
    })
  })

  test('a prepared view finds everything asked but its ticket', async () => {
    const { directory, emulator } = emulatedDirectory()
    directory.prepareView(MAYA)
    await vi.waitUntil(() => emulator.counts.total() === 7)
    const [person, ticket] = [
      await directory.person(MAYA, VIEW),
      await directory.ticket(4001, VIEW),
    ]
    await directory.appSettings()
    expect(person && ticket && (await directory.mayAccessTicket(person, ticket))).toEqual({
      allowed: true,
    })
    expect(emulator.counts.total()).toBe(8)
  })

  test('a preparation that fails says nothing, the view that follows does', async () => {
    const { directory, emulator } = emulatedDirectory({ clientSecret: 'of-somebody-else' })
    directory.prepareView(MAYA)
    await vi.waitUntil(() => emulator.counts.total() > 0)
    await expect(directory.person(MAYA, VIEW)).rejects.toMatchObject({
      code: 'zendesk_unavailable',
    })
  })

  test('an act does not trust the snapshot: a person suspended a moment ago is suspended', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, VIEW)
    const maya = emulator.state.users.find(({ id }) => id === MAYA)
    if (maya) maya.suspended = true
    pass(6)
    expect((await directory.person(MAYA, ACT))?.isSuspended).toBe(true)
    // And what the act learned, views know too.
    expect((await directory.person(MAYA, VIEW))?.isSuspended).toBe(true)
  })

  test('an answer older than five seconds is not used for an act, a younger one is', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, ACT)
    pass(5)
    await directory.person(MAYA, ACT)
    expect(emulator.counts.byRoute()['GET /api/v2/users/{id}']).toBe(1)
    pass(0.001)
    await directory.person(MAYA, ACT)
    expect(emulator.counts.byRoute()['GET /api/v2/users/{id}']).toBe(2)
  })

  test('a lead removed from the group is no lead at the next act', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    expect((await directory.person(LENA, ACT))?.groupIds).toContain(203)
    emulator.state.groupMemberships = emulator.state.groupMemberships.filter(
      (row) => row.user_id !== LENA || row.group_id !== 203,
    )
    pass(6)
    expect((await directory.person(LENA, ACT))?.groupIds).toEqual([202])
  })

  test('a heartbeat sees a lost role within fifteen seconds', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, WATCH)
    const maya = emulator.state.users.find(({ id }) => id === MAYA)
    if (maya) maya.role = 'end-user'
    pass(15.1)
    expect((await directory.person(MAYA, WATCH))?.zendeskRole).toBe('end-user')
  })

  test('a person changed in Zendesk is changed for views within five minutes', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, VIEW)
    const maya = emulator.state.users.find(({ id }) => id === MAYA)
    if (maya) maya.suspended = true
    pass(300.1)
    expect((await directory.person(MAYA, VIEW))?.isSuspended).toBe(true)
  })

  test('people who ask at the same moment share one lookup', async () => {
    const { directory, emulator } = emulatedDirectory()
    await Promise.all(Array.from({ length: 20 }, () => directory.person(MAYA, ACT)))
    expect(emulator.counts.byRoute()).toEqual({
      'POST /oauth/tokens': 1,
      'GET /api/v2/users/{id}': 1,
      'GET /api/v2/users/{id}/group_memberships': 1,
    })
  })

  test('nobody has an id that Zendesk does not know', async () => {
    const { directory } = emulatedDirectory()
    expect(await directory.person(999_999, ACT)).toBeNull()
    expect(await directory.person(999_999, VIEW)).toBeNull()
    expect(await directory.person(999_998, WATCH)).toBeNull()
  })

  test('customers are found, and are no agents', async () => {
    const { directory } = emulatedDirectory()
    expect((await directory.person(501, VIEW))?.zendeskRole).toBe('end-user')
    expect((await directory.people()).every((person) => person.zendeskRole !== 'end-user')).toBe(
      true,
    )
  })

  test('a snapshot has every agent of an account that needs several pages', async () => {
    const { directory, emulator } = emulatedDirectory()
    const [template] = emulator.state.users
    if (template === undefined) throw new Error('no seed')
    for (let id = 10_000; id < 10_250; id += 1) {
      emulator.state.users.push({ ...template, id, email: `agent-${id}@example.com` })
      emulator.state.groupMemberships.push({
        id: id + 100_000,
        user_id: id,
        group_id: 202,
        default: true,
        created_at: template.created_at,
        updated_at: template.updated_at,
      })
    }
    const people = await directory.people()
    expect(people).toHaveLength(258)
    expect(people.filter((person) => person.id >= 10_000).every((p) => p.groupIds[0] === 202)).toBe(
      true,
    )
    expect(emulator.counts.byRoute()['GET /api/v2/users']).toBe(3)
  })
})

describe('tickets', () => {
  test('a ticket carries what deciding takes, and no field value', async () => {
    const { directory } = emulatedDirectory()
    const expected = {
      id: 4010,
      subject: 'Several refunds to different cards',
      status: 'open',
      requesterId: 502,
      submitterId: 502,
      assigneeId: 104,
      groupId: 203,
      organizationId: null,
      brandId: SANDBOX_ACCOUNT.brandId,
      collaboratorIds: [101],
      followerIds: [105],
    }
    expect(await directory.ticket(4010, VIEW)).toEqual(expected)
    expect(await directory.ticket(4010, ACT)).toEqual(expected)
  })

  test('a ticket solved a moment ago is solved for an act', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.ticket(4001, VIEW)
    const ticket = emulator.state.tickets.find(({ id }) => id === 4001)
    if (ticket) ticket.status = 'solved'
    pass(5.1)
    expect((await directory.ticket(4001, ACT))?.status).toBe('solved')
  })

  test('a view of a ticket is never over a minute old, though its caller tolerates five', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.ticket(4001, VIEW)
    const ticket = emulator.state.tickets.find(({ id }) => id === 4001)
    if (ticket) ticket.status = 'solved'
    pass(59)
    expect((await directory.ticket(4001, VIEW))?.status).toBe('open')
    pass(2)
    expect((await directory.ticket(4001, VIEW))?.status).toBe('solved')
  })

  test('a forgotten ticket is asked again, even while an older answer is on its way', async () => {
    const { directory, emulator } = emulatedDirectory()
    const onItsWay = directory.ticket(4001, ACT)
    const ticket = emulator.state.tickets.find(({ id }) => id === 4001)
    directory.forgetTicket(4001)
    await onItsWay
    if (ticket) ticket.status = 'solved'
    expect((await directory.ticket(4001, VIEW))?.status).toBe('solved')
  })

  test('fifty people who look at fifty tickets at once cost one call', async () => {
    const { directory, emulator } = emulatedDirectory()
    const ids = Array.from({ length: 50 }, (_, index) => 4001 + (index % 10))
    await Promise.all(ids.map((id) => directory.ticket(id, VIEW)))
    expect(emulator.counts.byRoute()['GET /api/v2/tickets/show_many']).toBe(1)
  })

  test('a ticket that does not exist is null, in a batch and alone', async () => {
    const { directory } = emulatedDirectory()
    const found = await Promise.all([directory.ticket(4001, VIEW), directory.ticket(9999, VIEW)])
    expect(found.map((ticket) => ticket?.id)).toEqual([4001, undefined])
    expect(await directory.ticket(9999, ACT)).toBeNull()
  })
})

describe('ticket access', () => {
  const access = async (personId: number, ticketId: number) => {
    const { directory } = emulatedDirectory()
    const person = await directory.person(personId, ACT)
    const ticket = await directory.ticket(ticketId, ACT)
    if (person === null || ticket === null) throw new Error('not seeded')
    return directory.mayAccessTicket(person, ticket)
  }

  test.each([
    ['Maya opens her own ticket', MAYA, 4001, true],
    ['Lena, restricted to her groups, does not open a Billing ticket', LENA, 4001, false],
    ['Lena opens a Technical support ticket', LENA, 4003, true],
    ['Omar opens a Billing ticket', 104, 4001, true],
    ['Maya does not open a ticket of the private group Compliance', MAYA, 4007, false],
    ['Omar, whose role sees everything, does', 104, 4007, true],
    ['Ingrid opens it as a member', INGRID, 4007, true],
    ['Sam opens everything as an administrator', 107, 4007, true],
  ])('%s', async (_, personId, ticketId, allowed) => {
    expect((await access(personId, ticketId)).allowed).toBe(allowed)
  })

  test('an agent with a restriction that we do not know opens nothing', async () => {
    const { directory, emulator } = emulatedDirectory()
    const maya = emulator.state.users.find(({ id }) => id === MAYA)
    // Zendesk may invent one any day; the type says what is known today.
    if (maya) maya.ticket_restriction = 'brands' as 'groups'
    const person = await directory.person(MAYA, ACT)
    const ticket = await directory.ticket(4001, ACT)
    if (person === null || ticket === null) throw new Error('not seeded')
    expect((await directory.mayAccessTicket(person, ticket)).allowed).toBe(false)
  })

  test('an agent who left the brand opens none of its tickets', async () => {
    const { directory, emulator } = emulatedDirectory()
    emulator.state.brandAgents = emulator.state.brandAgents.filter((row) => row.user_id !== MAYA)
    const person = await directory.person(MAYA, ACT)
    const ticket = await directory.ticket(4001, ACT)
    if (person === null || ticket === null) throw new Error('not seeded')
    expect(await directory.mayAccessTicket(person, ticket)).toEqual({
      allowed: false,
      code: 'ticket_access_denied',
    })
  })
})

describe('fields and pushes', () => {
  test('the type of a ticket field is known, and unknown fields have none', async () => {
    const { directory } = emulatedDirectory()
    expect(await directory.ticketFieldType(301)).toBe('text')
    expect(await directory.ticketFieldType(306)).toBe('textarea')
    expect(await directory.ticketFieldType(399)).toBeNull()
  })

  test('a push reaches open instances with the app it is for', async () => {
    const { directory, emulator } = emulatedDirectory()
    const messages: unknown[] = []
    emulator.onNotify((message) => messages.push(message))
    await directory.notify({ event: 'scrim.changed', body: { ticketId: 4001 }, agentId: MAYA })
    expect(messages).toEqual([
      {
        event: 'scrim.changed',
        body: { ticketId: 4001 },
        agentId: MAYA,
        senderId: SANDBOX_ACCOUNT.integrationUserId,
      },
    ])
  })
})

describe('app settings', () => {
  test('a setting that tightens is known within thirty seconds', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    expect((await directory.appSettings()).maxMinutes).toBeNull()
    emulator.state.installation.settings.max_minutes = 5
    pass(30.1)
    expect((await directory.appSettings()).maxMinutes).toBe(5)
  })

  test('settings that cannot be read stand for a minute, then everything closes', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.appSettings()
    emulator.controls.setHealth('errors')
    pass(59)
    expect((await directory.appSettings()).maxMinutes).toBeNull()
    pass(2)
    await expect(directory.appSettings()).rejects.toMatchObject({ code: 'zendesk_unavailable' })
  })

  test('settings that were never read close everything', async () => {
    const { directory, emulator } = emulatedDirectory()
    emulator.controls.limit(20)
    await expect(directory.appSettings()).rejects.toMatchObject({ code: 'zendesk_unavailable' })
  })
})

describe('when Zendesk is not well', () => {
  test.each(['errors', 'refused'] as const)('%s close people and tickets', async (health) => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, VIEW)
    await directory.ticket(4001, VIEW)
    emulator.controls.setHealth(health)
    pass(5.1)
    for (const lookup of [
      directory.person(MAYA, ACT),
      directory.ticket(4001, ACT),
      directory.ticket(4002, VIEW),
      directory.content.ticket(4001),
      directory.notify({ event: 'scrim.changed', body: null }),
    ]) {
      await expect(lookup).rejects.toMatchObject({ code: 'zendesk_unavailable' })
    }
    pass(15.1)
    await expect(directory.person(MAYA, WATCH)).rejects.toMatchObject({
      code: 'zendesk_unavailable',
    })
    // Masks need no fresh answer yet.
    expect((await directory.person(MAYA, VIEW))?.id).toBe(MAYA)
    pass(300)
    await expect(directory.person(MAYA, VIEW)).rejects.toMatchObject({
      code: 'zendesk_unavailable',
    })
    emulator.controls.setHealth('up')
    pass(3)
    expect((await directory.person(MAYA, VIEW))?.id).toBe(MAYA)
  })

  test.each([
    ['seconds', 17, 17],
    ['a date', new Date(Date.UTC(2026, 10, 23, 9, 0, 42)).toUTCString(), 42],
    ['nonsense', 'soon', 30],
    ['an absurd number', 999_999, 600],
  ])('429 with %s in Retry-After says when to come back', async (_, retryAfter, seconds) => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, ACT)
    emulator.controls.limit(retryAfter, 1)
    await expect(directory.ticket(4001, ACT)).rejects.toMatchObject({
      code: 'zendesk_busy',
      details: { retryAfterSeconds: seconds },
    })
    // Until then Zendesk is left alone.
    const before = emulator.counts.total()
    pass(seconds - 4)
    await expect(directory.ticket(4001, ACT)).rejects.toMatchObject({ code: 'zendesk_busy' })
    expect(emulator.counts.total()).toBe(before)
    pass(4)
    expect((await directory.ticket(4001, ACT))?.id).toBe(4001)
  })

  test('a spent budget refuses what would exceed it, and recovers with the minute', async () => {
    const { directory, pass } = emulatedDirectory({ requestsPerMinute: 40 })
    await directory.ticket(4001, ACT)
    const outcomes: string[] = []
    for (let id = 5001; id < 5040; id += 1) {
      outcomes.push(
        await directory.ticket(id, ACT).then(
          () => 'found',
          (error: { code: string }) => error.code,
        ),
      )
    }
    // One call each for the credential and the first ticket.
    expect(outcomes.filter((outcome) => outcome === 'found')).toHaveLength(38)
    expect(outcomes.at(-1)).toBe('zendesk_busy')
    await expect(directory.ticket(4002, VIEW)).rejects.toMatchObject({ code: 'zendesk_busy' })
    pass(61)
    expect((await directory.ticket(4002, VIEW))?.id).toBe(4002)
  })

  test('an act that comes a moment too early waits for its turn', async () => {
    const { directory, emulator } = emulatedDirectory()
    await directory.ticket(4001, ACT)
    emulator.controls.limit(2, 1)
    await expect(directory.ticket(4002, ACT)).rejects.toMatchObject({ code: 'zendesk_busy' })
    const waiting = directory.ticket(4002, ACT)
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await waiting)?.id).toBe(4002)
  })

  test('while the budget is spent, masks live on an older ticket, an act does not', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.ticket(4001, VIEW)
    emulator.controls.limit(600, 1)
    pass(61)
    await directory.ticket(4002, VIEW).catch(() => undefined)
    expect((await directory.ticket(4001, VIEW))?.id).toBe(4001)
    await expect(directory.ticket(4001, ACT)).rejects.toMatchObject({ code: 'zendesk_busy' })
    await expect(directory.ticket(4001, WATCH)).rejects.toMatchObject({ code: 'zendesk_busy' })
    pass(240)
    await expect(directory.ticket(4001, VIEW)).rejects.toMatchObject({ code: 'zendesk_busy' })
  })

  test('views cannot spend what acts need', async () => {
    const { directory, pass } = emulatedDirectory({ requestsPerMinute: 40 })
    let refused = 0
    for (let id = 5001; id < 5100; id += 1) {
      await directory.ticket(id, WATCH).catch(() => {
        refused += 1
      })
    }
    expect(refused).toBeGreaterThan(0)
    for (let id = 6001; id < 6012; id += 1) {
      pass(0.1)
      expect(await directory.ticket(id, ACT)).toBeNull()
    }
  })

  test('a credential that Zendesk dropped is renewed once, unnoticed', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    await directory.person(MAYA, ACT)
    emulator.controls.revokeCredentials()
    pass(6)
    await Promise.all([directory.person(MAYA, ACT), directory.ticket(4001, ACT)])
    expect(emulator.counts.byRoute()['POST /oauth/tokens']).toBeLessThanOrEqual(3)
    expect((await directory.person(MAYA, ACT))?.id).toBe(MAYA)
  })

  test('a client that Zendesk refuses closes everything and says nothing about its secret', async () => {
    const { directory } = emulatedDirectory({ clientSecret: 'not-the-secret' })
    const error = await directory.person(MAYA, ACT).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'zendesk_unavailable' })
    expect(JSON.stringify([String(error), error, (error as Error).stack])).not.toContain(
      'not-the-secret',
    )
  })
})

test('our bearer goes to our Zendesk only, and follows no redirect', async () => {
  const { directory, seen } = emulatedDirectory()
  await directory.people()
  await directory.ticket(4001, ACT)
  const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
  const write = { ticketId: 4001, zendeskFieldId: 301, text: 'mask', updatedStamp }
  await directory.content.replaceText(write)
  for (const request of seen) {
    expect(new URL(request.url).host).toBe('sandbox.zendesk.com')
    expect(request.redirect).toBe('error')
    expect(request.url).not.toContain('sandbox-client-secret')
  }
})
