/**
 * The access credential of our own OAuth client (`client_credentials`): fetched once, kept in memory,
 * renewed before it expires. It never leaves this folder except in an `Authorization` header.
 */
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'

const tokenResponse = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().nullish(),
})

/** Zendesk allows 300 to 172,800 seconds; its documentation says milliseconds in one place. */
const MAX_LIFETIME_SECONDS = 172_800
const DEFAULT_LIFETIME_SECONDS = 300
const RENEW_BEFORE_SECONDS = 60

export type AccessCredential = {
  /** A credential that is good for at least a few seconds. Callers at the same time share one fetch. */
  get(): Promise<string>
  /** Zendesk answered 401 to `stale`: the next `get` fetches anew. */
  drop(stale: string): void
}

/** Sends one JSON request outside the REST client; the client injects its time-out and budget. */
export type SendJson = (
  path: string,
  body: Readonly<Record<string, string>>,
) => Promise<{ status: number; body: unknown }>

/**
 * @param deps.send may throw `zendesk_unavailable` or `zendesk_busy`, which pass through
 * @throws ScrimError `zendesk_unavailable` when Zendesk refuses the client or answers nonsense
 */
export function createAccessCredential(deps: {
  send: SendJson
  clientId: string
  clientSecret: string
  elapsed: () => number
}): AccessCredential {
  let held: { token: string; renewAt: number } | null = null
  let fetching: Promise<string> | null = null

  const renew = async (): Promise<string> => {
    const startedAt = deps.elapsed()
    const answer = await deps.send('/oauth/tokens', {
      grant_type: 'client_credentials',
      client_id: deps.clientId,
      client_secret: deps.clientSecret,
      scope: 'read write',
    })
    const parsed = tokenResponse.safeParse(answer.body)
    if (answer.status !== 200 || !parsed.success) throw new ScrimError('zendesk_unavailable')
    const { access_token: token, expires_in: expiresIn } = parsed.data
    const lifetime = lifetimeSeconds(expiresIn ?? DEFAULT_LIFETIME_SECONDS)
    const margin = Math.min(RENEW_BEFORE_SECONDS, lifetime / 2)
    held = { token, renewAt: startedAt + (lifetime - margin) * 1000 }
    return token
  }

  return {
    get() {
      if (held !== null && deps.elapsed() < held.renewAt) return Promise.resolve(held.token)
      fetching ??= renew().finally(() => {
        fetching = null
      })
      return fetching
    },
    drop(stale) {
      if (held?.token === stale) held = null
    },
  }
}

/** A number too large to be seconds is milliseconds. */
function lifetimeSeconds(expiresIn: number): number {
  return expiresIn > MAX_LIFETIME_SECONDS ? expiresIn / 1000 : expiresIn
}
