/**
 * The endpoint on the real clock beside an emulated Zendesk, for what runs it hard: benchmarks and
 * processes that get killed.
 */
import { randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Policy } from '../../src/core/policy.ts'
import { createApp } from '../../src/endpoint/app.ts'
import type { AccountConfig, EndpointDeps, Logger } from '../../src/endpoint/context.ts'
import { environmentKeys, parseKeys } from '../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import type { Database } from '../../src/storage/database.ts'
import { createZendeskDirectory } from '../../src/zendesk/directory.ts'

/** More uses than any run takes, so that a grant lasts as long as its time. */
const MANY_USES = 1_000_000

export function accountNamed(subdomain: string, publicKeyPem: string): AccountConfig {
  return {
    id: subdomain,
    zendeskOrigin: `https://${subdomain}.zendesk.com`,
    issuer: `${subdomain}.zendesk.com`,
    audience: `https://${subdomain}.zendesk.com/api/v2/apps/installations/2.json`,
    publicKeyPem,
    appId: 1,
    installationId: 2,
    sdkUrl: 'https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js',
  }
}

/** A Zendesk that answers elsewhere, in another process. */
export type ZendeskElsewhere = {
  baseUrl: string
  oauth: { clientId: string; clientSecret: string }
}

/** The app for one account. `keys` is what `SCRIM_KEYS` would hold. */
export function composeLiveEndpoint(options: {
  account: AccountConfig
  database: Database
  keys: string
  /** An emulated Zendesk in this process unless told. */
  zendesk?: ZendeskElsewhere
  delayMs?: number
  requestsPerMinute?: number
  webhookSecrets?: readonly string[]
  /** None unless told: what runs hard would come to their end at once. */
  caps?: Policy['caps']
  /** The real clock unless told; waiting then goes by this one, too. */
  now?: () => Date
  log?: Logger
}): { app: ReturnType<typeof createApp>; deps: EndpointDeps } {
  const { now = () => new Date() } = options
  const oauth = options.zendesk?.oauth ?? { clientId: 'live', clientSecret: randomUUID() }
  const emulator = createRestEmulator({
    now,
    newId: randomUUID,
    oauth,
    ...(options.delayMs === undefined ? {} : { delayMs: options.delayMs }),
  })
  const deps: EndpointDeps = {
    account: options.account,
    policy: {
      ...sandboxPolicy,
      limits: { ...sandboxPolicy.limits, uses: MANY_USES },
      caps: options.caps ?? { soft: null, hard: null, accountPerHour: null },
    },
    database: options.database,
    zendesk: createZendeskDirectory({
      fetch:
        options.zendesk === undefined
          ? (input, init) => emulator.fetch(new Request(input, init))
          : fetch,
      baseUrl: options.zendesk?.baseUrl ?? options.account.zendeskOrigin,
      oauth,
      appId: options.account.appId,
      installationId: options.account.installationId,
      requestsPerMinute: options.requestsPerMinute ?? 1000,
      now,
      elapsed: options.now === undefined ? () => performance.now() : () => now().getTime(),
    }),
    keys: environmentKeys(parseKeys(options.keys)),
    fingerprintKeys: environmentKeys(parseKeys(options.keys)),
    webhookSecrets: options.webhookSecrets ?? [],
    now,
    newId: randomUUID,
    log: options.log ?? { info: () => undefined, error: () => undefined },
    assets: { scriptsFor: () => [], read: async () => null },
  }
  return { app: createApp(deps), deps }
}

export type Request = (path: string, init?: RequestInit) => Response | Promise<Response>
/** Sends JSON as one person; throws unless the answer is 200. */
export type Send = (method: string, path: string, body: object) => Promise<Record<string, unknown>>

/** Opens a page as Zendesk would and answers how to call the API with its session. */
export async function signIn(
  request: Request,
  account: AccountConfig,
  privateKey: KeyObject,
  personId: number,
  location: string,
): Promise<{ credential: string; send: Send }> {
  const token = await new SignJWT({ context: { product: 'support', location }, qsh: randomUUID() })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(account.issuer)
    .setAudience(account.audience)
    .setSubject(`${account.zendeskOrigin}/api/v2/users/${personId}.json`)
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(privateKey)
  const page = await request(`/zaf/${location}?origin=x&app_guid=y`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  })
  const credential = /"credential":"([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const send: Send = async (method, path, body) => {
    const answer = await request(path, {
      method,
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  return { credential, send }
}

/** Asks for the field and has it approved; answers the grant's id. */
export async function grantTo(
  requester: Send,
  approver: Send,
  field: { ticketId: number; fieldId: string },
  reasonText: string,
): Promise<string> {
  const request = await requester('POST', '/api/reveal-requests', {
    ticketId: field.ticketId,
    fieldIds: [field.fieldId],
    reasonCode: 'refund',
    reasonText,
    minutes: 15,
  })
  const path = `/api/reveal-requests/${String(request['id'])}/approve`
  return String((await approver('POST', path, {}))['grantId'])
}
