/** Messages to a chat tool, as a receiver meets them, and as the hostile among them would have it. */
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { ScrimError } from '../../src/core/errors.ts'
import { createChatWebhook } from '../../src/endpoint/outbox/chat-webhook.ts'

/** Of the specification's own test vector. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
/** The letters from A to X. */
const OLD_SECRET = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldY'
const ID = '0b9c4c0e-5d3f-4a51-9d0a-3c2f6f1f8f11'
const BODY = '{"text":"A reveal request waits for approval"}'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What a sender makes of a receiver: a code, or that it was sent. */
async function outcome(url: string, secrets: readonly string[] = [SECRET]) {
  // The library that verifies reads the real clock, and so does this test.
  const now = () => new Date()
  const webhook = createChatWebhook({ fetch, url, secrets, now, timeoutMs: 400 })
  try {
    await webhook.send({ id: ID, body: BODY })
    return { is: 'sent' }
  } catch (error) {
    if (!(error instanceof ScrimError)) throw error
    return { is: error.code, message: error.message, ...error.details }
  }
}

const answering = (status: number, headers: Record<string, string> = {}) =>
  receiver((_, response) => response.writeHead(status, headers).end())

describe('a message to a chat tool', () => {
  it('is verified by the library of Standard Webhooks, and a changed one is not', async () => {
    const seen: { body: string; headers: Record<string, string> }[] = []
    const url = await receiver(async (request, response) => {
      // Node joins what a header may have several of; these have one.
      const headers = request.headers as Record<string, string>
      seen.push({ body: await bodyOf(request), headers })
      response.writeHead(204).end()
    })
    expect(await outcome(url)).toEqual({ is: 'sent' })
    const [message] = seen
    const { body = '', headers = {} } = message ?? {}
    expect(new Webhook(SECRET).verify(body, headers)).toEqual(JSON.parse(BODY))
    expect(headers).toMatchObject({ 'webhook-id': ID, 'content-type': 'application/json' })
    expect(() => new Webhook(SECRET).verify(`${body} `, headers)).toThrow('No matching signature')
    const moved = { ...headers, 'webhook-id': 'another' }
    expect(() => new Webhook(SECRET).verify(body, moved)).toThrow('No matching signature')
    expect(() => new Webhook(OLD_SECRET).verify(body, headers)).toThrow('No matching signature')
  })

  it('has the signature of the specification’s test vector', async () => {
    let headers: Record<string, unknown> = {}
    const url = await receiver((request, response) => {
      headers = request.headers
      response.writeHead(204).end()
    })
    const now = () => new Date(1_614_265_330_000)
    const webhook = createChatWebhook({ fetch, url, secrets: [SECRET], now })
    await webhook.send({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' })
    expect(headers).toMatchObject({
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('carries both signatures while one secret replaces the other', async () => {
    let headers: Record<string, string> = {}
    const url = await receiver((request, response) => {
      headers = request.headers as Record<string, string>
      response.writeHead(200).end()
    })
    expect(await outcome(url, [SECRET, OLD_SECRET])).toEqual({ is: 'sent' })
    for (const secret of [SECRET, OLD_SECRET]) {
      expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY))
    }
  })

  it.each([400, 401, 403, 404, 410, 413])('is refused for good by %i', async (status) => {
    expect(await outcome(await answering(status))).toMatchObject({ is: 'chat_refused' })
  })

  it.each([408, 429, 500, 502, 503])('is tried again after %i', async (status) => {
    expect(await outcome(await answering(status))).toMatchObject({ is: 'chat_unavailable' })
  })

  it('waits as long as the receiver says, and not for ever', async () => {
    const soon = await answering(429, { 'retry-after': '17' })
    expect(await outcome(soon)).toMatchObject({ is: 'chat_unavailable', retryAfterSeconds: 17 })
    const never = await answering(503, { 'retry-after': '999999999' })
    expect(await outcome(never)).toMatchObject({ retryAfterSeconds: 600 })
  })

  it('follows no redirect, wherever it leads', async () => {
    let isFollowed = false
    const target = await receiver((_, response) => {
      isFollowed = true
      response.writeHead(200).end()
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await answering(status, { location: target })
      expect(await outcome(url)).toMatchObject({ is: 'chat_refused' })
    }
    expect(isFollowed).toBe(false)
  })

  it('does not read an answer that never ends', async () => {
    let isCut: Promise<void> = Promise.resolve()
    const url = await receiver((_, response) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      }
      response.on('drain', pour)
      isCut = new Promise((resolve) => response.on('close', resolve))
      pour()
    })
    expect(await outcome(url)).toEqual({ is: 'sent' })
    await isCut
  })

  it('gives up on a receiver that never answers, and says nothing of its address', async () => {
    const url = await receiver(() => {})
    const slow = await outcome(`${url}?key=secret-of-the-channel`)
    const gone = await outcome('http://127.0.0.1:1/secret-of-the-channel')
    for (const failure of [slow, gone]) {
      expect(failure).toMatchObject({ is: 'chat_unavailable' })
      expect(JSON.stringify(failure)).not.toContain('secret-of-the-channel')
    }
  })

  it('gives up on a receiver that hangs up', async () => {
    const url = await receiver((request) => request.socket.destroy())
    expect(await outcome(url)).toMatchObject({ is: 'chat_unavailable' })
  })
})
