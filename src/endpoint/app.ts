/**
 * The approval endpoint as one function from request to answer. No environment and no globals: what
 * it needs is in `deps`, what it serves is in `routes`.
 */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { location as locationSchema } from '../contract/session.ts'
import { ScrimError } from '../core/errors.ts'
import type { ScrimErrorCode } from '../core/errors.ts'
import { assetResponse } from './assets.ts'
import { actorOf, refuseAct } from './audit.ts'
import type { OuterDeps, RequestContext } from './context.ts'
import { entityTag, matchesTag } from './etag.ts'
import { BODY_LIMIT_BYTES, readInput, readText, refuseLongBody } from './input.ts'
import { PAGE_BODY_LIMIT_BYTES, refusedPage, servePage } from './page.ts'
import { problemResponse, toProblem } from './problem.ts'
import type { IntakeAnswer } from './intake/page.ts'
import { answerIntake, showIntake } from './intake/page.ts'
import { receiveWebhook, WEBHOOK_BODY_LIMIT_BYTES } from './ingestion/receive.ts'
import { countRefusal, writeRefusals } from './refusals.ts'
import type { Route } from './route.ts'
import { ROUTES } from './routes.ts'
import { BASE_HEADERS } from './security-headers.ts'
import { enterRequest } from './session.ts'

/** What the log line of a request tells. */
type Env = { Variables: { route: string; code: ScrimErrorCode; personId: number } }

const FORM_MEDIA_TYPE = /^application\/x-www-form-urlencoded(?:[ \t]*;.*)?$/i
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export function createApp(deps: OuterDeps, routes: readonly Route[] = ROUTES): Hono<Env> {
  const app = new Hono<Env>()
  const { log } = deps

  const refuse = (c: Context<Env>, error: unknown, headers?: Record<string, string>): Response => {
    const problem = toProblem(error, log)
    c.set('code', problem.code)
    return problemResponse(problem, headers)
  }

  app.onError((error, c) => refuse(c, error))
  app.notFound((c) => refuse(c, new ScrimError('route_not_found')))

  app.use(async (c, next) => {
    const startedAt = deps.now().getTime()
    await next()
    for (const [name, value] of Object.entries(BASE_HEADERS)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
    }
    // Counts that waited for their second to pass go out with whatever comes next.
    await writeRefusals(deps)
    log.info('request', {
      method: METHODS.includes(c.req.method) ? c.req.method : 'other',
      route: c.get('route') ?? null,
      status: c.res.status,
      code: c.get('code') ?? null,
      personId: c.get('personId') ?? null,
      ms: deps.now().getTime() - startedAt,
    })
  })

  const allowed = new Map<string, string[]>()
  /** Mounts one method on one path, so that the path's other methods can be refused below. */
  const mount = (
    method: 'get' | 'post' | 'put',
    path: string,
    handle: (c: Context<Env>) => Promise<Response>,
    bodyLimitBytes = BODY_LIMIT_BYTES,
  ): void => {
    const methods = allowed.get(path) ?? []
    allowed.set(path, [
      ...methods,
      ...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]),
    ])
    app.on(method.toUpperCase(), path, async (c) => {
      c.set('route', path)
      try {
        refuseLongBody(c.req.raw, bodyLimitBytes)
        return await handle(c)
      } catch (error) {
        return refuse(c, error)
      }
    })
  }

  const authenticate = async (c: Context<Env>): Promise<RequestContext> => {
    try {
      const ctx = await enterRequest(deps, c.req.header('authorization'))
      c.set('personId', ctx.person.id)
      return ctx
    } catch (error) {
      if (error instanceof ScrimError && isSessionCode(error.code)) {
        await countRefusal(deps, error.code)
      }
      throw error
    }
  }

  for (const route of routes) {
    const answerRoute = async (c: Context<Env>): Promise<Response> => {
      const ctx = await authenticate(c)
      await checkLocation(ctx, route)
      const input = await readInput(route, c.req.raw, c.req.param())
      // Through its schema, so that nothing leaves that the contract does not name.
      const body = route.response.parse(await route.handle(ctx, input))
      const headers = { 'content-type': 'application/json' }
      if (route.isPolled !== true) return new Response(JSON.stringify(body), { headers })
      const etag = entityTag(body)
      return matchesTag(c.req.header('if-none-match'), etag)
        ? new Response(null, { status: 304, headers: { etag } })
        : new Response(JSON.stringify(body), { headers: { ...headers, etag } })
    }
    mount(
      route.method,
      `/api${route.path}`,
      answerRoute,
      route.fileLimitBytes ?? route.bodyLimitBytes,
    )
  }

  mount('get', '/zaf/:location', (c) =>
    refusedPage(deps, pageLocation(c), 'page_credential_missing'),
  )
  mount('post', '/zaf/:location', async (c) => {
    const location = pageLocation(c)
    const isForm = FORM_MEDIA_TYPE.test(c.req.header('content-type') ?? '')
    const form = isForm ? await readForm(c.req.raw, PAGE_BODY_LIMIT_BYTES) : null
    return servePage(deps, location, form)
  })
  // The secret is in the path: nothing below may log it, and the log line has the route alone.
  const readerOf = (c: Context<Env>) => ({ deps, acceptLanguage: c.req.header('accept-language') })
  const served = (c: Context<Env>, { response, code }: IntakeAnswer): Response => {
    if (code !== null) c.set('code', code)
    return response
  }
  mount('get', '/intake/:secret', async (c) =>
    served(c, await showIntake(readerOf(c), c.req.param('secret') ?? '')),
  )
  mount(
    'post',
    '/intake/:secret',
    async (c) => served(c, await answerIntake(readerOf(c), c.req.param('secret') ?? '', c.req.raw)),
    // It may be a photo. The page reads no more than its field takes, and says so to the customer.
    Infinity,
  )
  mount('post', '/webhooks/zendesk', async (c) => {
    await receiveWebhook(deps, {
      body: await readText(c.req.raw, WEBHOOK_BODY_LIMIT_BYTES),
      signature: c.req.header('x-zendesk-webhook-signature'),
      timestamp: c.req.header('x-zendesk-webhook-signature-timestamp'),
      invocationId: c.req.header('x-zendesk-webhook-invocation-id'),
    })
    return new Response(null, { status: 202 })
  })
  mount('get', '/assets/:path{.+}', async (c) => {
    const asset = await deps.assets.read(c.req.param('path') ?? '')
    if (asset === null) throw new ScrimError('route_not_found')
    return assetResponse(asset, c.req.header('accept-encoding'))
  })
  mount('get', '/openapi.json', async () => {
    // On demand, because describing the API costs more to load than answering it.
    const { describeApi } = await import('./openapi.ts')
    return Response.json(describeApi(routes))
  })
  mount('get', '/healthz', async () => Response.json({ status: 'ok' }))

  for (const [path, methods] of allowed) {
    const allow = methods.join(', ')
    app.all(path, (c) => {
      c.set('route', path)
      refuseLongBody(c.req.raw, BODY_LIMIT_BYTES)
      return c.req.method === 'OPTIONS'
        ? new Response(null, { status: 204, headers: { allow } })
        : refuse(c, new ScrimError('method_not_allowed'), { allow })
    })
  }
  return app
}

/** The background page only looks: a session of it, wherever it got to, decides and reveals nothing. */
async function checkLocation(ctx: RequestContext, { method, operationId }: Route): Promise<void> {
  if (method === 'get' || ctx.session.location !== 'background') return
  await refuseAct(
    ctx,
    { action: 'request.refuse', actor: actorOf(ctx), data: { operationId } },
    'session_location',
  )
}

function isSessionCode(code: ScrimErrorCode): boolean {
  return code === 'session_invalid' || code === 'session_expired'
}

function pageLocation(c: Context): ReturnType<typeof locationSchema.parse> {
  const location = locationSchema.safeParse(c.req.param('location'))
  if (!location.success) throw new ScrimError('route_not_found')
  return location.data
}

/** The form as sent; what is no text holds nothing. */
async function readForm(request: Request, limitBytes: number): Promise<string> {
  try {
    return await readText(request, limitBytes)
  } catch (error) {
    if (error instanceof ScrimError && error.code === 'bad_input') return ''
    throw error
  }
}
