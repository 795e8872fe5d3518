/** The page that looks like Zendesk, with the real app in it, in a real browser. */
import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildProducts } from '../../src/sandbox/build.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { openChromium } from '../support/chromium.ts'

const PATIENCE_MS = 60_000

let browser: Browser
let sandbox: Sandbox
let context: BrowserContext
let faults: string[]

async function openAs(personId: number, hash: string): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    const isHere = protocol === 'data:' || ['localhost', '127.0.0.1'].includes(hostname)
    if (!isHere) faults.push(`asked ${hostname}`)
  })
  await page.goto(`${sandbox.hostUrl}/?as=${personId}${hash}`)
  return page
}

const sidebar = (page: Page) => page.frameLocator('iframe[data-location="ticket_sidebar"]:visible')

beforeAll(async () => {
  await buildProducts(['sdk', 'app', 'sandbox'])
  sandbox = await startSandbox({ port: 0, delayMs: 0, now: () => new Date(), newId: randomUUID })
  browser = await openChromium()
})

afterAll(async () => {
  await browser.close()
  await sandbox.close()
})

beforeEach(async () => {
  faults = []
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
})

afterEach(async () => {
  await context.close()
  if (faults.length > 0) throw new Error(faults.join('; '))
})

test('the sidebar shows masks, and the native fields they belong to disappear', async () => {
  const page = await openAs(101, '#/tickets/4001')
  await sidebar(page).getByText('4242').waitFor()
  await page.getByLabel('Card number').waitFor({ state: 'detached' })
  expect(await page.getByLabel('Order number').inputValue()).toBe('ORD-20417')
}, 120_000)

test('what one person submits, another sees without reloading', async () => {
  const tomas = await openAs(102, '#/tickets/4009')
  await tomas.getByRole('button', { name: 'Submit as Pending' }).waitFor()
  const maya = await openAs(101, '#/tickets/4009')
  await maya.getByRole('textbox', { name: 'Public reply' }).fill('Under Settings, Language.')
  await maya.getByRole('button', { name: 'Submit as Pending' }).click()
  await tomas.getByText('Under Settings, Language.').waitFor()
  await tomas.getByLabel('Where you are').getByText('Pending', { exact: true }).waitFor()
  expect(await maya.getByRole('textbox', { name: 'Public reply' }).inputValue()).toBe('')
}, 120_000)

test('two windows of one browser are two people, with no cookie and nothing stored', async () => {
  const maya = await openAs(101, '#/views/mine')
  const ingrid = await openAs(106, '#/views/mine')
  await maya.getByText('Refund not arrived').waitFor()
  await ingrid.getByText('What do you store about me?').waitFor()
  expect(await ingrid.getByText('Refund not arrived').count()).toBe(0)
  expect(await context.cookies()).toEqual([])
  const stored = () => window.localStorage.length + window.sessionStorage.length
  expect([await maya.evaluate(stored), await ingrid.evaluate(stored)]).toEqual([0, 0])
}, 120_000)

test('a ticket outside a person’s groups is refused, not shown', async () => {
  const lena = await openAs(105, '#/tickets/4001')
  await lena.getByText('You do not have access to this ticket').waitFor()
  expect(await lena.getByText('Refund not arrived').count()).toBe(0)
}, 120_000)

test('the app in the nav bar loads at its first visit and stays loaded', async () => {
  const page = await openAs(104, '#/views/unsolved')
  const frame = page.locator('iframe[data-location="nav_bar"]')
  expect(await frame.count()).toBe(0)
  await page.getByRole('link', { name: 'Scrim' }).click()
  await frame.waitFor()
  const name = await frame.getAttribute('name')
  await page.getByRole('link', { name: 'Views', exact: true }).click()
  await frame.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: 'Scrim' }).click()
  await frame.waitFor({ state: 'visible' })
  expect(await frame.getAttribute('name')).toBe(name)
}, 120_000)

test('the control panel moves the clock, breaks things and says so to everybody', async () => {
  const maya = await openAs(101, '#/views/unsolved')
  const omar = await openAs(104, '#/views/unsolved')
  await maya.getByRole('button', { name: 'Controls' }).click()
  await maya.getByRole('button', { name: '+15 min' }).click()
  await omar.getByText('(moved)').waitFor()
  expect(sandbox.controlView().clockOffsetMs).toBe(15 * 60_000)
  await maya.getByLabel(/The database is down/).check()
  await omar.getByText('Database is down').waitFor()
  await maya.getByLabel(/The database is down/).uncheck()
  await maya.getByRole('button', { name: 'Reset' }).click()
  await omar.getByText('(moved)').waitFor({ state: 'detached' })
}, 120_000)

test('the colour scheme is a window’s own and survives a reload', async () => {
  const page = await openAs(101, '#/views/unsolved')
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  await page.getByRole('button', { name: 'Controls' }).click()
  await page.getByRole('button', { name: 'Dark' }).click()
  await page.reload()
  await page.getByRole('button', { name: 'Controls' }).waitFor()
  expect(await background()).not.toBe(light)
}, 120_000)
