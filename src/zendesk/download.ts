/**
 * Files that Zendesk keeps, fetched by an address that stands in a ticket. Such an address may lead
 * anywhere ("Working with url properties" in Zendesk's documentation), so it is followed to Zendesk's
 * hosts only, and our bearer to none but the account's own.
 */
import { ScrimError } from '../core/errors.ts'
import { busy, retryAfterSeconds } from './retry-after.ts'

/** For all of a file, redirects included. */
const TIMEOUT_MS = 20_000
const MAX_REDIRECTS = 3
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]
const SIGN_IN = /^\/(?:auth|access)\//
const CONTENT_HOSTS = ['.zendesk.com', '.zdusercontent.com'] as const

/** `absent`: not there, not for us, or kept by somebody else. */
export type Download = { status: 'ok'; body: Uint8Array } | { status: 'too_large' | 'absent' }

export type DownloadDeps = {
  fetch: typeof fetch
  /** The account's own address, which alone may be a plain `http:` one: the sandbox's. */
  baseUrl: string
  credential: { get(): Promise<string>; drop(stale: string): void }
  /** The account's host said 429. */
  pause: (seconds: number) => void
  now: () => Date
}

/**
 * The bytes behind `address`. Redirects are followed by hand, each checked as the first address is, and
 * none with the bearer. Throws `zendesk_unavailable` and `zendesk_busy` as every call does.
 */
export async function download(
  deps: DownloadDeps,
  address: string,
  maxBytes: number,
): Promise<Download> {
  const own = new URL(deps.baseUrl)
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS)
  const send = async (url: URL, token: string | null): Promise<Response> => {
    const response = await deps.fetch(url, {
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
      redirect: 'manual',
      signal: timeout.signal,
    })
    if (response.status === 429) {
      const seconds = retryAfterSeconds(response.headers.get('retry-after'), deps.now())
      if (url.origin === own.origin) deps.pause(seconds)
      throw busy(seconds)
    }
    if (response.status >= 500) throw new ScrimError('zendesk_unavailable')
    return response
  }
  const sendFirst = async (url: URL): Promise<Response> => {
    if (url.origin !== own.origin) return await send(url, null)
    const token = await deps.credential.get()
    const response = await send(url, token)
    if (response.status !== 401 && !leadsToSignIn(response, url)) return response
    await response.body?.cancel()
    deps.credential.drop(token)
    return await send(url, await deps.credential.get())
  }

  try {
    let url = trusted(address, own)
    if (url === null) return { status: 'absent' }
    let response = await sendFirst(url)
    for (let redirects = 0; REDIRECTS.includes(response.status); redirects += 1) {
      await response.body?.cancel()
      url = trusted(response.headers.get('location') ?? '', own, url)
      if (url === null || redirects === MAX_REDIRECTS) return { status: 'absent' }
      response = await send(url, null)
    }
    if (response.status === 200) return await readBody(response, maxBytes)
    await response.body?.cancel()
    return { status: 'absent' }
  } catch (error) {
    // What the transport threw may name addresses; only our own codes go on.
    throw error instanceof ScrimError ? error : new ScrimError('zendesk_unavailable')
  } finally {
    clearTimeout(timer)
  }
}

/** Addresses outside the API say with a redirect what the API says with 401. */
function leadsToSignIn(response: Response, url: URL): boolean {
  const location = response.headers.get('location') ?? ''
  if (!REDIRECTS.includes(response.status) || !URL.canParse(location, url)) return false
  return SIGN_IN.test(new URL(location, url).pathname)
}

/** The address where we may go, or null. */
function trusted(address: string, own: URL, base?: URL): URL | null {
  if (address === '' || !URL.canParse(address, base)) return null
  const url = new URL(address, base)
  if (url.username !== '' || url.password !== '') return null
  if (url.origin === own.origin) return url
  const isContentHost = CONTENT_HOSTS.some((host) => url.hostname.endsWith(host))
  return url.protocol === 'https:' && url.port === '' && isContentHost ? url : null
}

/** Never more than `maxBytes` of it, whatever its header says. */
async function readBody(response: Response, maxBytes: number): Promise<Download> {
  const announced = Number(response.headers.get('content-length') ?? 0)
  const chunks: Uint8Array[] = []
  let length = announced
  if (announced <= maxBytes) {
    length = 0
    // Ending the loop cancels the stream.
    for await (const chunk of response.body ?? []) {
      length += chunk.byteLength
      if (length > maxBytes) break
      chunks.push(chunk)
    }
  } else await response.body?.cancel()
  if (length > maxBytes) return { status: 'too_large' }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return { status: 'ok', body }
}
