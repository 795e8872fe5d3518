/** A grant of one use: what a lost answer costs, and what a second use gets. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  devToolsIn,
  MAYA,
  rowIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

/** Longer than a restricted value may stay on screen. */
const DISPLAY_IS_OVER_MS = 61_000

let world: SandboxBrowser

beforeAll(async () => {
  const limits = { ...sandboxPolicy.limits, uses: 1 }
  world = await startSandboxBrowser({ hasStory: false, policy: { ...sandboxPolicy, limits } })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

test('a grant of one use shows the value once; the second use is refused and logged', async () => {
  const ticketId = await world.addTicket()
  const grantId = await world.grant(ticketId)
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const call = await devToolsIn(maya, 'ticket_sidebar')
  const row = rowIn(maya)
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()

  const second = { attemptId: crypto.randomUUID(), fieldId: 'card_number' }
  const refused = { status: 410, code: 'grant_exhausted' }
  expect(await call('POST', `grants/${grantId}/reveal`, second)).toEqual(refused)

  world.moveClock(DISPLAY_IS_OVER_MS)
  await row.getByText(CARD_MASK).waitFor()
  await row.getByText('All uses are spent.').waitFor()
  expect(await row.getByRole('button', { name: 'Show' }).count()).toBe(0)
  expect(await call('POST', `grants/${grantId}/reveal`, second)).toEqual(refused)
  expect(await world.entries({ ticketId, action: 'grant.reveal' })).toHaveLength(1)
  expect(await world.entries({ ticketId, action: 'grant.reveal_refuse' })).toHaveLength(2)
})

test('an answer that gets lost on its way costs no second use', async () => {
  const ticketId = await world.addTicket()
  await world.grant(ticketId)
  const attempts: unknown[] = []
  let isLost = false
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`, (page) =>
    page.route('**/api/grants/*/reveal', async (route) => {
      attempts.push(route.request().postDataJSON())
      if (isLost) return route.continue()
      isLost = true
      // The endpoint has answered; the browser never hears of it.
      expect((await route.fetch()).status()).toBe(200)
      return route.abort('connectionreset')
    }),
  )
  const row = rowIn(maya)
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText('No answer from the server. Try again: nothing is counted twice.').waitFor()
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()
  expect(attempts).toHaveLength(2)
  expect(attempts[1]).toEqual(attempts[0])
  expect(await world.entries({ ticketId, action: 'grant.reveal' })).toHaveLength(1)
  expect(await world.entries({ ticketId, action: 'grant.reveal_repeat' })).toHaveLength(1)
})
