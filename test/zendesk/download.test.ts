/** Attachments as they are fetched: from where, with what, and how much of them. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { API_ORIGIN, storeFile } from '../../src/sandbox/rest/state.ts'
import type { RestAttachment, RestComment } from '../../src/sandbox/rest/state.ts'
import { createRequestBudget } from '../../src/zendesk/budget.ts'
import { createRestClient } from '../../src/zendesk/rest-client.ts'
import { emulatedDirectory, START } from './emulated-directory.ts'

const TEXT = 'My passport is attached.'
const LIMIT = 1024

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Zendesk's emulator with one file attached to the first comment of a ticket. */
async function withFile(change: Partial<RestAttachment> = {}, content = TEXT) {
  const zendesk = emulatedDirectory()
  const { state } = zendesk.emulator
  const comment = state.comments[4001]?.[0] as RestComment
  const file = { fileName: 'note.txt', contentType: 'text/plain', content }
  comment.attachments.push({ ...storeFile(state, file, 'token-1'), ...change })
  const read = async () => (await zendesk.directory.content.comments(4001))[0]?.attachments ?? []
  const [attachment] = await read()
  return { ...zendesk, comment, read, attachment, content: zendesk.directory.content }
}

describe('a comment', () => {
  test('tells of its attachments, pictures in its text included', async () => {
    const { attachment, comment } = await withFile({ inline: true })
    expect(attachment).toEqual({
      id: comment.attachments[0]?.id,
      fileName: 'note.txt',
      contentUrl: `${API_ORIGIN}/attachments/token/token-1/?name=note.txt`,
      contentType: 'text/plain',
      size: TEXT.length,
      isInline: true,
      isMalware: false,
    })
  })

  test('is read although Zendesk says odd things of an attachment', async () => {
    const { comment, read } = await withFile()
    const odd: unknown[] = [{ id: 7, size: '12', file_name: null }, { file_name: 'no id' }]
    Object.assign(comment, { attachments: [...odd, { ...comment.attachments[0], deleted: true }] })
    expect(await read()).toEqual([
      expect.objectContaining({ id: 7, size: null, fileName: '', contentUrl: '' }),
    ])
  })
})

describe('an attachment', () => {
  test('is fetched through the redirect, our bearer going to the account’s own host alone', async () => {
    const { attachment, content, seen } = await withFile()
    if (attachment === undefined) throw new Error('no attachment')
    const bytes = await content.attachment(attachment, LIMIT)
    expect(bytes).toEqual(new TextEncoder().encode(TEXT))
    const files = seen.filter(({ url }) => url.includes('attachment') && !url.includes('/api/'))
    expect(
      files.map(({ url, headers }) => [new URL(url).host, headers.has('authorization')]),
    ).toEqual([
      [new URL(API_ORIGIN).host, true],
      ['p1.zdusercontent.com', false],
    ])
  })

  test('is too large by what Zendesk says, and then not even asked for', async () => {
    const { content, seen } = await withFile()
    const before = seen.length
    expect(await content.attachment({ contentUrl: API_ORIGIN, size: LIMIT + 1 }, LIMIT)).toBe(
      'too_large',
    )
    expect(seen.length).toBe(before)
  })

  test.each([
    ['more', TEXT.length - 1],
    ['less', TEXT.length + 1],
    ['nobody knows how much', null],
  ])('of which %s arrives than Zendesk says is not taken for the whole', async (_, size) => {
    const { attachment, content } = await withFile()
    if (attachment === undefined) throw new Error('no attachment')
    expect(await content.attachment({ ...attachment, size }, LIMIT)).toBeNull()
  })

  test('that is gone, or held back as malware, cannot be had', async () => {
    const { attachment, content, emulator, read } = await withFile({
      malware_scan_result: 'malware_found',
    })
    if (attachment === undefined) throw new Error('no attachment')
    expect(attachment.isMalware).toBe(true)
    expect(await content.attachment(attachment, LIMIT)).toBeNull()
    emulator.state.files = {}
    const [again] = await read()
    expect(await content.attachment({ ...attachment, ...again }, LIMIT)).toBeNull()
  })

  test('is redacted for good, also when that is asked again, and not on a closed ticket', async () => {
    const { attachment, content, comment, emulator, read } = await withFile()
    if (attachment === undefined) throw new Error('no attachment')
    const place = { ticketId: 4001, commentId: comment.id, attachmentId: attachment.id }
    const [ticket] = emulator.state.tickets.filter(({ id }) => id === 4001)
    if (ticket === undefined) throw new Error('no ticket')
    ticket.status = 'closed'
    await expect(content.redactAttachment(place)).rejects.toMatchObject({ code: 'conflict' })
    ticket.status = 'open'
    expect(await content.redactAttachment(place)).toBe(true)
    expect(await content.redactAttachment(place)).toBe(true)
    expect(await read()).toMatchObject([{ fileName: 'redacted.txt', size: 0 }])
    expect(emulator.exportState()).not.toContain(TEXT)
    expect(ticket.tags).toContain('redacted_content')
    expect(await content.redactAttachment({ ...place, attachmentId: 1 })).toBe(false)
  })
})

const FILE = 'https://sandbox.zendesk.com/attachments/token/abc/'

/** One server behind all hosts. */
function downloads(
  answer: (request: Request) => Response | Promise<Response>,
  baseUrl = 'https://sandbox.zendesk.com',
  requestsPerMinute = 10_000,
) {
  const requests: Request[] = []
  const budget = createRequestBudget({ requestsPerMinute, elapsed: () => 0 })
  const client = createRestClient({
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (request.url.endsWith('/oauth/tokens')) {
        return Response.json({ access_token: 'access-1', expires_in: 3600 })
      }
      requests.push(request)
      return await answer(request)
    },
    baseUrl,
    oauth: { clientId: 'scrim', clientSecret: 'client-secret-1' },
    budget,
    now: () => new Date(START),
    elapsed: () => 0,
  })
  return {
    requests,
    budget,
    fetchFile: (address: string) => client.download(address, LIMIT, 'ingest'),
  }
}

const leadTo = (location: string) => new Response(null, { status: 302, headers: { location } })

describe('the address of a file', () => {
  test.each([
    'http://sandbox.zendesk.com/attachments/token/abc/',
    'https://example.com/attachments/token/abc/',
    'https://zendesk.com.example.com/file',
    'https://notzendesk.com/file',
    'https://sandbox.zendesk.com:8443/file',
    'https://somebody:password@sandbox.zendesk.com/file',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'https://',
    '',
  ])('%j is not gone to, neither at first nor by a redirect', async (address) => {
    const first = downloads(() => new Response('secret'))
    expect(await first.fetchFile(address)).toEqual({ status: 'absent' })
    expect(first.requests).toEqual([])
    const second = downloads(({ url }) => (url === FILE ? leadTo(address) : new Response('secret')))
    expect(await second.fetchFile(FILE)).toEqual({ status: 'absent' })
    expect(second.requests.map(({ url }) => url)).toEqual([FILE])
  })

  test('may lead to another brand or a content host, both without our bearer', async () => {
    for (const address of ['https://brand.zendesk.com/file', 'https://p9.zdusercontent.com/file']) {
      const { fetchFile, requests } = downloads(() => new Response('content'))
      expect(await fetchFile(address)).toMatchObject({ status: 'ok' })
      expect(requests.map(({ headers }) => headers.has('authorization'))).toEqual([false])
    }
  })

  test('may be a plain one where the account itself is at one, as in the sandbox', async () => {
    const { fetchFile, requests } = downloads(() => new Response('x'), 'http://localhost:4000')
    expect(await fetchFile('http://localhost:4000/attachments/token/a/')).toMatchObject({
      status: 'ok',
    })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer access-1')
    expect(await fetchFile('http://localhost:4001/attachments/token/a/')).toEqual({
      status: 'absent',
    })
  })

  test('is given up after a few redirects, none of which gets our bearer', async () => {
    const { fetchFile, requests } = downloads(({ url }) => leadTo(`${url}x`))
    expect(await fetchFile(FILE)).toEqual({ status: 'absent' })
    const bearers = requests.map(({ headers }) => headers.has('authorization'))
    expect(bearers).toEqual([true, false, false, false])
  })
})

describe('a file', () => {
  test('longer than allowed is broken off, whatever it said of its length', async () => {
    let isCancelled = false
    const endless = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(100)),
        cancel: () => {
          isCancelled = true
        },
      })
    const { fetchFile } = downloads(() => new Response(endless()))
    expect(await fetchFile(FILE)).toEqual({ status: 'too_large' })
    expect(isCancelled).toBe(true)
    const announced = downloads(
      () => new Response('x', { headers: { 'content-length': String(LIMIT + 1) } }),
    )
    expect(await announced.fetchFile(FILE)).toEqual({ status: 'too_large' })
  })

  test('as long as allowed is taken', async () => {
    const { fetchFile } = downloads(() => new Response(new Uint8Array(LIMIT)))
    expect(await fetchFile(FILE)).toEqual({ status: 'ok', body: new Uint8Array(LIMIT) })
  })

  test('that never ends is given up after twenty seconds', async () => {
    const { fetchFile } = downloads(
      ({ signal }) =>
        new Response(
          new ReadableStream({
            start: (controller) =>
              signal.addEventListener('abort', () => controller.error(new Error('aborted'))),
          }),
        ),
    )
    const outcome = fetchFile(FILE).catch((reason: unknown) => reason)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await outcome).toMatchObject({ code: 'zendesk_unavailable' })
  })

  test.each([
    ['500', () => new Response('', { status: 500 }), { code: 'zendesk_unavailable' }],
    [
      'a transport error',
      () => {
        throw new TypeError('connect ECONNREFUSED')
      },
      { code: 'zendesk_unavailable', message: 'zendesk_unavailable' },
    ],
    [
      '429',
      () => new Response('', { status: 429, headers: { 'retry-after': '7' } }),
      { code: 'zendesk_busy', details: { retryAfterSeconds: 7 } },
    ],
  ])('behind %s is tried again later', async (_, answer, expected) => {
    await expect(downloads(answer).fetchFile(FILE)).rejects.toMatchObject(expected)
  })

  test.each([401, 403, 404, 410])('refused with %i is not to be had', async (status) => {
    const { fetchFile } = downloads(() => new Response('no', { status }))
    expect(await fetchFile(FILE)).toEqual({ status: 'absent' })
  })

  test('is asked for again with a new credential when the old one is none any more', async () => {
    const { attachment, content, emulator } = await withFile()
    if (attachment === undefined) throw new Error('no attachment')
    emulator.controls.revokeCredentials()
    expect(await content.attachment(attachment, LIMIT)).toEqual(new TextEncoder().encode(TEXT))
  })

  test('stops all calls when the account’s host says 429, and none when another does', async () => {
    const busy = () => new Response('', { status: 429, headers: { 'retry-after': '7' } })
    const own = downloads(busy)
    await own.fetchFile(FILE).catch(() => undefined)
    expect(own.budget.take('act').granted).toBe(false)
    const other = downloads(busy)
    await other.fetchFile('https://p9.zdusercontent.com/file').catch(() => undefined)
    expect(other.budget.take('act').granted).toBe(true)
  })

  test('counts as a call of the share that ingestion has of the budget', async () => {
    const { fetchFile } = downloads(() => new Response('x'), undefined, 10)
    vi.useRealTimers()
    for (let at = 0; at < 3; at += 1) await fetchFile(FILE)
    await expect(fetchFile(FILE)).rejects.toMatchObject({ code: 'zendesk_busy' })
  })
})
