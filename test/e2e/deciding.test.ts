/** Who may not decide, and deciding without a mouse, in a browser. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  AISHA,
  devToolsIn,
  LENA,
  MAYA,
  navBarIn,
  OMAR,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
  subjectOf,
  TECHNICAL_SUPPORT,
} from '../support/sandbox-browser.ts'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

/** Opens the nav bar's list of everything that waits, at the request on one ticket. */
async function openPending(page: Page, ticketId: number) {
  const queue = navBarIn(page)
  await queue.getByRole('button', { name: /^All pending/ }).click()
  await queue.getByRole('button', { name: new RegExp(`#${ticketId}`) }).click()
  await queue.getByRole('heading', { name: `#${ticketId}` }).waitFor()
  return queue
}

test('a requester who holds the lead’s group cannot approve their own request, by screen or by call', async () => {
  const ticketId = await world.addTicket({ groupId: TECHNICAL_SUPPORT, assigneeId: AISHA })
  const requestId = await world.ask(ticketId, { requesterId: OMAR })
  const omar = await world.openWindow(OMAR, '#/apps/scrim')
  await navBarIn(omar).getByText('Nothing waits for you.').waitFor()

  const queue = await openPending(omar, ticketId)
  expect(await queue.getByRole('button', { name: /^Approve/ }).isDisabled()).toBe(true)
  await queue.getByRole('button', { name: 'Why?' }).click()
  await queue.getByText('Nobody decides on their own request.').waitFor()

  const call = await devToolsIn(omar, 'nav_bar')
  expect(await call('POST', `reveal-requests/${requestId}/approve`, {})).toEqual({
    status: 403,
    code: 'self_approval',
  })
  expect(await world.entries({ ticketId, action: 'grant.create' })).toEqual([])
  expect(await world.entries({ ticketId, action: 'reveal_request.refuse' })).toMatchObject([
    { code: 'self_approval', actor: { id: OMAR } },
  ])
})

test('a lead without access to the ticket cannot approve, and reads neither subject nor reason', async () => {
  const ticketId = await world.addTicket()
  const requestId = await world.ask(ticketId)
  const lena = await world.openWindow(LENA, '#/apps/scrim')
  const queue = await openPending(lena, ticketId)
  expect(await queue.getByRole('button', { name: /^Approve/ }).isDisabled()).toBe(true)
  expect(await queue.getByText('acquirer').count()).toBe(0)
  expect(await queue.getByText(subjectOf(ticketId)).count()).toBe(0)
  await queue.getByRole('button', { name: 'Why?' }).click()
  await queue.getByText('outside your groups').waitFor()

  const call = await devToolsIn(lena, 'nav_bar')
  expect(await call('POST', `reveal-requests/${requestId}/approve`, {})).toEqual({
    status: 403,
    code: 'ticket_access_denied',
  })
  expect(await world.entries({ ticketId, action: 'grant.create' })).toEqual([])
})

/** Presses Tab until something has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator) {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not get there')
}

test('asking and approving work without a mouse: Tab and Enter, then j, k and a', async () => {
  const tickets = [await world.addTicket(), await world.addTicket()] as const
  const [askedBefore, askedByKey] = tickets
  await world.ask(askedBefore)

  const maya = await world.openWindow(MAYA, `#/tickets/${askedByKey}`)
  const row = rowIn(maya)
  const ask = row.getByRole('button', { name: 'Ask', exact: true })
  await ask.waitFor()
  await sidebarIn(maya).getByRole('button', { name: 'About protected fields' }).focus()
  await tabTo(maya, ask)
  await maya.keyboard.press('Enter')
  const text = row.getByLabel('What will you do with it?')
  await text.waitFor()
  await maya.keyboard.press('Space')
  await tabTo(maya, text)
  await maya.keyboard.type('Compare the last digits with the letter of the bank')
  await maya.keyboard.press('Enter')
  await row.getByText('Waiting').waitFor()

  const omar = await world.openWindow(OMAR, '#/apps/scrim')
  const queue = navBarIn(omar)
  const item = (ticketId: number) =>
    queue.getByRole('button', { name: new RegExp(`Card number.*#${ticketId}`) })
  const isCurrent = async (ticketId: number) =>
    (await item(ticketId).getAttribute('aria-current')) === 'true'
  const pressUntil = async (key: string, ticketId: number) => {
    for (let presses = 0; presses < 10 && !(await isCurrent(ticketId)); presses += 1) {
      await omar.keyboard.press(key)
    }
    expect(await isCurrent(ticketId)).toBe(true)
  }
  await item(askedByKey).waitFor()
  await queue.getByRole('button', { name: /^Needs me/ }).focus()
  await pressUntil('j', askedByKey)
  await pressUntil('k', askedBefore)
  await pressUntil('j', askedByKey)
  await omar.keyboard.press('a')
  await queue.getByText('Approved Card number for Maya Rivera.').waitFor()
  await row.getByRole('button', { name: 'Show' }).waitFor()
  expect(await world.entries({ ticketId: askedBefore, action: 'grant.create' })).toEqual([])
})
