/**
 * Messages to a chat tool, signed as Standard Webhooks (standardwebhooks.com) has it. Whoever receives
 * them is trusted with ids and labels and with nothing else: no redirect is followed, no answer is
 * read, and none is waited for longer than some seconds.
 */
import { Webhook } from 'standardwebhooks'
import { ScrimError } from '../../core/errors.ts'
import { retryAfterSeconds } from '../../zendesk/retry-after.ts'

const TIMEOUT_MS = 5_000
/** What asking again may change, besides 5xx: "Request Timeout" and "Too Many Requests". */
const PASSING: readonly number[] = [408, 429]

export type ChatWebhook = {
  /**
   * Resolves when the receiver said 2xx. `id` stays the same however often a message is sent. Throws
   * `chat_unavailable`, with `retryAfterSeconds` where the receiver says so, and `chat_refused` for
   * what trying again does not change.
   */
  send(message: { id: string; body: string }): Promise<void>
}

export function createChatWebhook(deps: {
  fetch: typeof fetch
  url: string
  /** Base64, `whsec_` before it or not; while one replaces another both sign. */
  secrets: readonly string[]
  now: () => Date
  timeoutMs?: number
}): ChatWebhook {
  const signers = deps.secrets.map((secret) => new Webhook(secret))
  return {
    async send({ id, body }) {
      const at = deps.now()
      const status = await post(deps, body, {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signers.map((signer) => signer.sign(id, at, body)).join(' '),
      })
      if (status.code >= 200 && status.code < 300) return
      if (status.code >= 500 || PASSING.includes(status.code)) {
        const wait = status.retryAfter
        throw new ScrimError(
          'chat_unavailable',
          wait === null ? {} : { retryAfterSeconds: retryAfterSeconds(wait, deps.now()) },
        )
      }
      throw new ScrimError('chat_refused')
    },
  }
}

async function post(
  deps: { fetch: typeof fetch; url: string; timeoutMs?: number },
  body: string,
  headers: Record<string, string>,
): Promise<{ code: number; retryAfter: string | null }> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), deps.timeoutMs ?? TIMEOUT_MS)
  try {
    const response = await deps.fetch(deps.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: timeout.signal,
    })
    // However long it is: the status says all there is to know.
    await response.body?.cancel()
    return { code: response.status, retryAfter: response.headers.get('retry-after') }
  } catch {
    // What the transport threw may name the address, and that may hold a credential.
    throw new ScrimError('chat_unavailable')
  } finally {
    clearTimeout(timer)
  }
}
