/** What is down keeps masks masked, the screen says what it is, and it recovers by itself. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  MAYA,
  MINUTE_MS,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

/** A back-off doubles up to half a minute. */
const RECOVERS_MS = 60_000

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  world.sandbox.control({ isEndpointDown: false, isDatabaseDown: false, isZendeskDown: false })
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

const OUTAGES = [
  {
    label: 'The endpoint is down',
    notice: 'Scrim cannot reach its server. Values stay masked.',
    answer: 'No answer from the server.',
    knownMs: 0,
  },
  {
    label: 'The database is down',
    notice: "Scrim's storage is down. Values stay masked.",
    answer: "Scrim's storage is down. Values stay masked.",
    knownMs: 0,
  },
  {
    label: 'Zendesk is down',
    notice: 'Zendesk does not answer Scrim. Values stay masked.',
    answer: 'Zendesk does not answer Scrim. Values stay masked.',
    // Until what the endpoint still knows of Zendesk is too old to go by.
    knownMs: 6 * MINUTE_MS,
  },
]

/** Flips a switch of the control panel, which lies over the apps while it is open. */
async function flip(page: Page, label: string) {
  const controls = page.getByRole('button', { name: 'Controls' })
  await controls.click()
  await page.getByLabel(label).click()
  await controls.click()
  await page.getByLabel(label).waitFor({ state: 'detached' })
}

test.each(OUTAGES)(
  '$label: an open value is masked, the screen says why, and it comes back by itself',
  async ({ label, notice, answer, knownMs }) => {
    const ticketId = await world.addTicket()
    await world.grant(ticketId, { minutes: 30 })
    const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
    const row = rowIn(maya)
    const status = sidebarIn(maya).getByRole('status').filter({ hasText: notice })
    const show = row.getByRole('button', { name: 'Show' })
    await show.click()
    await row.getByText(CARD).waitFor()

    await flip(maya, label)
    world.moveClock(knownMs)
    await row.getByText(CARD_MASK).waitFor()
    await status.waitFor()
    await show.click()
    await row.getByText(answer).waitFor()
    expect(await row.getByText(CARD_MASK).isVisible()).toBe(true)

    await flip(maya, label)
    await status.waitFor({ state: 'detached', timeout: RECOVERS_MS })
    await show.click()
    await row.getByText(CARD).waitFor()
  },
)

test('a form that an outage kept from loading opens by itself once it can', async () => {
  const ticketId = await world.addTicket()
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`, (page) =>
    page.route('**/assets/RevealRequestForm*', (route) => route.abort('connectionrefused')),
  )
  const row = rowIn(maya)
  const failed = maya.waitForEvent('requestfailed')
  await row.getByRole('button', { name: 'Ask', exact: true }).click()
  await failed
  await maya.unroute('**/assets/RevealRequestForm*')
  const text = row.getByLabel('What will you do with it?')
  await text.waitFor()
  expect(await text.isEditable()).toBe(true)
})

test('a page opened while the database is down says so and what to do, and works once reloaded', async () => {
  const ticketId = await world.addTicket()
  world.sandbox.control({ isDatabaseDown: true })
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const sidebar = sidebarIn(maya)
  await sidebar.getByText("Scrim's storage is down. Values stay masked.").waitFor()
  await sidebar.getByText('Reload the app from the menu of the apps panel.').waitFor()
  expect(await sidebar.getByText('Trying again').count()).toBe(0)
  world.sandbox.control({ isDatabaseDown: false })
  await maya.getByRole('button', { name: 'Reload app' }).click()
  await rowIn(maya).getByText(CARD_MASK).waitFor()
})
