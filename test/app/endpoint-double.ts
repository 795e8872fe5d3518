/**
 * The endpoint at its protocol: a fetch that answers HTTP as `src/endpoint` does, scripted by a test.
 * What the app sent stays readable.
 */
import type { ScrimErrorCode } from '../../src/core/errors.ts'

export type Sent = {
  method: string
  path: string
  body: unknown
  headers: Record<string, string>
}

type Reply = Response | Promise<Response>
type Handler = (sent: Sent) => Reply

export type EndpointDouble = {
  fetch: typeof fetch
  sent: Sent[]
  /** Answers from now on; the path may end in `*`. */
  on(method: string, path: string, handler: Handler): void
  sentTo(method: string, path: string): Sent[]
}

export function json(body: unknown, etag?: string): Response {
  return new Response(JSON.stringify(body), {
    status: 200,
    headers: { 'content-type': 'application/json', ...(etag === undefined ? {} : { etag }) },
  })
}

export function problem(code: ScrimErrorCode, status: number, more: object = {}): Response {
  return new Response(
    JSON.stringify({ type: `urn:scrim:problem:${code}`, title: code, status, code, ...more }),
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

/** A fetch that never arrives anywhere. */
export function noNetwork(): Promise<Response> {
  return Promise.reject(new TypeError('Failed to fetch'))
}

/** An answer that does not come until the caller gives up. */
export function silence(): Promise<Response> {
  return new Promise(() => undefined)
}

export function openEndpointDouble(): EndpointDouble {
  const sent: Sent[] = []
  const handlers: { method: string; path: string; handler: Handler }[] = []
  const matches = (pattern: string, path: string) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path
  return {
    sent,
    on: (method, path, handler) => {
      handlers.unshift({ method, path, handler })
    },
    sentTo: (method, path) =>
      sent.filter((one) => one.method === method && matches(path, one.path)),
    fetch: (input, init = {}) => {
      const path = String(input).replace(/^\/api/, '')
      const method = init.method ?? 'GET'
      const one: Sent = {
        method,
        path,
        body: typeof init.body === 'string' ? JSON.parse(init.body) : null,
        headers: Object.fromEntries(new Headers(init.headers)),
      }
      sent.push(one)
      const handler = handlers.find((each) => each.method === method && matches(each.path, path))
      const reply = Promise.resolve(
        handler === undefined ? problem('route_not_found', 404) : handler.handler(one),
      )
      const aborted = new Promise<Response>((_, reject) => {
        init.signal?.addEventListener('abort', () =>
          reject(new DOMException('aborted', 'AbortError')),
        )
      })
      return Promise.race([reply, aborted])
    },
  }
}
