/** How the app looks in its place, for browser tests: its width, its language, its colours, what axe says. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { frameIn } from './sandbox-browser.ts'
import type { SandboxBrowser } from './sandbox-browser.ts'

export type Place = 'ticket_sidebar' | 'nav_bar'
export type Scheme = 'light' | 'dark'

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const NARROWEST = 320
/** Layouts may end between two pixels. */
const ROUNDING = 1

const frameSelector = (place: Place) => `iframe[data-location="${place}"]`

/** Opens the ticket with the apps panel as narrow as it goes. */
export async function openNarrow(
  world: SandboxBrowser,
  personId: number,
  ticketId: number,
  options: { locale?: string } = {},
): Promise<Page> {
  const page = await world.openWindow(personId, `#/tickets/${ticketId}`, async (opened) => {
    if (options.locale !== undefined) await opened.addInitScript(speak, options.locale)
  })
  const grip = page.getByRole('button', { name: /^Width of the apps panel/ })
  await grip.press('ArrowRight')
  await grip.press('ArrowRight')
  await expect.poll(() => widthOf(page)).toBe(NARROWEST)
  return page
}

/** Puts a language into the app's address, as a host may. Runs in the page around the app. */
export function speak(locale: string) {
  const { submit } = HTMLFormElement.prototype
  HTMLFormElement.prototype.submit = function () {
    const address = new URL(this.action)
    address.searchParams.set('locale', locale)
    this.action = address.href
    submit.call(this)
  }
}

async function widthOf(page: Page): Promise<number> {
  const box = await page.locator(frameSelector('ticket_sidebar')).boundingBox()
  return box?.width ?? 0
}

export async function chooseScheme(page: Page, place: Place, scheme: Scheme): Promise<void> {
  const controls = page.getByRole('button', { name: 'Controls' })
  await controls.click()
  await page.getByRole('button', { name: scheme === 'dark' ? 'Dark' : 'Light' }).click()
  await controls.click()
  const frame = await frameIn(page, place)
  await frame.waitForFunction(
    (wanted) => getComputedStyle(document.documentElement).colorScheme === wanted,
    scheme,
  )
}

/** What axe finds in the app's frame, or in a page that is no frame's, in the scheme it is in. */
export async function violationsIn(page: Page, place?: Place): Promise<string[]> {
  const axe = new AxeBuilder({ page }).withTags(WCAG_22_AA)
  if (place !== undefined) axe.include([frameSelector(place), 'html'])
  const { violations } = await axe.analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  )
}

export type Overflow = { isWide: boolean; cut: string[] }
export const WHOLE: Overflow = { isWide: false, cut: [] }

/** Whether the frame scrolls sideways, and the words that do not fit their own control. */
export async function overflowIn(page: Page, place: Place): Promise<Overflow> {
  const frame = await frameIn(page, place)
  return frame.evaluate((rounding) => {
    const { scrollWidth, clientWidth } = document.documentElement
    const labels = document.querySelectorAll<HTMLElement>('button, label, h1, h2, th')
    return {
      isWide: scrollWidth > clientWidth,
      cut: [...labels]
        // What is for screen readers only has one pixel; what may be cut says the whole in its title.
        .filter(({ clientWidth: own, title }) => own > 1 && title === '')
        .filter((label) => label.scrollWidth > label.clientWidth + rounding)
        .map((label) => label.textContent ?? ''),
    }
  }, ROUNDING)
}

/** The frame is as high as what is in it: nothing is cut off, nothing scrolls inside. */
export async function expectFittingHeight(page: Page, state: string): Promise<void> {
  const frame = await frameIn(page, 'ticket_sidebar')
  await expect
    .poll(
      () =>
        frame.evaluate(() => {
          const { scrollHeight, clientHeight } = document.documentElement
          const content = document.querySelector('main')?.getBoundingClientRect().height ?? 0
          return { isCut: scrollHeight > clientHeight, spare: clientHeight - Math.ceil(content) }
        }),
      { message: state },
    )
    .toEqual({ isCut: false, spare: 0 })
}

/** Where each row stands in the frame, and how high it is. */
export async function rowsOf(page: Page): Promise<{ y: number; height: number }[]> {
  const frame = await frameIn(page, 'ticket_sidebar')
  return frame.evaluate(() =>
    [...document.querySelectorAll('li')].map((row) => {
      const { top, height } = row.getBoundingClientRect()
      return { y: top + window.scrollY, height }
    }),
  )
}
