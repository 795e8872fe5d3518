/** An emergency from the sidebar to its review, and a lead who is new in Zendesk, in a browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import {
  chooseScheme,
  expectFittingHeight,
  openNarrow,
  overflowIn,
  speak,
  violationsIn,
  WHOLE,
} from '../support/appearance.ts'
import type { Place } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  AISHA,
  BILLING,
  CARD,
  INGRID,
  LEADS,
  MAYA,
  MINUTE_MS,
  navBarIn,
  OMAR,
  rowIn,
  SAM,
  sidebarIn,
  startSandboxBrowser,
  TECHNICAL_SUPPORT,
  TOMAS,
} from '../support/sandbox-browser.ts'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({
    hasStory: false,
    policy: { ...sandboxPolicy, breakGlass: { personIds: [MAYA, OMAR], minutes: 10, uses: 1 } },
  })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

/** Readable for everybody in both schemes, and nothing cut off. */
async function expectReadable(page: Page, place: Place, state: string): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, place, scheme)
    const violations = await violationsIn(page, place)
    expect({ state, scheme, violations }).toEqual({ state, scheme, violations: [] })
  }
  expect({ state, ...(await overflowIn(page, place)) }).toEqual({ state, ...WHOLE })
}

async function breakGlass(page: Page, why: string): Promise<void> {
  const row = rowIn(page)
  await row.getByRole('button', { name: 'Ask', exact: true }).click()
  await row.getByRole('button', { name: 'Cannot wait? Break glass' }).click()
  const form = sidebarIn(page).getByRole('form', { name: 'Break glass' })
  await form.getByRole('radio').first().check()
  await form.getByLabel('Why can it not wait?').fill(why)
  await form.getByRole('button', { name: 'Break glass' }).click()
}

test('an emergency goes from the sidebar to its review, and there is no next one before that', async () => {
  const ticketId = await world.addTicket()
  const maya = await openNarrow(world, MAYA, ticketId)
  const sidebar = sidebarIn(maya)
  const row = rowIn(maya)
  const omar = await world.openWindow(OMAR, '#/apps/scrim')
  await navBarIn(omar).getByText('Nothing waits for you.').waitFor()

  await sidebar.getByRole('button', { name: 'Break glass' }).click()
  await sidebar.getByText('Everyone you skip is told, and compliance reviews it.').waitFor()
  await expectReadable(maya, 'ticket_sidebar', 'the form of an emergency')
  await expectFittingHeight(maya, 'the form of an emergency')
  await sidebar.getByRole('button', { name: 'Cancel' }).click()

  await breakGlass(maya, 'The card is being used by a thief right now')
  await sidebar.getByText('Emergency access to Card number.').waitFor()
  await expectReadable(maya, 'ticket_sidebar', 'an emergency')
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()
  await row.getByText('emergency, not approved').waitFor()
  await row.getByRole('button', { name: 'Done' }).click()

  const banner = navBarIn(omar).getByText('Maya Rivera has broken the glass for Card number.')
  await banner.waitFor()
  await expectReadable(omar, 'nav_bar', 'the banner of an emergency')
  expect(await world.entries({ ticketId, action: 'break_glass.invoke' })).toMatchObject([
    { actor: { id: MAYA }, data: { skippedApproverIds: [String(OMAR)] } },
  ])

  // The emergency is over, and the same person is stopped until compliance has looked at it.
  world.moveClock(11 * MINUTE_MS)
  await banner.waitFor({ state: 'detached' })
  const again = await world.addTicket()
  const second = await world.openWindow(MAYA, `#/tickets/${again}`)
  await sidebarIn(second).getByRole('button', { name: 'Break glass' }).click()
  await sidebarIn(second).getByText('Compliance has not reviewed your last emergency').waitFor()
  await second.close()

  const ingrid = await world.openWindow(INGRID, '#/apps/scrim')
  const reviews = navBarIn(ingrid)
  await reviews.getByRole('tab', { name: 'Reviews' }).click()
  await reviews.getByText('The card is being used by a thief right now').waitFor()
  await reviews.getByText('Shown once. Skipped Omar Haddad.').waitFor()
  await reviews.getByRole('button', { name: /^Review/ }).click()
  await expectReadable(ingrid, 'nav_bar', 'the review of an emergency')
  await reviews.getByRole('radio', { name: 'Training needed' }).check()
  await reviews.getByLabel('What did you find?').fill('A call to Omar would have done')
  await reviews.getByRole('button', { name: 'Save review' }).click()
  await reviews.getByText(/^Training needed: Ingrid Solberg/).waitFor()
  expect(await world.entries({ ticketId, action: 'break_glass.review' })).toMatchObject([
    { actor: { id: INGRID }, data: { personId: MAYA, outcome: 'training_needed' } },
  ])

  const third = await world.openWindow(MAYA, `#/tickets/${again}`)
  await breakGlass(third, 'The thief is back and has another card')
  await sidebarIn(third).getByText('Emergency access to Card number.').waitFor()
})

test('a request that waits goes on as an emergency', async () => {
  // Lena could decide on it.
  const ticketId = await world.addTicket({ groupId: TECHNICAL_SUPPORT, assigneeId: AISHA })
  await world.ask(ticketId, { requesterId: OMAR })
  const omar = await world.openWindow(OMAR, `#/tickets/${ticketId}`)
  const row = rowIn(omar)
  await row.getByText('Waiting').waitFor()
  await row.getByRole('button', { name: 'Cannot wait? Break glass' }).click()
  const form = sidebarIn(omar).getByRole('form', { name: 'Break glass' })
  await form.getByLabel('Why can it not wait?').fill('Nobody answers and the shop is closing')
  await form.getByRole('button', { name: 'Break glass' }).click()
  await row.getByRole('button', { name: 'Show' }).waitFor()
  expect(await world.entries({ ticketId, action: 'break_glass.invoke' })).toMatchObject([
    { data: { isEscalated: true } },
  ])
})

test('somebody who is put into the leads’ group in Zendesk cannot approve until a second person confirms', async () => {
  const ticketId = await world.addTicket()
  const requestId = await world.ask(ticketId)
  const sam = await world.openWindow(SAM, '#/apps/scrim')
  await sam.getByRole('button', { name: 'Controls' }).click()
  await sam.getByLabel('Person').selectOption({ label: 'Tomás Vidal' })
  await sam.getByLabel('Group').selectOption({ label: 'Escalation leads' })
  await sam.getByRole('button', { name: 'Put in' }).click()
  await sam.getByText('Tomás Vidal is in Escalation leads.').waitFor()
  await sam.getByRole('button', { name: 'Controls' }).click()
  // What Scrim knows of people is five minutes old at most.
  world.moveClock(6 * MINUTE_MS)

  const tomas = await world.openWindow(TOMAS, '#/apps/scrim')
  await navBarIn(tomas).getByText('Your role lead is new').waitFor()
  expect(await violationsIn(tomas, 'nav_bar')).toEqual([])
  const call = await world.signIn(TOMAS, 'nav_bar')
  await expect(call('POST', `reveal-requests/${requestId}/approve`, {})).rejects.toThrow('403')
  expect(await world.entries({ action: 'power.wait' })).toMatchObject([
    { data: { personId: TOMAS, power: `group_${LEADS}` } },
  ])
  await tomas.close()

  const reviews = navBarIn(sam)
  await reviews.getByRole('tab', { name: 'Reviews' }).click()
  await reviews.getByText('Is new in the group Escalation leads.').waitFor()
  await reviews.getByRole('button', { name: /^Confirm/ }).click()
  await expectReadable(sam, 'nav_bar', 'a role that waits')
  await reviews.getByRole('button', { name: /^Confirm/ }).click()
  await reviews.getByText('No role waits.').waitFor()

  const lead = await world.openWindow(TOMAS, '#/apps/scrim')
  const queue = navBarIn(lead)
  await queue.getByRole('button', { name: new RegExp(`#${ticketId}`) }).click()
  await queue.getByRole('button', { name: /^Approve/ }).click()
  await queue.getByText('Approved Card number for Maya Rivera.').waitFor()
  world.sandbox.emulator.state.groupMemberships =
    world.sandbox.emulator.state.groupMemberships.filter(
      (row) => row.user_id !== TOMAS || row.group_id === BILLING,
    )
})

test.each(['de', 'ar'])('emergencies and reviews fit in %s at 320 pixels', async (locale) => {
  const ticketId = await world.addTicket()
  const omar = await openNarrow(world, OMAR, ticketId, { locale })
  const sidebar = sidebarIn(omar)
  await sidebar.locator('#open-break_glass').click()
  await sidebar.locator('form textarea, form [role="alert"]').first().waitFor()
  expect(await overflowIn(omar, 'ticket_sidebar')).toEqual(WHOLE)
  expect(await violationsIn(omar, 'ticket_sidebar')).toEqual([])

  const ingrid = await world.openWindow(INGRID, '#/apps/scrim', async (page) => {
    await page.setViewportSize({ width: 400, height: 900 })
    await page.addInitScript(speak, locale)
  })
  const reviews = navBarIn(ingrid)
  await reviews.locator('[data-tab="reviews"]').click()
  await reviews.locator('#emergencies').waitFor()
  expect(await overflowIn(ingrid, 'nav_bar')).toEqual(WHOLE)
  expect(await violationsIn(ingrid, 'nav_bar')).toEqual([])
})
