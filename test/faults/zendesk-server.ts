/** The emulated Zendesk behind a real socket, which a test can break at any call. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What becomes of one call: it is answered, or what the test does to its connection. */
export type Treatment = (call: {
  /** Has the call's effect. */
  answer(): Promise<Response>
  socket: Socket
  response: ServerResponse
}) => Promise<void>

export type ZendeskServer = {
  baseUrl: string
  /** The methods of all calls since it was emptied. */
  calls: string[]
  /** Treats the call with this number, and answers all others. */
  treat: { call: number; how: Treatment } | null
  /** Refuses connections until it opens again. */
  shut(): void
  open(): Promise<void>
}

export async function send(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer())
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(body)
}

export async function serveZendesk(
  answer: (request: Request) => Promise<Response>,
): Promise<ZendeskServer> {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
    const toAnswer = () =>
      answer(
        new Request(`${zendesk.baseUrl}${request.url}`, {
          method: request.method ?? 'GET',
          headers,
          ...(body.length === 0 ? {} : { body }),
        }),
      )
    zendesk.calls.push(request.method ?? '')
    if (zendesk.calls.length === zendesk.treat?.call) {
      await zendesk.treat.how({ answer: toAnswer, socket: request.socket, response })
    } else await send(response, await toAnswer())
  }
  const server = createServer((request, response) => {
    // A call whose caller is gone needs no answer.
    handle(request, response).catch(() => request.socket.destroy())
  })
  let port = 0
  const zendesk: ZendeskServer = {
    baseUrl: '',
    calls: [],
    treat: null,
    shut() {
      server.close()
      server.closeAllConnections()
    },
    async open() {
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
  await zendesk.open()
  // A server that listens on a port has an address with one.
  port = (server.address() as AddressInfo).port
  zendesk.baseUrl = `http://127.0.0.1:${port}`
  return zendesk
}
