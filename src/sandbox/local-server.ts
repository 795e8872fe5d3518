/** A server on this machine's loopback address that can be made to refuse everybody. */
import type { AddressInfo, Server, Socket } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

const LOOPBACK = '127.0.0.1'

/** Its message is one line for a person. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'

  constructor(port: number) {
    super(`port ${port} is in use: stop what uses it, or choose another with PORT`)
  }
}

type Fetch = (request: Request) => Response | Promise<Response>

export type LocalServer = {
  port: number
  /** Answers with `fetch` from now on; before, everybody gets 503. */
  serve(fetch: Fetch): void
  /** Closes every connection, and each new one at once, until told otherwise. */
  setDown(isDown: boolean): void
  close(): Promise<void>
}

/** Takes `port` on loopback; 0 takes a free one. @throws PortTakenError */
export async function openLocalServer(port: number): Promise<LocalServer> {
  let answer: Fetch = () => new Response(null, { status: 503 })
  let isDown = false
  const sockets = new Set<Socket>()
  const server = createAdaptorServer({
    fetch: (request: Request) => answer(request),
    overrideGlobalObjects: false,
  }) as Server
  server.on('connection', (socket) => {
    if (isDown) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error)
    })
    server.listen(port, LOOPBACK, resolve)
  })
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    serve(fetch) {
      answer = fetch
    },
    setDown(next) {
      isDown = next
      if (isDown) hangUp()
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      hangUp()
      await closed
    },
  }
}
