/** A draft that holds something sensitive does not leave by accident: the whole way, in a browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { violationsIn } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  frameIn,
  MAYA,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

/** Published test numbers, other than the ones that tickets start with. */
const OWN_CARD = '4111 1111 1111 1111'
const OWN_MASK = '•••• •••• •••• 1111'
const REASON = 'It is the card of our demo shop, and the customer builds against it'
/** More than stand between any two controls of the page. */
const MOST_TABS = 60

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, delayMs: 0 })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

async function openTicket(
  values: Readonly<Record<string, string>> = {},
  prepare?: (page: Page) => Promise<unknown>,
): Promise<{ ticketId: number; page: Page }> {
  const ticketId = await world.addTicket({ values })
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`, prepare)
  await sidebarIn(page).getByRole('heading', { name: 'Protected on this ticket' }).waitFor()
  return { ticketId, page }
}

const editorIn = (page: Page) => page.getByRole('textbox', { name: 'Public reply' })
const submitIn = (page: Page) => page.getByRole('button', { name: 'Submit as Open' })
const panelIn = (page: Page) => sidebarIn(page).getByRole('region')
const isSubmitted = (page: Page, ticketId: number) =>
  page.getByText(`Ticket #${ticketId} submitted as open`).waitFor()

async function write(page: Page, text: string) {
  await editorIn(page).fill(text)
  await submitIn(page).click()
}

function bodiesOf(ticketId: number): string[] {
  return (world.sandbox.emulator.state.comments[ticketId] ?? []).map(({ body }) => body)
}

test('a card number in a reply is stopped, moved to the vault, and the customer reads the mask', async () => {
  const { ticketId, page } = await openTicket()
  const before = bodiesOf(ticketId)
  await write(page, `Your card ${OWN_CARD} was charged.`)
  await page.getByText(/^Scrim stopped this reply\. It holds: payment card number\./).waitFor()
  expect(bodiesOf(ticketId)).toEqual(before)

  const finding = panelIn(page).getByRole('listitem', { name: 'Payment card number' })
  await finding.getByText(OWN_MASK).waitFor()
  expect(await panelIn(page).getByText('4111').count()).toBe(0)
  await finding.getByRole('button', { name: 'Move to the vault' }).click()
  await panelIn(page).getByText('Nothing sensitive left.').waitFor()
  expect(await editorIn(page).inputValue()).toBe(`Your card ${OWN_MASK} was charged.`)
  await rowIn(page).getByText(OWN_MASK).waitFor()

  await submitIn(page).click()
  await isSubmitted(page, ticketId)
  expect(bodiesOf(ticketId)).toEqual([...before, `Your card ${OWN_MASK} was charged.`])
  await panelIn(page).waitFor({ state: 'detached' })
  const actions = (await world.entries({ ticketId })).map(({ action }) => action)
  expect(actions).toContain('save_guard.stop')
  expect(actions).toContain('protected_value.take_in')
  await expect
    .poll(async () => (await world.entries({ ticketId, action: 'save_guard.move' })).length)
    .toBe(1)
  expect(JSON.stringify(await world.entries({ ticketId }))).not.toContain('4111')
})

test('a value in the vault is not replaced without a question', async () => {
  const { page } = await openTicket({ card_number: CARD })
  await write(page, `Your card ${OWN_CARD} was charged.`)
  const finding = panelIn(page).getByRole('listitem', { name: 'Payment card number' })
  await finding.getByRole('button', { name: 'Move to the vault' }).click()
  await finding.getByRole('button', { name: 'Keep the old one' }).click()
  expect(await rowIn(page).getByText(CARD_MASK).count()).toBe(1)
  await finding.getByRole('button', { name: 'Move to the vault' }).click()
  await finding.getByRole('button', { name: 'Replace it' }).click()
  await rowIn(page).getByText(OWN_MASK).waitFor()
})

test('a card verification code is masked, never stored, and the panel says why', async () => {
  const { ticketId, page } = await openTicket()
  await write(page, 'The CVC of the card was 737, as you wrote.')
  const finding = panelIn(page).getByRole('listitem', { name: 'Card verification code' })
  await finding.getByText(/are never stored, not even in the vault/).waitFor()
  expect(await finding.getByRole('button', { name: 'Move to the vault' }).count()).toBe(0)
  await finding.getByRole('button', { name: 'Mask it' }).click()
  await panelIn(page).getByText('Nothing sensitive left.').waitFor()
  expect(await editorIn(page).inputValue()).not.toContain('737')
  expect(await world.entries({ ticketId, action: 'protected_value.take_in' })).toEqual([])
  await submitIn(page).click()
  await isSubmitted(page, ticketId)
})

test('with a reason it goes out as it is, once, and the reason stays on record', async () => {
  const { ticketId, page } = await openTicket()
  await write(page, `Use ${OWN_CARD} as the card.`)
  await panelIn(page).getByRole('button', { name: 'Send anyway' }).click()
  const form = panelIn(page).getByRole('form')
  await form.getByRole('textbox').fill('because')
  await form.getByRole('button', { name: 'Allow once' }).click()
  await form.getByText('The reason is too short.').waitFor()
  await form.getByRole('textbox').fill(`The card is ${OWN_CARD}`)
  await form.getByRole('button', { name: 'Allow once' }).click()
  await form.getByRole('alert').waitFor()
  expect(await world.entries({ ticketId, action: 'save_guard.pass' })).toEqual([])

  await form.getByRole('textbox').fill(REASON)
  await form.getByRole('button', { name: 'Allow once' }).click()
  await panelIn(page).getByText('You may send this draft once.').waitFor()
  const [entry, ...more] = await world.entries({ ticketId, action: 'save_guard.pass' })
  expect(more).toEqual([])
  expect(entry).toMatchObject({
    actor: { type: 'person', id: MAYA },
    data: { kinds: ['payment_card'], count: 1, isPublic: true },
  })
  expect(JSON.stringify(entry)).not.toContain('demo shop')

  await submitIn(page).click()
  await isSubmitted(page, ticketId)
  expect(bodiesOf(ticketId).at(-1)).toBe(`Use ${OWN_CARD} as the card.`)
  await write(page, `Use ${OWN_CARD} as the card.`)
  await panelIn(page).getByText('Your reply was not sent').waitFor()
})

test('a detector that cannot be loaded stops the save and says so, and recovers by itself', async () => {
  const detector = /\/assets\/detect-[^/]+\.js$/
  const { ticketId, page } = await openTicket({}, (opened) =>
    opened.route(detector, (route) => route.abort()),
  )
  const before = bodiesOf(ticketId)
  await write(page, 'Nothing to see here.')
  await page
    .getByText(/^Scrim could not check what you wrote.*The detector could not be loaded\./)
    .waitFor()
  await panelIn(page).getByText('Not checked').waitFor()
  expect(bodiesOf(ticketId)).toEqual(before)
  await expect
    .poll(async () => (await world.entries({ ticketId })).map(({ action }) => action))
    .toContain('save_guard.block_unchecked')
  await page.unroute(detector)
  await submitIn(page).click()
  await isSubmitted(page, ticketId)
})

test('a guard that cannot be loaded at all stops the save and says so', async () => {
  const { ticketId, page } = await openTicket({}, (opened) =>
    opened.route(/\/assets\/SaveGuard-[^/]+\.js$/, (route) => route.abort()),
  )
  const before = bodiesOf(ticketId)
  await write(page, 'Nothing to see here.')
  await page.getByText(/^Scrim could not check what you wrote, so it was not sent\./).waitFor()
  expect(bodiesOf(ticketId)).toEqual(before)
})

test('everything can be done without a mouse', async () => {
  const { ticketId, page } = await openTicket()
  await editorIn(page).focus()
  await page.keyboard.type(`Your card ${OWN_CARD} was charged.`)
  await tabTo(page, 'Submit as Open', 'Tab', () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''),
  )
  await page.keyboard.press('Enter')
  await panelIn(page).getByText('Your reply was not sent').waitFor()
  const frame = await frameIn(page, 'ticket_sidebar')
  await tabTo(page, 'Move to the vault', 'Shift+Tab', () =>
    frame.evaluate(() => (document.hasFocus() ? (document.activeElement?.textContent ?? '') : '')),
  )
  await page.keyboard.press('Enter')
  await panelIn(page).getByText('Nothing sensitive left.').waitFor()
  await expect
    .poll(() => frame.evaluate(() => document.activeElement?.textContent ?? ''))
    .toBe('Nothing sensitive left.')
  await tabTo(page, 'Submit as Open', 'Tab', () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''),
  )
  await page.keyboard.press('Enter')
  await isSubmitted(page, ticketId)
})

async function tabTo(page: Page, wanted: string, key: string, current: () => Promise<string>) {
  for (let tab = 0; tab < MOST_TABS; tab += 1) {
    await page.keyboard.press(key)
    if ((await current()) === wanted) return
  }
  throw new Error(`the keyboard never comes to ${wanted}`)
}

test('the panel is readable for everybody in both colour schemes, at 320 pixels', async () => {
  const { page } = await openTicket()
  const grip = page.getByRole('button', { name: /^Width of the apps panel/ })
  await grip.press('ArrowRight')
  await grip.press('ArrowRight')
  await write(page, `Your card ${OWN_CARD} was charged, your IBAN is GB82 WEST 1234 5698 7654 32.`)
  await panelIn(page).getByText('Your reply was not sent').waitFor()
  await panelIn(page)
    .getByRole('button', { name: /^Why is this a finding/ })
    .first()
    .click()
  await panelIn(page).getByRole('button', { name: 'Send anyway' }).click()
  for (const scheme of ['Dark', 'Light']) {
    await chooseScheme(page, scheme)
    expect([scheme, await violationsIn(page, 'ticket_sidebar')]).toEqual([scheme, []])
  }
  const frame = await frameIn(page, 'ticket_sidebar')
  const { scrollWidth, clientWidth } = await frame.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }))
  expect(scrollWidth).toBe(clientWidth)
  await panelIn(page).getByRole('button', { name: 'Mask all' }).click()
  await panelIn(page).getByText('Nothing sensitive left.').waitFor()
  for (const scheme of ['Dark', 'Light']) {
    await chooseScheme(page, scheme)
    expect([scheme, await violationsIn(page, 'ticket_sidebar')]).toEqual([scheme, []])
  }
})

async function chooseScheme(page: Page, scheme: string) {
  const controls = page.getByRole('button', { name: 'Controls' })
  await controls.click()
  await page.getByRole('button', { name: scheme }).click()
  await controls.click()
  const frame = await frameIn(page, 'ticket_sidebar')
  await frame.waitForFunction(
    (wanted) => getComputedStyle(document.documentElement).colorScheme === wanted,
    scheme.toLowerCase(),
  )
}
