/** An internal note that only some may read: written, announced in the ticket, asked for, read. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { speak, violationsIn } from '../support/appearance.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  frameIn,
  INGRID,
  MAYA,
  navBarIn,
  OMAR,
  sidebarIn,
  startSandboxBrowser,
  TOMAS,
} from '../support/sandbox-browser.ts'

const TITLE = 'Write a restricted note'
const FIRST_LINE = 'The bank opened this account only last week.'
const SECOND_LINE = 'Do not refund before Lena has called back.'
/** Longer than its row, and than what is shown of it at once. */
const NOTE = [
  FIRST_LINE,
  SECOND_LINE,
  ...Array.from({ length: 14 }, (_, at) => `Call ${at + 1} to the bank: nobody answered.`),
].join('\n')
const find = createCanaryMatcher([
  { name: 'first line', value: FIRST_LINE },
  { name: 'second line', value: SECOND_LINE },
])

let world: SandboxBrowser

beforeAll(async () => {
  // With its webhook: what ingestion makes of the private note is a part of the story.
  world = await startSandboxBrowser({ hasStory: false, hasWebhook: true, delayMs: 0 })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

const noteRow = (page: Page) => sidebarIn(page).getByRole('listitem', { name: /^Note by Maya, / })

test('an agent writes it, the ticket says that it exists, a lead approves, a colleague reads it', async () => {
  const ticketId = await world.addTicket()
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const app = sidebarIn(maya)
  await app.getByRole('button', { name: TITLE }).click()
  const form = app.getByRole('form', { name: TITLE })
  await form.getByLabel('Note').fill(NOTE)
  await form.getByRole('radio', { name: 'secret' }).check()
  await form.getByText('Agents and leads may ask to read it.').waitFor()
  expect(await violationsIn(maya, 'ticket_sidebar')).toEqual([])
  await maya.keyboard.press('Control+Enter')
  await noteRow(maya).waitFor()
  await expect
    .poll(() => noteRow(maya).evaluate((row) => row === row.ownerDocument.activeElement))
    .toBe(true)
  expect(await noteRow(maya).getByText('••••••••').count()).toBe(1)
  const said = maya.getByText(
    /^Restricted note by Maya Rivera \(secret\)\..+\[scrim:[0-9A-Z]{16}\]$/,
  )
  await said.waitFor()
  expect(await maya.getByText('Internal', { exact: true }).count()).toBe(1)

  const tomas = await world.openWindow(TOMAS, `#/tickets/${ticketId}`)
  const row = noteRow(tomas)
  await row.getByRole('button', { name: 'Ask', exact: true }).click()
  await row.getByRole('radio', { name: 'Identity check' }).check()
  await row.getByLabel('What will you do with it?').fill('Decide whether the refund may go out')
  await row.locator('form').getByRole('button', { name: 'Ask' }).click()
  await row.getByText('Waiting').waitFor()

  const omar = await world.openWindow(OMAR, '#/apps/scrim')
  const queue = navBarIn(omar)
  await queue
    .getByRole('heading', {
      name: new RegExp(`^Tomás Vidal wants Note by Maya, .+ on #${ticketId}$`),
    })
    .waitFor()
  await queue
    .getByText('Restricted note by Maya Rivera. You decide without seeing its text.')
    .waitFor()
  expect(await violationsIn(omar, 'nav_bar')).toEqual([])
  await queue.getByRole('button', { name: /^Approve/ }).click()
  await queue.getByText(/^Approved Note by Maya, .+ for Tomás Vidal\.$/).waitFor()

  await row.getByRole('button', { name: 'Show' }).click()
  const value = row.locator('[data-revealed]')
  await value.waitFor()
  expect(await value.textContent()).toBe(NOTE)
  await row.getByRole('button', { name: 'Show all' }).click()
  const look = await value.evaluate((element) => {
    const frame = element.parentElement ?? element
    const { content, fontSize, fontFamily, lineHeight } = getComputedStyle(frame, '::after')
    const context = document.createElement('canvas').getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.font = `${fontSize} ${fontFamily}`
    const { width, height } = frame.getBoundingClientRect()
    return {
      isScrolling: element.scrollHeight > element.clientHeight,
      watermark: content,
      // The watermark has more words than its place has room: none of it stays bare.
      isCovered: context.measureText(content).width > (width * height) / parseFloat(lineHeight),
    }
  })
  expect(look).toMatchObject({ isScrolling: true, isCovered: true })
  expect(look.watermark).toContain('Tomás Vidal')
  expect(await violationsIn(tomas, 'ticket_sidebar')).toEqual([])
  await row.getByRole('button', { name: 'Done' }).click()
  await row.getByText('You are done here.').waitFor()

  const ingrid = await world.openWindow(INGRID, '#/apps/scrim')
  const log = navBarIn(ingrid)
  await log.getByRole('tab', { name: 'Log' }).click()
  await log.getByLabel('Ticket number').fill(String(ticketId))
  const ticket = `#${ticketId}`
  for (const sentence of [
    `Maya Rivera wrote Restricted note 1 on ${ticket}`,
    `Tomás Vidal was shown Restricted note 1 on ${ticket}`,
  ]) {
    await log.getByRole('button', { name: new RegExp(`^${sentence}`) }).waitFor()
  }

  const { state } = world.sandbox.emulator
  expect(find(JSON.stringify([state.tickets, state.comments, state.audits]))).toEqual([])
  expect(find(JSON.stringify(await world.entries({})))).toEqual([])
  const standIns = (state.comments[ticketId] ?? []).filter(({ public: isPublic }) => !isPublic)
  expect(standIns.map(({ body }) => body.includes('▇'))).toEqual([false])
})

test('a begun note survives Escape, and nothing of it is kept by the browser', async () => {
  const ticketId = await world.addTicket()
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const app = sidebarIn(page)
  const open = app.getByRole('button', { name: TITLE })
  await open.click()
  const note = app.getByRole('form', { name: TITLE }).getByLabel('Note')
  await note.fill(NOTE)
  await note.press('Escape')
  const begun = app.getByRole('button', { name: 'Restricted note, not saved yet' })
  await begun.waitFor()
  expect(await begun.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true)
  const stored = await page.context().storageState({ indexedDB: true })
  expect(find(JSON.stringify(stored))).toEqual([])
  await begun.press('Enter')
  expect(await note.inputValue()).toBe(NOTE)
  await note.fill('')
})

const LANGUAGES = [
  { locale: 'en', direction: 'ltr' },
  { locale: 'de', direction: 'ltr' },
  { locale: 'ar', direction: 'rtl' },
] as const

test.each(LANGUAGES)(
  'the form can be used by everybody in the narrowest sidebar in $locale',
  async ({ locale, direction }) => {
    const ticketId = await world.addTicket()
    const call = await world.signIn(MAYA)
    const written = { text: NOTE, sensitivityClass: 'restricted' }
    await call('POST', `tickets/${ticketId}/restricted-notes`, written)
    const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`, (opened) =>
      opened.addInitScript(speak, locale),
    )
    const grip = page.getByRole('button', { name: /^Width of the apps panel/ })
    await grip.press('ArrowRight')
    await grip.press('ArrowRight')
    const app = sidebarIn(page)
    await app.locator('#open-note').click()
    // Garden measures the height in a second one, which nobody meets.
    const note = app.locator('form textarea:not([aria-hidden])')
    await note.fill('x'.repeat(4100))
    await app.locator('form button[type=submit]').click()
    await expect.poll(() => note.getAttribute('aria-invalid')).toBe('true')
    const frame = await frameIn(page, 'ticket_sidebar')
    expect(await frame.evaluate(() => document.dir)).toBe(direction)
    for (const scheme of ['dark', 'light'] as const) {
      await chooseScheme(page, scheme)
      expect(await violationsIn(page, 'ticket_sidebar'), `${scheme}`).toEqual([])
    }
    const { isWide, cut } = await frame.evaluate(() => ({
      isWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      cut: [...document.querySelectorAll<HTMLElement>('button, label, legend')]
        .filter(({ clientWidth }) => clientWidth > 1)
        .filter(({ clientWidth, scrollWidth }) => scrollWidth > clientWidth + 1)
        .map(({ textContent }) => textContent),
    }))
    expect({ isWide, cut }).toEqual({ isWide: false, cut: [] })
    await note.fill('')
  },
)

async function chooseScheme(page: Page, scheme: 'light' | 'dark') {
  const controls = page.getByRole('button', { name: 'Controls' })
  await controls.click()
  await page.getByRole('button', { name: scheme === 'dark' ? 'Dark' : 'Light' }).click()
  await controls.click()
  const frame = await frameIn(page, 'ticket_sidebar')
  await frame.waitForFunction(
    (wanted) => getComputedStyle(document.documentElement).colorScheme === wanted,
    scheme,
  )
}
