/** A merge through a real browser: the pointer in the narrowest sidebar, in every language, and where it leads. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import { chooseScheme, openNarrow, violationsIn } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD_MASK,
  frameIn,
  MAYA,
  PATIENCE_MS,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

let world: SandboxBrowser
beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, delayMs: 0, hasWebhook: true })
})
afterAll(() => world.close())

/** Merges as Zendesk does: a comment in the target that says so, and the source closed. */
async function merge(sourceId: number, targetId: number): Promise<void> {
  const { emulator } = world.sandbox
  const put = async (ticketId: number, ticket: object) => {
    const answer = await emulator.fetch(
      new Request(`${API_ORIGIN}/api/v2/tickets/${ticketId}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-sandbox-person': String(MAYA) },
        body: JSON.stringify({ ticket }),
      }),
    )
    expect(answer.status).toBe(200)
  }
  await put(sourceId, { status: 'closed' })
  const [said] = emulator.state.comments[targetId] ?? []
  if (said === undefined) throw new Error('no comment')
  const source = { from: { ticket_ids: [sourceId] }, to: {}, rel: 'merge' }
  said.via = { channel: 'web', source }
  await put(targetId, { comment: { body: 'Both are about the same refund.', public: false } })
}

test.each([
  ['en', 'ltr', /^Values of merged ticket #\d+ stand there\.$/],
  ['de', 'ltr', /^Die Werte des zusammengeführten Tickets #\d+ stehen dort\.$/],
  ['ar', 'rtl', /التذكرة المدمجة/],
])(
  'the target of a merge points to the source and opens it, in %s',
  async (locale, direction, sentence) => {
    const [sourceId, targetId] = [await world.addTicket(), await world.addTicket({ values: {} })]
    await world.signIn(MAYA)
    await expect
      .poll(() => JSON.stringify(world.sandbox.emulator.state.tickets), { timeout: PATIENCE_MS })
      .toContain('[scrim:')
    await merge(sourceId, targetId)
    const page = await openNarrow(world, MAYA, targetId, { locale })
    await sidebarIn(page).getByText(sentence).first().waitFor()
    const frame = await frameIn(page, 'ticket_sidebar')
    const seen = await frame.evaluate(() => ({
      direction: document.documentElement.dir,
      isWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    }))
    expect(seen).toEqual({ direction, isWide: false })
    for (const scheme of ['dark', 'light'] as const) {
      await chooseScheme(page, 'ticket_sidebar', scheme)
      expect([scheme, await violationsIn(page, 'ticket_sidebar')]).toEqual([scheme, []])
    }
    await sidebarIn(page)
      .getByRole('button', { name: new RegExp(`#${sourceId}`) })
      .click()
    await rowIn(page).getByText(CARD_MASK).waitFor()
    expect(world.faults.splice(0)).toEqual([])
  },
  120_000,
)
