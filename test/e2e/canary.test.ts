/**
 * Canaries: values that exist nowhere else go through the whole story, in a real browser, with an
 * error path and outages. Afterwards everything that could have kept or passed one on is searched.
 */
import { execFile } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { productFolder } from '../../src/sandbox/build.ts'
import { SANDBOX_VALUES } from '../../src/sandbox/tickets.ts'
import type { Canary } from '../support/canary-matcher.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import type { Evidence, Licence, Storage, WindowRecorder } from '../support/canary-recorder.ts'
import { documentsIn, messagesIn, recordWindow, storagesIn } from '../support/canary-recorder.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  devToolsIn,
  INGRID,
  MAYA,
  navBarIn,
  OMAR,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STORY_TIMEOUT_MS = 300_000
const REASON = 'Compare all of it with the form that the customer sent us'

const tag = () => `canary${randomBytes(6).toString('hex')}`
const [mailbox, note, document] = [tag(), tag(), tag()]

/** By catalogue id. The card is a published test number that nothing else here uses. */
const CANARIES = {
  card_number: { label: 'Card number', value: '6011 1111 1111 1117', parts: ['6011 1111 1111'] },
  passport: { label: 'Passport', value: document.toUpperCase(), parts: [] },
  phone: { label: 'Phone', value: `+44 20 7946 0${randomInt(100, 1000)}`, parts: [] },
  fraud_note: {
    label: 'Fraud note',
    value: `Jürgen said "never <again>" & hung up: ${note}`,
    parts: [note],
  },
  private_email: { label: 'Private e-mail', value: `${mailbox}@example.com`, parts: [mailbox] },
} satisfies Record<string, Omit<Canary, 'name'> & { label: string }>

const FIELD_IDS = Object.keys(CANARIES) as (keyof typeof CANARIES)[]

const find = createCanaryMatcher(
  FIELD_IDS.map((name) => ({ name, value: CANARIES[name].value, parts: CANARIES[name].parts })),
)

/** The requester's intake may hold what it takes in, the answer to their reveal what it reveals. */
const requesterLicence: Licence = ({ method, path, body }) => {
  const [, takenIn] = /^\/api\/tickets\/\d+\/protected-fields\/(\w+)\/value$/.exec(`${path}`) ?? []
  if (method === 'PUT' && takenIn !== undefined) return { sent: takenIn }
  if (method === 'POST' && /^\/api\/grants\/[\w-]+\/reveal$/.test(path)) {
    return { answered: (JSON.parse(body) as { fieldId: string }).fieldId }
  }
  return {}
}
const noLicence: Licence = () => ({})

/** Names of places, canaries and encodings: never a value. */
function leaksIn(evidence: readonly Evidence[]): string[] {
  return evidence.flatMap(({ where, haystack, mayHold }) =>
    find(haystack)
      .filter(({ canary }) => canary !== mayHold)
      .map(({ canary, encoding }) => `${where} holds ${canary} (${encoding})`),
  )
}

async function filesIn(folder: string, when = ''): Promise<Evidence[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      return { where: `${relative(folder, path)}${when}`, haystack: await readFile(path) }
    }),
  )
}

let world: SandboxBrowser
let folder: string
let ticketId: number
let maya: Page
let omar: Page
let ingrid: Page

const windows = {
  Maya: recordWindow('Maya', requesterLicence),
  Omar: recordWindow('Omar', noLicence),
  Ingrid: recordWindow('Ingrid', noLicence),
}
const recorders: readonly WindowRecorder[] = Object.values(windows)

const traffic: Evidence[] = []
const documents: Evidence[] = []
const messages: Evidence[] = []
const stored: Storage[] = []
const logged: Evidence[] = []
const database: Evidence[] = []
const zendesk: Evidence[] = []
const commandLine: Evidence[] = []

const row = (fieldId: keyof typeof CANARIES) => rowIn(maya, CANARIES[fieldId].label)

/** Every window as it stands, when nothing is revealed. */
async function lookAtDocuments(when: string) {
  await sidebarIn(maya).locator('[data-revealed]').waitFor({ state: 'detached' })
  for (const [who, page] of [['Maya', maya] as const, ['Omar', omar] as const]) {
    documents.push(...(await documentsIn(`${when}, ${who}`, page)))
  }
}

async function show(fieldId: keyof typeof CANARIES) {
  await row(fieldId).getByRole('button', { name: /^Show/ }).click()
  await row(fieldId).locator('[data-revealed]').waitFor()
}

/** Takes every value in, one of them past a refusal and one past an outage of the database. */
async function takeValuesIn() {
  const form = sidebarIn(maya).getByRole('form')
  const save = form.getByRole('button', { name: 'Save to vault' })
  for (const fieldId of FIELD_IDS) {
    const { label, value } = CANARIES[fieldId]
    await sidebarIn(maya).getByRole('button', { name: 'Take a value down' }).click()
    await form.getByLabel('Field').selectOption({ label })
    if (fieldId === 'private_email') {
      await form.getByLabel('Value').fill(`•• ${value}`)
      await save.click()
      await form.getByText('This is a mask, not a value.').waitFor()
    }
    await form.getByLabel('Value').fill(value)
    if (fieldId === 'fraud_note') {
      world.sandbox.control({ isDatabaseDown: true })
      await save.click()
      await form.getByText('storage is down').waitFor()
      world.sandbox.control({ isDatabaseDown: false })
    }
    await save.click()
    await row(fieldId).waitFor()
  }
}

async function askForAll() {
  await row('card_number').getByRole('button', { name: 'Ask', exact: true }).click()
  const form = row('card_number').locator('form')
  for (const fieldId of FIELD_IDS) {
    const { label } = CANARIES[fieldId]
    // Garden's label lies over its box.
    if (!(await form.getByLabel(label).isChecked())) await form.getByText(label).click()
  }
  await form.getByRole('radio', { name: 'Identity check' }).check()
  await form.getByLabel('What will you do with it?').fill(REASON)
  await form.getByLabel('What will you do with it?').press('Enter')
  await row('card_number').getByText('Waiting').waitFor()
}

/** Reveals each field, masks them by hand, and lets an outage mask one. */
async function lookAtAll() {
  for (const fieldId of FIELD_IDS) {
    await show(fieldId)
    expect(await row(fieldId).locator('[data-revealed]').textContent()).toBe(
      CANARIES[fieldId].value,
    )
    // Open in the requester's sidebar, and nowhere else: not in the page around it, not elsewhere.
    const others = [
      ...(await documentsIn('open, Maya', maya)),
      ...(await documentsIn('open, Omar', omar)),
    ]
    documents.push(...others.filter(({ where }) => !where.endsWith('/zaf/ticket_sidebar')))
  }
  await maya.waitForResponse((response) => response.url().endsWith('/heartbeat'))
  await row('card_number').getByRole('button', { name: /^Done/ }).focus()
  await maya.keyboard.press('Escape')
  await lookAtDocuments('masked by hand')

  await show('card_number')
  world.sandbox.control({ isEndpointDown: true })
  await lookAtDocuments('masked by an outage of the endpoint')
  world.sandbox.control({ isEndpointDown: false, isZendeskDown: true })
  world.moveClock(10_000)
  await row('phone').getByRole('button', { name: /^Show/ }).click()
  await row('phone').getByRole('alert').waitFor()
  world.sandbox.control({ isZendeskDown: false })
  // The endpoint does not ask a Zendesk that just failed.
  world.moveClock(10_000)
}

/** What somebody with developer tools can still try. */
async function tryOddCalls() {
  const call = await devToolsIn(maya, 'ticket_sidebar')
  const path = `tickets/${ticketId}/protected-fields/phone/value`
  const { value } = CANARIES.phone
  for (const body of [
    { value: [value] },
    { value: { [value]: value } },
    { value, [value]: value },
    { value: value.repeat(4000) },
  ]) {
    const { status } = await call('PUT', path, body)
    expect([400, 413, 422]).toContain(status)
  }
}

beforeAll(async () => {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...said: unknown[]) => {
      logged.push({
        where: `the endpoint’s console.${level}`,
        haystack: said.map(String).join(' '),
      })
    })
  }
  folder = await mkdtemp(join(tmpdir(), 'scrim-canary-'))
  world = await startSandboxBrowser({
    hasStory: false,
    dataFolder: folder,
    log: (line) => logged.push({ where: 'the endpoint’s log', haystack: line }),
  })
  ticketId = await world.addTicket({ values: {} })

  maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`, windows.Maya.prepare)
  await takeValuesIn()
  omar = await world.openWindow(OMAR, '#/apps/scrim', windows.Omar.prepare)
  await askForAll()
  await navBarIn(omar).getByText(REASON).waitFor()
  await navBarIn(omar)
    .getByRole('button', { name: /^Approve/ })
    .click()
  await lookAtAll()
  await row('card_number').getByRole('button', { name: /^Done/ }).click()
  await row('card_number').getByText('You are done here.').waitFor()
  await lookAtDocuments('after Done')
  await tryOddCalls()

  ingrid = await world.openWindow(INGRID, '#/apps/scrim', windows.Ingrid.prepare)
  await navBarIn(ingrid).getByRole('tab', { name: 'Log' }).click()
  await navBarIn(ingrid).getByRole('button', { name: `Maya Rivera asked for` }).click()
  await navBarIn(ingrid).getByText(REASON).waitFor()
  documents.push(...(await documentsIn('the log, Ingrid', ingrid)))
  await world.sandbox.sweep()

  for (const [who, page] of Object.entries({ Maya: maya, Omar: omar, Ingrid: ingrid })) {
    messages.push(...(await messagesIn(who, page)))
    stored.push(...(await storagesIn(who, page)))
  }
  for (const recorder of recorders) traffic.push(...(await recorder.traffic()))
  zendesk.push({ where: 'Zendesk', haystack: world.sandbox.emulator.exportState() })
  await world.sandbox.endpoint.database.orm.execute(sql`checkpoint`)
  database.push(...(await filesIn(folder, ', while open')))
  await world.close()
  database.push(...(await filesIn(folder, ', after the end')))

  for (const command of ['export', 'verify']) {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/cli/scrim.ts', 'audit', command],
      { cwd: ROOT, env: { ...process.env, SCRIM_DATA: folder }, maxBuffer: 64 * 1024 * 1024 },
    )
    commandLine.push({ where: `audit ${command}`, haystack: stdout + stderr })
  }
}, STORY_TIMEOUT_MS)

afterAll(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

test('each value went into the intake and came out of one reveal, so the record is worth searching', () => {
  const carrying = traffic.filter(({ haystack, mayHold }) =>
    find(haystack).some(({ canary }) => canary === mayHold),
  )
  const intakes = carrying.filter(({ where }) => /^Maya: PUT .*, body$/.test(where))
  const reveals = carrying.filter(({ where }) => /^answer to Maya: POST .*, body$/.test(where))
  expect(new Set(intakes.map(({ mayHold }) => mayHold))).toEqual(new Set(FIELD_IDS))
  expect(new Set(reveals.map(({ mayHold }) => mayHold))).toEqual(new Set(FIELD_IDS))
  expect(recorders.flatMap(({ unread }) => unread)).toEqual([])
  expect(world.faults).toEqual([])
})

test('no address, no header, no other request and no other answer held a value', () => {
  expect(leaksIn(traffic)).toEqual([])
})

test('no message between the app and the page around it held a value', () => {
  const heard = messages.map(({ haystack }) => String(haystack)).join('\n')
  expect(heard).toContain('iframe.handshake')
  expect(heard).toContain('api_notification')
  expect(leaksIn(messages)).toEqual([])
})

test('no document holds a value once it is masked, and no other document while it is open', () => {
  expect(documents.map(({ where }) => where).join('\n')).toMatch(/after Done.*ticket_sidebar/)
  expect(leaksIn(documents)).toEqual([])
})

test('no browser console said a value', () => {
  expect(leaksIn(recorders.flatMap(({ console: lines }) => lines))).toEqual([])
})

test('nothing is kept in the browser, by the app or by the page around it', () => {
  expect(stored.length).toBeGreaterThan(2 * recorders.length)
  expect(
    stored.flatMap(({ where, touched }) => touched.map((what) => `${where}: ${what}`)),
  ).toEqual([])
  // A frame of another site may have no storage at all.
  const isKept = ({ holds }: Storage) => holds !== 'SecurityError' && String(holds) !== ''
  expect(stored.filter(isKept)).toEqual([])
})

test('the endpoint’s log holds no value', () => {
  expect(logged.length).toBeGreaterThan(0)
  expect(leaksIn(logged)).toEqual([])
})

test('no file of the database holds a value, read as bytes', () => {
  const isReadable = database.filter(({ haystack }) => Buffer.from(haystack).includes(REASON))
  expect(isReadable.map(({ where }) => where).join('\n')).toMatch(/database.*, after the end/)
  expect(leaksIn(database)).toEqual([])
})

test('no ticket, audit or comment in Zendesk holds a value, only masks and tokens', () => {
  expect(String(zendesk[0]?.haystack)).toContain('•••• •••• •••• 1117')
  expect(leaksIn(zendesk)).toEqual([])
})

test('the exported log holds no value', () => {
  expect(String(commandLine[0]?.haystack)).toContain(REASON)
  expect(leaksIn(commandLine)).toEqual([])
})

test('no built bundle holds a value, not even one of the sandbox’s own', async () => {
  const findSeeds = createCanaryMatcher(
    SANDBOX_VALUES.map(({ ticketId: id, fieldId, value }) => ({ name: `${id} ${fieldId}`, value })),
  )
  for (const product of ['app', 'sandbox', 'sdk'] as const) {
    const bundle = await filesIn(productFolder(product))
    expect(bundle.length).toBeGreaterThan(0)
    expect(leaksIn(bundle)).toEqual([])
    expect(bundle.flatMap(({ haystack }) => findSeeds(haystack))).toEqual([])
  }
})
