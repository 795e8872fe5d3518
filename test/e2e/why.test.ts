/**
 * Why a value is masked, in its place: said behind every mask, with the training for its kind, by
 * keyboard alone and in every language; and the report of who may see what.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  chooseScheme,
  expectFittingHeight,
  openNarrow,
  overflowIn,
  rowsOf,
  speak,
  violationsIn,
  WHOLE,
} from '../support/appearance.ts'
import type { Place } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  frameIn,
  INGRID,
  MAYA,
  navBarIn,
  OMAR,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

const TEST_TIMEOUT_MS = 240_000
const PASSPORT = 'L898902C3'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, delayMs: 0 })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

/** No violation in either scheme; ends in the light one. */
async function expectReadable(page: Page, place: Place, state: string) {
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, place, scheme)
    expect(await violationsIn(page, place), `${state}, ${scheme}`).toEqual([])
  }
}

test(
  'by keyboard alone an agent learns why a card number is masked, and what to do instead',
  async () => {
    const ticketId = await world.addTicket()
    const page = await openNarrow(world, MAYA, ticketId)
    const row = rowIn(page)
    await row.getByText(CARD_MASK).waitFor()
    const atRest = await rowsOf(page)

    await row.getByRole('button', { name: /^Why/ }).focus()
    await page.keyboard.press('Enter')
    const note = row.getByRole('note')
    await note.getByText(/takes 1 approval \(lead\)/).waitFor()
    await note.getByText(/Omar can decide right now/).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await note.getByText(/last four digits, the amount and the day/).waitFor()
    await note.getByText(/tells you whether it matches, and shows you nothing/).waitFor()
    await expectFittingHeight(page, 'lesson')
    expect(await overflowIn(page, 'ticket_sidebar')).toEqual(WHOLE)
    await expectReadable(page, 'ticket_sidebar', 'lesson')

    await row.getByRole('button', { name: /^Why/ }).press('Enter')
    await expect.poll(() => rowsOf(page)).toEqual(atRest)
  },
  TEST_TIMEOUT_MS,
)

test.each(['de', 'ar'])(
  'reason, next step and lesson fit the narrowest sidebar in %s',
  async (locale) => {
    const ticketId = await world.addTicket({ values: { card_number: CARD, passport: PASSPORT } })
    const page = await openNarrow(world, MAYA, ticketId, { locale })
    const sidebar = sidebarIn(page)
    const row = sidebar.locator('li', { has: sidebar.locator('#field-passport') })
    await row.locator('[aria-expanded]').last().click()
    await row.getByRole('note').getByRole('button').click()
    await row.locator('dl').waitFor()
    await row.locator('#ask-passport').click()
    await sidebar.locator('li form textarea').first().waitFor()
    await expectFittingHeight(page, locale)
    expect(await overflowIn(page, 'ticket_sidebar')).toEqual(WHOLE)
    expect(await violationsIn(page, 'ticket_sidebar')).toEqual([])
  },
  TEST_TIMEOUT_MS,
)

test(
  'a mask is nowhere to be saved over the value: not in the row, not in the form that takes one down',
  async () => {
    const ticketId = await world.addTicket()
    const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
    const sidebar = sidebarIn(page)
    await rowIn(page).getByText(CARD_MASK).waitFor()
    const frame = await frameIn(page, 'ticket_sidebar')
    const typed = () =>
      frame.evaluate(() =>
        [...document.querySelectorAll('input, textarea')].map((input) =>
          'value' in input ? String(input.value) : '',
        ),
      )
    await sidebar.getByRole('button', { name: 'Take a value down' }).click()
    const form = sidebar.getByRole('form', { name: 'Take a value down' })
    await form.waitFor()
    expect((await typed()).filter((text) => text.includes('4242'))).toEqual([])

    await form.getByRole('textbox').fill('**** **** **** 4242')
    await form.getByRole('button', { name: 'Save to vault' }).click()
    await form.getByText('This is a mask, not a value.').waitFor()
    const entries = await world.entries({ action: 'protected_value.take_in', ticketId })
    expect(entries).toHaveLength(1)
  },
  TEST_TIMEOUT_MS,
)

test(
  'more time is asked for while there is some, and the new grant takes the old one’s place',
  async () => {
    const ticketId = await world.addTicket()
    const grantId = await world.grant(ticketId)
    const page = await openNarrow(world, MAYA, ticketId)
    const row = rowIn(page)
    await row.getByRole('button', { name: /^Show/ }).waitFor()
    const atRest = await rowsOf(page)
    await row.getByRole('button', { name: /^More time/ }).press('Enter')
    const form = row.getByRole('form', { name: 'Ask for more time' })
    await form.getByText('More time for Card number.').waitFor()
    await expectReadable(page, 'ticket_sidebar', 'asking for more time')
    await form.getByRole('radio', { name: 'Refund or payment' }).press(' ')
    await form
      .getByLabel('What will you do with it?')
      .fill('The bank asks for the digits a second time')
    await form.getByLabel('What will you do with it?').press('Enter')
    await row.getByText('Asked Omar for more time.').waitFor()
    await row.getByRole('button', { name: /^Show/ }).waitFor()
    await expectReadable(page, 'ticket_sidebar', 'more time was asked for')

    const [created] = (await world.entries({ action: 'reveal_request.create', ticketId })).slice(-1)
    const omar = await world.signIn(OMAR, 'nav_bar')
    await omar('POST', `reveal-requests/${created?.requestId}/approve`, {})
    await row.getByRole('button', { name: /^More time/ }).waitFor()
    expect(await rowsOf(page)).toEqual(atRest)
    const ended = (await world.entries({ ticketId })).filter((entry) => entry.grantId === grantId)
    expect(ended.at(-1)).toMatchObject({ code: 'grant_extended' })
  },
  TEST_TIMEOUT_MS,
)

test(
  'compliance reads who may see what, by role and by person, and takes it along as a file',
  async () => {
    const page = await world.openWindow(INGRID, '#/apps/scrim')
    const app = navBarIn(page)
    await app.getByRole('tab', { name: 'Access' }).click()
    const table = app.getByRole('table')
    await table.getByRole('rowheader', { name: /^Passport/ }).waitFor()
    await expectReadable(page, 'nav_bar', 'roles')
    expect(await overflowIn(page, 'nav_bar')).toEqual(WHOLE)

    await app.getByLabel('Class').selectOption('secret')
    await expect.poll(() => table.getByRole('rowheader', { name: /restricted/ }).count()).toBe(0)
    await app.getByLabel('One person').fill('maya')
    await app.getByRole('button', { name: 'Maya Rivera' }).press('Enter')
    await app.getByRole('heading', { name: 'Maya Rivera' }).waitFor()
    await table.getByText('It takes 1 approval (lead).').first().waitFor()
    const frame = await frameIn(page, 'nav_bar')
    expect(await frame.evaluate(() => window.location.hash)).toBe('#access?class=secret&person=101')
    await expectReadable(page, 'nav_bar', 'a person')

    const download = page.waitForEvent('download')
    await app.getByRole('button', { name: 'Export this person' }).press('Enter')
    expect((await download).suggestedFilename()).toBe('access-report.csv')
    await app.getByText(/exported\. The log has it\./).waitFor()
    const [entry] = await world.entries({ action: 'report.export' })
    expect(entry).toMatchObject({ data: { by: 'person', personId: MAYA, class: 'secret' } })
  },
  TEST_TIMEOUT_MS,
)

test.each(['en', 'de', 'ar'])(
  'the report fits a window of 320 pixels in %s',
  async (locale) => {
    const page = await world.openWindow(INGRID, '#/apps/scrim', (opened) =>
      opened.addInitScript(speak, locale),
    )
    const app = navBarIn(page)
    await app.locator("[data-tab='access']").click()
    await app.locator('tbody th').first().waitFor()
    const iframe = page.locator('iframe[data-location="nav_bar"]')
    await iframe.evaluate((element) => element.setAttribute('style', 'width: 320px; min-width: 0'))
    expect(await overflowIn(page, 'nav_bar')).toEqual(WHOLE)
    expect(await violationsIn(page, 'nav_bar')).toEqual([])
  },
  TEST_TIMEOUT_MS,
)
