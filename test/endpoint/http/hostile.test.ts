/**
 * Every route of the API, tried with what it must not take. Driven by the route table, so a new
 * route is tried the day it is added.
 */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ScrimErrorCode } from '../../../src/core/errors.ts'
import { STATUS } from '../../../src/endpoint/problem.ts'
import type { Route } from '../../../src/endpoint/route.ts'
import { ROUTES } from '../../../src/endpoint/routes.ts'
import {
  grants,
  outbox,
  protectedValues,
  revealRequestFields,
  revealRequests,
  reveals,
} from '../../../src/storage/schema.ts'
import { OMAR, startEndpoint, toAnswer } from '../../support/endpoint.ts'
import type { Answer, Caller, TestEndpoint } from '../../support/endpoint.ts'
import { RUNTIMES } from '../../support/endpoint-runtimes.ts'
import { HOSTILE, jsonSchemaOf, sample, wrong } from './samples.ts'

type Sent = { params?: Record<string, string>; query?: string; body?: unknown }

/** The real routes, noting which of their handlers ran. */
const handled: string[] = []
const watchedRoutes: Route[] = ROUTES.map((route) => ({
  ...route,
  handle: (ctx, input) => {
    handled.push(route.operationId)
    return route.handle(ctx, input)
  },
}))

const named = (route: Route) => `${route.method.toUpperCase()} /api${route.path}`
const namedRoutes = watchedRoutes.map((route) => [named(route), route] as const)
const bodyRoutes = namedRoutes.filter(([, route]) => route.body !== undefined)

const fileRoutes = namedRoutes.filter(([, route]) => route.fileLimitBytes !== undefined)
const FILE = 'application/octet-stream'

/** Members of an object with the one at `name` left out, or replaced. */
const without = (body: object, name: string) =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name))

describe.each(RUNTIMES)('on %s', (runtime) => {
  let endpoint: TestEndpoint
  let omar: Caller
  beforeAll(async () => {
    endpoint = await startEndpoint({ runtime, routes: watchedRoutes })
    omar = await endpoint.signIn(OMAR, 'nav_bar')
  })
  beforeEach(() => {
    handled.length = 0
  })
  afterAll(() => endpoint.close())

  const address = (route: Route, { params, query = '' }: Sent): string => {
    const samples = route.params === undefined ? {} : sample(jsonSchemaOf(route.params))
    const given = { ...(samples as Record<string, string>), ...params }
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => given[name] ?? '')
    return `/api${path}${query}`
  }
  const bodyOf = (route: Route): object | undefined =>
    route.body === undefined ? undefined : (sample(jsonSchemaOf(route.body)) as object)

  const send = async (route: Route, sent: Sent): Promise<Answer> => {
    if (route.fileLimitBytes !== undefined) {
      return sendText(route, address(route, sent), 'a file', { 'content-type': FILE })
    }
    const body = 'body' in sent ? sent.body : bodyOf(route)
    return sendText(
      route,
      address(route, sent),
      body === undefined ? undefined : JSON.stringify(body),
    )
  }
  const sendText = async (
    route: Route,
    path: string,
    body: RequestInit['body'],
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<Answer> =>
    toAnswer(
      await endpoint.request(path, {
        method: route.method.toUpperCase(),
        headers: { authorization: `Bearer ${omar.credential}`, ...headers },
        ...(route.method === 'get' ? {} : { body, duplex: 'half' }),
      } as RequestInit),
    )

  /** What acts leave behind, the audit log aside. */
  const traces = async (): Promise<number[]> => {
    const { orm } = endpoint.deps.database
    const tables = [revealRequests, revealRequestFields, grants, reveals, protectedValues, outbox]
    const rows = await Promise.all(
      tables.map((table) =>
        orm.select().from(table).where(eq(table.account, endpoint.deps.account.id)),
      ),
    )
    return rows.map((found) => found.length)
  }

  /** `what` was sent; it is part of the comparison so that a failure shows it. */
  const expectCode = (answer: Answer, what: unknown, code: ScrimErrorCode): void => {
    expect({ what, ...answer.problem() }).toMatchObject({ what, code, status: STATUS[code] })
  }
  const expectRefused = (answer: Answer, what: unknown): void => {
    const isRefusal = answer.status >= 400 && answer.status < 500
    expect({ what, isRefusal, ...answer.problem() }).toMatchObject({ what, isRefusal: true })
  }

  test.each(namedRoutes)(
    '%s without a session is refused, its handler not run',
    async (_, route) => {
      const entries = await endpoint.auditEntries()
      for (const authorization of [undefined, 'Bearer x', `Basic ${omar.credential}`]) {
        const response = await endpoint.request(address(route, {}), {
          method: route.method.toUpperCase(),
          headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
          ...(route.method === 'get' ? {} : { body: JSON.stringify(bodyOf(route) ?? {}) }),
        })
        expect((await toAnswer(response)).problem()).toMatchObject({
          status: 401,
          code: 'session_invalid',
        })
      }
      expect(handled).toEqual([])
      expect(await endpoint.auditEntries()).toEqual(entries)
    },
  )

  test.each(bodyRoutes)(
    '%s refuses a body with a member missing, wrong or unknown',
    async (_, route) => {
      const before = await traces()
      const body = bodyOf(route) ?? {}
      const schema = route.body === undefined ? {} : jsonSchemaOf(route.body)
      const required = schema.required ?? []
      const bad: unknown[] = [
        ...required.map((name) => without(body, name)),
        ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
          wrong(member).map((value) => ({ ...body, [name]: value })),
        ),
        ...['userId', 'personId', 'roles', 'now', 'policy', 'isAdmin', 'constructor'].map(
          (name) => ({
            ...body,
            [name]: 1,
          }),
        ),
        null,
        [],
        [body],
        'text',
        7,
      ]
      for (const wrongBody of bad) {
        const answer = await send(route, { body: wrongBody })
        expectCode(answer, wrongBody, 'bad_input')
      }
      expect(handled).toEqual([])
      expect(await traces()).toEqual(before)
    },
  )

  test.each(bodyRoutes)('%s refuses a body that is no JSON object in UTF-8', async (_, route) => {
    const path = address(route, {})
    const texts = [
      '',
      '{',
      '{"a":}',
      'undefined',
      'NaN',
      "{'a':1}",
      '{"__proto__":{"isAdmin":true}}',
      '['.repeat(20_000),
      `${'{"a":'.repeat(8000)}1${'}'.repeat(8000)}`,
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    ]
    for (const text of texts) {
      const answer = await sendText(route, path, text)
      expectCode(answer, String(text).slice(0, 60), 'bad_input')
    }
    expect(handled).toEqual([])
  })

  test.each(bodyRoutes)('%s takes JSON only', async (_, route) => {
    const body = JSON.stringify(bodyOf(route))
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json5',
      'text/json',
      '',
    ]
    for (const type of types) {
      const answer = await sendText(route, address(route, {}), body, { 'content-type': type })
      expectCode(answer, type, 'media_type_unsupported')
    }
    expect(handled).toEqual([])
  })

  test.each(bodyRoutes)('%s takes no body that is too long', async (_, route) => {
    const path = address(route, {})
    const tooLong = JSON.stringify({ value: 'x'.repeat(route.bodyLimitBytes ?? 64 * 1024) })
    for (const body of [tooLong, new Blob([tooLong]).stream()]) {
      const answer = await sendText(route, path, body)
      expect(answer.problem()).toMatchObject({ status: 413, code: 'payload_too_large' })
    }
    expect(handled).toEqual([])
  })

  test.each(fileRoutes)('%s takes a file only, and none that is too long', async (_, route) => {
    const path = address(route, {})
    const types = [
      'application/json',
      'multipart/form-data; boundary=x',
      'image/png',
      `${FILE};x=1`,
    ]
    for (const type of types) {
      const answer = await sendText(route, path, 'a file', { 'content-type': type })
      expectCode(answer, type, 'media_type_unsupported')
    }
    const tooLong = new Uint8Array((route.fileLimitBytes ?? 0) + 1)
    for (const body of [tooLong, new Blob([tooLong]).stream()]) {
      const answer = await sendText(route, path, body, { 'content-type': FILE })
      expectCode(answer, 'too long', 'payload_too_large')
    }
    expect(handled).toEqual([])
  })

  const paramRoutes = namedRoutes.filter(([, route]) => route.params !== undefined)
  test.each(paramRoutes)('%s refuses hostile ids in its path', async (_, route) => {
    const before = await traces()
    const names = Object.keys(jsonSchemaOf(route.params ?? route.response).properties ?? {})
    const ids = [
      ...HOSTILE,
      '0',
      '-1',
      '9'.repeat(40),
      'null',
      '%',
      '%zz',
      '%E0%A4%A',
      '.',
      'é',
      'x'.repeat(3000),
    ]
    for (const name of names) {
      for (const id of ids) {
        const isRaw = id.startsWith('%') && !id.includes('%00')
        const params = { [name]: isRaw ? id : encodeURIComponent(id) }
        const answer = await send(route, { params })
        expectRefused(answer, { name, id })
      }
    }
    expect(await traces()).toEqual(before)
  })

  test.each(namedRoutes)('%s refuses a query that it does not know', async (_, route) => {
    const queries = ['?x=1', '?__proto__=1', '?queue[]=1', '?%00=1', '?userId=101', '?a=1&a=2']
    for (const query of queries) {
      const answer = await send(route, { query })
      expectCode(answer, query, 'bad_input')
      expect(answer.text).not.toContain('userId')
    }
    expect(handled).toEqual([])
  })

  const queryRoutes = namedRoutes.filter(([, route]) => route.query !== undefined)
  test.each(queryRoutes)('%s refuses wrong values in its query', async (_, route) => {
    const names = Object.keys(jsonSchemaOf(route.query ?? route.response).properties ?? {})
    for (const name of names) {
      for (const value of [...HOSTILE, '9'.repeat(40), 'x'.repeat(3000), '\ufffd', '\u0000']) {
        if (route.query?.safeParse({ [name]: value }).success === true) continue
        const answer = await send(route, { query: `?${name}=${encodeURIComponent(value)}` })
        expectCode(answer, { name, value }, 'bad_input')
      }
      const twice = await send(route, { query: `?${name}=1&${name}=2` })
      expect(twice.problem()).toMatchObject({ code: 'bad_input' })
    }
    expect(handled).toEqual([])
  })

  // To find nothing is an answer.
  const actRoutes = namedRoutes.filter(
    ([, route]) => route.method !== 'get' && route.operationId !== 'findByValue',
  )
  test.each(actRoutes)('%s refuses well-formed input about what is not there', async (_, route) => {
    const before = await traces()
    const answer = await send(route, {})
    expectRefused(answer, 'sample')
    expect(handled).toEqual([route.operationId])
    expect(await traces()).toEqual(before)
  })

  test.each(namedRoutes)('the path of %s refuses every other method', async (_, route) => {
    const path = address(route, {})
    const methods = ROUTES.filter((other) => other.path === route.path).map((other) => other.method)
    const allow = methods.flatMap((m) => (m === 'get' ? ['GET', 'HEAD'] : [m.toUpperCase()]))
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      if (allow.includes(method)) continue
      const response = await endpoint.request(path, { method })
      expect([method, response.status, response.headers.get('allow')]).toEqual([
        method,
        405,
        allow.join(', '),
      ])
      expect((await toAnswer(response)).problem()).toMatchObject({ code: 'method_not_allowed' })
    }
    const options = await endpoint.request(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' },
    })
    expect(options.status).toBe(204)
    expect([...options.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual(
      [],
    )
    expect(handled).toEqual([])
  })

  test('what is refused is never quoted, in the answer or in the log', async () => {
    const marker = 'MARKER4111'
    const [, route] =
      bodyRoutes.find(([, each]) => each.operationId === 'createRevealRequest') ?? []
    if (route === undefined) throw new Error('the route is gone')
    const answer = await send(route, {
      body: { [marker]: marker, ticketId: marker, fieldIds: [marker] },
    })
    expect(answer.problem().issues).toContainEqual({ path: 'body.ticketId', rule: 'invalid_type' })
    expect(answer.problem().issues).toContainEqual({ path: 'body', rule: 'unrecognized_keys' })
    await endpoint.request(`/api/tickets/${marker}/protected-fields?${marker}=1`, {
      headers: { authorization: `Bearer ${omar.credential}` },
    })
    expect(answer.text + endpoint.logLines.join('\n')).not.toContain(marker)
    expect(endpoint.logLines.join('\n')).not.toContain(omar.credential)
  })
})
