/** An administrator tries what detection finds, in a browser; the text never leaves it. */
import type { Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { speak, violationsIn } from '../support/appearance.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import { CARD, navBarIn, SAM, startSandboxBrowser } from '../support/sandbox-browser.ts'

/** One word that cannot break, and long names beside it. */
const EVERYTHING = `maya.rivera.of.the.billing.department@${'long-'.repeat(8)}name.example.com`

let world: SandboxBrowser

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

async function openDetection(page: Page) {
  const app = navBarIn(page)
  await app.getByRole('tab', { name: 'Detection' }).click()
  await app.getByLabel('Text to try').waitFor()
  return app
}

test('an administrator sees what a text holds and why, and no request carries the text', async () => {
  const requests: Request[] = []
  const page = await world.openWindow(SAM, '#/apps/scrim', (opened) => {
    opened.on('request', (request) => requests.push(request))
  })
  const app = await openDetection(page)
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  const input = app.getByLabel('Text to try')
  await input.fill('')
  await input.pressSequentially(`Please charge my card ${CARD} for it`)
  const finding = app.getByRole('button', { name: /payment card number/i })
  await finding.waitFor()
  expect(await finding.innerText()).toContain('Its check digit fits (Luhn).')
  expect(await finding.innerText()).toContain('•••• •••• •••• 4242')
  expect(await app.locator('mark').innerText()).toBe(CARD)
  expect(await app.getByRole('region', { name: 'As a mask' }).innerText()).toBe(
    'Please charge my card •••• •••• •••• 4242 for it',
  )
  expect(await violationsIn(page, 'nav_bar')).toEqual([])

  const carried = requests.map((request) => `${request.url()} ${request.postData() ?? ''}`)
  expect(carried.some((text) => text.includes('/api/detection'))).toBe(true)
  expect(carried.filter((text) => /4242|charge/.test(text))).toEqual([])
})

test('the page is readable in the dark scheme with all that it can show', async () => {
  const page = await world.openWindow(SAM, '&theme=dark#/apps/scrim')
  const app = await openDetection(page)
  // A card number that is called an order is too weak for policy.
  await app.getByLabel('Text to try').fill(`card ${CARD}, order number 4111111111111111`)
  await app.getByText('Policy ignores 1 weaker finding.').waitFor()
  await app.getByText('Show what policy ignores').click()
  await app.getByText('Ignored: policy acts on this kind from “likely” on.').waitFor()
  expect(await violationsIn(page, 'nav_bar')).toEqual([])
})

test.each(['en', 'de', 'ar'])('everything fits a page of 320 pixels in %s', async (locale) => {
  const page = await world.openWindow(SAM, '#/apps/scrim', (opened) =>
    opened.addInitScript(speak, locale),
  )
  const app = navBarIn(page)
  await app.locator('[data-tab="detection"]').click()
  await app.locator('textarea').fill(`${EVERYTHING}\ncard ${CARD}`)
  await app.locator('mark').first().waitFor()
  const frame = page.locator('iframe[data-location="nav_bar"]')
  await frame.evaluate((element) => element.setAttribute('style', 'width: 320px; min-width: 0'))
  const layout = await app.locator('html').evaluate((root) => ({
    locale: root.getAttribute('lang'),
    width: root.clientWidth,
    contentWidth: root.scrollWidth,
  }))
  expect(layout).toEqual({ locale, width: 320, contentWidth: 320 })
})

test('marks lie exactly under the words they mark, however the lines break', async () => {
  const page = await world.openWindow(SAM, '#/apps/scrim')
  await page.setViewportSize({ width: 500, height: 900 })
  const app = await openDetection(page)
  const line = 'A long line that has to break somewhere before it comes to its end, '
  await app.getByLabel('Text to try').fill(`${line.repeat(3)}\n\n card ${CARD}\n${line}`)
  await app.locator('mark').waitFor()
  // Where a browser lays the same text out in the same box, a place in it is a place on the screen.
  const layouts = await app.getByLabel('Text to try').evaluate((input) => {
    const marks = input.previousElementSibling
    const styleOf = (element: Element) => {
      const style = getComputedStyle(element)
      const { width, height, x, y } = element.getBoundingClientRect()
      const { font, letterSpacing, padding, whiteSpace, overflowWrap, textAlign, direction } = style
      const text = { font, letterSpacing, padding, whiteSpace, overflowWrap, textAlign, direction }
      return { ...text, x, y, width, height }
    }
    return {
      marks: marks === null ? null : styleOf(marks),
      input: styleOf(input),
      isScrolled: input.scrollHeight > input.clientHeight,
    }
  })
  expect(layouts.marks).toEqual(layouts.input)
  expect(layouts.isScrolled).toBe(false)
})
