/** Checking what a customer says, and a customer who types a value through a link: in a browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { violationsIn } from '../support/appearance.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  MAYA,
  navBarIn,
  OMAR,
  PATIENCE_MS,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
  subjectOf,
} from '../support/sandbox-browser.ts'

/** A published test number, other than the one that tickets start with. */
const OTHER_CARD = '4111 1111 1111 1111'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, delayMs: 0 })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

async function openTicket(values?: Readonly<Record<string, string>>) {
  const ticketId = await world.addTicket(values === undefined ? {} : { values })
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  await sidebarIn(page).getByRole('heading', { name: 'Protected on this ticket' }).waitFor()
  return { ticketId, page }
}

/** The frame grows as its form comes, and a click in between may miss: forms are sent by key. */
async function openPanel(page: Page, name: string) {
  await sidebarIn(page).getByRole('button', { name }).click()
  return sidebarIn(page).getByRole('form', { name })
}

test('an agent learns whether a card matches, and nothing else; the fifth miss locks', async () => {
  const { ticketId, page } = await openTicket()
  const form = await openPanel(page, 'Check what the customer says')
  const input = form.getByLabel('What the customer says')
  await input.fill(CARD.replaceAll(' ', ''))
  await input.press('Enter')
  await form.getByText('Matches', { exact: true }).waitFor()
  expect(await input.inputValue()).toBe('')
  for (const left of [4, 3, 2, 1]) {
    await input.fill(`${OTHER_CARD} ${left}`)
    await input.press('Enter')
    await form.getByText(new RegExp(`^Does not match · ${left} tr`)).waitFor()
  }
  await input.fill(OTHER_CARD)
  await input.press('Enter')
  await form.getByText('Does not match. Locked for 15 min.').waitFor()
  await input.fill(CARD)
  await input.press('Enter')
  await form.getByText(/^Too many misses\. This value can be checked again in 15 min\.$/).waitFor()
  expect(await violationsIn(page, 'ticket_sidebar')).toEqual([])

  const entries = await world.entries({ ticketId })
  const actions = entries.map(({ action }) => action)
  expect(actions.filter((action) => action === 'value_check.match')).toHaveLength(1)
  expect(actions.filter((action) => action === 'value_check.miss')).toHaveLength(5)
  expect(actions.filter((action) => action === 'value_check.refuse')).toHaveLength(1)
  const find = createCanaryMatcher([
    { name: 'stored', value: CARD },
    { name: 'typed', value: OTHER_CARD },
  ])
  expect(find(JSON.stringify(entries))).toEqual([])
})

test('a customer types a card through a link, once, and the ticket only ever holds its mask', async () => {
  const { ticketId, page } = await openTicket({})
  const form = await openPanel(page, 'Ask the customer')
  await form.getByLabel('Field').selectOption({ label: 'Card number' })
  await form.getByRole('button', { name: 'Make the link' }).press('Enter')
  const address = await form.getByLabel('Link for the customer').inputValue()
  await form.getByRole('button', { name: 'Put it into the reply' }).click()
  const editor = page.getByRole('textbox', { name: 'Public reply' })
  await expect.poll(() => editor.inputValue()).toContain(address)
  // The guard must not stop the reply for the link that it helped to write.
  await page.getByRole('button', { name: 'Submit as Open' }).click()
  await page.getByText(`Ticket #${ticketId} submitted as open`).waitFor()

  const context = await world.browser.newContext({ locale: 'de-DE', javaScriptEnabled: false })
  context.setDefaultTimeout(PATIENCE_MS)
  try {
    const customer = await context.newPage()
    await customer.goto(address)
    await customer.getByRole('heading', { name: /bittet Sie um: Card number$/ }).waitFor()
    const input = customer.getByLabel('Card number')
    await input.fill(CARD_MASK)
    await input.press('Enter')
    await customer.getByRole('alert').waitFor()
    await customer.getByLabel('Card number').fill(CARD)
    await customer.getByRole('button', { name: 'Senden' }).click()
    await customer.getByRole('heading', { name: 'Danke. Ihre Angabe ist angekommen.' }).waitFor()
    await customer.goto(address)
    await customer
      .getByRole('heading', { name: 'Dieser Link kann nicht benutzt werden.' })
      .waitFor()
  } finally {
    await context.close()
  }

  await rowIn(page).getByText(CARD_MASK).waitFor()
  const { state } = world.sandbox.emulator
  const find = createCanaryMatcher([{ name: 'card', value: CARD }])
  await expect
    .poll(() => JSON.stringify(state.tickets.find(({ id }) => id === ticketId)))
    .toContain(CARD_MASK)
  expect(find(JSON.stringify([state.tickets, state.comments, state.audits]))).toEqual([])
  const [used] = await world.entries({ ticketId, action: 'intake_link.use' })
  expect(used).toMatchObject({ fields: ['card_number'], data: { createdBy: MAYA } })
  const secret = address.split('/').at(-1) ?? ''
  const entries = JSON.stringify(await world.entries({}))
  expect(createCanaryMatcher([{ name: 'secret', value: secret }])(entries)).toEqual([])
})

test('the page of a link can be read and used by everybody, in either scheme and direction', async () => {
  const { page } = await openTicket({})
  const form = await openPanel(page, 'Ask the customer')
  await form.getByRole('button', { name: 'Make the link' }).press('Enter')
  const address = await form.getByLabel('Link for the customer').inputValue()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const locale of ['en-GB', 'ar-EG']) {
      const context = await world.browser.newContext({
        locale,
        colorScheme,
        viewport: { width: 320, height: 640 },
      })
      try {
        const customer = await context.newPage()
        await customer.goto(address)
        expect(await violationsIn(customer), `${colorScheme} ${locale}`).toEqual([])
        const isWide = await customer.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        expect(isWide).toBe(false)
      } finally {
        await context.close()
      }
    }
  }
})

test('a lead finds the ticket that holds a value, and opens it', async () => {
  // No other ticket of the sandbox has this number.
  const card = '5555 5555 5555 4444'
  const ticketId = await world.addTicket({ values: { card_number: card } })
  const page = await world.openWindow(OMAR, '#/apps/scrim')
  const bar = navBarIn(page)
  await bar.getByRole('tab', { name: 'Find' }).click()
  await bar.getByLabel('Exact value').fill(card.replaceAll(' ', '-'))
  await bar.getByRole('button', { name: 'Find', exact: true }).click()
  await bar.getByText('1 ticket holds this value.').waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
  await bar.getByRole('button', { name: `Open #${ticketId}` }).click()
  await page
    .getByRole('heading', { name: subjectOf(ticketId) })
    .first()
    .waitFor()
})
