/**
 * The sandbox's own site (`http://localhost:PORT`): the page that looks like Zendesk, the SDK, the
 * REST API, page credentials, and the control panel's other end.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { z } from 'zod'
import { LOCATIONS } from '../contract/session.ts'
import { SANDBOX_ACCOUNT } from './account.ts'
import type { ChatReceiver } from './chat-receiver.ts'
import type { SandboxSetup, SandboxUser } from './control-state.ts'
import type { Controls } from './controls.ts'
import { controlChange, RETRY_AFTER_SECONDS } from './controls.ts'
import type { OpenPages } from './open-pages.ts'
import type { PageSigner } from './page-signer.ts'
import type { SandboxPerson } from './people.ts'
import { SANDBOX_CUSTOMERS, SANDBOX_GROUPS, SANDBOX_PEOPLE } from './people.ts'
import type { RestEmulator } from './rest/emulator.ts'

export type SandboxServerDeps = {
  hostUrl: string
  endpointUrl: string
  /** The built page. */
  pageFolder: string
  /** The SDK's script, wherever it was built. */
  sdkFile: string
  appVersion: string
  emulator: RestEmulator
  signer: PageSigner
  controls: Controls
  pages: OpenPages
  chat: ChatReceiver
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
}

const pageToSign = z.strictObject({
  personId: z.number().int().positive(),
  location: z.enum(LOCATIONS),
  query: z.string().max(2000),
})

const groupNames = new Map(SANDBOX_GROUPS.map((group) => [group.id, group.name]))

function describeUser(person: SandboxPerson): SandboxUser {
  const { id, name, email, role, title, groupIds } = person
  const groups = groupIds.map((groupId) => ({ id: groupId, name: groupNames.get(groupId) ?? '' }))
  return { id, name, email, role, title, groups }
}

function describeSetup(deps: SandboxServerDeps): SandboxSetup {
  const { subdomain, name, appId, installationId } = SANDBOX_ACCOUNT
  return {
    account: { subdomain, name },
    app: { appId, installationId, name: 'Scrim', version: deps.appVersion },
    endpointUrl: deps.endpointUrl,
    users: [...SANDBOX_PEOPLE, ...SANDBOX_CUSTOMERS].map(describeUser),
    groups: SANDBOX_GROUPS.map(({ id, name }) => ({ id, name })),
  }
}

function pageHeaders(endpointUrl: string): Record<string, string> {
  const policy = [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `frame-src ${endpointUrl}`,
    `form-action ${endpointUrl}`,
    "frame-ancestors 'none'",
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
  }
}

/** The endpoint's calls feel the outages; the page's own do not, or one could not see what Scrim does. */
async function answerRest(deps: SandboxServerDeps, request: Request): Promise<Response> {
  if (request.headers.has('x-sandbox-person')) return deps.emulator.fetch(request)
  deps.controls.countRestCall()
  const { isZendeskDown, isZendeskBusy } = deps.controls.state()
  if (isZendeskDown) return Response.json({ error: 'ServiceUnavailable' }, { status: 503 })
  if (isZendeskBusy) {
    return Response.json(
      { error: 'APIRateLimitExceeded' },
      { status: 429, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
    )
  }
  return deps.emulator.fetch(request)
}

export function createSandboxServer(deps: SandboxServerDeps): Hono {
  const app = new Hono()
  const { host } = new URL(deps.hostUrl)

  // Another name for this address would be another site's page reaching in (DNS rebinding).
  app.use(async (c, next) => {
    if (c.req.header('host') === host) return next()
    return c.req.path === '/' ? c.redirect(deps.hostUrl) : c.text('not this host', 421)
  })

  app.get(
    '/',
    async () =>
      new Response(await readFile(join(deps.pageFolder, 'index.html')), {
        headers: pageHeaders(deps.endpointUrl),
      }),
  )
  app.get('/assets/:name{[\\w-]+(?:\\.[\\w-]+)+}', async (c) => {
    const name = c.req.param('name')
    const contentType = CONTENT_TYPES[name.split('.').at(-1) ?? '']
    if (contentType === undefined) return c.notFound()
    try {
      return new Response(await readFile(join(deps.pageFolder, 'assets', name)), {
        headers: {
          'content-type': contentType,
          'cache-control': 'public, max-age=31536000, immutable',
        },
      })
    } catch {
      return c.notFound()
    }
  })
  app.get(
    '/sdk/zaf_sdk.js',
    async () =>
      new Response(await readFile(deps.sdkFile), {
        headers: {
          'content-type': CONTENT_TYPES.js ?? '',
          'cache-control': 'max-age=300',
          'cross-origin-resource-policy': 'cross-origin',
        },
      }),
  )

  for (const path of ['/api/v2/*', '/oauth/*', '/attachments/*']) {
    app.all(path, (c) => answerRest(deps, c.req.raw))
  }

  app.get('/sandbox/setup', (c) => c.json(describeSetup(deps)))
  app.get('/sandbox/events', (c) =>
    deps.pages.open(Number(c.req.query('as')), {
      type: 'control',
      control: deps.controls.view(),
    }),
  )
  app.get('/sandbox/control', (c) => c.json(deps.controls.view()))
  app.get('/sandbox/chat', (c) => c.json(deps.chat.messages()))
  // JSON only: a page of another site cannot send that here without asking first, and gets no answer.
  app.use('/sandbox/*', async (c, next) => {
    const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false
    return isJson ? next() : c.text('application/json only', 415)
  })
  app.post('/sandbox/chat', (c) => deps.chat.receive(c.req.raw))
  app.patch('/sandbox/control', async (c) => {
    const change = controlChange.safeParse(await c.req.json())
    if (!change.success) return c.json({ error: 'bad_input' }, 400)
    return c.json(deps.controls.change(change.data))
  })
  app.post('/sandbox/page-credential', async (c) => {
    const page = pageToSign.safeParse(await c.req.json())
    const isKnown = SANDBOX_PEOPLE.some(({ id }) => id === page.data?.personId)
    if (!page.success || !isKnown) return c.json({ error: 'bad_input' }, 400)
    return c.json({ token: await deps.signer.sign(page.data) })
  })
  return app
}
