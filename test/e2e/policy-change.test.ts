/** An administrator changes the policy, and compliance is the second person: browsers, endpoint and log. */
import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { policyVersionList, policyVersionView } from '../../src/contract/policy.ts'
import { policySchema } from '../../src/core/policy.ts'
import type { Policy } from '../../src/core/policy.ts'
import { chooseScheme, overflowIn, speak, violationsIn, WHOLE } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import { INGRID, navBarIn, SAM, startSandboxBrowser } from '../support/sandbox-browser.ts'

/** A documentation number (Ofcom): nobody's. */
const PHONE = '+44 20 7946 0958'

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

async function openPolicy(
  personId: number,
  options: { locale?: string; theme?: string } = {},
): Promise<{ page: Page; app: FrameLocator }> {
  const { locale, theme = '' } = options
  const page = await world.openWindow(personId, `${theme}#/apps/scrim`, (opened) =>
    locale === undefined ? undefined : opened.addInitScript(speak, locale),
  )
  const app = navBarIn(page)
  await app.locator('[data-tab="policy"]').click()
  return { page, app }
}

/** The versions as compliance reads them. */
async function versions() {
  const call = await world.signIn(INGRID, 'nav_bar')
  const list = policyVersionList.parse(await call('GET', 'policy/versions'))
  const read = async (version: number) =>
    policyVersionView.parse(await call('GET', `policy/versions/${version}`))
  const policyOf = async (version: number): Promise<Policy> =>
    policySchema.parse((await read(version)).document)
  return { ...list, read, policyOf }
}

const section = (app: FrameLocator, name: string) =>
  app.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name })

const clean = async (page: Page) => expect(await violationsIn(page, 'nav_bar')).toEqual([])

test('an administrator narrows a limit, and it holds at once', async () => {
  const before = await versions()
  const { page, app } = await openPolicy(SAM)
  await app.getByText(`Version ${before.active} is in force`).waitFor()
  await clean(page)
  await app.getByRole('button', { name: 'New draft' }).click()
  await section(app, 'Limits and caps').click()
  await app.getByLabel('Reveals in a grant').fill('2')
  await app.getByText('In force now: 3').waitFor()
  await app.getByText('Narrows Limits › Reveals in a grant').waitFor()
  await app.getByText('Who gains, who loses').waitFor()
  await clean(page)

  await app.getByLabel('What is this change for?').fill('Two looks are enough')
  await app.getByRole('button', { name: 'Submit…' }).click()
  await app.getByText('Nobody gains or loses access; takes effect at once.').last().waitFor()
  await clean(page)
  await app.getByRole('button', { name: 'Submit: takes effect now' }).click()
  await app.getByText('In force at once, since it widens nothing').waitFor()
  await clean(page)

  const after = await versions()
  expect(after.active).toBeGreaterThan(before.active ?? 0)
  expect((await after.policyOf(after.active ?? 0)).limits.uses).toBe(2)
  expect(await world.entries({ action: 'policy.activate' })).not.toEqual([])
})

test('a wider policy passes its cases, waits, and holds when compliance consents', async () => {
  const before = await versions()
  const { page, app } = await openPolicy(SAM)
  await app.getByRole('button', { name: 'New draft' }).click()
  await section(app, 'Limits and caps').click()
  await app.getByLabel('Longest grant').fill('45')
  await app.getByText('Widens Limits › Longest grant').waitFor()

  await app.getByRole('radio', { name: 'Cases' }).check()
  await app.getByRole('button', { name: 'Add a case' }).click()
  await app.getByLabel('Name').fill('An agent may ask for 45 minutes, and a lead decides')
  // Garden's checkboxes lie under their labels.
  await app.getByRole('checkbox', { name: 'Card number' }).press('Space')
  await app.getByLabel('For how long').fill('45')
  await app.getByLabel('Expected').selectOption('masked')
  await app.getByText('Found: needs approval from 1 of Lead').waitFor()
  await app.getByText('1 case fails. All have to pass before you submit.').waitFor()
  expect(await app.getByRole('button', { name: 'Submit…' }).isDisabled()).toBe(true)
  await clean(page)
  await app.getByLabel('Expected').selectOption('approval')
  await app.getByRole('checkbox', { name: 'Lead' }).press('Space')
  await app.getByText('1 of 1 pass').waitFor()

  await app.getByLabel('What is this change for?').fill('Refunds by telephone take longer')
  await app.getByRole('button', { name: 'Submit…' }).click()
  await app.getByRole('button', { name: 'Submit for consent' }).click()
  await app.getByText('A second person decides').waitFor()
  // The author is not the second person.
  await app.getByRole('note').waitFor()
  expect(await app.getByRole('button', { name: 'Consent' }).count()).toBe(0)
  await clean(page)
  const waiting = await versions()
  expect(waiting.active).toBe(before.active)
  expect(waiting.waiting).not.toBeNull()

  const ingrid = await openPolicy(INGRID)
  await ingrid.app.getByRole('button', { name: 'Look and decide' }).click()
  await ingrid.app.getByText('Widens Limits › Longest grant').waitFor()
  await ingrid.app.getByText('30 minutes → 45 minutes').waitFor()
  await clean(ingrid.page)
  await ingrid.app.getByRole('button', { name: 'Reject' }).click()
  await ingrid.app.getByText('Say why you reject it.').waitFor()
  await clean(ingrid.page)
  await ingrid.app.getByLabel('Comment').fill('Agreed with the refunds team')
  await ingrid.app.getByRole('button', { name: 'Consent' }).click()
  await ingrid.app.getByText('Consented to by Ingrid Solberg').waitFor()
  await clean(ingrid.page)

  const after = await versions()
  expect(after.active).toBe(waiting.waiting)
  const view = await after.read(after.active ?? 0)
  expect(view.decidedBy?.id).toBe(INGRID)
  expect(view.cases).toHaveLength(1)
  expect((await after.policyOf(view.version)).limits.maxMinutes).toBe(45)
  expect(await world.entries({ action: 'policy.consent' })).not.toEqual([])
})

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string) {
  const frame = page.frames().find((one) => one.url().includes('nav_bar')) ?? page.mainFrame()
  const focused = () =>
    frame.evaluate(() => {
      const element = document.activeElement
      if (element === null || element === document.body) return ''
      const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
      const labels: (Element | null)[] = isField ? [...(element.labels ?? [])] : [element]
      return labels.map((one) => one?.textContent ?? '').join(' ')
    })
  for (let step = 0; step < 120; step += 1) {
    if ((await focused()).includes(name)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no ${name} within reach of Tab`)
}

test('the keyboard alone suffices to change, submit and reject', async () => {
  const { page, app } = await openPolicy(SAM)
  await app.locator('[data-tab="policy"]').focus()
  await tabTo(page, 'New draft')
  await page.keyboard.press('Enter')
  await section(app, 'Roles').waitFor()
  await tabTo(page, 'Roles')
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Usual grant')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('20')
  await app.getByText('Widens Limits › Usual grant').waitFor()
  await tabTo(page, 'What is this change for?')
  await page.keyboard.type('Calls take longer')
  await app.getByText('Looking up who gains and who loses.').waitFor({ state: 'detached' })
  await tabTo(page, 'Submit…')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Submit for consent')
  await page.keyboard.press('Enter')
  await app.getByText('A second person decides').waitFor()

  const ingrid = await openPolicy(INGRID)
  await ingrid.app.getByRole('button', { name: 'Look and decide' }).waitFor()
  await ingrid.app.locator('[data-tab="policy"]').focus()
  await tabTo(ingrid.page, 'Look and decide')
  await ingrid.page.keyboard.press('Enter')
  await ingrid.app.getByRole('button', { name: 'Reject' }).waitFor()
  await tabTo(ingrid.page, 'Comment')
  await ingrid.page.keyboard.type('Not without numbers')
  await tabTo(ingrid.page, 'Reject')
  await ingrid.page.keyboard.press('Enter')
  await ingrid.app.getByText('Rejected by Ingrid Solberg').waitFor()
  expect((await versions()).waiting).toBeNull()
})

test.each([
  ['en', 'light'],
  ['de', 'light'],
  ['ar', 'dark'],
] as const)('every section fits a page of 320 pixels in %s, %s', async (locale, scheme) => {
  const { page, app } = await openPolicy(SAM, {
    locale,
    theme: scheme === 'dark' ? '&theme=dark' : '',
  })
  await app.locator('h2').first().waitFor()
  const frame = page.locator('iframe[data-location="nav_bar"]')
  await frame.evaluate((element) => element.setAttribute('style', 'width: 320px; min-width: 0'))
  expect(await overflowIn(page, 'nav_bar')).toEqual(WHOLE)
  await clean(page)
  await app.locator('section button').last().click()
  await app.locator('input[name="policy-view"]').first().waitFor()
  const sections = app.locator('select').first()
  const names = await sections
    .locator('option')
    .evaluateAll((options) =>
      options.map((option) => (option instanceof HTMLOptionElement ? option.value : '')),
    )
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) {
    await sections.selectOption(name)
    expect([name, await overflowIn(page, 'nav_bar')]).toEqual([name, WHOLE])
    expect([name, await violationsIn(page, 'nav_bar')]).toEqual([name, []])
  }
  await app.locator('input[value="document"]').check()
  expect(await overflowIn(page, 'nav_bar')).toEqual(WHOLE)
  await clean(page)
})

test('who loses, and what ends, is said before a narrowing takes effect', async () => {
  const ticketId = await world.addTicket({ values: { phone: PHONE } })
  const grantId = await world.grant(ticketId, { fieldIds: ['phone'] })
  const { page, app } = await openPolicy(SAM)
  await app.getByRole('button', { name: 'New draft' }).click()
  await section(app, 'Who sees what').click()
  await app.getByLabel('Frontline, Confidential').selectOption('masked')
  const preview = app.getByRole('region', { name: 'Who gains, who loses' })
  await preview
    .getByText(/^Lose: .*Maya Rivera/)
    .first()
    .waitFor()
  await preview.getByText('Active grants that end').waitFor()
  await clean(page)
  await app.getByLabel('What is this change for?').fill('Leads alone call back')
  await app.getByRole('button', { name: 'Submit…' }).click()
  const sentence =
    /^\d people lose access to Phone, .*; 1 active grant ends; .*takes effect at once\.$/
  await app.getByRole('form', { name: 'Submit this version' }).getByText(sentence).waitFor()
  await app.getByRole('button', { name: 'Submit: takes effect now' }).click()
  await app.getByText('In force at once, since it widens nothing').waitFor()
  const ended = (await world.entries({ action: 'grant.end' })).map(({ grantId: id }) => id)
  expect(ended).toContain(grantId)
})

test('every screen is clean in the dark', async () => {
  const { page, app } = await openPolicy(SAM)
  const list = await versions()
  await app.getByRole('button', { name: 'New draft' }).waitFor()
  await chooseScheme(page, 'nav_bar', 'dark')
  await clean(page)
  await app
    .getByRole('button', { name: `Show Version ${list.active}` })
    .first()
    .click()
  await app.getByRole('button', { name: 'Show the document' }).click()
  await clean(page)
  await app.getByRole('button', { name: 'All versions' }).click()
  await app.getByRole('button', { name: 'New draft' }).click()
  await section(app, 'Roles').waitFor()
  const sections = app.getByRole('navigation', { name: 'Sections' }).getByRole('button')
  const count = await sections.count()
  for (let at = 0; at < count; at += 1) {
    await sections.nth(at).click()
    await clean(page)
  }
  await section(app, 'Limits and caps').click()
  await app.getByLabel('Usual grant').fill('soon')
  await app.getByText('1 fault keeps this from being a policy').waitFor()
  await clean(page)
  await app.getByRole('radio', { name: 'Document' }).check()
  await clean(page)
  await app.getByRole('radio', { name: 'Form' }).check()
  await app.getByRole('radio', { name: 'Cases' }).check()
  await app.getByRole('button', { name: 'Add a case' }).click()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
})
