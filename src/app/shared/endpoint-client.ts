/**
 * The app's only way to the endpoint: same origin, a bearer that lives in this closure, a time limit
 * on every call, and problem details turned into coded errors.
 */
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import type { Problem } from '../../contract/primitives.ts'

/** No answer, or none that Scrim wrote: the network, a proxy, a server that is starting. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

/** `receivedAt` (`performance.now()`) is when the remaining seconds in `body` began to run. */
/**
 * The page was served without a session because something was down. The page itself cannot ask for
 * another: a page credential comes with the page, from Zendesk.
 */
export class NoSessionError extends ScrimError {}

export type Answer<Body> =
  | { isUnchanged: false; body: Body; etag: string | null; receivedAt: number }
  | { isUnchanged: true }

export type CallOptions = { timeoutMs?: number; signal?: AbortSignal }

export type EndpointClient = {
  /** An answer to `path` that is here before anybody asked; null when there is none. */
  arrived<Body>(path: string): Answer<Body> | null
  /** A read. With `etag`, an unchanged answer costs no body. Throws ScrimError or UnreachableError. */
  get<Body>(path: string, options?: CallOptions & { etag?: string | null }): Promise<Answer<Body>>
  /** An act. Never repeated by itself. Throws ScrimError or UnreachableError. */
  send<Body>(
    method: 'POST' | 'PUT',
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<Body>
}

const READ_TIMEOUT_MS = 10_000
const ACT_TIMEOUT_MS = 15_000

/** Codes that pass by themselves: the screen says what is down and counts to the next try. */
const PASSING: readonly ScrimErrorCode[] = [
  'zendesk_unavailable',
  'zendesk_busy',
  'storage_unavailable',
  'keys_unavailable',
  'rate_limited',
  'internal',
]

/** Codes after which only a reload of the page can help. */
const SESSION_ENDINGS: readonly ScrimErrorCode[] = [
  'page_credential_missing',
  'page_credential_invalid',
  'page_credential_expired',
  'page_credential_audience',
  'page_credential_replayed',
  'session_invalid',
  'session_expired',
  'session_location',
]

export function isPassing(error: unknown): boolean {
  if (error instanceof NoSessionError) return false
  return (
    error instanceof UnreachableError ||
    (error instanceof ScrimError && PASSING.includes(error.code))
  )
}

export function isSessionEnding(error: unknown): boolean {
  if (error instanceof NoSessionError) return true
  return error instanceof ScrimError && SESSION_ENDINGS.includes(error.code)
}

async function readProblem(response: Response): Promise<ScrimError | UnreachableError> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('application/problem+json')) return new UnreachableError()
  try {
    // Only the endpoint writes problem details under this media type.
    const { code, retryAfterSeconds, limit, issues, kinds, companion } =
      (await response.json()) as Problem
    return new ScrimError(code, { retryAfterSeconds, limit, issues, kinds, companion })
  } catch {
    return new UnreachableError()
  }
}

/** `refusal` is why the page has no session; every call then fails with it and sends nothing. */
export function createEndpointClient(deps: {
  fetch: typeof fetch
  credential: string | null
  refusal: ScrimErrorCode | null
}): EndpointClient {
  const { fetch, credential, refusal } = deps

  async function call(path: string, init: RequestInit, timeoutMs: number, signal?: AbortSignal) {
    if (credential === null) {
      const code = refusal ?? 'page_credential_missing'
      throw PASSING.includes(code) ? new NoSessionError(code) : new ScrimError(code)
    }
    const controller = new AbortController()
    const abort = () => controller.abort()
    const timer = setTimeout(abort, timeoutMs)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    try {
      const response = await fetch(`/api${path}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${credential}` },
        signal: controller.signal,
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      })
      if (response.ok) {
        return { response, body: response.status === 204 ? null : await response.json() }
      }
      if (response.status === 304) return { response, body: null }
      throw await readProblem(response)
    } catch (error) {
      throw error instanceof ScrimError ? error : new UnreachableError()
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    arrived: () => null,
    async get<Body>(path: string, options: CallOptions & { etag?: string | null } = {}) {
      const headers: Record<string, string> = options.etag ? { 'if-none-match': options.etag } : {}
      const { response, body } = await call(
        path,
        { method: 'GET', headers },
        options.timeoutMs ?? READ_TIMEOUT_MS,
        options.signal,
      )
      if (response.status === 304) return { isUnchanged: true } as const
      return {
        isUnchanged: false,
        // The endpoint answers with the contract's schema for this path.
        body: body as Body,
        etag: response.headers.get('etag'),
        receivedAt: performance.now(),
      } as const
    },
    async send<Body>(
      method: 'POST' | 'PUT',
      path: string,
      payload: object,
      options: CallOptions = {},
    ) {
      const { body } = await call(
        path,
        {
          method,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(payload),
        },
        options.timeoutMs ?? ACT_TIMEOUT_MS,
        options.signal,
      )
      return body as Body
    },
  }
}
