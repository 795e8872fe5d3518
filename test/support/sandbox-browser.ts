/**
 * People in a running sandbox, each in a browser window of their own. For browser tests; needs
 * `browser.ts` as the project's global setup.
 */
import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, Frame, FrameLocator, Locator, Page } from 'playwright-core'
import type { AuditAction, AuditEntry } from '../../src/audit/entry.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Location } from '../../src/contract/session.ts'
import { buildProducts } from '../../src/sandbox/build.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { openSession } from '../../src/sandbox/story.ts'
import { readAuditEntries } from '../../src/storage/audit-log.ts'
import { openChromium } from './chromium.ts'

export const MAYA = 101
export const TOMAS = 102
export const AISHA = 103
export const OMAR = 104
export const LENA = 105
export const INGRID = 106
export const SAM = 107

export const BILLING = 201
export const TECHNICAL_SUPPORT = 202
export const LEADS = 203

export const CARD = '4242 4242 4242 4242'
export const CARD_MASK = '•••• •••• •••• 4242'

export const MINUTE_MS = 60_000
/** How long a step may take where two busy cores do everything. */
export const PATIENCE_MS = 30_000

const MAX_ENTRIES = 10_000
const FIRST_ADDED_TICKET = 5001
const TEMPLATE_TICKET = 4009

/** A call to `/api/…` as one person; rejects with an error that names status and code. */
export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>

export type NewTicket = {
  groupId?: number
  assigneeId?: number
  /** Put into the vault by the assignee, by catalogue id. */
  values?: Readonly<Record<string, string>>
}

export type Ask = {
  fieldIds?: readonly string[]
  minutes?: number
  requesterId?: number
  reasonCode?: string
}

export type SandboxBrowser = {
  sandbox: Sandbox
  browser: Browser
  /** What no person would notice: script errors, breaches of a page's CSP, calls to other machines. */
  faults: string[]
  /**
   * Opens one person's window, its profile shared with no other, at a place such as
   * `#/tickets/4001` or `#/apps/scrim`. `prepare` sees the page before it loads anything.
   */
  openWindow(
    personId: number,
    place: string,
    prepare?: (page: Page) => Promise<unknown> | unknown,
  ): Promise<Page>
  /** Closes every window; a test's last act. */
  closeWindows(): Promise<void>
  /** A session without a window, opened as a browser opens it. */
  signIn(personId: number, location?: 'ticket_sidebar' | 'nav_bar'): Promise<Call>
  /** A ticket of the test's own: in Billing, Maya's, with a card number, unless told otherwise. */
  addTicket(ticket?: NewTicket): Promise<number>
  /** Asks without a window; Maya for the card number, 15 minutes, unless told otherwise. */
  ask(ticketId: number, ask?: Ask): Promise<string>
  /** Asks, and Omar approves, without a window. Returns the grant's id. */
  grant(ticketId: number, ask?: Ask): Promise<string>
  /** The log's entries, oldest first, as they are stored. */
  entries(filter: { action?: AuditAction; ticketId?: number }): Promise<AuditEntry[]>
  moveClock(milliseconds: number): void
  close(): Promise<void>
}

/** The frame of the app that is in front, at one location. */
export function appIn(page: Page, location: Location): FrameLocator {
  const visible = location === 'background' ? '' : ':visible'
  return page.frameLocator(`iframe[data-location="${location}"]${visible}`)
}

export const sidebarIn = (page: Page): FrameLocator => appIn(page, 'ticket_sidebar')
export const navBarIn = (page: Page): FrameLocator => appIn(page, 'nav_bar')

/** One protected field's row in the sidebar, by its label. */
export function rowIn(page: Page, label = 'Card number'): Locator {
  return sidebarIn(page).getByRole('listitem', { name: label, exact: true })
}

/** The app's own frame, to run script in as somebody with developer tools would. */
export async function frameIn(page: Page, location: Location): Promise<Frame> {
  const element = await page.locator(`iframe[data-location="${location}"]`).first().elementHandle()
  const frame = await element?.contentFrame()
  if (!frame) throw new Error(`no frame at ${location}`)
  return frame
}

/** The subject of a ticket that `addTicket` made; no two have the same. */
export const subjectOf = (ticketId: number): string => `Refund of case ${ticketId}`

/** What the endpoint answered: `code` is that of a refusal. */
export type Answered = { status: number; code: string | null }

/**
 * Calls `/api/…` from inside the app's frame with the session that the app itself uses, as somebody
 * with developer tools can.
 */
export async function devToolsIn(
  page: Page,
  location: Location,
): Promise<(method: string, path: string, body: object) => Promise<Answered>> {
  const frame = await frameIn(page, location)
  // The credential is in no document, no storage and no variable within reach; requests carry it.
  const request = await page.waitForRequest(
    (asked) => asked.frame() === frame && asked.headers()['authorization'] !== undefined,
  )
  const authorization = request.headers()['authorization'] ?? ''
  return (method, path, body) =>
    frame.evaluate(
      async (call) => {
        const response = await fetch(`/api/${call.path}`, {
          method: call.method,
          headers: { authorization: call.authorization, 'content-type': 'application/json' },
          body: JSON.stringify(call.body),
        })
        const answer = (await response.json()) as { code?: string }
        return { status: response.status, code: answer.code ?? null }
      },
      { method, path, body, authorization },
    )
}

function isOnThisMachine(address: string): boolean {
  const { hostname, protocol } = new URL(address)
  return (
    ['data:', 'blob:', 'about:'].includes(protocol) || /^(localhost|127\.0\.0\.1)$/.test(hostname)
  )
}

/** Starts a sandbox in memory and a browser. Options go to `startSandbox`. */
export async function startSandboxBrowser(
  options: Partial<SandboxOptions> = {},
): Promise<SandboxBrowser> {
  await buildProducts(['sdk', 'app', 'sandbox'])
  const sandbox = await startSandbox({
    port: 0,
    now: () => new Date(),
    newId: randomUUID,
    // A whole test file is more people in a minute than an account has.
    requestsPerMinute: 6_000,
    // Tests that look at what people wrote find it as they wrote it; ingestion has its own.
    hasWebhook: false,
    ...options,
  })
  const browser = await openChromium()
  const contexts = new Set<BrowserContext>()
  const faults: string[] = []
  let lastTicket = FIRST_ADDED_TICKET - 1

  function watch(page: Page) {
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text())
    })
    page.on('request', (request) => {
      if (!isOnThisMachine(request.url())) faults.push(`asked ${new URL(request.url()).hostname}`)
    })
  }

  const signIn: SandboxBrowser['signIn'] = (personId, location = 'ticket_sidebar') =>
    openSession(sandbox.endpointUrl, { sign: sandbox.signPage }, personId, location)

  const ask: SandboxBrowser['ask'] = async (ticketId, change = {}) => {
    const { requesterId = MAYA, fieldIds = ['card_number'], minutes = 15 } = change
    const call = await signIn(requesterId)
    const request = await call('POST', 'reveal-requests', {
      ticketId,
      fieldIds,
      reasonCode: change.reasonCode ?? 'refund',
      reasonText: `Read it to the acquirer for case ${randomUUID().slice(0, 8)}`,
      minutes,
    })
    return revealRequestView.parse(request).id
  }

  return {
    sandbox,
    browser,
    faults,
    async openWindow(personId, place, prepare) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
      })
      contexts.add(context)
      context.setDefaultTimeout(PATIENCE_MS)
      const page = await context.newPage()
      watch(page)
      await prepare?.(page)
      await page.goto(`${sandbox.hostUrl}/?as=${personId}${place}`)
      return page
    },
    async closeWindows() {
      await Promise.all([...contexts].map((context) => context.close()))
      contexts.clear()
    },
    signIn,
    async addTicket({ groupId = BILLING, assigneeId = MAYA, values = { card_number: CARD } } = {}) {
      const { state } = sandbox.emulator
      const template = state.tickets.find(({ id }) => id === TEMPLATE_TICKET)
      if (template === undefined) throw new Error(`no ticket ${TEMPLATE_TICKET}`)
      const id = (lastTicket += 1)
      state.tickets.push({
        ...structuredClone(template),
        id,
        url: template.url.replace(String(TEMPLATE_TICKET), String(id)),
        subject: subjectOf(id),
        raw_subject: subjectOf(id),
        group_id: groupId,
        assignee_id: assigneeId,
      })
      state.comments[id] = structuredClone(state.comments[TEMPLATE_TICKET] ?? [])
      state.audits[id] = []
      const call = await signIn(assigneeId)
      for (const [fieldId, value] of Object.entries(values)) {
        await call('PUT', `tickets/${id}/protected-fields/${fieldId}/value`, { value })
      }
      return id
    },
    ask,
    async grant(ticketId, change) {
      const requestId = await ask(ticketId, change)
      const omar = await signIn(OMAR, 'nav_bar')
      const decided = await omar('POST', `reveal-requests/${requestId}/approve`, {})
      const { grantId } = revealRequestView.parse(decided)
      if (grantId === null) throw new Error('the approval made no grant')
      return grantId
    },
    async entries({ action, ticketId }) {
      const { database, account } = sandbox.endpoint
      const stored = await readAuditEntries(database.orm, account.id, 0, MAX_ENTRIES)
      return stored
        .map(({ body }) => JSON.parse(body) as AuditEntry)
        .filter((entry) => action === undefined || entry.action === action)
        .filter((entry) => ticketId === undefined || entry.record?.id === ticketId)
    },
    moveClock: (milliseconds) => void sandbox.control({ moveClockMs: milliseconds }),
    async close() {
      await browser.close()
      await sandbox.close()
    },
  }
}
