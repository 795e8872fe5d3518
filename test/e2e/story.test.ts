/** The whole story in a browser: ask, decide, look, finish, and what the log says of it. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  INGRID,
  MAYA,
  navBarIn,
  OMAR,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
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

test('an agent asks, a lead approves, the agent looks and is done, compliance reads who, what, when and why', async () => {
  const ticketId = await world.addTicket()
  const reason = 'Read the number to the acquirer, who traces the refund by it'

  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const row = rowIn(maya)
  await row.getByText(CARD_MASK).waitFor()
  await row.getByRole('button', { name: 'Ask', exact: true }).click()
  await row.getByRole('radio', { name: 'Refund or payment' }).check()
  await row.getByLabel('What will you do with it?').fill(reason)
  await row.locator('form').getByRole('button', { name: 'Ask' }).click()
  await row.getByText('Waiting').waitFor()

  const omar = await world.openWindow(OMAR, '#/views/unsolved')
  await omar.getByRole('link', { name: 'Scrim' }).click()
  const queue = navBarIn(omar)
  await queue
    .getByRole('heading', { name: `Maya Rivera wants Card number on #${ticketId}` })
    .waitFor()
  await queue.getByText(reason).waitFor()
  expect(await queue.getByText('4242').count()).toBe(0)
  await queue.getByRole('button', { name: /^Approve/ }).click()
  await queue.getByText('Approved Card number for Maya Rivera.').waitFor()

  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()
  const left = await secondsLeft(maya)
  await expect.poll(() => secondsLeft(maya), { timeout: 10_000 }).toBeLessThan(left - 1)
  await row.getByText(reason).waitFor()
  const look = await row.getByText(CARD).evaluate((value) => {
    const { parentElement } = value
    return {
      selectable: getComputedStyle(value).userSelect,
      watermark: parentElement === null ? '' : getComputedStyle(parentElement, '::after').content,
    }
  })
  expect(look.selectable).toBe('none')
  expect(look.watermark).toContain('Maya Rivera')
  await row.getByText(CARD).selectText()
  expect(await row.evaluate(() => getSelection()?.toString() ?? '')).not.toContain(CARD)

  await row.getByRole('button', { name: 'Done' }).click()
  await row.getByText(CARD_MASK).waitFor()
  await row.getByText('You are done here.').waitFor()
  expect(await sidebarIn(maya).getByText(CARD).count()).toBe(0)

  const ingrid = await world.openWindow(INGRID, '#/apps/scrim')
  const log = navBarIn(ingrid)
  await log.getByRole('tab', { name: 'Log' }).click()
  await log.getByLabel('Ticket number').fill(String(ticketId))
  const seen = log.getByRole('button', {
    name: /^Maya Rivera was shown/,
  })
  await seen.click()
  const entry = log.getByRole('region', { name: 'Entry' })
  await entry.getByText('grant.reveal', { exact: true }).waitFor()
  await entry.getByText('Maya Rivera (101)').waitFor()
  await log.getByRole('button', { name: /^Maya Rivera asked for/ }).click()
  await entry.getByText(reason).waitFor()
  await log.getByRole('button', { name: /^Omar Haddad approved/ }).waitFor()
  await log.getByRole('button', { name: /^Maya Rivera was done with/ }).waitFor()
})

async function secondsLeft(page: Page): Promise<number> {
  const clock = (await rowIn(page).getByRole('timer').textContent()) ?? ''
  const [minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return minutes * 60 + seconds
}
