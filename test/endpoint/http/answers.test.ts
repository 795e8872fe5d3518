/** What every answer has in common: its headers, its form, what it never says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { SCRIM_ERROR_CODES, ScrimError } from '../../../src/core/errors.ts'
import { STATUS } from '../../../src/endpoint/problem.ts'
import type { Route } from '../../../src/endpoint/route.ts'
import { route } from '../../../src/endpoint/route.ts'
import { MAYA, OMAR, startEndpoint } from '../../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../../support/endpoint.ts'
import { RUNTIMES } from '../../support/endpoint-runtimes.ts'

const VALUE = '4242 4242 4242 4242'

const routeThat = (
  path: string,
  handle: Route['handle'],
  more: Partial<Pick<Route, 'isPolled' | 'response'>> = {},
): Route => ({
  ...route({
    method: 'get',
    path,
    operationId: path.slice(1),
    summary: 'A route of these tests.',
    response: z.object({ text: z.string() }),
    handle: async () => ({ text: '' }),
  }),
  handle,
  ...more,
})

let remainingSeconds = 60
let state = 'pending'
const testRoutes: Route[] = [
  routeThat('/answers', async () => ({ text: 'fine' })),
  routeThat('/throws', () => {
    throw new TypeError(`cannot read ${VALUE}`)
  }),
  routeThat('/rejects-oddly', () => Promise.reject(VALUE)),
  routeThat('/refuses', () => {
    throw new ScrimError('zendesk_busy', { retryAfterSeconds: 12.2 })
  }),
  routeThat('/says-too-much', async () => ({ text: 'fine', value: VALUE, at: { value: VALUE } })),
  routeThat('/says-wrong', async () => ({ text: { value: VALUE } })),
  routeThat('/ticks', async () => ({ state, items: [{ remainingSeconds }], ageSeconds: 1 }), {
    isPolled: true,
    response: z.object({
      state: z.string(),
      items: z.array(z.object({ remainingSeconds: z.number() })),
      ageSeconds: z.number(),
    }),
  }),
]

describe.each(RUNTIMES)('on %s', (runtime) => {
  let endpoint: TestEndpoint
  let maya: Caller
  beforeAll(async () => {
    endpoint = await startEndpoint({ runtime, routes: testRoutes })
    maya = await endpoint.signIn(MAYA)
  })
  afterAll(() => endpoint.close())

  test('every answer carries the security headers, and none of CORS, cookies or a server name', async () => {
    const authorization = `Bearer ${maya.credential}`
    const json = { authorization, 'content-type': 'application/json' }
    const etag = (await maya.get('/api/ticks')).headers.get('etag') ?? ''
    const requests: [string, RequestInit, number][] = [
      ['/api/answers', { headers: { authorization } }, 200],
      ['/api/answers', { method: 'HEAD', headers: { authorization } }, 200],
      ['/api/ticks', { headers: { authorization, 'if-none-match': etag } }, 304],
      ['/api/answers', {}, 401],
      ['/api/answers', { method: 'OPTIONS', headers: { origin: 'https://evil.example.com' } }, 204],
      ['/api/answers', { method: 'DELETE', headers: json }, 405],
      ['/api/throws', { headers: { authorization } }, 500],
      ['/api/rejects-oddly', { headers: { authorization } }, 500],
      ['/api/refuses', { headers: { authorization } }, 503],
      ['/api/nothing', { headers: { authorization } }, 404],
      ['/api/answers/', { headers: { authorization } }, 404],
      ['/api/answers', { method: 'POST', headers: json, body: 'x'.repeat(70_000) }, 413],
      ['/', {}, 404],
      ['/favicon.ico', {}, 404],
      ['/openapi.json', {}, 200],
      ['/healthz', {}, 200],
      ['/assets/main-abc.js', {}, 200],
      ['/assets/none.js', {}, 404],
      ['/zaf/nav_bar', {}, 401],
    ]
    for (const [path, init, status] of requests) {
      const response = await endpoint.request(path, init)
      const headers = Object.fromEntries(response.headers)
      const isPage = path.startsWith('/zaf/')
      const isProblem = status >= 400 && !isPage
      const isAsset = path === '/assets/main-abc.js'
      const expected = {
        request: `${init.method ?? 'GET'} ${path}`,
        status,
        ...(isProblem && { 'content-type': 'application/problem+json' }),
        'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-store',
        'content-security-policy': expect.stringMatching(
          isPage
            ? /^default-src 'none'; .*base-uri 'none'; .*frame-ancestors https:/
            : /^default-src 'none'; .*base-uri 'none'; .*frame-ancestors 'none'$/,
        ),
        'cross-origin-resource-policy': isPage ? 'cross-origin' : 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
        'x-content-type-options': 'nosniff',
      }
      const seen = { request: expected.request, status: response.status, ...headers }
      expect(seen).toMatchObject(expected)
      const unwanted = /^(access-control-|set-cookie|server|x-powered-by)/
      expect(Object.keys(headers).filter((name) => unwanted.test(name))).toEqual([])
    }
  })

  test('an unexpected failure says only that it happened, in the answer and in the log', async () => {
    for (const path of ['/api/throws', '/api/rejects-oddly', '/api/says-wrong']) {
      const answer = await maya.get(path)
      expect(answer.problem()).toEqual({
        type: 'urn:scrim:problem:internal',
        title: 'internal',
        status: 500,
        code: 'internal',
      })
    }
    const log = endpoint.logLines.join('\n')
    expect(log).toContain(
      '"event":"internal_error","name":"TypeError","thrownAt":"answers.test.ts:',
    )
    expect(log).not.toContain('4242')
  })

  test('what the contract does not name never leaves', async () => {
    const answer = await maya.get('/api/says-too-much')
    expect(JSON.parse(answer.text)).toEqual({ text: 'fine' })
  })

  test('a refusal that passes says when to come back', async () => {
    const answer = await maya.get('/api/refuses')
    expect(answer.headers.get('retry-after')).toBe('13')
    expect(answer.problem()).toMatchObject({ code: 'zendesk_busy', retryAfterSeconds: 12.2 })
  })

  test('a polled answer has the same tag while nothing but time has passed', async () => {
    const first = await maya.get('/api/ticks')
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/)
    remainingSeconds -= 5
    const unchanged = await maya.get('/api/ticks', { 'if-none-match': `"other", ${tag}` })
    expect([unchanged.status, unchanged.text]).toEqual([304, ''])
    expect(unchanged.headers.get('etag')).toBe(tag)
    state = state === 'pending' ? 'approved' : 'pending'
    const changed = await maya.get('/api/ticks', { 'if-none-match': tag })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(tag)
  })

  test('what is no polled answer has no tag', async () => {
    expect((await maya.get('/api/answers')).headers.get('etag')).toBeNull()
  })

  test('an asset comes in the best coding that the browser takes', async () => {
    const codings: [string, string | null][] = [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', null],
      ['', null],
    ]
    for (const [accepted, coding] of codings) {
      const response = await endpoint.request('/assets/main-abc.js', {
        method: 'HEAD',
        headers: { 'accept-encoding': accepted },
      })
      expect([accepted, response.headers.get('content-encoding')]).toEqual([accepted, coding])
      expect(response.headers.get('vary')).toBe('accept-encoding')
    }
  })

  test('a request is logged by route, status and person, never by what it carried', async () => {
    await endpoint.request(`/api/answers?${VALUE}`, {
      headers: { authorization: `Bearer ${maya.credential}`, cookie: VALUE, 'user-agent': VALUE },
    })
    expect(JSON.parse(endpoint.logLines.at(-1) ?? '')).toEqual({
      at: endpoint.clock.now().toISOString(),
      level: 'info',
      event: 'request',
      method: 'GET',
      route: '/api/answers',
      status: 400,
      code: 'bad_input',
      personId: MAYA,
      ms: 0,
    })
    expect(endpoint.logLines.join('\n')).not.toContain(maya.credential)
  })
})

describe('the status table', () => {
  test.each(SCRIM_ERROR_CODES)('gives %s a status that is an error', (code) => {
    expect(STATUS[code]).toBeGreaterThanOrEqual(400)
    expect(STATUS[code]).toBeLessThan(600)
  })

  test('says 401 only where signing in again would help', () => {
    const codes = SCRIM_ERROR_CODES.filter((code) => STATUS[code] === 401)
    expect(codes.every((code) => /^(page_credential|session)_/.test(code))).toBe(true)
  })
})

test('a person sees their own answer: two people share no tag by accident of route', async () => {
  const endpoint = await startEndpoint()
  const [maya, omar] = [await endpoint.signIn(MAYA), await endpoint.signIn(OMAR)]
  const tag = (await maya.get('/api/me')).headers.get('etag') ?? ''
  expect((await maya.get('/api/me', { 'if-none-match': tag })).status).toBe(304)
  expect((await omar.get('/api/me', { 'if-none-match': tag })).status).toBe(200)
})
