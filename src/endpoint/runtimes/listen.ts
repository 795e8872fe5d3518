/** A Node server around the app's `fetch`, and its orderly end. */
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'

export type Listening = {
  port: number
  /** Takes no more requests, lets those on their way finish (at most `graceMs`), then ends. */
  close(graceMs?: number): Promise<void>
}

const HEADERS_TIMEOUT_MS = 10_000
/** A customer's photo of 4 MB takes most of it at 0.3 Mbit/s. */
const REQUEST_TIMEOUT_MS = 120_000
/** Above the 60 seconds that load balancers keep an idle connection, so that they end it first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000

/** Listens on `port` (0 means any free one). Rejects when the port is taken. */
export async function listen(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  where: { port: number; host: string },
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request) => app.fetch(request),
    hostname: where.host,
    // The process's own Request and Response stay what they are.
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where.port, where.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  return { port, close: (graceMs = 10_000) => closeServer(server, graceMs) }
}

async function closeServer(server: ServerType, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  const timer = setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(timer)
}
