/** A customer sends a scan of a passport through a one-time link: the page in a browser. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createdIntakeLink } from '../../src/contract/intake-links.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { MAX_UPLOAD_BYTES } from '../../src/core/document.ts'
import { createApp } from '../../src/endpoint/app.ts'
import type { Listening } from '../../src/endpoint/runtimes/listen.ts'
import { listen } from '../../src/endpoint/runtimes/listen.ts'
import { violationsIn } from '../support/appearance.ts'
import { openChromium } from '../support/chromium.ts'
import { revealWhole, sample } from '../support/document.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import { MAYA, OMAR, startEndpoint } from '../support/endpoint.ts'
import { REFUND_TICKET, approve, ask, fieldsOf } from '../support/story.ts'

const NARROW = { width: 320, height: 640 }
const PATIENCE_MS = 30_000

let browser: Browser
let endpoint: TestEndpoint
let server: Listening
let maya: Caller

beforeAll(async () => {
  browser = await openChromium()
  endpoint = await startEndpoint()
  server = await listen(createApp(endpoint.deps), { port: 0, host: '127.0.0.1' })
  maya = await endpoint.signIn(MAYA)
})
afterAll(async () => {
  await browser.close()
  await server.close(0)
})

async function newLink(fieldId = 'passport'): Promise<string> {
  const answer = await maya.post(`/api/tickets/${REFUND_TICKET}/intake-links`, { fieldId })
  return `http://127.0.0.1:${server.port}${answer.as(createdIntakeLink).path}`
}

/** A customer's browser, which runs no scripts of any page. */
async function visit(
  address: string,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  try {
    const page = await context.newPage()
    await page.goto(address)
    await work(page)
  } finally {
    await context.close()
  }
}

const scanOf = (bytes: Uint8Array) => ({
  name: 'passport-of-mrs-erika-mustermann.png',
  mimeType: 'image/png',
  buffer: Buffer.from(bytes),
})

test('a customer sends a scan without a script, once, and it is revealed as it was sent', async () => {
  const address = await newLink()
  const scan = sample('image/png', MAX_UPLOAD_BYTES)
  await visit(address, { locale: 'de-DE' }, async (page) => {
    await page.getByRole('heading', { name: /bittet Sie um: Passport$/ }).waitFor()
    const file = page.getByLabel('Ein Foto oder einen Scan davon auswählen')
    const send = page.getByRole('button', { name: 'Senden' })
    await send.click()
    await page
      .getByRole('alert')
      .getByText(/^Geben Sie Ihre Antwort ein oder wählen/)
      .waitFor()
    await file.setInputFiles({ ...scanOf(Buffer.from('<svg onload="alert(1)">')) })
    await send.click()
    await page
      .getByRole('alert')
      .getByText(/^Diese Datei ist kein PDF/)
      .waitFor()
    await file.setInputFiles(scanOf(scan))
    await send.click()
    await page.getByRole('heading', { name: 'Danke. Ihre Angabe ist angekommen.' }).waitFor()
    await page.goto(address)
    await page.getByRole('heading', { name: 'Dieser Link kann nicht benutzt werden.' }).waitFor()
  })
  const { fields } = await fieldsOf(maya)
  const passport = fields.find(({ fieldId }) => fieldId === 'passport')
  expect(passport).toMatchObject({ contentType: 'image/png', masked: '••••••••' })
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  const request = await ask(maya, { fieldIds: ['passport'], reasonCode: 'identity_check' })
  const { grantId } = (await approve(omar, request.id)).as(revealRequestView)
  expect((await revealWhole(maya, grantId ?? '')).equals(scan)).toBe(true)
  const told = endpoint.logLines.join('\n') + JSON.stringify(await endpoint.auditEntries())
  expect(told).not.toContain('mustermann')
})

test('a photo that is far too large is answered by the page, and the link stays good', async () => {
  const address = await newLink()
  await visit(address, { locale: 'en-GB' }, async (page) => {
    const file = page.getByLabel('Choose a photo or a scan of it')
    const send = page.getByRole('button', { name: 'Send' })
    await file.setInputFiles(scanOf(sample('image/png', 5 * MAX_UPLOAD_BYTES)))
    await send.click()
    await page.getByRole('alert').getByText('This file is larger than 4\u00a0MB.').waitFor()
    await page.getByLabel('Type it: Passport').fill('L898902C3')
    await send.click()
    await page.getByRole('heading', { name: 'Thank you. It has arrived.' }).waitFor()
  })
  const entry = await endpoint.expectAuditEntry({ action: 'intake_link.use' })
  expect(entry.data).not.toHaveProperty('contentType')
})

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  ['en-GB', 'de-DE', 'ar-EG'].map((locale) => [colorScheme, locale] as const),
)

test.each(LOOKS)('the page can be read and used by everybody: %s, %s', async (scheme, locale) => {
  const address = await newLink()
  // axe needs scripts; the page has none of its own.
  const options = { locale, colorScheme: scheme, viewport: NARROW, javaScriptEnabled: true }
  await visit(address, options, async (page) => {
    const check = async (state: string) => {
      const found = await violationsIn(page)
      const isWide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      )
      expect({ state, found, isWide }).toEqual({ state, found: [], isWide: false })
    }
    await check('asked')
    await page.locator('#file').setInputFiles(scanOf(Buffer.from('no picture')))
    await page.locator('button').click()
    const fault = page.getByRole('alert')
    await fault.waitFor()
    await check('refused')
    expect(await page.locator('#file').getAttribute('aria-describedby')).toBe(
      'file-hint file-fault',
    )
    const isFocused = await page.evaluate(() => document.activeElement?.id)
    expect(isFocused).toBe('file')
  })
})
