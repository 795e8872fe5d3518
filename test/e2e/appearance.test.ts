/**
 * How the app looks in its place: readable for everybody (axe, WCAG 2.2 AA, both colour schemes), at
 * rest while somebody looks at it, and whole in the narrowest sidebar in every language.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  chooseScheme,
  expectFittingHeight,
  openNarrow,
  overflowIn,
  rowsOf,
  violationsIn,
  WHOLE,
} from '../support/appearance.ts'
import type { Place } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  AISHA,
  BILLING,
  CARD,
  CARD_MASK,
  frameIn,
  MAYA,
  MINUTE_MS,
  navBarIn,
  OMAR,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
  TECHNICAL_SUPPORT,
} from '../support/sandbox-browser.ts'

const TEST_TIMEOUT_MS = 180_000

const VALUES = {
  card_number: CARD,
  passport: 'L898902C3',
  phone: '+44 20 7946 0018',
  iban: 'GB82 WEST 1234 5698 7654 32',
}

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, delayMs: 0 })
})
afterAll(() => world.close())
afterEach(async () => {
  endOutages()
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

function endOutages() {
  world.sandbox.control({ isDatabaseDown: false, isZendeskDown: false })
  // The endpoint does not ask a Zendesk that just failed.
  world.moveClock(MINUTE_MS)
}

/** No violation in either scheme; ends in the light one. */
async function expectReadable(page: Page, place: Place, state: string) {
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, place, scheme)
    expect(await violationsIn(page, place), `${state}, ${scheme}`).toEqual([])
  }
}

/** In the window of its frame. */
const topOf = (element: Element): number => element.getBoundingClientRect().top

/** As Omar, without a window. */
async function approve(requestId: string) {
  const omar = await world.signIn(OMAR, 'nav_bar')
  await omar('POST', `reveal-requests/${requestId}/approve`, {})
}

test(
  'the nav bar is readable in each of its states',
  async () => {
    const page = await world.openWindow(OMAR, '#/apps/scrim')
    const app = navBarIn(page)
    const check = (state: string) => expectReadable(page, 'nav_bar', state)

    await app.getByText('Nothing waits for you.').waitFor()
    await check('empty queue')

    const ticketId = await world.addTicket({ values: VALUES })
    await world.grant(ticketId, { fieldIds: ['phone'] })
    await world.ask(ticketId, { fieldIds: ['card_number', 'passport'] })
    // The list may have seen the other request before it was decided.
    await app.getByRole('button', { name: /Card number and Passport/ }).click()
    await app.getByRole('heading', { name: /^Maya Rivera wants Card number/ }).waitFor()
    await check('queue')

    await app.getByRole('button', { name: 'Keys' }).click()
    await app.getByRole('button', { name: 'Deny…' }).click()
    await app.getByRole('button', { name: 'Deny', exact: true }).click()
    await app.getByText('Say why').waitFor()
    await check('deny form with a fault, and the keys')

    await app.getByRole('button', { name: 'Decided' }).click()
    await app.getByRole('heading', { name: /^Maya Rivera wants Phone/ }).waitFor()
    await check('decided')

    await app.getByRole('tab', { name: 'Active grants' }).click()
    await app
      .getByRole('button', { name: /^Revoke/ })
      .first()
      .click()
    await app.getByText('Ends now.').waitFor()
    await check('active grants')

    await app.getByRole('tab', { name: 'Log' }).click()
    await app
      .getByRole('button', { name: /asked for/ })
      .first()
      .click()
    await app.getByRole('region', { name: 'Entry' }).waitFor()
    await check('log')
    await app.locator('tbody tr').last().scrollIntoViewIfNeeded()
    expect(await app.getByRole('region', { name: 'Entry' }).evaluate(topOf)).toBeGreaterThan(0)
    expect(await overflowIn(page, 'nav_bar')).toEqual(WHOLE)
  },
  TEST_TIMEOUT_MS,
)

test(
  'the sidebar is readable in each of its states, and its rows stay where they are',
  async () => {
    const ticketId = await world.addTicket({ values: VALUES })
    const page = await openNarrow(world, MAYA, ticketId)
    const sidebar = sidebarIn(page)
    const row = rowIn(page)
    const check = async (state: string) => {
      await expectFittingHeight(page, state)
      await expectReadable(page, 'ticket_sidebar', state)
    }

    await row.getByText(CARD_MASK).waitFor()
    const atRest = await rowsOf(page)
    expect(atRest.length).toBe(Object.keys(VALUES).length)
    await check('masked')

    await row.getByRole('button', { name: /^Why/ }).click()
    await row.getByRole('note').waitFor()
    await check('why')
    await row.getByRole('button', { name: /^Why/ }).click()

    await row.getByRole('button', { name: 'Ask', exact: true }).click()
    await row.getByLabel('What will you do with it?').press('Enter')
    await row.getByText('Choose a reason').waitFor()
    await check('request form with faults')
    await row.getByRole('button', { name: 'Cancel' }).click()
    expect(await rowsOf(page)).toEqual(atRest)

    const requestId = await world.ask(ticketId)
    await row.getByText('Waiting').waitFor()
    expect(await rowsOf(page)).toEqual(atRest)
    await check('waiting')

    await approve(requestId)
    await row.getByRole('button', { name: /^Show/ }).waitFor()
    expect(await rowsOf(page)).toEqual(atRest)
    await check('granted')

    await row.getByRole('button', { name: /^Show/ }).click()
    await row.getByText(CARD).waitFor()
    expect(await rowsOf(page)).toEqual(atRest)
    await check('revealed')

    await row.getByRole('button', { name: /^Done/ }).click()
    await row.getByText('You are done here.').waitFor()
    expect(await rowsOf(page)).toEqual(atRest)
    await check('masked again')

    await sidebar.getByRole('button', { name: 'Take a value down' }).click()
    await sidebar.getByRole('form').waitFor()
    // The panel scrolls to the button once the frame is as high as the form: a click before would miss.
    await check('intake')
    await sidebar.getByRole('button', { name: 'Save to vault' }).click()
    await sidebar.getByRole('form').getByRole('alert').first().waitFor()
    await check('intake with a fault')
  },
  TEST_TIMEOUT_MS,
)

test(
  'the sidebar is readable when it has nothing to show, refuses, or cannot reach its server',
  async () => {
    const empty = await world.addTicket({ values: {} })
    const maya = await openNarrow(world, MAYA, empty)
    await sidebarIn(maya).getByText('Nothing protected on this ticket.').waitFor()
    await expectFittingHeight(maya, 'nothing protected')
    await expectReadable(maya, 'ticket_sidebar', 'nothing protected')

    world.sandbox.control({ isDatabaseDown: true })
    await maya.getByRole('button', { name: 'Reload app' }).click()
    await sidebarIn(maya).getByText('storage is down').waitFor()
    await expectFittingHeight(maya, 'without a session')
    await expectReadable(maya, 'ticket_sidebar', 'without a session')

    world.sandbox.control({ isDatabaseDown: false, isZendeskDown: true })
    // Older than any answer that may still be used.
    world.moveClock(6 * MINUTE_MS)
    await maya.getByRole('button', { name: 'Reload app' }).click()
    await sidebarIn(maya).getByText('Zendesk does not answer').waitFor()
    await expectFittingHeight(maya, 'unreachable')
    await expectReadable(maya, 'ticket_sidebar', 'unreachable')
    endOutages()

    const ticketId = await world.addTicket({ groupId: TECHNICAL_SUPPORT, assigneeId: AISHA })
    const aisha = await openNarrow(world, AISHA, ticketId)
    await rowIn(aisha).getByText(CARD_MASK).waitFor()
    const ticket = world.sandbox.emulator.state.tickets.find(({ id }) => id === ticketId)
    Object.assign(ticket ?? {}, { group_id: BILLING, assignee_id: MAYA })
    world.moveClock(2 * MINUTE_MS)
    await sidebarIn(aisha).getByText('You may not see protected fields').waitFor()
    await expectFittingHeight(aisha, 'refused')
    await expectReadable(aisha, 'ticket_sidebar', 'refused')
  },
  TEST_TIMEOUT_MS,
)

const LANGUAGES = [
  { locale: 'en', direction: 'ltr' },
  { locale: 'de', direction: 'ltr' },
  { locale: 'ar', direction: 'rtl' },
] as const

test.each(LANGUAGES)(
  'everything fits the narrowest sidebar in $locale',
  async ({ locale, direction }) => {
    const ticketId = await world.addTicket({ values: VALUES })
    await world.grant(ticketId)
    await world.ask(ticketId, { fieldIds: ['phone'] })
    const page = await openNarrow(world, MAYA, ticketId, { locale })
    const sidebar = sidebarIn(page)

    const granted = sidebar.locator('li', { has: sidebar.locator('#field-card_number') })
    await granted.getByRole('button').first().waitFor()
    expect(await overflowIn(page, 'ticket_sidebar')).toEqual(WHOLE)
    await granted.getByRole('button').first().click()
    await sidebar.locator('[data-revealed]').waitFor()
    await sidebar.locator('#ask-iban').click()
    await sidebar.locator('li form textarea').first().press('Enter')
    await sidebar.locator('li form').getByRole('alert').first().waitFor()
    for (const panel of ['check', 'take_in', 'ask_customer']) {
      await sidebar.locator(`#open-${panel}`).click()
      await sidebar.locator(`#open-${panel}[aria-expanded="true"]`).waitFor()
      await sidebar.locator('main > form').waitFor()
      expect(await overflowIn(page, 'ticket_sidebar'), `${panel} is open`).toEqual(WHOLE)
    }
    await expectFittingHeight(page, locale)
    const frame = await frameIn(page, 'ticket_sidebar')
    expect(await frame.evaluate(() => document.documentElement.lang)).toBe(locale)
    // The value stands where reading begins, its button where it ends; digits run left to right.
    const value = await sidebar.locator('[data-revealed]').boundingBox()
    const button = await granted.getByRole('button').first().boundingBox()
    expect((value?.x ?? 0) < (button?.x ?? 0)).toBe(direction === 'ltr')
    expect(await sidebar.locator('[data-revealed]').getAttribute('dir')).toBe('ltr')
  },
  TEST_TIMEOUT_MS,
)
