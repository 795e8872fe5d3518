/**
 * Opens pages in the sandbox's ticket, each in a new browser with an empty profile, and reads from
 * inside the frame when what it is for stood on screen.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { Frame } from 'playwright-core'
import { createApp } from '../src/endpoint/app.ts'
import { openAssets } from '../src/endpoint/assets.ts'
import { buildProducts, productFolder } from '../src/sandbox/build.ts'
import { createChatReceiver } from '../src/sandbox/chat-receiver.ts'
import { CHROMIUM_ADVICE, findChromium, launchChromium } from '../src/sandbox/chromium.ts'
import { createControls } from '../src/sandbox/controls.ts'
import { createClock } from '../src/sandbox/clock.ts'
import { openLocalServer } from '../src/sandbox/local-server.ts'
import { createOpenPages } from '../src/sandbox/open-pages.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { createSandboxServer } from '../src/sandbox/server.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Where the reference page is built to. */
export const REFERENCE_FOLDER = fileURLToPath(new URL('../dist/reference-app', import.meta.url))
const PERSON = 101
const TICKET = 4001
const PATIENCE_MS = 60_000

/** A page that the sandbox frames beside its ticket, and the text that says it is there. */
export type FramedPage = { hostUrl: string; text: string }

/** What one opening showed. Milliseconds since the frame's navigation began. */
export type Opening = {
  /** The text was in the document and two animation frames had passed. */
  paintedMs: number
  /** The page's HTML had arrived. */
  pageMs: number
  /** The last script that ran before the paint had arrived. */
  scriptsMs: number
  /** The last answer of the API before the paint was asked for, and had arrived; null without one. */
  askedMs: number | null
  dataMs: number | null
  /** Names of the scripts that arrived before the paint, the SDK not among them. */
  scripts: string[]
}

export function chromiumPath(): string {
  const path = findChromium(process.env['SCRIM_CHROMIUM'])
  if (path === null) throw new Error(CHROMIUM_ADVICE)
  return path
}

/** Builds the sandbox's products, and the reference page with the app's own settings. */
export async function buildFramedPages(): Promise<void> {
  await buildProducts(['sdk', 'app', 'sandbox'])
  await build({
    mode: 'app',
    configFile: `${ROOT}vite.config.ts`,
    root: `${ROOT}bench/reference-app`,
    logLevel: 'error',
    build: {
      outDir: REFERENCE_FOLDER,
      reportCompressedSize: false,
      rolldownOptions: { input: `${ROOT}bench/reference-app/main.tsx` },
    },
  })
}

/**
 * Serves one built app through the endpoint, and frames it in a ticket page of its own: everything
 * but the app's files is the sandbox's. Files are compressed before this resolves.
 */
async function serveFramed(
  sandbox: Sandbox,
  folder: string,
): Promise<{ hostUrl: string; close: () => Promise<void> }> {
  const host = await openLocalServer(0)
  const endpoint = await openLocalServer(0)
  const hostUrl = `http://localhost:${host.port}`
  const endpointUrl = `http://127.0.0.1:${endpoint.port}`
  const assets = await openAssets(folder)
  await assets.warmUp()
  const account = {
    ...sandbox.endpoint.account,
    zendeskOrigin: hostUrl,
    sdkUrl: `${hostUrl}/sdk/zaf_sdk.js`,
  }
  const app = createApp({ ...sandbox.endpoint, account, assets })
  const clock = createClock({ now: sandbox.now, elapsed: () => performance.now() })
  const pages = createOpenPages()
  const site = createSandboxServer({
    hostUrl,
    endpointUrl,
    pageFolder: productFolder('sandbox'),
    sdkFile: `${productFolder('sdk')}/zaf_sdk.js`,
    appVersion: '0.0.0',
    emulator: sandbox.emulator,
    signer: { publicKeyPem: account.publicKeyPem, sign: sandbox.signPage },
    controls: createControls(clock, 0),
    pages,
    chat: createChatReceiver(btoa('nobody tells it anything')),
  })
  endpoint.serve((request) => app.fetch(request))
  host.serve((request) => site.fetch(request))
  return {
    hostUrl,
    async close() {
      pages.close()
      await Promise.all([host.close(), endpoint.close()])
    },
  }
}

export type FramedPages = { scrim: FramedPage; reference: FramedPage; close(): Promise<void> }

/** Scrim and the reference page, framed alike over one sandbox. */
export async function serveFramedPages(sandbox: Sandbox): Promise<FramedPages> {
  if (!existsSync(REFERENCE_FOLDER)) throw new Error('the reference page is not built')
  const scrim = await serveFramed(sandbox, productFolder('app'))
  const reference = await serveFramed(sandbox, REFERENCE_FOLDER)
  return {
    // The last digits of the seeded card: they come with the masks, and with nothing before.
    scrim: { hostUrl: scrim.hostUrl, text: '4242' },
    reference: { hostUrl: reference.hostUrl, text: 'Painted' },
    async close() {
      await Promise.all([scrim.close(), reference.close()])
    },
  }
}

/** Runs in every frame before its own scripts: notes when the sidebar's text has been painted. */
function watchForText(text: string): void {
  if (window.location.pathname !== '/zaf/ticket_sidebar') return
  const observer = new MutationObserver(() => {
    if (document.body?.textContent?.includes(text) !== true) return
    observer.disconnect()
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        Object.assign(window, { paintedMs: performance.now() })
      })
    })
  })
  observer.observe(document, { childList: true, subtree: true, characterData: true })
}

function readOpening(): Opening {
  const { paintedMs } = window as unknown as { paintedMs: number }
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const loaded = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(
    (entry) => entry.responseEnd > 0 && entry.responseEnd < paintedMs,
  )
  const scripts = loaded.filter((entry) => new URL(entry.name).pathname.startsWith('/assets/'))
  const data = loaded.filter((entry) => new URL(entry.name).pathname.startsWith('/api/')).at(-1)
  return {
    paintedMs,
    pageMs: page?.responseEnd ?? 0,
    scriptsMs: Math.max(...scripts.map((entry) => entry.responseEnd)),
    askedMs: data?.startTime ?? null,
    dataMs: data?.responseEnd ?? null,
    scripts: scripts.map((entry) => new URL(entry.name).pathname.replace('/assets/', '')),
  }
}

/** Opens the ticket in a browser of its own and waits for the page in its sidebar. */
export async function openOnce(executable: string, page: FramedPage): Promise<Opening> {
  const browser = await launchChromium(executable)
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addInitScript(watchForText, page.text)
    const tab = await context.newPage()
    await tab.goto(`${page.hostUrl}/?as=${PERSON}#/tickets/${TICKET}`)
    const element = await tab.waitForSelector('iframe[data-location="ticket_sidebar"]', {
      timeout: PATIENCE_MS,
    })
    const frame: Frame | null = await element.contentFrame()
    if (frame === null) throw new Error('the sidebar has no frame')
    await frame.waitForFunction(() => 'paintedMs' in window, null, { timeout: PATIENCE_MS })
    return await frame.evaluate(readOpening)
  } finally {
    await browser.close()
  }
}
