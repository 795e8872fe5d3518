/**
 * The endpoint as tests meet it: the real app over PGlite in memory, a Zendesk account of its own, a
 * clock that stands still, and people who sign in as Zendesk would have them.
 *
 *     const endpoint = await startEndpoint()
 *     const maya = await endpoint.signIn(101)
 *     const answer = await maya.post('/api/reveal-requests', { ... })
 *     expect(answer.as(revealRequestView).state).toBe('pending')
 *     await endpoint.expectAuditEntry({ action: 'reveal_request.create', code: undefined })
 *     endpoint.clock.advance(60)
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { z } from 'zod'
import { expect } from 'vitest'
import type { AuditAction, AuditEntry } from '../../src/audit/entry.ts'
import { problem } from '../../src/contract/primitives.ts'
import type { Problem } from '../../src/contract/primitives.ts'
import { pageData } from '../../src/contract/session.ts'
import type { Location, PageData } from '../../src/contract/session.ts'
import type { Policy } from '../../src/core/policy.ts'
import { createApp } from '../../src/endpoint/app.ts'
import type {
  AccountConfig,
  AppAssets,
  EndpointDeps,
  OuterDeps,
} from '../../src/endpoint/context.ts'
import { createLogger } from '../../src/endpoint/logger.ts'
import { storedPolicies } from '../../src/endpoint/policy/source.ts'
import type { Route } from '../../src/endpoint/route.ts'
import { sweep } from '../../src/endpoint/sweep.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { readAuditEntries } from '../../src/storage/audit-log.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openTestZendesk } from './endpoint-zendesk.ts'
import type { TestZendesk } from './endpoint-zendesk.ts'
import type { Runtime } from './endpoint-runtimes.ts'
import { run } from './endpoint-runtimes.ts'

/** The sandbox's people by what they are in the stories. */
export const MAYA = 101
export const TOMAS = 102
export const AISHA = 103
/** A lead who may open every ticket. */
export const OMAR = 104
/** A lead without access to Billing's tickets. */
export const LENA = 105
export const INGRID_COMPLIANCE = 106
export const SAM_ADMINISTRATOR = 107

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Zendesk's key, as far as the endpoint under test knows. */
export const ZENDESK_PRIVATE_KEY = privateKey

/** What Zendesk signs its webhooks with, in tests. */
export const WEBHOOK_SECRET = 'the-signing-secret-of-the-webhook'

export type TestClock = {
  now(): Date
  advance(seconds: number): void
}

function createTestClock(start: string): TestClock {
  let at = Date.parse(start)
  return {
    now: () => new Date(at),
    advance: (seconds) => {
      at += seconds * 1000
    },
  }
}

/** An answer of the API with the checks that tests make of it. */
export type Answer = {
  status: number
  headers: Headers
  /** The body as sent. */
  text: string
  /** The body through its schema; fails the test unless the status is 200. */
  as<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
  /** The body as problem details; fails the test when it is something else. */
  problem(): Problem
}

/** One person with an open page. */
export type Caller = {
  personId: number
  credential: string
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  put(path: string, body: unknown): Promise<Answer>
}

export type PageAnswer = { status: number; headers: Headers; html: string; data: PageData }

/** What a page credential claims, and how it is signed, where a test wants it otherwise. */
export type PageClaims = {
  location?: Location
  issuer?: string
  audience?: string
  subject?: string
  issuedAt?: Date
  expiresAt?: Date
  key?: typeof privateKey
}

export type TestEndpoint = {
  deps: EndpointDeps
  /** What its doors are given: where the policy is looked up, if it is. */
  doors: OuterDeps
  clock: TestClock
  zendesk: TestZendesk
  /** Everything that was logged, one line each. */
  logLines: readonly string[]
  request(path: string, init?: RequestInit): Promise<Response>
  signPage(personId: number, claims?: PageClaims): Promise<string>
  /** Posts a page credential as Zendesk does; null posts a form without one. */
  openPage(location: Location, token: string | null): Promise<PageAnswer>
  signIn(personId: number, location?: Location): Promise<Caller>
  auditEntries(): Promise<AuditEntry[]>
  /** The newest entry of this action holds at least what is expected. */
  expectAuditEntry(expected: { action: AuditAction } & Record<string, unknown>): Promise<AuditEntry>
  /** No entry of this action exists. */
  expectNoAuditEntry(action: AuditAction): Promise<void>
  /** What the node server does every five seconds. */
  sweep(): Promise<void>
  close(): Promise<void>
}

let database: Promise<Database> | undefined

/** One embedded database a test file; every endpoint in it is an account of its own. */
function sharedDatabase(): Promise<Database> {
  database ??= openDatabase({ memory: true }).then(async (opened) => {
    await migrateDatabase(opened)
    return opened
  })
  return database
}

const testAssets: AppAssets = {
  scriptsFor: (location) => ['main-abc.js', 'shared-abc.js', `${location}-abc.js`],
  read: async (path) =>
    path === 'main-abc.js'
      ? {
          bytes: new TextEncoder().encode('export {}'),
          contentType: 'text/javascript; charset=utf-8',
          encoded: { br: new Uint8Array([1]), gzip: new Uint8Array([2]) },
        }
      : null,
}

/** Starts an endpoint for an account that no other test has. */
export async function startEndpoint(
  options: {
    runtime?: Runtime
    routes?: readonly Route[]
    policy?: Policy
    /** Keeps the policy in the database, as production does; these two agree on the first one. */
    founders?: readonly [number, number]
    database?: Database
    /** A chat tool, such as `openChatReceiver` has. */
    chat?: EndpointDeps['chat']
    /** Where the clock stands at first. */
    at?: string
  } = {},
): Promise<TestEndpoint> {
  const clock = createTestClock(options.at ?? '2026-11-23T10:00:00.000Z')
  const zendesk = openTestZendesk(clock.now)
  const subdomain = `test-${randomBytes(6).toString('hex')}`
  const account: AccountConfig = {
    id: subdomain,
    zendeskOrigin: `https://${subdomain}.zendesk.com`,
    issuer: `${subdomain}.zendesk.com`,
    audience: `https://${subdomain}.zendesk.com/api/v2/apps/installations/2.json`,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    appId: 1,
    installationId: 2,
    sdkUrl: 'https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js',
  }
  const logLines: string[] = []
  const deps: EndpointDeps = {
    account,
    policy: options.policy ?? sandboxPolicy,
    database: options.database ?? (await sharedDatabase()),
    zendesk: zendesk.directory,
    keys: environmentKeys(parseKeys(generateKey('test'))),
    fingerprintKeys: environmentKeys(parseKeys(generateKey('test-fingerprints'))),
    webhookSecrets: [WEBHOOK_SECRET],
    now: clock.now,
    newId: randomUUID,
    log: createLogger((line) => logLines.push(line), clock.now),
    assets: testAssets,
    ...(options.chat === undefined ? {} : { chat: options.chat }),
  }
  const doors: OuterDeps =
    options.founders === undefined
      ? deps
      : { ...deps, founders: options.founders, policies: storedPolicies(deps, deps.policy) }
  const running = await run(options.runtime ?? 'direct', createApp(doors, options.routes))
  const { request } = running

  const signPage: TestEndpoint['signPage'] = (personId, claims = {}) => {
    const issuedAt = claims.issuedAt ?? clock.now()
    const expiresAt = claims.expiresAt ?? new Date(issuedAt.getTime() + 60_000)
    return new SignJWT({
      context: { product: 'support', location: claims.location ?? 'ticket_sidebar' },
      // Zendesk's own claims tell two pages of one second apart; here a random one does.
      qsh: randomBytes(16).toString('hex'),
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(claims.issuer ?? account.issuer)
      .setAudience(claims.audience ?? account.audience)
      .setSubject(
        claims.subject ?? `https://${subdomain}.zendesk.com/api/v2/users/${personId}.json`,
      )
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(claims.key ?? privateKey)
  }
  const openPage: TestEndpoint['openPage'] = async (location, token) => {
    const query = `origin=${encodeURIComponent(account.zendeskOrigin)}&app_guid=${randomUUID()}`
    const response = await request(`/zaf/${location}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(token === null ? {} : { token }).toString(),
    })
    const html = await response.text()
    return { status: response.status, headers: response.headers, html, data: readPageData(html) }
  }
  const auditEntriesOf: TestEndpoint['auditEntries'] = async () => {
    const stored = await readAuditEntries(deps.database.orm, account.id, 0, 10_000)
    // Bodies are what `encodeEntry` made of an `AuditEntry`.
    return stored.map(({ body }) => JSON.parse(body) as AuditEntry)
  }
  return {
    deps,
    doors,
    clock,
    zendesk,
    logLines,
    request,
    signPage,
    openPage,
    signIn: async (personId, location = 'ticket_sidebar') => {
      const page = await openPage(location, await signPage(personId, { location }))
      if (page.data.session === null) throw new Error(`no session: ${page.data.refusal}`)
      return createCaller(request, personId, page.data.session.credential)
    },
    auditEntries: auditEntriesOf,
    expectAuditEntry: async (expected) => {
      const entries = await auditEntriesOf()
      const newest = entries.findLast((entry) => entry.action === expected.action)
      if (newest === undefined) throw new Error(`no entry ${expected.action}`)
      expect(newest).toMatchObject(expected)
      return newest
    },
    expectNoAuditEntry: async (action) => {
      expect((await auditEntriesOf()).filter((entry) => entry.action === action)).toEqual([])
    },
    sweep: () => sweep(doors),
    close: running.close,
  }
}

export function readPageData(html: string): PageData {
  const block = /<script type="application\/json" id="scrim-page">(.*?)<\/script>/s.exec(html)
  return pageData.parse(JSON.parse(block?.[1] ?? 'null'))
}

function createCaller(
  request: TestEndpoint['request'],
  personId: number,
  credential: string,
): Caller {
  const authorization = `Bearer ${credential}`
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    toAnswer(
      await request(path, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  return {
    personId,
    credential,
    get: async (path, headers = {}) =>
      toAnswer(await request(path, { headers: { authorization, ...headers } })),
    post: (path, body = {}) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
  }
}

export async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const { status, headers } = response
  return {
    status,
    headers,
    text,
    as: (schema) => {
      if (status !== 200) throw new Error(`${status} ${text}`)
      return schema.parse(JSON.parse(text))
    },
    problem: () => {
      expect({ type: headers.get('content-type'), text }).toMatchObject({
        type: 'application/problem+json',
      })
      const parsed = problem.strict().parse(JSON.parse(text))
      expect(parsed.status).toBe(status)
      return parsed
    },
  }
}
