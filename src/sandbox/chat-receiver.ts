/**
 * A chat tool for the sandbox: takes what Scrim signs, and shows the latest of it at `/sandbox/chat`.
 * It checks signatures with the library that receivers use.
 */
import { Webhook } from 'standardwebhooks'

const MOST_KEPT = 100

/** `body` is what was sent, JSON. */
export type ChatMessage = { id: string; body: unknown }

export type ChatReceiver = {
  /** What the sender signs with. */
  secret: string
  /** The latest hundred, oldest first; one that came twice is there once. */
  messages(): readonly ChatMessage[]
  receive(request: Request): Promise<Response>
}

/** `key`: at least 24 random bytes in base64. */
export function createChatReceiver(key: string): ChatReceiver {
  const secret = `whsec_${key}`
  let kept: readonly ChatMessage[] = []
  return {
    secret,
    messages: () => kept,
    async receive(request) {
      const body = await request.text()
      const id = request.headers.get('webhook-id') ?? ''
      const at = new Date(Number(request.headers.get('webhook-timestamp')) * 1000)
      // The library's own check reads the real clock; the sandbox's may be hours ahead.
      const isSigned =
        request.headers.get('webhook-signature') === new Webhook(secret).sign(id, at, body)
      if (!isSigned) return new Response(null, { status: 401 })
      if (!kept.some((message) => message.id === id)) {
        kept = [...kept, { id, body: JSON.parse(body) }].slice(-MOST_KEPT)
      }
      return new Response(null, { status: 204 })
    },
  }
}
