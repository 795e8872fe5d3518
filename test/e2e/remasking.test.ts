/** A value leaves the screen when nobody can be looking at it, and comes back at no cost. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { NewTicket, SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  frameIn,
  MAYA,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

/** ICAO 9303's specimen. */
const PASSPORT = 'L898902C3'
const SECRET_STAYS_MS = 5_000

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

async function openValue(label: string, value: string, ticket: NewTicket = {}) {
  const ticketId = await world.addTicket(ticket)
  await world.grant(ticketId, { fieldIds: Object.keys(ticket.values ?? { card_number: '' }) })
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const row = rowIn(page, label)
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(value).waitFor()
  return { ticketId, page, row }
}

/** Whether any frame of the app in this window has the value in its document. */
async function isAnywhere(page: Page, value: string): Promise<boolean> {
  const documents = await Promise.all(page.frames().map((frame) => frame.content()))
  return documents.some((html) => html.includes(value))
}

test('a value is masked once its page is hidden, and can be shown again without another use', async () => {
  const { ticketId, page, row } = await openValue('Card number', CARD)
  const frame = await frameIn(page, 'ticket_sidebar')
  const setVisibility = (state: 'hidden' | 'visible') =>
    frame.evaluate((visibilityState) => {
      // A browser without a window has nothing to minimize: this is what a script sees of it.
      Object.defineProperty(document, 'visibilityState', {
        value: visibilityState,
        configurable: true,
      })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await setVisibility('hidden')
  await row.getByText(CARD_MASK).waitFor()
  expect(await isAnywhere(page, CARD)).toBe(false)

  await setVisibility('visible')
  await row.getByRole('button', { name: 'Show again' }).click()
  await row.getByText(CARD).waitFor()
  expect(await world.entries({ ticketId, action: 'grant.reveal' })).toHaveLength(1)
})

test('a value is masked when the agent goes to another ticket', async () => {
  const otherId = await world.addTicket()
  const { ticketId, page, row } = await openValue('Card number', CARD)
  await page.evaluate((id) => {
    window.location.hash = `#/tickets/${id}`
  }, otherId)
  await rowIn(page).getByRole('button', { name: 'Ask', exact: true }).waitFor()
  await expect.poll(() => isAnywhere(page, CARD)).toBe(false)
  await page.evaluate((id) => {
    window.location.hash = `#/tickets/${id}`
  }, ticketId)
  await row.getByText(CARD_MASK).waitFor()
  await row.getByRole('button', { name: 'Show again' }).waitFor()
})

test('a value is masked when Zendesk puts the app out of sight', async () => {
  const { page } = await openValue('Card number', CARD)
  await page.getByRole('link', { name: 'Views', exact: true }).click()
  await expect.poll(() => isAnywhere(page, CARD), { timeout: 10_000 }).toBe(false)
})

test('a secret value stays five seconds after the agent clicks into the reply; others stay', async () => {
  const { page, row } = await openValue('Passport', PASSPORT, {
    values: { passport: PASSPORT, card_number: CARD },
  })
  const card = rowIn(page)
  await card.getByRole('button', { name: 'Show' }).click()
  await card.getByText(CARD).waitFor()
  const leftAt = performance.now()
  await page.getByRole('textbox', { name: 'Public reply' }).click()
  await row.getByText(PASSPORT).waitFor({ state: 'detached' })
  const stayedMs = performance.now() - leftAt
  expect(stayedMs).toBeGreaterThan(SECRET_STAYS_MS - 500)
  // Well before its time on screen would be over.
  expect(stayedMs).toBeLessThan(SECRET_STAYS_MS + 10_000)
  expect(await card.getByText(CARD).isVisible()).toBe(true)
  await sidebarIn(page).getByText('••••••••').first().waitFor()
})
