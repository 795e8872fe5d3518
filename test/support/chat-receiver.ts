/** A chat tool as tests meet it: takes what is signed with its secret, and keeps it. */
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { DEFAULT_CHAT_TEXT } from '../../src/core/notification.ts'
import type { EndpointDeps } from '../../src/endpoint/context.ts'
import { createChatWebhook } from '../../src/endpoint/outbox/chat-webhook.ts'

/** Of the test vector of Standard Webhooks. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ADDRESS = 'https://chat.example.com/hooks/scrim'

const message = z.strictObject({
  type: z.string(),
  timestamp: z.iso.datetime(),
  text: z.string(),
  data: z.strictObject({
    requestId: z.uuid(),
    ticketId: z.number(),
    state: z.string(),
    fields: z.array(z.string()),
  }),
})
export type ChatMessage = z.infer<typeof message> & { id: string }

export type ChatReceiver = {
  chat: NonNullable<EndpointDeps['chat']>
  /** In the order they came, each as often as it came. */
  messages: ChatMessage[]
  /** Answers with this status from now on; null hangs up. */
  setStatus(status: number | null): void
}

export function openChatReceiver(now: () => Date): ChatReceiver {
  const messages: ChatMessage[] = []
  let status: number | null = 204
  const receive: typeof fetch = async (input, init) => {
    if (status === null) throw new TypeError('the receiver hung up')
    const request = new Request(input, init)
    const body = await request.text()
    const id = request.headers.get('webhook-id') ?? ''
    const at = new Date(Number(request.headers.get('webhook-timestamp')) * 1000)
    // The library's `verify` wants the real time; tests have their own.
    const isSigned =
      request.headers.get('webhook-signature') === new Webhook(SECRET).sign(id, at, body)
    if (request.url !== ADDRESS || !isSigned) return new Response(null, { status: 401 })
    if (status < 300) messages.push({ ...message.parse(JSON.parse(body)), id })
    return new Response(null, { status })
  }
  const webhook = createChatWebhook({ fetch: receive, url: ADDRESS, secrets: [SECRET], now })
  return {
    chat: { webhook, text: DEFAULT_CHAT_TEXT },
    messages,
    setStatus: (next) => {
      status = next
    },
  }
}
