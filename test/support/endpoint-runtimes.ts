/** One `request()` over every way the endpoint runs: in process, on a socket, as a Lambda function. */
import type { LambdaContext, LambdaEvent } from 'hono/aws-lambda'
import type { createApp } from '../../src/endpoint/app.ts'
import { createLambdaHandler } from '../../src/endpoint/runtimes/lambda-handler.ts'
import { listen } from '../../src/endpoint/runtimes/listen.ts'

/** `direct` is the app's own `fetch`, the quickest; the others are what production runs. */
export const RUNTIMES = ['node', 'api-gateway', 'function-url'] as const
export type Runtime = 'direct' | (typeof RUNTIMES)[number]

export type Running = {
  request(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

type App = ReturnType<typeof createApp>

export async function run(runtime: Runtime, app: App): Promise<Running> {
  switch (runtime) {
    case 'direct':
      return {
        request: async (path, init) => app.request(`http://endpoint.example.com${path}`, init),
        close: async () => undefined,
      }
    case 'node': {
      const server = await listen(app, { port: 0, host: '127.0.0.1' })
      return {
        request: (path, init) =>
          fetch(`http://127.0.0.1:${server.port}${path}`, {
            ...init,
            headers: { connection: 'close', ...Object.fromEntries(new Headers(init?.headers)) },
            redirect: 'manual',
          }),
        close: () => server.close(0),
      }
    }
    case 'api-gateway':
    case 'function-url':
      return {
        request: (path, init) => invoke(app, runtime, path, init),
        close: async () => undefined,
      }
  }
}

/** API Gateway sends JSON and text as text, forms and files in base64; Function URLs may send any body in base64. */
async function invoke(
  app: App,
  runtime: 'api-gateway' | 'function-url',
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const request = new Request(`https://endpoint.example.com${path}`, init)
  const url = new URL(request.url)
  const bytes = Buffer.from(await request.arrayBuffer())
  const isText = /^(?:text\/|application\/json)/.test(
    request.headers.get('content-type') ?? 'text/',
  )
  const isBase64Encoded = runtime === 'function-url' || !isText
  const domainName =
    runtime === 'api-gateway'
      ? 'abc123.execute-api.eu-central-1.amazonaws.com'
      : 'abc123.lambda-url.eu-central-1.on.aws'
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: { host: domainName, ...Object.fromEntries(request.headers) },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName,
      domainPrefix: 'abc123',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'test',
      },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '23/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_428_000_000,
    },
    isBase64Encoded,
    body: bytes.length === 0 ? null : bytes.toString(isBase64Encoded ? 'base64' : 'utf8'),
  }
  const handler = createLambdaHandler(app, async () => undefined)
  // The parts of an event and of a context that AWS documents and the app looks at.
  const result = await handler(event as unknown as LambdaEvent, {} as LambdaContext)
  if (!('statusCode' in result)) throw new TypeError('not an answer to an HTTP event')
  const body = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8')
  const isBodiless = result.statusCode === 204 || result.statusCode === 304
  const headers = new Headers()
  for (const [name, value] of Object.entries(result.headers ?? {})) headers.set(name, String(value))
  return new Response(isBodiless ? null : body, { status: result.statusCode, headers })
}
