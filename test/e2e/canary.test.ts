/**
 * Canaries: values that exist nowhere else go through everything that takes values in and lets them
 * out, in real browsers, with error paths and outages. Afterwards all that could have kept or passed
 * one on is searched, for texts and for runs of bytes.
 */
import { execFile } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { productFolder } from '../../src/sandbox/build.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { SANDBOX_VALUES } from '../../src/sandbox/tickets.ts'
import { attach, textFile } from '../support/attachments.ts'
import { filesIn, leaksIn, pdfWith, zendeskBeyondExposures } from '../support/canary-evidence.ts'
import type { Canary } from '../support/canary-matcher.ts'
import { TOLD_VALUES } from '../support/canary-values.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import type { Evidence, Licence, Storage, WindowRecorder } from '../support/canary-recorder.ts'
import { documentsIn, messagesIn, recordWindow, storagesIn } from '../support/canary-recorder.ts'
import { comment, type, update } from '../support/ingestion.ts'
import type { SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  devToolsIn,
  INGRID,
  MAYA,
  navBarIn,
  OMAR,
  PATIENCE_MS,
  rowIn,
  sidebarIn,
  startSandboxBrowser,
} from '../support/sandbox-browser.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STORY_TIMEOUT_MS = 600_000
const REASON = 'Compare all of it with the form that the customer sent us'
/** On tickets with this tag pictures and PDFs are vaulted whole. */
const SCANS_TAG = 'sends_scans'
const IBAN_FIELD = 304
/** In no catalogue. */
const ORDER_FIELD = 308

const tag = () => `canary${randomBytes(6).toString('hex')}`
const [mailbox, note, document, said] = [tag(), tag(), tag(), tag()]

/** What the agent takes down, by catalogue id. Numbers are published test numbers. */
const TAKEN_IN = {
  card_number: { label: 'Card number', value: '6011 1111 1111 1117', parts: ['6011 1111 1111'] },
  passport: { label: 'Passport', value: document.toUpperCase(), parts: [] },
  phone: { label: 'Phone', value: `+44 20 7946 0${randomInt(100, 1000)}`, parts: [] },
  fraud_note: {
    label: 'Fraud note',
    value: `Jürgen said "never <again>" & hung up: ${note}`,
    parts: [note],
  },
  private_email: { label: 'Private e-mail', value: `${mailbox}@example.com`, parts: [mailbox] },
}
const FIELD_IDS = Object.keys(TAKEN_IN) as (keyof typeof TAKEN_IN)[]

/** What comes into the ticket by itself, and what people type elsewhere. */
const TOLD = {
  ...TOLD_VALUES,
  by_link: { value: '1931-07-19', parts: [] },
  said_wrongly: { value: `${said}@example.com`, parts: [said] },
  restricted_note: { value: `He moved, and "nobody" <may> know where: ${tag()}`, parts: [] },
}

/** Runs of bytes, each in one document only. */
const RUNS = {
  pdf_bytes: randomBytes(48),
  scan_bytes: randomBytes(48),
  sent_bytes: randomBytes(48),
}

const CANARIES: readonly Canary[] = [
  ...Object.entries({ ...TAKEN_IN, ...TOLD }).map(([name, { value, parts }]) => ({
    name,
    value,
    parts,
  })),
  ...Object.entries(RUNS).map(([name, bytes]) => ({ name, bytes })),
]
const find = createCanaryMatcher(CANARIES)

/** The canary of a field, where it is not the field's own name. */
const canaryOfField = new Map<string, readonly string[]>()
const canariesOf = (fieldId: string) => canaryOfField.get(fieldId) ?? [fieldId]

/** The requester's forms may hold what they send, the answer to their reveal what it reveals. */
const requesterLicence: Licence = ({ method, path, body }) => {
  const [, fieldId, verb] =
    /^\/api\/tickets\/\d+\/protected-fields\/(\w+)\/(value|checks)$/.exec(path) ?? []
  if (method === 'PUT' && verb === 'value' && fieldId !== undefined) {
    return { sent: canariesOf(fieldId) }
  }
  if (method !== 'POST') return {}
  if (verb === 'checks') return { sent: [fieldId ?? '', 'said_wrongly'] }
  if (/^\/api\/tickets\/\d+\/restricted-notes$/.test(path)) return { sent: ['restricted_note'] }
  if (/^\/api\/grants\/[\w-]+\/reveal$/.test(path)) {
    return { answered: canariesOf((JSON.parse(body) as { fieldId: string }).fieldId) }
  }
  return {}
}
const customerLicence: Licence = ({ method, path }) =>
  method === 'POST' && path.startsWith('/intake/') ? { sent: ['by_link', 'sent_bytes'] } : {}
const searcherLicence: Licence = ({ method, path }) =>
  method === 'POST' && path === '/api/value-searches' ? { sent: ['in_message'] } : {}
const noLicence: Licence = () => ({})

let world: SandboxBrowser
let folder: string
let ticketId: number
let scansId: number
let maya: Page
let omar: Page
let ingrid: Page

const windows = {
  Maya: recordWindow('Maya', requesterLicence),
  'Maya, other ticket': recordWindow('Maya, other ticket', requesterLicence),
  Omar: recordWindow('Omar', searcherLicence),
  Ingrid: recordWindow('Ingrid', noLicence),
  'the customer': recordWindow('the customer', customerLicence),
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
let exposed: string[] = []

const rowOf = (fieldId: keyof typeof TAKEN_IN) => rowIn(maya, TAKEN_IN[fieldId].label)

/** Every window as it stands, when nothing is revealed. */
async function lookAtDocuments(when: string) {
  await sidebarIn(maya).locator('[data-revealed]').waitFor({ state: 'detached' })
  for (const [who, page] of [['Maya', maya] as const, ['Omar', omar] as const]) {
    documents.push(...(await documentsIn(`${when}, ${who}`, page)))
  }
}

/** Before anybody looks: a message, a note, a field, and files on a ticket that policy marks. */
async function tellByThemselves() {
  const { emulator, endpoint } = world.sandbox
  const told = { zendesk: { emulator } }
  const requesterId = emulator.state.tickets.find(({ id }) => id === ticketId)?.requester_id ?? 0
  const message = `<p>It was my <b>card 3566 0020</b> 2036 0505, thank you</p>`
  await comment(told, requesterId, ticketId, message)
  await comment(told, MAYA, ticketId, `<p>Pay to IBAN ${TOLD.in_note.value}</p>`, false)
  await type(told, MAYA, ticketId, IBAN_FIELD, TOLD.in_field.value)
  await type(told, MAYA, ticketId, ORDER_FIELD, `on card ${TOLD.in_other_field.value}`)
  await update(told, MAYA, ticketId, { subject: `Refund to card ${TOLD.in_subject.value}` })
  for (const file of [
    textFile(`My card is ${TOLD.in_text_file.value}`),
    {
      fileName: 'letter.pdf',
      contentType: 'application/pdf',
      content: pdfWith(`My card is ${TOLD.in_pdf.value}`, RUNS.pdf_bytes),
    },
    {
      fileName: 'passport.pdf',
      contentType: 'application/pdf',
      content: pdfWith('A passport', RUNS.scan_bytes),
    },
  ]) {
    await attach(told, requesterId, scansId, file)
  }
  await vi.waitFor(
    async () => {
      const { text } = await zendeskBeyondExposures(emulator, endpoint)
      expect(leaksIn(find, [{ where: 'Zendesk', haystack: text }])).toEqual([])
    },
    { timeout: PATIENCE_MS, interval: 200 },
  )
  const [, first, second] = emulator.state.comments[ticketId] ?? []
  canaryOfField.set(`comment_${first?.id}_1`, ['in_message'])
  canaryOfField.set(`comment_${second?.id}_1`, ['in_note'])
  canaryOfField.set('iban', ['in_field'])
}

async function show(page: Page, label: string) {
  const row = rowIn(page, label)
  await row.getByRole('button', { name: /^Show/ }).click()
  return row
}

/** Takes every value in, one of them past a refusal and one past an outage of the database. */
async function takeValuesIn() {
  const form = sidebarIn(maya).getByRole('form', { name: 'Take a value down' })
  const save = form.getByRole('button', { name: 'Save to vault' })
  for (const fieldId of FIELD_IDS) {
    const { label, value } = TAKEN_IN[fieldId]
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
    await rowOf(fieldId).waitFor()
  }
}

const FOUND_LABELS = [
  'Payment card number in a comment (1)',
  'Bank account number in a comment (1)',
]

async function askForAll() {
  await rowOf('card_number').getByRole('button', { name: 'Ask', exact: true }).click()
  const form = rowOf('card_number').locator('form')
  for (const label of [...FIELD_IDS.map((id) => TAKEN_IN[id].label), 'IBAN', ...FOUND_LABELS]) {
    const box = form.getByLabel(label, { exact: true })
    // Garden's label lies over its box.
    if (!(await box.isChecked())) await form.getByText(label, { exact: true }).click()
  }
  await form.getByRole('radio', { name: 'Identity check' }).check()
  await form.getByLabel('What will you do with it?').fill(REASON)
  await form.getByLabel('What will you do with it?').press('Enter')
  await rowOf('card_number').getByText('Waiting').waitFor()
}

/** Reveals each field, masks them by hand, and lets an outage mask one. */
async function lookAtAll() {
  for (const [label, value] of [
    ...FIELD_IDS.map((id) => [TAKEN_IN[id].label, TAKEN_IN[id].value] as const),
    ['IBAN', TOLD.in_field.value] as const,
    [FOUND_LABELS[0] ?? '', TOLD.in_message.value] as const,
    [FOUND_LABELS[1] ?? '', TOLD.in_note.value] as const,
  ]) {
    const shown = (await show(maya, label)).locator('[data-revealed]')
    await shown.waitFor()
    expect(await shown.textContent()).toBe(value)
    // Open in the requester's sidebar, and nowhere else: not in the page around it, not elsewhere.
    const others = [
      ...(await documentsIn('open, Maya', maya)),
      ...(await documentsIn('open, Omar', omar)),
    ]
    documents.push(...others.filter(({ where }) => !where.endsWith('/zaf/ticket_sidebar')))
  }
  await maya.waitForResponse((response) => response.url().endsWith('/heartbeat'))
  await rowOf('card_number').getByRole('button', { name: /^Done/ }).focus()
  await maya.keyboard.press('Escape')
  await lookAtDocuments('masked by hand')

  await (await show(maya, 'Card number')).locator('[data-revealed]').waitFor()
  world.sandbox.control({ isEndpointDown: true })
  await lookAtDocuments('masked by an outage of the endpoint')
  world.sandbox.control({ isEndpointDown: false, isZendeskDown: true })
  world.moveClock(10_000)
  await (await show(maya, 'Phone')).getByRole('alert').waitFor()
  world.sandbox.control({ isZendeskDown: false })
  // The endpoint does not ask a Zendesk that just failed.
  world.moveClock(10_000)
}

/** The agent types what the customer says: once right, once wrong. Nobody sees what is stored. */
async function checkWithoutSeeing() {
  const title = 'Check what the customer says'
  await sidebarIn(maya).getByRole('button', { name: title }).click()
  const form = sidebarIn(maya).getByRole('form', { name: title })
  await form.getByLabel('Field').selectOption({ label: TAKEN_IN.private_email.label })
  const input = form.getByLabel('What the customer says')
  await input.fill(TAKEN_IN.private_email.value)
  await input.press('Enter')
  await form.getByText('Matches', { exact: true }).waitFor()
  await input.fill(TOLD.said_wrongly.value)
  await input.press('Enter')
  await form.getByText(/^Does not match/).waitFor()
  await input.fill('')
  await lookAtDocuments('after a check')
  await form.getByRole('button', { name: 'Close' }).click()
}

/** The customer types a value through a link, past a refusal, and tries the link again. */
async function askTheCustomer() {
  await sidebarIn(maya).getByRole('button', { name: 'Ask the customer' }).click()
  const form = sidebarIn(maya).getByRole('form', { name: 'Ask the customer' })
  await form.getByLabel('Field').selectOption({ label: 'Birth date' })
  await form.getByRole('button', { name: 'Make the link' }).press('Enter')
  await visitLink(await form.getByLabel('Link for the customer').inputValue(), async (page) => {
    const send = page.getByRole('button', { name: 'Send' })
    await page.getByLabel('Birth date').fill(`•• ${TOLD.by_link.value}`)
    await send.click()
    await page.getByRole('alert').waitFor()
    documents.push(...(await documentsIn('refused, the customer', page)))
    await page.getByLabel('Birth date').fill(TOLD.by_link.value)
    await send.click()
  })
  await rowIn(maya, 'Birth date').waitFor()
}

/** A customer's browser at a link; `work` sends something. */
async function visitLink(address: string, work: (page: Page) => Promise<void>) {
  const context = await world.browser.newContext({ locale: 'en-GB' })
  context.setDefaultTimeout(PATIENCE_MS)
  try {
    const page = await context.newPage()
    await windows['the customer'].prepare(page)
    await page.goto(address)
    await work(page)
    await page.getByRole('heading', { name: 'Thank you. It has arrived.' }).waitFor()
    documents.push(...(await documentsIn('sent, the customer', page)))
    await page.goto(address)
    await page.getByRole('heading', { name: 'This link cannot be used.' }).waitFor()
    messages.push(...(await messagesIn('the customer', page)))
    stored.push(...(await storagesIn('the customer', page)))
  } finally {
    await context.close()
  }
}

async function findByValue() {
  const bar = navBarIn(omar)
  await bar.getByRole('tab', { name: 'Find' }).click()
  await bar.getByLabel('Exact value').fill(TOLD.in_message.value.replaceAll(' ', '-'))
  await bar.getByRole('button', { name: 'Find', exact: true }).click()
  await bar.getByText('1 ticket holds this value.').waitFor()
  await bar.getByLabel('Exact value').fill('')
  documents.push(...(await documentsIn('found, Omar', omar)))
}

/** The other ticket: a customer's scan, a restricted note, and files that were attached. */
async function workOnScans() {
  const call = await world.signIn(MAYA)
  const made = await call('POST', `tickets/${scansId}/intake-links`, { fieldId: 'passport' })
  const { path } = made as { path: string }
  await visitLink(new URL(path, world.sandbox.endpointUrl).href, async (page) => {
    await page.getByLabel('Choose a photo or a scan of it').setInputFiles({
      name: 'scan.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(pdfWith('The passport', RUNS.sent_bytes)),
    })
    await page.getByRole('button', { name: 'Send' }).click()
  })
  canaryOfField.set('passport', ['passport', 'sent_bytes'])

  const page = await world.openWindow(
    MAYA,
    `#/tickets/${scansId}`,
    windows['Maya, other ticket'].prepare,
  )
  const title = 'Write a restricted note'
  await sidebarIn(page).getByRole('button', { name: title }).click()
  const form = sidebarIn(page).getByRole('form', { name: title })
  await form.getByLabel('Note').fill(TOLD.restricted_note.value)
  await page.keyboard.press('Control+Enter')
  await sidebarIn(page)
    .getByRole('listitem', { name: /^Note by Maya, / })
    .waitFor()
  await world.grant(scansId, { fieldIds: ['passport'], reasonCode: 'identity_check' })
  const row = rowIn(page, 'Passport')
  const button = row.getByRole('button', { name: /^Show/ })
  // On a busy machine a heartbeat may come late, which masks it: there are uses left.
  await vi.waitFor(
    async () => {
      if (await button.isVisible()) await button.click()
      await row.locator('canvas').waitFor({ timeout: PATIENCE_MS / 3 })
    },
    { timeout: 3 * PATIENCE_MS, interval: 200 },
  )
  // Pixels, in one frame: what the document says stands nowhere as text, not even there.
  documents.push(...(await documentsIn('a document is open, Maya', page)))
  await row.getByRole('button', { name: /^Done/ }).click()
  await row.locator('canvas').waitFor({ state: 'detached' })
  documents.push(...(await documentsIn('a document was open, Maya', page)))
  messages.push(...(await messagesIn('Maya, other ticket', page)))
  stored.push(...(await storagesIn('Maya, other ticket', page)))
}

/** What somebody with developer tools can still try. */
async function tryOddCalls() {
  const call = await devToolsIn(maya, 'ticket_sidebar')
  const path = `tickets/${ticketId}/protected-fields/phone/value`
  const { value } = TAKEN_IN.phone
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
  const { ingestion } = sandboxPolicy
  world = await startSandboxBrowser({
    hasStory: false,
    hasWebhook: true,
    delayMs: 0,
    dataFolder: folder,
    policy: {
      ...sandboxPolicy,
      ingestion: {
        ...ingestion,
        attachments: {
          ...ingestion.attachments,
          documents: { isEveryTicket: false, formIds: [], tags: [SCANS_TAG] },
        },
      },
    },
    log: (line) => logged.push({ where: 'the endpoint’s log', haystack: line }),
  })
  ticketId = await world.addTicket({ values: {} })
  scansId = await world.addTicket({ values: {} })
  world.sandbox.emulator.state.tickets.find(({ id }) => id === scansId)?.tags.push(SCANS_TAG)
  await tellByThemselves()

  maya = await world.openWindow(MAYA, `#/tickets/${ticketId}`, windows.Maya.prepare)
  await takeValuesIn()
  omar = await world.openWindow(OMAR, '#/apps/scrim', windows.Omar.prepare)
  await askForAll()
  await navBarIn(omar).getByText(REASON).waitFor()
  await navBarIn(omar)
    .getByRole('button', { name: /^Approve/ })
    .click()
  await lookAtAll()
  await rowOf('card_number').getByRole('button', { name: /^Done/ }).click()
  await rowOf('card_number').getByText('You are done here.').waitFor()
  await lookAtDocuments('after Done')
  await checkWithoutSeeing()
  await askTheCustomer()
  await findByValue()
  await tryOddCalls()
  await workOnScans()

  ingrid = await world.openWindow(INGRID, '#/apps/scrim', windows.Ingrid.prepare)
  await navBarIn(ingrid).getByRole('tab', { name: 'Log' }).click()
  await navBarIn(ingrid).getByRole('button', { name: `Maya Rivera asked for` }).last().click()
  await navBarIn(ingrid).getByText(REASON).waitFor()
  documents.push(...(await documentsIn('the log, Ingrid', ingrid)))
  await world.sandbox.sweep()

  for (const [who, page] of Object.entries({ Maya: maya, Omar: omar, Ingrid: ingrid })) {
    messages.push(...(await messagesIn(who, page)))
    stored.push(...(await storagesIn(who, page)))
  }
  for (const recorder of recorders) traffic.push(...(await recorder.traffic()))
  const { emulator, endpoint } = world.sandbox
  const { text, listed } = await zendeskBeyondExposures(emulator, endpoint)
  zendesk.push({ where: 'Zendesk', haystack: text })
  exposed = listed
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

/** The canaries that stand where they may. */
const carriedBy = (place: RegExp) =>
  new Set(
    traffic
      .filter(({ where }) => place.test(where))
      .flatMap(({ haystack, mayHold = [] }) =>
        find(haystack)
          .map(({ canary }) => canary)
          .filter((canary) => mayHold.includes(canary)),
      ),
  )

test('each value went in and came out where it may, so the record is worth searching', () => {
  expect(carriedBy(/^Maya: PUT .*, body$/)).toEqual(new Set(FIELD_IDS))
  expect(carriedBy(/^answer to Maya: POST .*\/reveal, body$/)).toEqual(
    new Set([...FIELD_IDS, 'in_field', 'in_message', 'in_note']),
  )
  expect(carriedBy(/^answer to Maya, other ticket: POST .*\/reveal, body$/)).toEqual(
    new Set(['sent_bytes']),
  )
  expect(carriedBy(/^Maya: POST .*\/checks, body$/)).toEqual(
    new Set(['private_email', 'said_wrongly']),
  )
  expect(carriedBy(/^Maya, other ticket: POST .*\/restricted-notes, body$/)).toEqual(
    new Set(['restricted_note']),
  )
  expect(carriedBy(/^Omar: POST .*, body$/)).toEqual(new Set(['in_message']))
  // A browser does not tell what is in the files that it sends.
  expect(carriedBy(/^the customer: POST .*, body$/)).toContain('by_link')
  expect(recorders.flatMap(({ unread }) => unread)).toEqual([])
  expect(world.faults).toEqual([])
})

test('no address, no header, no other request and no other answer held a value', () => {
  expect(leaksIn(find, traffic)).toEqual([])
})

test('no message between the app and the page around it held a value', () => {
  const heard = messages.map(({ haystack }) => String(haystack)).join('\n')
  expect(heard).toContain('iframe.handshake')
  expect(heard).toContain('api_notification')
  expect(leaksIn(find, messages)).toEqual([])
})

test('no document holds a value once it is masked, and no other document while it is open', () => {
  expect(documents.map(({ where }) => where).join('\n')).toMatch(/after Done.*ticket_sidebar/)
  expect(leaksIn(find, documents)).toEqual([])
})

test('no browser console said a value', () => {
  expect(
    leaksIn(
      find,
      recorders.flatMap(({ console: lines }) => lines),
    ),
  ).toEqual([])
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
  expect(leaksIn(find, logged)).toEqual([])
})

test('no file of the database holds a value, read as bytes', () => {
  const isReadable = database.filter(({ haystack }) => Buffer.from(haystack).includes(REASON))
  expect(isReadable.map(({ where }) => where).join('\n')).toMatch(/database.*, after the end/)
  expect(leaksIn(find, database)).toEqual([])
})

test('nothing in Zendesk holds a value, only masks, tokens and blocks, but for what is listed', () => {
  expect(String(zendesk[0]?.haystack)).toContain('•••• •••• •••• 1117')
  expect(leaksIn(find, zendesk)).toEqual([])
  expect(exposed).toEqual([
    'field_history bank_account',
    'field_history payment_card',
    'field_history payment_card',
    'sent_email identity_document',
    'sent_email identity_document',
    'sent_email payment_card',
    'sent_email payment_card',
  ])
})

test('the exported log holds no value', () => {
  expect(String(commandLine[0]?.haystack)).toContain(REASON)
  expect(leaksIn(find, commandLine)).toEqual([])
})

test('no built bundle holds a value, not even one of the sandbox’s own', async () => {
  const findSeeds = createCanaryMatcher(
    SANDBOX_VALUES.map(({ ticketId: id, fieldId, value }) => ({ name: `${id} ${fieldId}`, value })),
  )
  for (const product of ['app', 'sandbox', 'sdk'] as const) {
    const bundle = await filesIn(productFolder(product))
    expect(bundle.length).toBeGreaterThan(0)
    expect(leaksIn(find, bundle)).toEqual([])
    expect(bundle.flatMap(({ haystack }) => findSeeds(haystack))).toEqual([])
  }
})
