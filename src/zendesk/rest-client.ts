/**
 * Zendesk's REST API as we use it: authenticated, budgeted, timed, paged, and read through schemas.
 * Nothing here logs, and no error holds an address, a body or a credential.
 */
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { RequestBudget } from './budget.ts'
import type { Priority } from './directory.ts'
import { download } from './download.ts'
import type { Download } from './download.ts'
import { createAccessCredential } from './oauth.ts'
import { busy, retryAfterSeconds } from './retry-after.ts'

const TIMEOUT_MS = 5_000
/** How long a call waits for its turn in the budget before it is told to come back. */
const PATIENCE_MS = {
  view: 7_000,
  watch: 1_000,
  act: 3_000,
  ingest: 3_000,
  background: 60_000,
} as const
const PAGE_SIZE = 100
const MAX_PAGES = 200

/**
 * `background`: may take its time, but counts as an act, for lists that serve everybody: without them
 * every view fails. `ingest`: reading and redacting what arrives, which is put off when its share is
 * spent. `admitted`: the caller already holds this call's admission.
 */
export type Turn = Priority | 'ingest' | 'background' | 'admitted'

/** What Zendesk said, where saying no is an answer: 404, 403 and 409 or 422. */
export type RestAnswer<T> =
  { status: 'ok'; body: T } | { status: 'absent' | 'forbidden' | 'invalid' }

export type RestClient = {
  /** Waits for (views) or demands (others) one call of the budget. */
  admit(priority: Priority): Promise<void>
  read<T>(path: string, schema: z.ZodType<T>, turn: Turn): Promise<RestAnswer<T>>
  /** All pages of a list, by cursor or offset as Zendesk answers. All or nothing. */
  readAll<T>(path: string, key: string, item: z.ZodType<T>, turn: Turn): Promise<RestAnswer<T[]>>
  write<T>(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    turn: Turn,
  ): Promise<RestAnswer<T>>
  /** A file by the address that Zendesk gives for it; counts as one call. See `download.ts`. */
  download(address: string, maxBytes: number, turn: Exclude<Turn, 'admitted'>): Promise<Download>
}

/**
 * @throws ScrimError from every method: `zendesk_unavailable` (unreachable, too slow, 5xx, redirected,
 *   unreadable, our client refused), `zendesk_busy` with `retryAfterSeconds` (budget or 429)
 */
export function createRestClient(deps: {
  fetch: typeof fetch
  baseUrl: string
  oauth: { clientId: string; clientSecret: string }
  budget: RequestBudget
  now: () => Date
  elapsed: () => number
}): RestClient {
  const { budget } = deps

  const takeTurn = async (turn: Exclude<Turn, 'admitted'>): Promise<void> => {
    let patienceMs: number = PATIENCE_MS[turn]
    for (;;) {
      const admission = budget.take(turn === 'background' ? 'act' : turn)
      if (admission.granted) return
      const waitMs = Math.ceil(admission.waitMs)
      if (waitMs > patienceMs) throw busy(waitMs / 1000)
      patienceMs -= waitMs
      await new Promise((resolve) => {
        setTimeout(resolve, waitMs)
      })
    }
  }

  const exchange = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: unknown,
  ): Promise<{ status: number; body: unknown }> => {
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS)
    try {
      const response = await deps.fetch(`${deps.baseUrl}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        // A bearer follows no redirect.
        redirect: 'error',
        signal: timeout.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (response.status === 429) {
        const seconds = retryAfterSeconds(response.headers.get('retry-after'), deps.now())
        budget.pause(seconds)
        throw busy(seconds)
      }
      if (response.status >= 500) throw new ScrimError('zendesk_unavailable')
      const text = await response.text()
      return { status: response.status, body: response.ok ? JSON.parse(text || 'null') : null }
    } catch (error) {
      // What the transport threw may name addresses; only our own codes go on.
      throw error instanceof ScrimError ? error : new ScrimError('zendesk_unavailable')
    } finally {
      clearTimeout(timer)
    }
  }

  const credential = createAccessCredential({
    ...deps.oauth,
    elapsed: deps.elapsed,
    send: async (path, body) => {
      await takeTurn('act')
      return exchange('POST', path, {}, body)
    },
  })

  const admit = async (turn: Exclude<Turn, 'admitted'>): Promise<void> => {
    // First the credential: a call that is admitted leaves at once, so the minute holds.
    await credential.get()
    await takeTurn(turn)
  }

  const call = async <T>(
    method: string,
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    turn: Turn,
  ): Promise<RestAnswer<T>> => {
    const send = async (): Promise<{ status: number; body: unknown; token: string }> => {
      const token = await credential.get()
      const answer = await exchange(method, path, { authorization: `Bearer ${token}` }, body)
      return { ...answer, token }
    }
    if (turn !== 'admitted') await admit(turn)
    let answer = await send()
    if (answer.status === 401) {
      credential.drop(answer.token)
      await admit('act')
      answer = await send()
    }
    if (answer.status === 404) return { status: 'absent' }
    if (answer.status === 403) return { status: 'forbidden' }
    if (answer.status === 409 || answer.status === 422) return { status: 'invalid' }
    const parsed = schema.safeParse(answer.body)
    if (answer.status >= 300 || !parsed.success) throw new ScrimError('zendesk_unavailable')
    return { status: 'ok', body: parsed.data }
  }

  const readAll = async <T>(
    path: string,
    key: string,
    item: z.ZodType<T>,
    turn: Turn,
  ): Promise<RestAnswer<T[]>> => {
    const page = pageOf(key, item)
    const items: T[] = []
    const seen = new Set<string>()
    let next: string | null = withPageSize(path)
    while (next !== null) {
      if (seen.has(next) || seen.size >= MAX_PAGES) throw new ScrimError('zendesk_unavailable')
      const answer: RestAnswer<z.infer<typeof page>> = await call(
        'GET',
        next,
        undefined,
        page,
        // Only the first page's turn can have been taken in advance.
        seen.size === 0 || turn !== 'admitted' ? turn : 'view',
      )
      if (answer.status !== 'ok') return { status: answer.status }
      seen.add(next)
      // The schema above holds `key` to be an array of items.
      items.push(...((answer.body as Record<string, unknown>)[key] as T[]))
      next = nextPath(pageLinks.parse(answer.body))
    }
    return { status: 'ok', body: items }
  }

  return {
    admit,
    read: (path, schema, turn) => call('GET', path, undefined, schema, turn),
    readAll,
    write: (method, path, body, schema, turn) => call(method, path, body, schema, turn),
    download: async (address, maxBytes, turn) => {
      await admit(turn)
      return await download({ ...deps, credential, pause: budget.pause }, address, maxBytes)
    },
  }
}

/** One schema for each kind of item: the first read through one costs more than what it reads. */
const pages = new WeakMap<z.ZodType, ReturnType<typeof buildPage>>()

function pageOf(key: string, item: z.ZodType) {
  const known = pages.get(item)
  if (known?.key === key) return known.page
  const built = buildPage(key, item)
  pages.set(item, built)
  return built.page
}

const buildPage = (key: string, item: z.ZodType) => ({
  key,
  page: z.object({ [key]: z.array(item), ...pageLinks.shape }),
})

const pageLinks = z.object({
  meta: z.object({ has_more: z.boolean() }).nullish(),
  links: z.object({ next: z.string().nullish() }).nullish(),
  next_page: z.string().nullish(),
})

function withPageSize(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}page[size]=${PAGE_SIZE}`
}

/**
 * The path of the next page, or null. Only path and query of Zendesk's link are used, so that no
 * answer can send our bearer to another host.
 */
function nextPath(links: z.infer<typeof pageLinks>): string | null {
  const link = links.meta ? (links.meta.has_more ? links.links?.next : null) : links.next_page
  if (link === null || link === undefined) {
    if (links.meta?.has_more === true) throw new ScrimError('zendesk_unavailable')
    return null
  }
  if (!URL.canParse(link, 'https://next.invalid')) throw new ScrimError('zendesk_unavailable')
  const url = new URL(link, 'https://next.invalid')
  if (!url.pathname.startsWith('/api/v2/')) throw new ScrimError('zendesk_unavailable')
  return `${url.pathname}${url.search}`
}
