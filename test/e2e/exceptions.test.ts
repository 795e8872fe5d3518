/** An exception from its proposal to its end, and the circuit breaker, in a browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import {
  chooseScheme,
  openNarrow,
  overflowIn,
  speak,
  violationsIn,
  WHOLE,
} from '../support/appearance.ts'
import type { Place } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  INGRID,
  MAYA,
  navBarIn,
  OMAR,
  rowIn,
  SAM,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({
    hasStory: false,
    policy: {
      ...sandboxPolicy,
      matrix: {
        ...sandboxPolicy.matrix,
        frontline: { confidential: 'request', restricted: 'masked', secret: 'masked' },
      },
      caps: { soft: null, hard: null, accountPerHour: 2 },
    },
  })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

const DAY_MS = 24 * 60 * 60 * 1000
/** How far the sandbox's clock is ahead of this machine's. */
let aheadMs = 0
const instantIn = (days: number) => new Date(Date.now() + aheadMs + days * DAY_MS).toISOString()
const dayIn = (days: number) => instantIn(days).slice(0, 10)

/** Readable for everybody in both schemes, and nothing cut off. */
async function expectReadable(page: Page, place: Place, state: string): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, place, scheme)
    const violations = await violationsIn(page, place)
    expect({ state, scheme, violations }).toEqual({ state, scheme, violations: [] })
  }
  expect({ state, ...(await overflowIn(page, place)) }).toEqual({ state, ...WHOLE })
}

async function openReviews(personId: number): Promise<Page> {
  const page = await world.openWindow(personId, '#/apps/scrim')
  await navBarIn(page).getByRole('tab', { name: 'Reviews' }).click()
  await navBarIn(page).getByRole('heading', { name: 'Exceptions' }).waitFor()
  return page
}

test('the circuit breaker stops the desk, and compliance lets it go on', async () => {
  const ticketId = await world.addTicket({ values: { phone: '+44 20 7946 0958' } })
  const grantId = await world.grant(ticketId, { fieldIds: ['phone'] })
  const call = await world.signIn(MAYA)
  for (const at of [1, 2]) {
    const attemptId = `00000000-0000-4000-8000-00000000000${at}`
    await call('POST', `grants/${grantId}/reveal`, { attemptId, fieldId: 'phone' })
  }
  const maya = await openNarrow(world, MAYA, ticketId)
  await sidebarIn(maya).getByText('Scrim has stopped all reveals').first().waitFor()
  await expectReadable(maya, 'ticket_sidebar', 'all reveals stopped')

  const ingrid = await world.openWindow(INGRID, '#/apps/scrim')
  const desk = navBarIn(ingrid)
  await desk.getByText(/most of them by Maya Rivera/).waitFor()
  await desk.getByRole('button', { name: 'Let values be revealed again' }).click()
  await desk.getByRole('button', { name: 'Let values be revealed' }).click()
  await desk.getByText('Say what you found').waitFor()
  await expectReadable(ingrid, 'nav_bar', 'the breaker')
  await desk.getByLabel('What did you find?').fill('A recall: every call of it was expected')
  await desk.getByRole('button', { name: 'Let values be revealed' }).click()
  await desk.getByText('Scrim has stopped all reveals').waitFor({ state: 'detached' })
  expect(await world.entries({ action: 'circuit_breaker.close' })).toHaveLength(1)
})

test('an exception is proposed, consented to, used, and revoked', async () => {
  const ticketId = await world.addTicket({ assigneeId: OMAR })
  const maya = await openNarrow(world, MAYA, ticketId)
  const asking = (state: string) => rowIn(maya).locator(`button:text-is("Ask"):${state}`).waitFor()
  await asking('disabled')

  const ingrid = await openReviews(INGRID)
  const desk = navBarIn(ingrid)
  await desk.getByText('No exception holds or waits.').waitFor()
  await desk.getByRole('button', { name: 'Propose an exception' }).click()
  const form = desk.getByRole('form', { name: 'Propose an exception' })
  await form.getByRole('button', { name: 'Propose' }).click()
  for (const fault of [
    'Choose whom it is for.',
    'Choose one field or one class.',
    'Choose what they may.',
    'Choose who answers for it.',
    'Say why, so that whoever consents can judge it.',
    'Choose the last day.',
  ]) {
    await form.getByText(fault).waitFor()
  }
  await expectReadable(ingrid, 'nav_bar', 'the faults of a proposal')
  await form.getByLabel('For whom').selectOption({ label: 'Maya Rivera' })
  await form.getByLabel('For what').selectOption({ label: 'Card number' })
  await form.getByRole('radio', { name: 'Ask for it' }).check()
  await form.getByLabel('Why').fill('Handles chargebacks while payments is rebuilt')
  await form.getByLabel('Who answers for it').selectOption({ label: 'Omar Haddad' })
  await form.getByLabel('Last day').fill(dayIn(400))
  await form.getByRole('button', { name: 'Propose' }).click()
  await form.getByText('The policy lets an exception last 90 days at most.').waitFor()
  await form.getByLabel('Last day').fill(dayIn(30))
  await form
    .getByText(/^Once a second person consents, Maya Rivera may ask for Card number/)
    .waitFor()
  await expectReadable(ingrid, 'nav_bar', 'a proposal')
  await form.getByRole('button', { name: 'Propose' }).click()
  await desk.getByText(/^Waits for consent/).waitFor()
  await desk.getByText('This needs a second person').waitFor()

  const sam = await openReviews(SAM)
  const second = navBarIn(sam)
  await second.getByRole('button', { name: 'Consent Maya Rivera' }).click()
  await second.getByText(/^Maya Rivera may ask for Card number from now on/).waitFor()
  await expectReadable(sam, 'nav_bar', 'a consent')
  await second.getByRole('button', { name: 'Consent Maya Rivera' }).press('Enter')
  await second.getByText(/^Until /).waitFor()
  await second.getByText('Consent by Sam Okafor.').waitFor()

  await asking('enabled')
  const requestId = await world.ask(ticketId)
  const omar = await world.openWindow(OMAR, '#/apps/scrim')
  await navBarIn(omar).getByText('Handles chargebacks while payments is rebuilt').waitFor()
  await omar.close()

  await second.getByRole('button', { name: 'Revoke Maya Rivera' }).click()
  await second.getByText('Requests and grants that rest on it end.').waitFor()
  await second.getByRole('button', { name: 'Revoke Maya Rivera' }).press('Enter')
  await second.getByText('1 that is over').waitFor()
  expect(await world.entries({ action: 'reveal_request.end' })).toMatchObject([
    { requestId, code: 'exception_ended' },
  ])
})

test('an exception that expired is due for review, and reopened by the keyboard alone', async () => {
  const propose = await world.signIn(INGRID, 'nav_bar')
  const created = (await propose('POST', 'exceptions', {
    holderId: MAYA,
    scope: { by: 'class', id: 'secret' },
    effect: 'request',
    why: 'Stands in for the identity team',
    ownerId: OMAR,
    expiresAt: instantIn(1),
  })) as { id: string; expiresAt: string }
  const consent = await world.signIn(SAM, 'nav_bar')
  await consent('POST', `exceptions/${created.id}/consent`, { expiresAt: created.expiresAt })
  world.moveClock(DAY_MS)
  aheadMs += DAY_MS

  const ingrid = await openReviews(INGRID)
  const desk = navBarIn(ingrid)
  await desk.getByText(/^Due for review/).waitFor()
  await expectReadable(ingrid, 'nav_bar', 'an exception that expired')
  await desk.getByRole('button', { name: 'Reopen Maya Rivera' }).first().press('Enter')
  const form = desk.getByRole('form', { name: 'Reopen the exception of Maya Rivera' })
  await form.getByLabel('Last day').fill(dayIn(7))
  await form.getByRole('button', { name: 'Reopen' }).press('Enter')
  await desk.getByText(/^Waits for consent/).waitFor()
})

test.each(['de', 'ar'])('exceptions fit in %s at 320 pixels', async (locale) => {
  const ingrid = await world.openWindow(INGRID, '#/apps/scrim', async (page) => {
    await page.setViewportSize({ width: 400, height: 1200 })
    await page.addInitScript(speak, locale)
  })
  const desk = navBarIn(ingrid)
  await desk.locator('[data-tab="reviews"]').click()
  await ingrid
    .locator('iframe[data-location="nav_bar"]:visible')
    .evaluate((frame: HTMLElement) => (frame.style.width = '320px'))
  await desk.locator('section[aria-labelledby="exceptions"] button').first().click()
  await desk.locator('section[aria-labelledby="exceptions"] form textarea').first().waitFor()
  expect(await overflowIn(ingrid, 'nav_bar')).toEqual(WHOLE)
  expect(await violationsIn(ingrid, 'nav_bar')).toEqual([])
})
