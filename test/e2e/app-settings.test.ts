/** What an administrator sets on the installation in Zendesk tightens Scrim within a minute. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  MAYA,
  MINUTE_MS,
  navBarIn,
  OMAR,
  rowIn,
  SAM,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

/** How old the endpoint's look at the settings may be before it looks again. */
const LOOKS_AGAIN_MS = 31_000
const UNSET = { pause_all_reveals: false, display_seconds: null, max_minutes: null }

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  await set(UNSET)
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

/** Changes the settings as the administrator's own browser would, and lets the endpoint's look age. */
async function set(settings: Record<string, unknown>) {
  const { hostUrl, emulator, now } = world.sandbox
  const changedAt = now().getTime()
  const response = await fetch(
    `${hostUrl}/api/v2/apps/installations/${emulator.state.installation.id}.json`,
    {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-sandbox-person': String(SAM) },
      body: JSON.stringify({ settings }),
    },
  )
  expect(response.status).toBe(200)
  world.moveClock(LOOKS_AGAIN_MS)
  return { elapsedMs: () => now().getTime() - changedAt }
}

test('pausing all reveals masks an open value within a minute, and ending the pause brings them back', async () => {
  const ticketId = await world.addTicket()
  await world.grant(ticketId)
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const row = rowIn(maya)
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()

  const { elapsedMs } = await set({ pause_all_reveals: true })
  await row.getByText(CARD_MASK).waitFor()
  expect(elapsedMs()).toBeLessThan(MINUTE_MS)
  await sidebarIn(maya).getByText('Reveals are paused by an administrator.').waitFor()
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText('An administrator has paused all reveals.').waitFor()
  expect(await world.entries({ ticketId, action: 'grant.reveal' })).toHaveLength(1)
  expect((await world.entries({ action: 'app_settings.change' })).at(-1)?.data).toMatchObject({
    areRevealsPaused: true,
  })

  await set({ pause_all_reveals: false })
  await sidebarIn(maya).getByText('Reveals are paused').waitFor({ state: 'detached' })
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()
})

test('a shorter time on screen applies to the next reveal, whose countdown ends with the mask', async () => {
  const ticketId = await world.addTicket()
  await world.grant(ticketId)
  const maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  const row = rowIn(maya)
  await row.getByRole('button', { name: 'Show' }).waitFor()

  await set({ display_seconds: 5 })
  await row.getByRole('button', { name: 'Show' }).click()
  await row.getByText(CARD).waitFor()
  const shownAt = performance.now()
  expect(await row.getByRole('timer').textContent()).toMatch(/^0:0[1-5]$/)
  await row.getByText(CARD_MASK).waitFor()
  // Two cores that do everything else, too, may be late by a little.
  expect(performance.now() - shownAt).toBeLessThan(8_000)
})

test('a shorter longest grant shortens what a lead can approve of a request that waits', async () => {
  const ticketId = await world.addTicket()
  await world.ask(ticketId, { minutes: 15 })
  await set({ max_minutes: 5 })
  const omar = await world.openWindow(OMAR, '#/apps/scrim')
  const queue = navBarIn(omar)
  await queue.getByRole('button', { name: new RegExp(`#${ticketId}`) }).click()
  await queue.getByRole('button', { name: 'Approve 5 min' }).click()
  await queue.getByText('Approved Card number for Maya Rivera.').waitFor()
  expect(await world.entries({ ticketId, action: 'grant.create' })).toMatchObject([
    { data: { minutes: 5 } },
  ])
  await expect(world.ask(await world.addTicket(), { minutes: 15 })).rejects.toThrow(
    'duration_too_long',
  )
})
