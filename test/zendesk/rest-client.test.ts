import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createRequestBudget } from '../../src/zendesk/budget.ts'
import { createRestClient } from '../../src/zendesk/rest-client.ts'

const SECRET = 'client-secret-1'

/** A server made of one function; only for answers that the emulator never gives. */
function clientOf(
  answer: (request: Request) => Response | Promise<Response>,
  token: { expires_in?: number | null } = { expires_in: 3600 },
) {
  let elapsedMs = 0
  const requests: Request[] = []
  let issued = 0
  const client = createRestClient({
    fetch: async (input, init) => {
      const request = new Request(input, init)
      requests.push(request)
      if (new URL(request.url).pathname === '/oauth/tokens') {
        issued += 1
        return Response.json({ access_token: `access-${issued}`, ...token })
      }
      return answer(request)
    },
    baseUrl: 'https://sandbox.zendesk.com',
    oauth: { clientId: 'scrim', clientSecret: SECRET },
    budget: createRequestBudget({ requestsPerMinute: 10_000, elapsed: () => elapsedMs }),
    now: () => new Date(elapsedMs),
    elapsed: () => elapsedMs,
  })
  return {
    client,
    requests,
    issued: () => issued,
    pass: (seconds: number) => {
      elapsedMs += seconds * 1000
    },
  }
}

const item = z.object({ id: z.number() })
const read = (answer: (request: Request) => Response | Promise<Response>) =>
  clientOf(answer).client.read('/api/v2/things/1', z.object({ thing: item }), 'act')

describe('the access credential', () => {
  test.each([
    ['seconds', 3600, 3600],
    ['milliseconds', 3_600_000, 3600],
    ['nothing', null, 300],
  ])('that expires in %s is used until shortly before', async (_, expiresIn, seconds) => {
    const { client, issued, pass } = clientOf(() => Response.json({ thing: { id: 1 } }), {
      expires_in: expiresIn,
    })
    const ask = () => client.read('/api/v2/things/1', z.unknown(), 'act')
    await ask()
    pass(seconds - 61)
    await ask()
    expect(issued()).toBe(1)
    pass(2)
    await ask()
    expect(issued()).toBe(2)
  })

  test('is fetched once by many who need it at the same time', async () => {
    const { client, issued } = clientOf(() => Response.json({}))
    await Promise.all(
      Array.from({ length: 30 }, () => client.read('/api/v2/things/1', z.unknown(), 'act')),
    )
    expect(issued()).toBe(1)
  })

  test('that is refused is renewed once, and then the answer stands', async () => {
    const { client, issued, requests } = clientOf(() => new Response('{}', { status: 401 }))
    await expect(client.read('/api/v2/things/1', z.unknown(), 'act')).rejects.toMatchObject({
      code: 'zendesk_unavailable',
    })
    expect(issued()).toBe(2)
    expect(requests.filter((request) => request.url.includes('things'))).toHaveLength(2)
  })

  test('goes out in a header, its client secret in a body, neither in an address', async () => {
    const { client, requests } = clientOf(() => Response.json({}))
    await client.read('/api/v2/things/1', z.unknown(), 'act')
    expect(requests.map((request) => request.url).join()).not.toMatch(/client-secret|access-1/)
    expect(requests[1]?.headers.get('authorization')).toBe('Bearer access-1')
  })
})

describe('an answer that cannot be relied on', () => {
  test.each([
    ['no JSON', () => new Response('<html>', { status: 200 })],
    ['JSON of another shape', () => Response.json({ thing: { id: '1' } })],
    ['nothing', () => new Response('', { status: 200 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: '/x' } })],
    ['a teapot', () => new Response('{}', { status: 418 })],
    ['500', () => new Response('{}', { status: 500 })],
    ['503', () => new Response('{}', { status: 503, headers: { 'retry-after': '5' } })],
  ])('%s is Zendesk being unavailable', async (_, answer) => {
    await expect(read(answer)).rejects.toMatchObject({ code: 'zendesk_unavailable' })
  })

  test('a transport error passes nothing on of what it says', async () => {
    const error = await read(() => {
      throw new TypeError('connect ECONNREFUSED sandbox.zendesk.com Bearer access-1')
    }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'zendesk_unavailable', message: 'zendesk_unavailable' })
    expect((error as Error).cause).toBeUndefined()
  })

  test('members that we do not know are no reason to doubt', async () => {
    expect(
      await read(() => Response.json({ thing: { id: 1, new_member: true }, more: [] })),
    ).toEqual({ status: 'ok', body: { thing: { id: 1 } } })
  })
})

describe('an answer that takes too long', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const aborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')))
    })

  test('is given up after five seconds', async () => {
    const outcome = read((request) => aborted(request.signal)).catch((reason: unknown) => reason)
    await vi.advanceTimersByTimeAsync(4_999)
    const still = Symbol('still waiting')
    expect(await Promise.race([outcome, Promise.resolve(still)])).toBe(still)
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatchObject({ code: 'zendesk_unavailable' })
  })

  test('is given up too when only its body never ends', async () => {
    const outcome = read((request) => {
      const body = new ReadableStream({
        start(controller) {
          request.signal.addEventListener('abort', () => controller.error(new Error('aborted')))
        },
      })
      return new Response(body)
    }).catch((reason: unknown) => reason)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await outcome).toMatchObject({ code: 'zendesk_unavailable' })
  })
})

describe('a list', () => {
  const list = (answer: (request: Request) => Response) => {
    const { client, requests } = clientOf(answer)
    return { outcome: client.readAll('/api/v2/things', 'things', item, 'act'), requests }
  }
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ id: from + index }))

  test('paged by cursor is read to its end', async () => {
    const { outcome } = list(({ url }) =>
      Response.json(
        url.includes('after')
          ? { things: ids(100, 120), meta: { has_more: false }, links: { next: null } }
          : {
              things: ids(0, 100),
              meta: { has_more: true },
              links: { next: 'https://sandbox.zendesk.com/api/v2/things?page[after]=x' },
            },
      ),
    )
    expect(await outcome).toEqual({ status: 'ok', body: ids(0, 120) })
  })

  test('paged by offset is read to its end', async () => {
    const { outcome } = list(({ url }) =>
      Response.json(
        url.endsWith('page=2')
          ? { things: ids(100, 120), next_page: null, count: 120 }
          : {
              things: ids(0, 100),
              next_page: 'https://sandbox.zendesk.com/api/v2/things.json?page=2',
              count: 120,
            },
      ),
    )
    expect(await outcome).toEqual({ status: 'ok', body: ids(0, 120) })
  })

  test('whose next page is on another host is still asked of ours', async () => {
    const { outcome, requests } = list(({ url }) =>
      Response.json(
        url.includes('page=2')
          ? { things: [], next_page: null }
          : { things: [], next_page: 'https://evil.example/api/v2/things?page=2' },
      ),
    )
    await outcome
    expect(requests.map((request) => new URL(request.url).host)).toEqual(
      Array.from({ length: 3 }, () => 'sandbox.zendesk.com'),
    )
  })

  test.each([
    ['that leads in a circle', { things: [], next_page: '/api/v2/things?page=1' }],
    ['that promises more and does not say where', { things: [], meta: { has_more: true } }],
    ['without its items', { next_page: null }],
    ['with one wrong item', { things: [{ id: 1 }, { id: null }] }],
  ])('%s is not used at all', async (_, page) => {
    await expect(list(() => Response.json(page)).outcome).rejects.toMatchObject({
      code: 'zendesk_unavailable',
    })
  })

  test('that leads out of the API is not followed', async () => {
    const { outcome, requests } = list(({ url }) =>
      Response.json({ things: [], next_page: url.includes('elsewhere') ? null : '/elsewhere' }),
    )
    await expect(outcome).rejects.toMatchObject({ code: 'zendesk_unavailable' })
    expect(requests.map((request) => request.url).join()).not.toContain('elsewhere')
  })

  test('that breaks off half way is not used at all', async () => {
    const { outcome } = list(({ url }) =>
      url.includes('page=2')
        ? new Response('{}', { status: 500 })
        : Response.json({ things: ids(0, 100), next_page: '/api/v2/things?page=2' }),
    )
    await expect(outcome).rejects.toMatchObject({ code: 'zendesk_unavailable' })
  })
})
