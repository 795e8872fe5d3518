/** A request that nobody answers, as requester, lead and next circle meet it in Zendesk. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { chooseScheme, openNarrow, overflowIn, violationsIn, WHOLE } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  AISHA,
  INGRID,
  MAYA,
  MINUTE_MS,
  OMAR,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
  TECHNICAL_SUPPORT,
} from '../support/sandbox-browser.ts'

/** Shorter than a session, which the clock would end otherwise. */
const level: ApprovalLevel = {
  count: 1,
  roles: ['lead'],
  groupIds: [],
  slaMinutes: 10,
  escalatesTo: { roles: ['compliance'], groupIds: [] },
}
const policy: Policy = {
  ...sandboxPolicy,
  deciding: { ...sandboxPolicy.deciding, needsTicketAccess: false },
  approval: { ...sandboxPolicy.approval, restricted: [level] },
}

let world: SandboxBrowser
beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, policy })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

/** A window whose app knows that nothing waits: what comes from then on is news. */
async function openWaiting(personId: number): Promise<Page> {
  let queue: Promise<unknown> = Promise.resolve()
  const page = await world.openWindow(personId, '#/', (opened) => {
    queue = opened.waitForResponse(/reveal-requests\?queue=needs_me/)
  })
  await queue
  return page
}

const iconOf = (page: Page) =>
  page.getByRole('link', { name: 'Scrim' }).locator('svg[data-symbol]').getAttribute('data-symbol')
const notice = (page: Page, text: string) => page.getByText(text).waitFor()

test('is brought up again, then to the next circle, and leaves every icon when it is handled', async () => {
  const ticketId = await world.addTicket()
  const omar = await openWaiting(OMAR)
  const ingrid = await openWaiting(INGRID)
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  await rowIn(maya).getByText('4242').waitFor()
  expect(await iconOf(omar)).toBe('default')

  const requestId = await world.ask(ticketId)

  const about = `Card number on #${ticketId}`
  await notice(omar, `Scrim: Maya Rivera asks for ${about}.`)
  await expect.poll(() => iconOf(omar)).toBe('waiting')
  expect(await iconOf(ingrid)).toBe('default')
  await rowIn(maya)
    .getByText(/^Others in (?:10|9) min · asked Omar and Lena$/)
    .waitFor()

  world.moveClock(5 * MINUTE_MS)
  await notice(omar, `Scrim: Maya Rivera still waits for an answer about ${about}.`)
  world.moveClock(5 * MINUTE_MS)
  await notice(ingrid, `Scrim: nobody answered Maya Rivera about ${about}. You may decide now.`)
  await expect.poll(() => iconOf(ingrid)).toBe('waiting')

  const asIngrid = await world.signIn(INGRID, 'nav_bar')
  await asIngrid('POST', `reveal-requests/${requestId}/approve`, {})
  await notice(maya, `Scrim: Ingrid Solberg approved ${about}.`)
  await expect.poll(() => iconOf(omar)).toBe('default')
  await expect.poll(() => iconOf(ingrid)).toBe('default')
  const actions = (await world.entries({ ticketId })).map(({ action }) => action)
  expect(actions.filter((action) => /remind|escalate/.test(action))).toEqual([
    'reveal_request.remind',
    'reveal_request.escalate',
  ])
})

test('the row that waits is whole in the narrowest sidebar, in every language and both schemes', async () => {
  const ticketId = await world.addTicket({ groupId: TECHNICAL_SUPPORT, assigneeId: AISHA })
  await world.ask(ticketId, { requesterId: AISHA })
  for (const locale of ['en', 'de', 'ar']) {
    const page = await openNarrow(world, AISHA, ticketId, { locale })
    const row = sidebarIn(page).locator('[data-field-row]')
    await row.getByRole('button').last().waitFor()
    expect(await overflowIn(page, 'ticket_sidebar')).toEqual(WHOLE)
    for (const scheme of ['light', 'dark'] as const) {
      await chooseScheme(page, 'ticket_sidebar', scheme)
      expect(await violationsIn(page, 'ticket_sidebar')).toEqual([])
    }
    await page.close()
  }
})
