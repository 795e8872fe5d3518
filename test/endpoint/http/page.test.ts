/** The page that Zendesk frames: who gets a session with it, and who gets told why not. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOCATIONS, me } from '../../../src/contract/session.ts'
import { toScriptJson } from '../../../src/endpoint/page.ts'
import { flushRefusals } from '../../../src/endpoint/refusals.ts'
import { openDatabase } from '../../../src/storage/database.ts'
import { refusalCounts, sessions } from '../../../src/storage/schema.ts'
import { MAYA, OMAR, startEndpoint } from '../../support/endpoint.ts'
import type { PageClaims, TestEndpoint } from '../../support/endpoint.ts'
import { RUNTIMES } from '../../support/endpoint-runtimes.ts'

const encode = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64url')

async function countSessions({ deps }: TestEndpoint): Promise<number> {
  const rows = await deps.database.orm
    .select()
    .from(sessions)
    .where(eq(sessions.account, deps.account.id))
  return rows.length
}

async function refusalsOf({ deps }: TestEndpoint): Promise<Record<string, number>> {
  const rows = await deps.database.orm
    .select()
    .from(refusalCounts)
    .where(eq(refusalCounts.account, deps.account.id))
  return Object.fromEntries(rows.map(({ code, count }) => [code, count]))
}

describe.each(RUNTIMES)('a page on %s', (runtime) => {
  let endpoint: TestEndpoint
  beforeAll(async () => {
    endpoint = await startEndpoint({ runtime })
  })
  afterAll(() => endpoint.close())

  test.each(LOCATIONS)('in %s carries a session for the person whom Zendesk signed', async (at) => {
    const page = await endpoint.openPage(at, await endpoint.signPage(MAYA, { location: at }))
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.data).toEqual({
      location: at,
      session: { credential: expect.stringMatching(/^[\w-]{43}$/), expiresInSeconds: 900 },
      refusal: null,
    })
    const headers = { authorization: `Bearer ${page.data.session?.credential}` }
    const response = await endpoint.request('/api/me', { headers })
    expect(me.parse(await response.json()).person.id).toBe(MAYA)
  })

  test('loads the SDK, then the app, and preloads what its location needs', async () => {
    const { html } = await endpoint.openPage('nav_bar', null)
    const scripts = [...html.matchAll(/<script [^>]*src="([^"]+)"/g)].map((match) => match[1])
    expect(scripts).toEqual([endpoint.deps.account.sdkUrl, '/assets/main-abc.js'])
    const preloads = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map((m) => m[1])
    expect(preloads).toEqual(['/assets/shared-abc.js', '/assets/nav_bar-abc.js'])
    expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/)
    expect(html).toContain('<div id="root"></div>')
    expect(html).toContain('<noscript>')
  })

  test('may be framed by its own account only, and run only our scripts and the SDK', async () => {
    const first = await endpoint.openPage('nav_bar', null)
    const second = await endpoint.openPage('nav_bar', null)
    const nonceOf = (html: string) => /property="csp-nonce" content="([^"]+)"/.exec(html)?.[1]
    const nonce = nonceOf(first.html)
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    expect(nonceOf(second.html)).not.toBe(nonce)
    expect(first.headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'self' ${endpoint.deps.account.sdkUrl}`,
      "worker-src 'self'",
      `style-src 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "connect-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${endpoint.deps.account.zendeskOrigin}`,
    ])
  })

  test('at an unknown location does not exist', async () => {
    for (const location of ['modal', 'TICKET_SIDEBAR', 'ticket_sidebar/x', '%3Cscript%3E', '']) {
      const response = await endpoint.request(`/zaf/${location}`, { method: 'POST' })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ code: 'route_not_found' })
    }
  })

  const { privateKey: foreignKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const minutesAgo = (minutes: number) =>
    new Date(endpoint.clock.now().getTime() - minutes * 60_000)
  const signed = (claims: () => PageClaims) => () => endpoint.signPage(MAYA, claims())
  const parts = async () => (await endpoint.signPage(MAYA)).split('.')

  const refused: [string, string, () => Promise<string>][] = [
    ['forged with another key', 'page_credential_invalid', signed(() => ({ key: foreignKey }))],
    [
      'expired',
      'page_credential_expired',
      signed(() => ({ issuedAt: minutesAgo(10), expiresAt: minutesAgo(5) })),
    ],
    [
      'made for another installation',
      'page_credential_audience',
      signed(() => ({
        audience: endpoint.deps.account.audience.replace('/2.json', '/3.json'),
      })),
    ],
    [
      'issued by another account',
      'page_credential_invalid',
      signed(() => ({ issuer: 'elsewhere.zendesk.com' })),
    ],
    [
      'about a person of another account',
      'page_credential_invalid',
      signed(() => ({ subject: 'https://elsewhere.zendesk.com/api/v2/users/101.json' })),
    ],
    [
      'made for another location',
      'page_credential_invalid',
      signed(() => ({ location: 'background' })),
    ],
    [
      'unsigned (alg none)',
      'page_credential_invalid',
      async () => `${encode({ alg: 'none', typ: 'JWT' })}.${(await parts())[1]}.`,
    ],
    [
      'unsigned (alg none) with the signature of a real one',
      'page_credential_invalid',
      async () => {
        const [, payload, signature] = await parts()
        return `${encode({ alg: 'none' })}.${payload}.${signature}`
      },
    ],
    [
      'signed by the public key as if it were a shared secret (HS256)',
      'page_credential_invalid',
      async () => {
        const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${(await parts())[1]}`
        const { publicKeyPem } = endpoint.deps.account
        return `${head}.${createHmac('sha256', publicKeyPem).update(head).digest('base64url')}`
      },
    ],
    [
      'one that brings its own key along',
      'page_credential_invalid',
      async () => {
        const jwk = publicKey.export({ format: 'jwk' })
        const [, payload, signature] = (await endpoint.signPage(MAYA, { key: foreignKey })).split(
          '.',
        )
        return `${encode({ alg: 'RS256', jwk })}.${payload}.${signature}`
      },
    ],
    [
      'altered after it was signed',
      'page_credential_invalid',
      async () => {
        const [header, payload = '', signature] = await parts()
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
        const sub = `https://${endpoint.deps.account.id}.zendesk.com/api/v2/users/${OMAR}.json`
        return `${header}.${encode({ ...claims, sub })}.${signature}`
      },
    ],
    [
      'no JWT at all',
      'page_credential_invalid',
      async () => '"></script><script>alert(1)</script>',
    ],
    ['empty', 'page_credential_missing', async () => ''],
  ]

  test.each(refused)('with a credential that is %s opens no session', async (_, code, token) => {
    const before = await countSessions(endpoint)
    const sent = await token()
    const page = await endpoint.openPage('ticket_sidebar', sent)
    expect(page.status).toBe(401)
    expect(page.data).toEqual({ location: 'ticket_sidebar', session: null, refusal: code })
    expect(sent !== '' && page.html.includes(sent)).toBe(false)
    expect(await countSessions(endpoint)).toBe(before)
  })

  test('with a credential that was used before opens no second session', async () => {
    const token = await endpoint.signPage(MAYA, { location: 'nav_bar' })
    const first = await endpoint.openPage('nav_bar', token)
    const before = await countSessions(endpoint)
    const second = await endpoint.openPage('nav_bar', token)
    expect(first.data.session).not.toBeNull()
    expect(second.data).toEqual({
      location: 'nav_bar',
      session: null,
      refusal: 'page_credential_replayed',
    })
    expect(await countSessions(endpoint)).toBe(before)
  })

  test('posted twice at the same instant opens one session', async () => {
    const token = await endpoint.signPage(MAYA, { location: 'nav_bar' })
    const pages = await Promise.all(
      Array.from({ length: 8 }, () => endpoint.openPage('nav_bar', token)),
    )
    expect(pages.filter((page) => page.data.session !== null)).toHaveLength(1)
  })

  test('asked for without a form, or with two credentials in it, opens no session', async () => {
    const token = await endpoint.signPage(MAYA, { location: 'nav_bar' })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const attempts: [RequestInit, string][] = [
      [{ method: 'GET' }, 'page_credential_missing'],
      [{ method: 'POST' }, 'page_credential_missing'],
      [
        { method: 'POST', headers: { 'content-type': 'text/plain' }, body: `token=${token}` },
        'page_credential_missing',
      ],
      [
        { method: 'POST', headers: form, body: `token=${token}&token=${token}` },
        'page_credential_invalid',
      ],
      [{ method: 'POST', headers: form, body: `TOKEN=${token}` }, 'page_credential_missing'],
    ]
    for (const [init, refusal] of attempts) {
      const response = await endpoint.request(`/zaf/nav_bar?token=${token}`, init)
      expect(response.status).toBe(401)
      expect(await response.text()).toContain(`"session":null,"refusal":"${refusal}"`)
    }
  })

  test('with a form that is far too long is refused unread', async () => {
    const response = await endpoint.request('/zaf/nav_bar', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=${'a'.repeat(20_000)}`,
    })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'payload_too_large' })
  })
})

test('a page served while the database is down says so, and its credential stays good', async () => {
  const endpoint = await startEndpoint()
  const { database } = endpoint.deps
  const closed = await openDatabase({ memory: true })
  await closed.close()
  const token = await endpoint.signPage(MAYA)
  endpoint.deps.database = closed
  const page = await endpoint.openPage('ticket_sidebar', token)
  expect(page.status).toBe(503)
  expect(page.data).toMatchObject({ session: null, refusal: 'storage_unavailable' })
  endpoint.deps.database = database
  expect((await endpoint.openPage('ticket_sidebar', token)).data.session).not.toBeNull()
  expect(await refusalsOf(endpoint)).toEqual({})
})

describe('what stands in a page', () => {
  test.each(['</script><script>alert(1)</script>', '<!--<script>', '\u2028\u2029', '&lt;', ']]>'])(
    '%j cannot leave its data block',
    (text) => {
      const json = toScriptJson({ [text]: text })
      expect(json).not.toMatch(/[<>&\u2028\u2029]/)
      expect(JSON.parse(json)).toEqual({ [text]: text })
    },
  )
})

describe('refusals', () => {
  test('become one audit entry a code and minute, with a count and none of the input', async () => {
    const endpoint = await startEndpoint()
    const { clock } = endpoint
    const marker = 'c2VjcmV0'
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await endpoint.openPage('nav_bar', marker)
      clock.advance(2)
    }
    await endpoint.openPage('nav_bar', null)
    await endpoint.request('/api/me', { headers: { authorization: `Bearer ${marker}` } })
    expect(await endpoint.auditEntries()).toEqual([])

    clock.advance(120)
    await flushRefusals(endpoint.deps)
    const entries = await endpoint.auditEntries()
    const minute = '2026-11-23T10:00:00.000Z'
    const summed = { actor: { type: 'system', name: 'endpoint' }, outcome: 'refused' }
    expect(entries).toMatchObject([
      {
        ...summed,
        action: 'page.refuse',
        code: 'page_credential_invalid',
        data: { count: 3, minute },
      },
      {
        ...summed,
        action: 'page.refuse',
        code: 'page_credential_missing',
        data: { count: 1, minute },
      },
      { ...summed, action: 'session.refuse', code: 'session_invalid', data: { count: 1, minute } },
    ])
    expect(JSON.stringify(entries)).not.toContain(marker)
    expect(await refusalsOf(endpoint)).toEqual({})
  })

  test('of the minute that still runs are left alone', async () => {
    const endpoint = await startEndpoint()
    await endpoint.openPage('nav_bar', null)
    endpoint.clock.advance(59)
    await flushRefusals(endpoint.deps)
    expect(await endpoint.auditEntries()).toEqual([])
  })

  test('are recorded once when many instances sweep at the same time', async () => {
    const endpoint = await startEndpoint()
    await endpoint.openPage('nav_bar', null)
    endpoint.clock.advance(180)
    await Promise.all(Array.from({ length: 8 }, () => flushRefusals(endpoint.deps)))
    expect(await endpoint.auditEntries()).toHaveLength(1)
  })

  test('in a flood write one row a second, and lose no count', async () => {
    const endpoint = await startEndpoint()
    await Promise.all(Array.from({ length: 200 }, () => endpoint.openPage('nav_bar', null)))
    expect(await refusalsOf(endpoint)).toEqual({ page_credential_missing: 1 })
    endpoint.clock.advance(1)
    await endpoint.request('/healthz')
    expect(await refusalsOf(endpoint)).toEqual({ page_credential_missing: 200 })
  })

  test('for which the database is down are counted once it is back', async () => {
    const endpoint = await startEndpoint()
    const { orm } = endpoint.deps.database
    const broken = {
      insert: () => {
        throw new Error('connection lost')
      },
    }
    Object.assign(endpoint.deps.database, { orm: broken })
    try {
      expect((await endpoint.openPage('nav_bar', null)).status).toBe(401)
    } finally {
      Object.assign(endpoint.deps.database, { orm })
    }
    endpoint.clock.advance(5)
    await endpoint.request('/healthz')
    expect(await refusalsOf(endpoint)).toEqual({ page_credential_missing: 1 })
  })
})
