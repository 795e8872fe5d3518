/**
 * `npm run screenshots`: takes the README's pictures from a running sandbox, so that they stay true.
 * The story is told on a clock that stands still unless this script moves it.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { buildProducts } from './build.ts'
import { CHROMIUM_ADVICE, findChromium, launchChromium } from './chromium.ts'
import { startSandbox } from './sandbox.ts'

const FOLDER = fileURLToPath(new URL('../../docs/', import.meta.url))
const STORY_BEGINS = '2026-03-10T09:30:00Z'
const MINUTE_MS = 60_000
const STEP_TIMEOUT_MS = 15_000

const WINDOW = { width: 1280, height: 800 }
/** The app's panel in that window. */
const SIDEBAR = { x: 873, y: 134, width: 359, height: 600 }
const NAV_BAR = { width: 1040, height: 660 }

const MAYA = 101
const TOMAS = 102
const OMAR = 104
const INGRID = 106
const SAM = 107

const TRIED = `Order 4929 1837 2265 never came. Please refund my card 5200 8282 8282 8210,
or send it to IBAN GB82 WEST 1234 5698 7654 32.
My SSN is 536-90-4399, my number +44 20 7946 0958.`

type Size = { width: number; height: number }

function app(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Scrim"]')
}

/** Takes the picture while nothing moves and the pointer rests on nothing that minds. */
async function shoot(page: Page, name: string, clip?: Size & { x: number; y: number }) {
  await app(page).getByRole('heading').first().hover()
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', ...(clip === undefined ? {} : { clip }) })
  process.stdout.write(`${path}\n`)
}

async function dismissNotices(page: Page): Promise<void> {
  const close = page.getByRole('button', { name: 'Dismiss' })
  while ((await close.count()) > 0) await close.first().click()
}

/** Tells the story and takes its pictures on the way. */
async function tell(browser: Browser, hostUrl: string, wait: (minutes: number) => void) {
  const open = async (personId: number, place: string, size: Size, theme?: 'dark') => {
    const context = await browser.newContext({
      viewport: size,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(STEP_TIMEOUT_MS)
    const page = await context.newPage()
    const query = theme === undefined ? '' : `&theme=${theme}`
    await page.goto(`${hostUrl}/?as=${personId}${query}#${place}`)
    return page
  }

  wait(3)
  const maya = await open(MAYA, '/tickets/4001', WINDOW)
  const sidebar = app(maya)
  await sidebar.getByText('4242').waitFor()
  await shoot(maya, 'ticket')

  const card = sidebar.getByRole('listitem', { name: 'Card number' })
  await card.getByRole('button', { name: 'Ask', exact: true }).click()
  await sidebar.getByRole('radio', { name: 'Refund or payment' }).check()
  await sidebar
    .getByLabel('What will you do with it?')
    .fill('Read the number to the acquirer, who traces the refund by it')
  await shoot(maya, 'request', SIDEBAR)
  await sidebar.locator('form').getByRole('button', { name: 'Ask' }).click()
  await sidebar.getByText('Waiting').waitFor()

  wait(2)
  const omar = await open(OMAR, '/apps/scrim', NAV_BAR)
  const queue = app(omar)
  await queue.getByText('Maya').first().click()
  await queue.getByText('Read the number to the acquirer').last().waitFor()
  await dismissNotices(omar)
  await shoot(omar, 'decide')
  await queue.getByRole('button', { name: /^Approve/ }).click()

  wait(1)
  await card.getByRole('button', { name: /^Show/ }).click()
  await card.getByRole('timer').waitFor()
  await dismissNotices(maya)
  await card.getByText('0:56').waitFor()
  await shoot(maya, 'revealed', SIDEBAR)
  await card.getByRole('button', { name: /^Done/ }).click()
  await card.getByRole('button', { name: 'Ask', exact: true }).waitFor()

  wait(1)
  const ingrid = await open(INGRID, '/apps/scrim', NAV_BAR)
  await app(ingrid).getByRole('tab', { name: 'Log' }).click()
  await app(ingrid).getByLabel('Ticket number').fill('4001')
  const entry = app(ingrid).getByText(/^Maya Rivera was shown/)
  await entry.click()
  await app(ingrid).getByText('Leaf hash').waitFor()
  await dismissNotices(ingrid)
  await shoot(ingrid, 'audit-log')

  const reply = await open(MAYA, '/tickets/4009', WINDOW)
  await app(reply).getByRole('heading').first().waitFor()
  await reply
    .getByRole('textbox', { name: 'Public reply' })
    .fill('Hello Chloé, I have charged 5200 8282 8282 8210 (exp 12/28) as you asked.')
  await reply.getByRole('button', { name: 'Submit as Open' }).click()
  await app(reply).getByText('Your reply was not sent').waitFor()
  await dismissNotices(reply)
  await shoot(reply, 'save-guard')

  const sam = await open(SAM, '/apps/scrim', NAV_BAR)
  await app(sam).getByRole('tab', { name: 'Detection' }).click()
  await app(sam).getByRole('textbox', { name: 'Text to try' }).fill(TRIED)
  // Policy's own table says "likely" throughout.
  await app(sam).getByText('certain').first().waitFor()
  await shoot(sam, 'detection')

  const policy = await open(SAM, '/apps/scrim', { width: 1280, height: 860 })
  await app(policy).getByRole('tab', { name: 'Policy' }).click()
  await app(policy).getByRole('button', { name: 'New draft' }).click()
  await app(policy).getByRole('button', { name: 'Who sees what' }).click()
  await app(policy).getByLabel('Frontline, Secret').selectOption('masked')
  await app(policy)
    .getByRole('region', { name: 'Who gains, who loses' })
    .getByText(/^Lose:/)
    .waitFor()
  await dismissNotices(policy)
  await shoot(policy, 'policy')

  const access = await open(INGRID, '/apps/scrim', NAV_BAR)
  await app(access).getByRole('tab', { name: 'Access' }).click()
  await app(access).getByRole('table').first().waitFor()
  await dismissNotices(access)
  await shoot(access, 'access')

  const exposures = await open(INGRID, '/apps/scrim', NAV_BAR)
  await app(exposures).getByRole('tab', { name: 'Residual exposures' }).click()
  // The customer's message of the story's beginning.
  await app(exposures).getByRole('table').last().getByText('#4004').first().waitFor()
  await dismissNotices(exposures)
  await shoot(exposures, 'exposures')

  const erasure = await open(INGRID, '/apps/scrim', { ...NAV_BAR, height: 780 })
  await app(erasure).getByRole('tab', { name: 'Erasure' }).click()
  await app(erasure).getByRole('textbox', { name: 'Ticket number' }).fill('4002')
  await app(erasure).getByRole('button', { name: 'Look up' }).click()
  await app(erasure)
    .getByLabel('Who asked for it, and on what ground?')
    .fill('Asked for in writing under Art. 17 GDPR; no duty to keep stands against it')
  await dismissNotices(erasure)
  await shoot(erasure, 'erasure')

  const tomas = await open(TOMAS, '/tickets/4002', WINDOW, 'dark')
  await app(tomas).getByRole('heading', { name: 'Passport' }).waitFor()
  await dismissNotices(tomas)
  await shoot(tomas, 'dark')
}

async function main(): Promise<void> {
  // The path of a browser may be given.
  const chromiumPath = findChromium(process.argv[2])
  if (chromiumPath === null) throw new Error(CHROMIUM_ADVICE)
  await buildProducts(['sdk', 'app', 'sandbox'])
  await mkdir(FOLDER, { recursive: true })

  let at = new Date(STORY_BEGINS).getTime()
  let ids = 0
  const sandbox = await startSandbox({
    port: 0,
    now: () => new Date(at),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  })
  try {
    const browser = await launchChromium(chromiumPath)
    try {
      await tell(browser, sandbox.hostUrl, (minutes) => {
        at += minutes * MINUTE_MS
      })
    } finally {
      await browser.close()
    }
  } finally {
    await sandbox.close()
  }
}

await main()
