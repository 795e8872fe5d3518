/**
 * Canaries in tickets that exist: a dry run and a backfill at the command line, and then all that they
 * said, wrote and stored is searched, for texts and for runs of bytes.
 */
import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { generateKey } from '../../src/keys/key-provider.ts'
import { openValue } from '../../src/keys/seal.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { protectedValues } from '../../src/storage/schema.ts'
import { attach, textFile } from '../support/attachments.ts'
import { filesIn, leaksIn, pdfWith, zendeskBeyondExposures } from '../support/canary-evidence.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import { TOLD_VALUES } from '../support/canary-values.ts'
import { comment, HARRIET, ticketOf, type, update } from '../support/ingestion.ts'
import { accountNamed, composeLiveEndpoint } from '../support/live-endpoint.ts'
import { serveZendesk } from './zendesk-server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DAY_MS = 86_400_000
const MAYA = 101
const TICKET = 4001
const IBAN_FIELD = 304
const ORDER_FIELD = 308
const SCANS_TAG = 'sends_scans'
const OAUTH = { clientId: 'scrim', clientSecret: 'the-secret-of-the-account' }

const VALUES = TOLD_VALUES
const RUNS = { pdf_bytes: randomBytes(48), scan_bytes: randomBytes(48) }
const find = createCanaryMatcher([
  ...Object.entries(VALUES).map(([name, value]) => ({ name, ...value })),
  ...Object.entries(RUNS).map(([name, bytes]) => ({ name, bytes })),
])

const folder = mkdtempSync(join(tmpdir(), 'scrim-backfill-canary-'))
const data = join(folder, 'data')
const reports = join(folder, 'reports')
const policyFile = join(folder, 'policy.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One ticket that holds all of them, changed a day ago. */
async function tell(emulator: RestEmulator): Promise<void> {
  const told = { zendesk: { emulator } }
  const message = '<p>It was my <b>card 3566 0020</b> 2036 0505, thank you</p>'
  await comment(told, HARRIET, TICKET, message)
  await comment(told, MAYA, TICKET, `<p>Pay to IBAN ${VALUES.in_note.value}</p>`, false)
  await type(told, MAYA, TICKET, IBAN_FIELD, VALUES.in_field.value)
  await type(told, MAYA, TICKET, ORDER_FIELD, `on card ${VALUES.in_other_field.value}`)
  await update(told, MAYA, TICKET, { subject: `Refund to card ${VALUES.in_subject.value}` })
  const pdf = { contentType: 'application/pdf' }
  for (const file of [
    textFile(`My card is ${VALUES.in_text_file.value}`),
    {
      ...pdf,
      fileName: 'letter.pdf',
      content: pdfWith(`My card is ${VALUES.in_pdf.value}`, RUNS.pdf_bytes),
    },
    { ...pdf, fileName: 'passport.pdf', content: pdfWith('A passport', RUNS.scan_bytes) },
  ]) {
    await attach(told, HARRIET, TICKET, file)
  }
  const ticket = ticketOf(told, TICKET)
  emulator.state.tickets = [ticket]
  ticket.tags.push(SCANS_TAG)
  ticket.updated_at = new Date(Date.now() - DAY_MS).toISOString()
}

it('a dry run and a backfill say, write and store no value', async () => {
  const policy = {
    ...sandboxPolicy,
    ingestion: {
      ...sandboxPolicy.ingestion,
      attachments: {
        ...sandboxPolicy.ingestion.attachments,
        documents: { isEveryTicket: false, formIds: [], tags: [SCANS_TAG] },
      },
    },
  }
  writeFileSync(policyFile, JSON.stringify(policy))
  mkdirSync(reports)
  const preparing = await openDatabase({ folder: data })
  await migrateDatabase(preparing)
  await preparing.close()

  const zendesk = await serveZendesk((request) => emulator.fetch(request))
  const emulator = createRestEmulator({
    now: () => new Date(),
    newId: randomUUID,
    oauth: OAUTH,
    delayMs: 0,
    origin: zendesk.baseUrl,
  })
  await tell(emulator)
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const subdomain = 'canary'
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'development',
    SCRIM_DATA: data,
    SCRIM_SUBDOMAIN: subdomain,
    SCRIM_APP_ID: '1',
    SCRIM_INSTALLATION_ID: '2',
    SCRIM_PUBLIC_KEY: publicKeyPem,
    SCRIM_KEYS: generateKey('values'),
    SCRIM_FINGERPRINT_KEY: generateKey('prints'),
    SCRIM_OAUTH_CLIENT_ID: OAUTH.clientId,
    SCRIM_OAUTH_CLIENT_SECRET: OAUTH.clientSecret,
    SCRIM_ZENDESK_URL: zendesk.baseUrl,
    SCRIM_POLICY_FILE: policyFile,
  }
  const protect = async (name: string, ...options: string[]) => {
    const files = ['txt', 'json', 'csv'].flatMap((format) => [
      '--report',
      join(reports, `${name}.${format}`),
    ])
    const script = ['--import', 'tsx', 'src/cli/scrim.ts', 'protect', '--since', since]
    const args = [...script, '--rate', '600', ...files, ...options]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env })
    return [
      { where: `${name}: stdout`, haystack: stdout },
      { where: `${name}: stderr`, haystack: stderr },
    ]
  }

  const since = new Date(Date.now() - 30 * DAY_MS).toISOString()
  const before = emulator.exportState()
  const rehearsed = await protect('dry run', '--dry-run')
  expect(emulator.exportState() === before).toBe(true)
  // Everything is still in Zendesk, so that there was something to say.
  expect(new Set(find(before.replace(/<\/?b>/g, '')).map(({ canary }) => canary)).size).toBe(9)
  expect(String(rehearsed[0]?.haystack)).toContain('payment_card')
  expect(
    leaksIn(find, [...rehearsed, ...(await filesIn(reports)), ...(await filesIn(data))]),
  ).toEqual([])

  const protectedOnes = await protect('run')
  zendesk.shut()
  const files = await filesIn(reports)
  expect(files.map(({ where }) => where).toSorted()).toHaveLength(6)
  expect(leaksIn(find, [...protectedOnes, ...files, ...(await filesIn(data))])).toEqual([])

  const database = await openDatabase({ folder: data })
  const account = accountNamed(subdomain, publicKeyPem)
  const { deps } = composeLiveEndpoint({ account, database, keys: env.SCRIM_KEYS })
  const { text, listed } = await zendeskBeyondExposures(emulator, deps)
  expect(leaksIn(find, [{ where: 'Zendesk', haystack: text }])).toEqual([])
  expect(listed.filter((each) => each.startsWith('field_history'))).toHaveLength(3)
  // The vault has them all: whoever has its keys can tell.
  const rows = await database.orm.select().from(protectedValues)
  expect(rows.filter(({ contentType }) => contentType !== null)).toHaveLength(3)
  const kept = await Promise.all(
    rows
      .filter(({ contentType }) => contentType === null)
      .map(({ fieldId, version, jwe }) => {
        const record = { recordType: 'ticket', recordId: TICKET } as const
        return openValue(deps.keys, { account: subdomain, ...record, fieldId, version }, jwe)
      }),
  )
  expect(new Set(find(kept.join('\n')).map(({ canary }) => canary))).toEqual(
    new Set(['in_message', 'in_note', 'in_field', 'in_subject', 'in_other_field']),
  )
  await database.close()
}, 240_000)
