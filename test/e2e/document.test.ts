/**
 * A revealed document: pixels under a watermark in front of one person, and nothing of it before,
 * after or beside.
 */
import type { ElementHandle, Frame, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readSpecimen, sendByLink } from '../../src/sandbox/story.ts'
import {
  chooseScheme,
  expectFittingHeight,
  openNarrow,
  overflowIn,
  rowsOf,
  violationsIn,
  WHOLE,
} from '../support/appearance.ts'
import { lockedPdf, plainPng, scannedPdf, scriptedPdf } from '../support/documents.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  CARD,
  frameIn,
  MAYA,
  navBarIn,
  OMAR,
  PATIENCE_MS,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

type Bytes = Uint8Array<ArrayBuffer>

const ASK = { fieldIds: ['passport'], reasonCode: 'identity_check' }
const WHITE = [255, 255, 255] as const
const BLACK = [0, 0, 0] as const
/** Of 255: what differs less is the same paper. */
const TOLERANCE = 12
const TEST_TIMEOUT_MS = 180_000

let world: SandboxBrowser
let passport: Bytes
let photo: Bytes

beforeAll(async () => {
  world = await startSandboxBrowser({ hasStory: false, delayMs: 0 })
  passport = await readSpecimen('passport.pdf')
  photo = await readSpecimen('identity-card.jpg')
})
afterAll(() => world.close())
afterEach(async () => {
  await world.closeWindows()
  expect(world.faults.splice(0)).toEqual([])
})

/** A ticket of Maya's whose customer sent `bytes` as the passport, beside a card number. */
async function addTicketWith(bytes: Bytes): Promise<number> {
  const ticketId = await world.addTicket({ values: { card_number: CARD } })
  const maya = await world.signIn(MAYA)
  await sendByLink(world.sandbox.endpointUrl, maya, { ticketId, fieldId: 'passport', bytes })
  return ticketId
}

type Shown = { ticketId: number; grantId: string; page: Page; row: Locator; frame: Frame }

/** Maya has pressed Show; the document may still be on its way. */
async function openGranted(bytes: Bytes): Promise<Shown> {
  const ticketId = await addTicketWith(bytes)
  const grantId = await world.grant(ticketId, ASK)
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`, countAddresses)
  const row = rowIn(page, 'Passport')
  await row.getByRole('button', { name: /^Show/ }).click()
  return { ticketId, grantId, page, row, frame: await frameIn(page, 'ticket_sidebar') }
}

async function openShown(bytes: Bytes): Promise<Shown> {
  const shown = await openGranted(bytes)
  await isDrawn(shown.row)
  return shown
}

/** Once anything stands on the canvas. */
async function isDrawn(row: Locator) {
  await row.locator('canvas').waitFor()
  await expect.poll(() => row.locator('canvas').evaluate(widthOfCanvas)).toBeGreaterThan(0)
}
const widthOfCanvas = (element: Element) => (element as HTMLCanvasElement).width

/** Counts, from before any script of the app runs, the addresses that are made for bytes. */
async function countAddresses(page: Page) {
  await page.addInitScript(() => {
    const create = URL.createObjectURL.bind(URL)
    Object.assign(window, { addressesMade: 0 })
    URL.createObjectURL = (object) => {
      Object.assign(window, { addressesMade: Reflect.get(window, 'addressesMade') + 1 })
      return create(object)
    }
  })
}

type Ink = {
  /** Shares of all pixels, from 0 to 1. */
  nothing: number
  paper: number
  other: number
  /** The brightest and darkest of the drawn pixels, as the mean of their channels. */
  brightest: number
  darkest: number
  /** Changes when any pixel does. */
  sum: string
}

/** What stands on the canvas, told by its own pixels. `paper` is the ground's colour. */
function inkOf(row: Locator, paper: readonly [number, number, number]): Promise<Ink> {
  return row.locator('canvas').evaluate(
    async (element, { ground, tolerance }) => {
      const canvas = element as HTMLCanvasElement
      const { width, height } = canvas
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] }
      const counts = { nothing: 0, paper: 0, other: 0 }
      let [brightest, darkest] = [0, 255]
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4)
        const isPaper = [red, green, blue].every(
          (channel, index) => Math.abs(channel - (ground[index] ?? 0)) <= tolerance,
        )
        counts[alpha === 0 ? 'nothing' : isPaper ? 'paper' : 'other'] += 1
        if (alpha < 255) continue
        const mean = (red + green + blue) / 3
        brightest = Math.max(brightest, mean)
        darkest = Math.min(darkest, mean)
      }
      const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(data))
      const all = width * height
      return {
        nothing: counts.nothing / all,
        paper: counts.paper / all,
        other: counts.other / all,
        brightest,
        darkest,
        sum: [...new Uint8Array(hash)].join(),
      }
    },
    { ground: paper, tolerance: TOLERANCE },
  )
}

const sumOf = async (row: Locator) => (await inkOf(row, WHITE)).sum

/** Nothing of the document is anywhere in the window. `canvas` is the one that showed it. */
async function expectGone(page: Page, canvas: ElementHandle<Element>, seconds = 5) {
  const timeout = seconds * 1000
  await expect.poll(() => canvas.evaluate(widthOfCanvas), { timeout }).toBe(0)
  expect(await sidebarIn(page).locator('canvas').count()).toBe(0)
  await expect.poll(() => page.workers().length, { timeout }).toBe(0)
}

async function canvasOf(row: Locator): Promise<ElementHandle<Element>> {
  const canvas = await row.locator('canvas').elementHandle()
  if (canvas === null) throw new Error('no canvas')
  return canvas as ElementHandle<Element>
}

test(
  'a PDF is asked for, approved and shown page by page, and leaves no trace when one is done',
  async () => {
    const ticketId = await addTicketWith(passport)
    const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`, countAddresses)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const row = rowIn(page, 'Passport')
    await row.getByText('PDF document').waitFor()
    const atRest = await rowsOf(page)
    await row.getByRole('button', { name: 'Ask', exact: true }).click()
    await row.getByRole('radio', { name: 'Identity check' }).check()
    await row.getByLabel('What will you do with it?').fill(`Compare the face, case ${ticketId}`)
    await row.locator('form').getByRole('button', { name: 'Ask' }).click()
    await row.getByText('Waiting').waitFor()
    await row.getByText('PDF document').waitFor()
    expect(await rowsOf(page)).toEqual(atRest)

    const omar = await world.openWindow(OMAR, '#/apps/scrim')
    await navBarIn(omar)
      .getByRole('button', { name: new RegExp(`#${ticketId}`) })
      .click()
    await navBarIn(omar)
      .getByRole('button', { name: /^Approve/ })
      .click()
    await row.getByRole('button', { name: /^Show/ }).waitFor()
    // What shows it is here before its time on screen begins, and no worker runs yet.
    const isWorkerAsked = () => asked.some((address) => address.endsWith('.mjs'))
    await expect.poll(isWorkerAsked, { timeout: PATIENCE_MS }).toBe(true)
    expect(page.workers()).toEqual([])
    await row.getByRole('button', { name: /^Show/ }).click()
    await isDrawn(row)

    const frame = await frameIn(page, 'ticket_sidebar')
    // The specimen's paper, and its letters and lines.
    const ink = await inkOf(row, [246, 241, 230])
    expect(ink.paper).toBeGreaterThan(0.3)
    expect(ink.darkest).toBeLessThan(90)
    await row.getByRole('img', { name: /^PDF document, page 1 of 2, shown as a picture/ }).waitFor()

    await row.getByRole('button', { name: 'Next page' }).click()
    await row.getByRole('img', { name: /page 2 of 2/ }).waitFor()
    await row.getByText('Page 2 of 2').waitFor()
    expect(await sumOf(row)).not.toBe(ink.sum)
    await sidebarIn(page).getByText('Page 2 of 2', { exact: true }).last().waitFor()

    // It is on no element that has an address, and no address was made for it.
    const traces = await frame.evaluate(() => ({
      elements: document.querySelectorAll('img, object, embed, iframe, video, [download], a[href]')
        .length,
      addresses: Reflect.get(window, 'addressesMade') as number,
      fonts: document.fonts.size,
    }))
    expect(traces).toEqual({ elements: 0, addresses: 0, fonts: 0 })
    expect(page.workers().map((worker) => new URL(worker.url()).origin)).toEqual([
      new URL(world.sandbox.endpointUrl).origin,
    ])

    const canvas = await canvasOf(row)
    await row.getByRole('button', { name: /^Done/ }).click()
    await row.getByText('You are done here.').waitFor()
    await expectGone(page, canvas)
    expect(await rowsOf(page)).toEqual(atRest)
    expect(asked.filter((address) => /^(blob|data|filesystem):/.test(address))).toEqual([])
    expect(await world.entries({ ticketId, action: 'grant.reveal' })).toHaveLength(1)
  },
  TEST_TIMEOUT_MS,
)

test('a sidebar without documents loads nothing that draws one', async () => {
  const drawsDocuments = /DocumentView|open-pdf|\.mjs|\.wasm/
  const asked: string[] = []
  const ticketId = await world.addTicket()
  await world.grant(ticketId)
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`, (opened) => {
    opened.on('request', (request) => asked.push(request.url()))
  })
  const row = rowIn(page)
  await row.getByRole('button', { name: /^Show/ }).click()
  await row.getByText(CARD).waitFor()
  await row.getByRole('button', { name: /^Done/ }).click()
  expect(asked.some((address) => address.includes('RevealedField'))).toBe(true)
  expect(asked.filter((address) => drawsDocuments.test(address))).toEqual([])
})

describe('the watermark', () => {
  test.each([
    ['white', WHITE],
    ['black', BLACK],
    ['grey', [128, 128, 128]],
  ] as const)('is in the pixels of a %s photo, and hides little of it', async (_, colour) => {
    const { row } = await openShown(plainPng(600, 800, colour))
    const ink = await inkOf(row, colour)
    expect(ink.other).toBeGreaterThan(0.02)
    expect(ink.other).toBeLessThan(0.3)
    expect(ink.paper).toBeGreaterThan(0.6)
    // Far enough from the paper to be read on it.
    const [ground] = colour
    expect(Math.max(ink.brightest - ground, ground - ink.darkest)).toBeGreaterThan(50)
  })

  test('lies across every part of the page, however it is zoomed', async () => {
    const { row } = await openShown(plainPng(600, 800, WHITE))
    for (let step = 0; step < 2; step += 1) {
      const isMarked = await row.locator('canvas').evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const side = Math.floor(Math.min(canvas.width, canvas.height) / 2)
        const corners = [0, 1, 2, 3].map((corner) => {
          const x = corner % 2 === 0 ? 0 : canvas.width - side
          const y = corner < 2 ? 0 : canvas.height - side
          const { data } = canvas.getContext('2d')?.getImageData(x, y, side, side) ?? { data: [] }
          return [...data].some((channel, at) => at % 4 === 0 && channel > 0 && channel < 230)
        })
        return corners
      })
      expect(isMarked).toEqual([true, true, true, true])
      await row.getByRole('button', { name: 'Larger' }).click()
    }
  })
})

test('a photo is shown upright and whole, with nothing but its tools', async () => {
  const { row, page } = await openShown(photo)
  const ink = await inkOf(row, WHITE)
  // The card on a dark table.
  expect(ink.other).toBeGreaterThan(0.3)
  expect(ink.darkest).toBeLessThan(60)
  expect(ink.brightest).toBeGreaterThan(200)
  // A photo in landscape leaves room above and below, where only the watermark is.
  expect(ink.nothing).toBeGreaterThan(0.2)
  expect(await row.getByRole('button', { name: /page/ }).count()).toBe(1)
  expect(await row.getByRole('button', { name: 'Download' }).count()).toBe(0)
  expect(page.workers()).toEqual([])
})

test('a document is as sharp as a screen of twice the pixels', async () => {
  const ticketId = await addTicketWith(passport)
  await world.grant(ticketId, ASK)
  const page = await world.openWindow(MAYA, `#/tickets/${ticketId}`, (opened) =>
    // Emulating such a screen does not reach frames of other sites: this is what a script sees of it.
    opened.addInitScript(() => {
      Object.defineProperty(window, 'devicePixelRatio', { value: 2 })
    }),
  )
  const row = rowIn(page, 'Passport')
  await row.getByRole('button', { name: /^Show/ }).click()
  await isDrawn(row)
  const canvas = row.locator('canvas')
  const { width } = (await canvas.boundingBox()) ?? { width: 0 }
  expect(await canvas.evaluate(widthOfCanvas)).toBe(Math.round(width * 2))
})

describe('looking closer', () => {
  test('by keyboard: larger, along it, and whole again', async () => {
    const { row, frame } = await openShown(passport)
    const area = row.getByRole('region', { name: 'Passport' })
    const scrollOf = () => area.evaluate(({ scrollLeft, scrollTop }) => ({ scrollLeft, scrollTop }))
    const whole = await sumOf(row)
    await area.focus()
    await area.press('+')
    await area.press('=')
    await expect.poll(() => sumOf(row)).not.toBe(whole)
    const before = await scrollOf()
    expect(before.scrollTop).toBeGreaterThan(0)
    const larger = await sumOf(row)
    await area.press('ArrowDown')
    await area.press('ArrowRight')
    await expect.poll(scrollOf).not.toEqual(before)
    await expect.poll(() => sumOf(row)).not.toBe(larger)
    await area.press('-')
    await area.press('0')
    await expect.poll(() => sumOf(row)).toBe(whole)
    await area.press('PageDown')
    await row.getByText('Page 2 of 2').waitFor()
    await row.getByRole('img', { name: /page 2 of 2/ }).waitFor()
    await area.press('PageUp')
    await expect.poll(() => sumOf(row)).toBe(whole)
    expect(await frame.evaluate(() => document.activeElement?.tagName)).toBe('SECTION')
  })

  test('by wheel and pointer: what is under it stays there, and follows it', async () => {
    const { row, page } = await openShown(photo)
    const area = row.getByRole('region', { name: 'Passport' })
    await area.scrollIntoViewIfNeeded()
    const box = (await area.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const scrollOf = () => area.evaluate(({ scrollLeft, scrollTop }) => ({ scrollLeft, scrollTop }))
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -300)
    await page.keyboard.up('Control')
    await expect.poll(async () => (await scrollOf()).scrollLeft).toBeGreaterThan(100)
    const zoomed = await scrollOf()
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75 - 60, box.y + box.height / 2 - 20, { steps: 4 })
    await page.mouse.up()
    const moved = await scrollOf()
    expect(moved.scrollLeft - zoomed.scrollLeft).toBe(60)
    await page.mouse.move(box.x + 20, box.y + 80)
    expect(await scrollOf()).toEqual(moved)
    await row.getByRole('button', { name: 'Whole page' }).click()
    await expect.poll(scrollOf).toEqual({ scrollLeft: 0, scrollTop: 0 })
  })
})

test('a document cannot be dragged out, copied, or saved from its menu', async () => {
  const { row } = await openShown(photo)
  const prevented = await row
    .locator('canvas')
    .evaluate((canvas) =>
      ['contextmenu', 'copy', 'dragstart'].filter(
        (name) => !canvas.dispatchEvent(new Event(name, { bubbles: true, cancelable: true })),
      ),
    )
  expect(prevented).toEqual(['contextmenu', 'copy', 'dragstart'])
})

describe('a document on screen goes', () => {
  test('within 5 seconds of a revocation, with its pixels and its worker', async () => {
    const { page, row, grantId } = await openShown(passport)
    const canvas = await canvasOf(row)
    expect(page.workers()).toHaveLength(1)
    const omar = await world.signIn(OMAR, 'nav_bar')
    await omar('POST', `grants/${grantId}/revoke`, {})
    await expectGone(page, canvas)
    await row.getByText('Access was revoked.').waitFor()
  })

  test('when its page is hidden, holds its place, and comes back under the same use', async () => {
    const { ticketId, page, row, frame } = await openShown(photo)
    const shown = await rowsOf(page)
    const canvas = await canvasOf(row)
    const setVisibility = (state: 'hidden' | 'visible') =>
      frame.evaluate((visibilityState) => {
        // A browser without a window has nothing to minimize: this is what a script sees of it.
        Object.defineProperty(document, 'visibilityState', {
          value: visibilityState,
          configurable: true,
        })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    await setVisibility('hidden')
    await expectGone(page, canvas)
    expect(await rowsOf(page)).toEqual(shown)
    await setVisibility('visible')
    await row.getByRole('button', { name: 'Show again' }).click()
    await isDrawn(row)
    expect(await rowsOf(page)).toEqual(shown)
    expect(await world.entries({ ticketId, action: 'grant.reveal' })).toHaveLength(1)
  })

  test('when another ticket is opened', async () => {
    const otherId = await world.addTicket()
    const { page, row } = await openShown(passport)
    const canvas = await canvasOf(row)
    await page.evaluate((id) => {
      window.location.hash = `#/tickets/${id}`
    }, otherId)
    await rowIn(page).getByRole('button', { name: 'Ask', exact: true }).waitFor()
    await expect.poll(() => page.workers().length).toBe(0)
    expect(await canvas.evaluate(widthOfCanvas).catch(() => 0)).toBe(0)
  })
})

describe('a PDF that somebody made on purpose', () => {
  test('runs no script, follows no link, offers no form and fetches no font', async () => {
    const { page, row, frame } = await openGranted(scriptedPdf())
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await isDrawn(row)
    // Its letters are there, in a font of this machine.
    expect((await inkOf(row, WHITE)).darkest).toBeLessThan(60)
    await row.locator('canvas').click()
    expect(dialogs).toEqual([])
    expect(page.url()).toContain('/tickets/')
    expect(await row.locator('canvas ~ *, a, input, textarea').count()).toBe(0)
    expect(await frame.evaluate(() => document.fonts.size)).toBe(0)
  })

  test('in JPEG 2000, as scanners pack them, is no blank page', async () => {
    const { row } = await openShown(scannedPdf())
    const red = await inkOf(row, [192, 16, 32])
    expect(red.paper).toBeGreaterThan(0.05)
  })

  test.each([
    ['locked', lockedPdf(), /locked with a password/],
    ['damaged', new Uint8Array(Buffer.from('%PDF-1.7\nand nothing else')), /damaged/],
    // Behind its head there is no image.
    ['a photo that ends too early', plainPng(40, 30, WHITE).slice(0, 45), /damaged/],
  ])('and is %s says so, and what became of the use', async (_, bytes, words) => {
    const { page, row } = await openGranted(bytes)
    await row.getByRole('alert').getByText(words).waitFor()
    await row.getByText('Opening it took a use: 2 uses left.').waitFor()
    expect(await violationsIn(page, 'ticket_sidebar')).toEqual([])
    expect(await row.locator('canvas').count()).toBe(0)
    await row.getByRole('button', { name: /^Done/ }).click()
    await expect.poll(() => page.workers().length).toBe(0)
  })
})

test.each(['en', 'de', 'ar'])(
  'a document fits the narrowest sidebar and is readable in %s, in both schemes',
  async (locale) => {
    const ticketId = await addTicketWith(passport)
    await world.grant(ticketId, ASK)
    const page = await openNarrow(world, MAYA, ticketId, { locale })
    const row = sidebarIn(page).locator('li', { has: sidebarIn(page).locator('#field-passport') })
    await row.getByRole('button').first().waitFor()
    const check = async (state: string) => {
      expect(await overflowIn(page, 'ticket_sidebar')).toEqual(WHOLE)
      await expectFittingHeight(page, state)
      for (const scheme of ['dark', 'light'] as const) {
        await chooseScheme(page, 'ticket_sidebar', scheme)
        expect(await violationsIn(page, 'ticket_sidebar'), `${state}, ${scheme}`).toEqual([])
      }
    }
    await check('granted')
    await row.getByRole('button').first().click()
    await isDrawn(row)
    await check('shown')
  },
  TEST_TIMEOUT_MS,
)
