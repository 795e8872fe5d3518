/** Pages that Zendesk did not sign for this moment: what the person reads, and what the log counts. */
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { JWTPayload } from 'jose'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD_MASK,
  INGRID,
  MAYA,
  MINUTE_MS,
  navBarIn,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

const STEP_MS = 2_000
const MINUTE_BEGINS = '2026-03-10T09:30:00Z'

/** Stands still unless a test moves it: entries are counted by the minute. */
let at = new Date(MINUTE_BEGINS).getTime()
let world: SandboxBrowser
let ticketId: number

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, now: () => new Date(at) })
  ticketId = await world.addTicket()
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

const genuine = (claims?: JWTPayload) =>
  world.sandbox.signPage({ personId: MAYA, location: 'ticket_sidebar', ...(claims && { claims }) })

function payloadOf(token: string): JWTPayload {
  const [, payload = ''] = token.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload
}

async function forged(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(payloadOf(await genuine()))
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .sign(privateKey)
}

/** The endpoint's public key used as a shared secret: what a verifier falls for that believes `alg`. */
async function signedWithPublicKey(): Promise<string> {
  return new SignJWT(payloadOf(await genuine()))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(world.sandbox.endpoint.account.publicKeyPem))
}

async function altered(): Promise<string> {
  const [header, payload = '', signature] = (await genuine()).split('.')
  const claims = Buffer.from(payload, 'base64url').toString().replace('users/101', 'users/104')
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.')
}

async function expired(): Promise<string> {
  const seconds = Math.floor(at / 1000)
  return genuine({ iat: seconds - 900, nbf: seconds - 900, exp: seconds - 600 })
}

const forAnotherInstallation = () =>
  genuine({ aud: 'https://sandbox.zendesk.com/api/v2/apps/installations/3.json' })

const unsigned = async () => new UnsecuredJWT(payloadOf(await genuine())).encode()

/** Posts it as a form, as Zendesk's frame does. */
function post(token: string): Promise<Response> {
  return fetch(`${world.sandbox.endpointUrl}/zaf/ticket_sidebar`, {
    method: 'POST',
    body: new URLSearchParams({ token }),
  })
}

async function replayed(): Promise<string> {
  const token = await genuine()
  expect((await post(token)).status).toBe(200)
  return token
}

/** Opens the ticket in a window whose sidebar is framed with this credential instead of a fresh one. */
async function openWith(token: string): Promise<Page> {
  return world.openWindow(MAYA, `#/tickets/${ticketId}`, (page) =>
    page.route('**/sandbox/page-credential', (route) =>
      route.request().postDataJSON().location === 'ticket_sidebar'
        ? route.fulfill({ json: { token } })
        : route.continue(),
    ),
  )
}

const REFUSED = [
  ['a forged', forged, 'page_credential_invalid', "Zendesk's signature on this page does not fit."],
  [
    'an altered',
    altered,
    'page_credential_invalid',
    "Zendesk's signature on this page does not fit.",
  ],
  [
    'an alg:none',
    unsigned,
    'page_credential_invalid',
    "Zendesk's signature on this page does not fit.",
  ],
  [
    'an HS256',
    signedWithPublicKey,
    'page_credential_invalid',
    "Zendesk's signature on this page does not fit.",
  ],
  [
    'an expired',
    expired,
    'page_credential_expired',
    "Zendesk's signature on this page is too old.",
  ],
  [
    'a replayed',
    replayed,
    'page_credential_replayed',
    'This page was opened before, and each opening counts once.',
  ],
  [
    'a wrong-audience',
    forAnotherInstallation,
    'page_credential_audience',
    'This page was signed for another installation.',
  ],
] as const

test.each(REFUSED)(
  '%s page credential opens a page that says why and shows nothing',
  async (_, make, _code, sentence) => {
    at += STEP_MS
    const page = await openWith(await make())
    await sidebarIn(page).getByText(sentence).waitFor()
    expect(await sidebarIn(page).getByText('••••').count()).toBe(0)
    // The way out that the sentence names: the app opened anew, with a signature of its own.
    await page.unroute('**/sandbox/page-credential')
    await page.getByRole('button', { name: 'Reload app' }).click()
    await rowIn(page).getByText(CARD_MASK).waitFor()
  },
)

test('refused page credentials are counted: one entry a code and minute, with nothing of what was sent', async () => {
  const minute = new Date(Math.ceil(at / MINUTE_MS) * MINUTE_MS)
  at = minute.getTime()
  const tokens = await Promise.all(REFUSED.map(([, make]) => make()))
  for (const token of [...tokens, ...tokens]) {
    at += STEP_MS
    expect((await post(token)).status).toBe(401)
  }
  expect(at).toBeLessThan(minute.getTime() + MINUTE_MS)
  // The second after the last one writes what was counted; a later minute turns it into entries.
  at += STEP_MS
  await world.sandbox.sweep()
  at += 3 * MINUTE_MS
  await world.sandbox.sweep()

  const entries = (await world.entries({ action: 'page.refuse' })).filter(
    ({ data }) => data?.['minute'] === minute.toISOString(),
  )
  expect(entries).toHaveLength(4)
  expect(Object.fromEntries(entries.map(({ code, data }) => [code, data?.['count']]))).toEqual({
    page_credential_invalid: 8,
    page_credential_expired: 2,
    page_credential_replayed: 2,
    page_credential_audience: 2,
  })
  expect(entries.every(({ actor }) => actor.type === 'system')).toBe(true)
  const said = JSON.stringify(entries)
  for (const part of tokens.flatMap((token) => token.split('.')).filter(Boolean)) {
    expect(said).not.toContain(part)
  }

  const ingrid = await world.openWindow(INGRID, '#/apps/scrim')
  const log = navBarIn(ingrid)
  await log.getByRole('tab', { name: 'Log' }).click()
  await log.getByLabel('Action').selectOption('page.refuse')
  await log
    .getByRole('button', { name: /^A page without a valid credential was refused/ })
    .first()
    .waitFor()
})
