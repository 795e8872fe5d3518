/** The session behind a page: how long it lives, whom it speaks for, and how it ends. */
import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { me } from '../../../src/contract/session.ts'
import { sessions } from '../../../src/storage/schema.ts'
import { MAYA, OMAR, startEndpoint } from '../../support/endpoint.ts'
import type { TestEndpoint } from '../../support/endpoint.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})

const MINUTE = 60

describe('a session', () => {
  test('speaks for the person whom Zendesk signed, with the roles that policy gives them', async () => {
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await omar.get('/api/me')).as(me)).toMatchObject({
      person: { id: OMAR, name: 'Omar Haddad' },
      roles: ['frontline', 'lead'],
      mayDecide: true,
    })
  })

  test('is recorded when its page is served', async () => {
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const entry = await endpoint.expectAuditEntry({ action: 'session.start' })
    expect(entry).toMatchObject({
      outcome: 'ok',
      actor: { type: 'person', id: OMAR, roles: [] },
      data: { location: 'nav_bar', sessionId: sha256(omar.credential) },
    })
  })

  test('is kept as a hash: its credential stands nowhere in the database', async () => {
    const maya = await endpoint.signIn(MAYA)
    const rows = await endpoint.deps.database.orm.select().from(sessions)
    expect(rows.map((row) => row.id)).toContain(sha256(maya.credential))
    expect(JSON.stringify(rows)).not.toContain(maya.credential)
    expect(Buffer.from(maya.credential, 'base64url')).toHaveLength(32)
  })

  test('ends fifteen minutes after its last use', async () => {
    const maya = await endpoint.signIn(MAYA)
    endpoint.clock.advance(14 * MINUTE)
    expect((await maya.get('/api/me')).status).toBe(200)
    endpoint.clock.advance(14 * MINUTE)
    expect((await maya.get('/api/me')).status).toBe(200)
    endpoint.clock.advance(15 * MINUTE)
    expect((await maya.get('/api/me')).problem().code).toBe('session_expired')
  })

  test('ends after twelve hours however much it is used', async () => {
    const maya = await endpoint.signIn(MAYA)
    for (let minutes = 0; minutes < 12 * 60; minutes += 10) {
      expect((await maya.get('/api/me')).status).toBe(200)
      endpoint.clock.advance(10 * MINUTE)
    }
    expect((await maya.get('/api/me')).problem().code).toBe('session_expired')
  })

  test('is renewed at most once a minute', async () => {
    const maya = await endpoint.signIn(MAYA)
    const renewedAt = async () => {
      const [row] = await endpoint.deps.database.orm
        .select()
        .from(sessions)
        .where(eq(sessions.id, sha256(maya.credential)))
      return row?.renewedAt
    }
    const start = await renewedAt()
    endpoint.clock.advance(59)
    await maya.get('/api/me')
    expect(await renewedAt()).toEqual(start)
    endpoint.clock.advance(1)
    await maya.get('/api/me')
    expect(await renewedAt()).toEqual(endpoint.clock.now())
  })

  test('is not renewed while Zendesk cannot say who the person is', async () => {
    const maya = await endpoint.signIn(MAYA)
    endpoint.zendesk.setDown(true)
    endpoint.clock.advance(10 * MINUTE)
    expect((await maya.get('/api/me')).problem().code).toBe('zendesk_unavailable')
    endpoint.clock.advance(6 * MINUTE)
    endpoint.zendesk.setDown(false)
    expect((await maya.get('/api/me')).problem().code).toBe('session_expired')
  })

  test('belongs to one account: another account does not know it', async () => {
    const other = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const response = await other.request('/api/me', {
      headers: { authorization: `Bearer ${maya.credential}` },
    })
    expect(await response.json()).toMatchObject({ code: 'session_invalid' })
  })

  test('with a missing, malformed or unknown credential looks the same', async () => {
    const unknown = Buffer.alloc(32, 7).toString('base64url')
    const bodies = await Promise.all(
      [
        undefined,
        '',
        'Bearer',
        'Bearer short',
        `Basic ${unknown}`,
        `Bearer ${unknown}`,
        `Bearer ${unknown}A`,
      ].map(async (authorization) => {
        const headers = authorization === undefined ? undefined : { authorization }
        const response = await endpoint.request('/api/me', { headers })
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        return [response.status, await response.text()] as const
      }),
    )
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(bodies[0]?.[0]).toBe(401)
  })
})

describe('a person who loses their standing', () => {
  const cases = [
    ['suspended', { isSuspended: true }, 'person_suspended'],
    ['deleted', { isActive: false }, 'person_suspended'],
    ['made an end user', { zendeskRole: 'end-user' }, 'person_not_agent'],
  ] as const

  test.each(cases)('is refused once %s, and loses the session', async (_, change, code) => {
    const own = await startEndpoint()
    const maya = await own.signIn(MAYA)
    own.zendesk.changePerson(MAYA, change)
    expect((await maya.get('/api/me')).problem()).toMatchObject({ code, status: 403 })
    await own.expectAuditEntry({
      action: 'session.refuse',
      outcome: 'refused',
      code,
      actor: { type: 'person', id: MAYA, roles: [] },
    })
    const entries = await own.auditEntries()
    expect((await maya.get('/api/me')).problem().code).toBe('session_invalid')
    expect(await own.auditEntries()).toHaveLength(entries.length)
  })

  test('is refused when Zendesk does not know them any more', async () => {
    const own = await startEndpoint()
    const maya = await own.signIn(MAYA)
    own.zendesk.removePerson(MAYA)
    expect((await maya.get('/api/me')).problem().code).toBe('person_unknown')
  })

  test('is recorded once when many requests find it at the same time', async () => {
    const own = await startEndpoint()
    const maya = await own.signIn(MAYA)
    own.zendesk.changePerson(MAYA, { isSuspended: true })
    await Promise.all(Array.from({ length: 8 }, () => maya.get('/api/me')))
    const entries = await own.auditEntries()
    expect(entries.filter((entry) => entry.action === 'session.refuse')).toHaveLength(1)
  })
})

test('a session of the background page looks and never acts', async () => {
  const own = await startEndpoint()
  const omar = await own.signIn(OMAR, 'background')
  expect((await omar.get('/api/reveal-requests')).status).toBe(200)
  const answer = await omar.post('/api/reveal-requests', {
    ticketId: 4001,
    fieldIds: ['card_number'],
    reasonCode: 'refund',
    reasonText: 'To compare the last four with the bank.',
    minutes: 15,
  })
  expect(answer.problem()).toMatchObject({ status: 403, code: 'session_location' })
  const entry = await own.expectAuditEntry({ action: 'request.refuse' })
  expect(entry).toMatchObject({
    outcome: 'refused',
    code: 'session_location',
    actor: { type: 'person', id: OMAR },
    data: { operationId: 'createRevealRequest' },
  })
  await own.expectNoAuditEntry('reveal_request.create')
})

test("an administrator's app setting is seen by the next request", async () => {
  const own = await startEndpoint()
  const maya = await own.signIn(MAYA)
  own.zendesk.changeSettings({ areRevealsPaused: true })
  expect((await maya.get('/api/me')).as(me).areRevealsPaused).toBe(true)
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
