/** Ingestion, residual exposures and erasure in the nav bar, as administrators and compliance use them. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FrameLocator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import { abandonOutbox, appendOutbox } from '../../src/storage/outbox.ts'
import { recordExposures } from '../../src/storage/residual-exposures.ts'
import { speak, violationsIn } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  CARD_MASK,
  INGRID,
  MAYA,
  navBarIn,
  rowIn,
  SAM,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

const REASON = 'Asked for in writing under Art. 17 GDPR, case of today'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

async function open(personId: number, tab: string, place = '#/apps/scrim') {
  const page = await world.openWindow(personId, place)
  const app = navBarIn(page)
  await app.locator(`[data-tab="${tab}"]`).click()
  return { page, app }
}

/** A comment with a card number, and an order to redact it that was given up. */
async function giveUp(ticketId: number, code: string): Promise<() => string> {
  const { emulator, endpoint } = world.sandbox
  await emulator.fetch(
    new Request(`${API_ORIGIN}/api/v2/tickets/${ticketId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-sandbox-person': String(MAYA) },
      body: JSON.stringify({ ticket: { comment: { body: `Card ${CARD}`, public: false } } }),
    }),
  )
  const comment = emulator.state.comments[ticketId]?.at(-1)
  if (comment === undefined) throw new Error('no comment')
  const { orm } = endpoint.database
  const id = randomUUID()
  await appendOutbox(orm, endpoint.account.id, endpoint.now(), [
    { id, kind: 'redact_comment', payload: { ticketId, commentId: comment.id } },
  ])
  await abandonOutbox(orm, id, endpoint.now(), code)
  return () => comment.body
}

const recordSome = (ticketId: number) => {
  const { database, account, now } = world.sandbox.endpoint
  const places = ['comment_9001', 'comment_9002', 'comment_9003'] as const
  return recordExposures(database.orm, account.id, now(), [
    ...places.map((place) => ({
      ticketId,
      category: 'sent_email' as const,
      place,
      kind: 'payment_card' as const,
    })),
    { ticketId, category: 'field_history', place: 'card_number', kind: 'payment_card' },
    { ticketId, category: 'unread_attachment', place: 'attachment_1', kind: 'other' },
  ])
}

test('an administrator sees what was given up, has it tried again, and it is done', async () => {
  const ticketId = await world.addTicket()
  const bodyOf = await giveUp(ticketId, 'conflict')
  const { page, app } = await open(SAM, 'ingestion')
  await app.getByText('Zendesk refuses to change this ticket. Most likely it is closed.').waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  await app.getByRole('button', { name: `Try again: Redact a comment, #${ticketId}` }).click()
  await app.getByText('Given up').waitFor({ state: 'detached' })
  await app.getByText('Everything that arrived is taken care of.').waitFor()
  await expect.poll(bodyOf).not.toContain('4242')
  expect(await world.entries({ action: 'ingestion.retry', ticketId })).toMatchObject([
    { actor: { id: SAM }, outcome: 'ok', data: { work: 'redact_comment' } },
  ])
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
})

test('compliance finds what stays in Zendesk, narrows it and takes it along as CSV', async () => {
  const ticketId = await world.addTicket()
  await recordSome(ticketId)
  const { page, app } = await open(INGRID, 'exposures')
  await app.getByText('E-mail that was sent').first().waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  await app
    .getByRole('button', { name: /^Payment card number: / })
    .last()
    .click()
  await app.getByLabel('Ticket number').fill(String(ticketId))
  const places = app.getByRole('table').last().getByRole('row')
  await expect.poll(() => places.count()).toBe(4)
  const downloading = page.waitForEvent('download')
  await app.getByRole('button', { name: 'Export CSV' }).click()
  const file = await downloading
  expect(file.suggestedFilename()).toBe('residual-exposures.csv')
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(new RegExp(`^${ticketId},sent_email,comment_9001,,payment_card,`))
  await app.getByText('3 rows exported. The log has it.').waitFor()
  expect(await world.entries({ action: 'residual_exposure.export' })).toMatchObject([
    { actor: { id: INGRID }, data: { category: 'sent_email', rows: 3 } },
  ])
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
})

test('compliance erases a customer, and the agent sees an erased field', async () => {
  const ticketId = await world.addTicket()
  await recordSome(ticketId)
  const agent = await world.openWindow(MAYA, `#/tickets/${ticketId}`)
  await rowIn(agent).getByText(CARD_MASK).waitFor()

  const { page, app } = await open(INGRID, 'erasure')
  await app.getByRole('textbox', { name: 'Ticket number' }).fill(String(ticketId))
  await app.getByRole('button', { name: 'Look up' }).click()
  await app.getByText(/are erased for good; .*the audit entries stay\.$/).waitFor()
  await app.getByText(/^Zendesk keeps plaintext in/).waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  const erase = app.getByRole('button', { name: /^Erase \d+ values for good$/ })
  await erase.dblclick()
  await app.getByText('Say who asked for it.').waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
  expect(await world.entries({ action: 'customer.erase' })).toEqual([])

  await app.getByLabel('Who asked for it, and on what ground?').fill(REASON)
  const confirm = app.getByLabel(/^Type \d+ to confirm$/)
  const label = await app.getByText(/^Type \d+ to confirm$/).innerText()
  await confirm.fill(label.replace(/\D/g, ''))
  await confirm.press('Enter')
  await app.getByText(/values are erased for good\.$/).waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
  await rowIn(agent).getByText('Erased').waitFor()
  const phases = (await world.entries({ action: 'customer.erase' })).map(({ data }) => data?.phase)
  expect(phases).toEqual(['start', 'end'])
})

const layoutOf = (app: FrameLocator) =>
  app.locator('html').evaluate((root) => ({
    locale: root.getAttribute('lang'),
    width: root.clientWidth,
    contentWidth: root.scrollWidth,
  }))

test.each([
  ['en', ''],
  ['de', ''],
  ['ar', '&theme=dark'],
])('all three screens fit a page of 320 pixels in %s%s', async (locale, theme) => {
  const ticketId = await world.addTicket()
  await recordSome(ticketId)
  await giveUp(ticketId, 'ticket_not_found')
  const page = await world.openWindow(INGRID, `${theme}#/apps/scrim`, (opened) =>
    opened.addInitScript(speak, locale),
  )
  const app = navBarIn(page)
  await app.getByRole('tab').first().waitFor()
  const frame = page.locator('iframe[data-location="nav_bar"]')
  await frame.evaluate((element) => element.setAttribute('style', 'width: 320px; min-width: 0'))
  const fits = { locale, width: 320, contentWidth: 320 }

  await app.locator('[data-tab="ingestion"]').click()
  await app.locator('h2').nth(1).waitFor()
  expect(await layoutOf(app)).toEqual(fits)
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  await app.locator('[data-tab="exposures"]').click()
  await app.getByText(`#${ticketId}`).first().waitFor()
  expect(await layoutOf(app)).toEqual(fits)
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  await app.locator('[data-tab="erasure"]').click()
  await app.locator('form input').first().fill(String(ticketId))
  await app.locator('form button[type="submit"]').click()
  await app.locator('textarea').first().waitFor()
  expect(await layoutOf(app)).toEqual(fits)
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
})
