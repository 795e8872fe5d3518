/** `protect`, as somebody at the command line meets it, beside an account that answers over HTTP. */
import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import type { BackfillReport } from '../../src/endpoint/backfill/report.ts'
import { generateKey } from '../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { readAuditEntries } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { outbox, protectedValues } from '../../src/storage/schema.ts'
import { takeLease } from '../../src/storage/walk-lease.ts'
import { seedTickets, serveEmulator } from '../support/backfill.ts'
import type { Seeded } from '../support/backfill.ts'
import { startPostgres } from '../support/postgres-server.ts'
import type { PostgresServer } from '../support/postgres-server.ts'

const SCRIM = join(import.meta.dirname, '../../src/cli/scrim.ts')
const SINCE = '2026-01-01'
const OAUTH = { clientId: 'scrim', clientSecret: 'the-secret-of-the-account' }

const folder = mkdtempSync(join(tmpdir(), 'scrim-protect-'))
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const environment = {
  PATH: process.env['PATH'],
  SCRIM_KEYS: generateKey('k1'),
  SCRIM_FINGERPRINT_KEY: generateKey('print'),
  SCRIM_APP_ID: '1',
  SCRIM_INSTALLATION_ID: '2',
  SCRIM_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  SCRIM_OAUTH_CLIENT_ID: OAUTH.clientId,
  SCRIM_OAUTH_CLIENT_SECRET: OAUTH.clientSecret,
  SCRIM_POLICY_FILE: join(folder, 'policy.json'),
}
let server: PostgresServer
let database: Database

beforeAll(async () => {
  writeFileSync(environment.SCRIM_POLICY_FILE, JSON.stringify(sandboxPolicy))
  server = await startPostgres()
  database = await openDatabase({ url: server.url })
  await migrateDatabase(database)
})
afterAll(async () => {
  await database.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

type Account = {
  id: string
  emulator: RestEmulator
  seeded: Seeded
  env: Record<string, string | undefined>
}

/** An account of its own, with these many tickets behind an address of its own. */
async function openAccount(count: number): Promise<Account> {
  const now = () => new Date()
  const { baseUrl, close } = await serveEmulator((request) => emulator.fetch(request))
  onTestFinished(close)
  const emulator: RestEmulator = createRestEmulator({
    now,
    newId: randomUUID,
    oauth: OAUTH,
    delayMs: 0,
    origin: baseUrl,
  })
  const until = new Date(now().getTime() - 3_600_000)
  const seeded = seedTickets(emulator.state, { count, seed: 7796, firstId: 100_001, until })
  emulator.state.tickets = emulator.state.tickets.filter(({ id }) => id > 100_000)
  const id = `account-${randomUUID().slice(0, 8)}`
  const env = {
    ...environment,
    DATABASE_URL: server.url,
    SCRIM_SUBDOMAIN: id,
    SCRIM_ZENDESK_URL: baseUrl,
  }
  return { id, emulator, seeded, env }
}

function start(args: string[], env: Account['env']) {
  const tsx = ['--import', import.meta.resolve('tsx')]
  return spawn(process.execPath, [...tsx, SCRIM, 'protect', ...args], { cwd: folder, env })
}

async function scrim(args: string[], env: Account['env']) {
  const child = start(args, env)
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { exitCode: child.exitCode, stdout, stderr }
}

const rowsOf = async ({ id }: Account) => ({
  values: await database.orm.$count(protectedValues, eq(protectedValues.account, id)),
  orders: await database.orm.$count(outbox, eq(outbox.account, id)),
  entries: (await readAuditEntries(database.orm, id, 0, 10_000)).map(
    // Bodies are what `encodeEntry` made of an `AuditEntry`.
    ({ body }) => JSON.parse(body) as AuditEntry,
  ),
})
const readReport = (file: string) =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as BackfillReport
const foundIn = ({ kinds }: BackfillReport) =>
  Object.fromEntries(kinds.map(({ kind, found }) => [kind, found]))
/** The kinds that were written, as a report lists them. */
const seededKinds = ({ found }: Seeded) =>
  Object.fromEntries(Object.entries(found).filter(([, sum]) => sum > 0))

describe('protect', () => {
  test('a dry run says what is there and changes nothing; a run protects it; another finds nothing', async () => {
    const account = await openAccount(14)
    const { emulator, seeded, env } = account
    const before = emulator.exportState()
    const args = ['--since', SINCE, '--rate', '600']
    const rehearsal = await scrim([...args, '--dry-run', '--report', 'dry.json'], env)
    expect(rehearsal.exitCode).toBe(0)
    expect(rehearsal.stdout).toContain('Nothing was changed')
    expect(foundIn(readReport('dry.json'))).toEqual(seededKinds(seeded))
    expect(emulator.exportState() === before).toBe(true)
    expect(await rowsOf(account)).toEqual({ values: 0, orders: 0, entries: [] })

    const reports = ['--report', 'run.json', '--report', 'run.csv', '--report', 'run.txt']
    const run = await scrim([...args, ...reports, '--as', 'sam'], env)
    expect(run.exitCode).toBe(0)
    const report = readReport('run.json')
    expect(report).toMatchObject({ mode: 'protect', isComplete: true })
    expect(report.tickets.seen).toBe(seeded.tickets)
    expect(foundIn(report)).toEqual(seededKinds(seeded))
    expect(run.stdout).toBe(readFileSync(join(folder, 'run.txt'), 'utf8'))
    const csv = readFileSync(join(folder, 'run.csv'), 'utf8')
    expect(csv).toContain(`,tickets,seen,,,${seeded.tickets}\r\n`)
    expect(csv).toContain(`,comment,redacted,,,${seeded.comments}\r\n`)
    const { entries } = await rowsOf(account)
    expect(
      entries.filter(({ action }) => action.startsWith('backfill.')).map(({ actor }) => actor),
    ).toEqual(Array.from({ length: 2 }, () => ({ type: 'operator', name: 'sam' })))

    const again = await scrim([...args, '--report', 'again.json'], env)
    expect(again.exitCode).toBe(0)
    expect(readReport('again.json')).toMatchObject({ kinds: [], residual: [] })
  })

  test('interrupted it finishes the ticket in hand, says how to go on, and goes on there', async () => {
    const account = await openAccount(14)
    const args = ['--since', SINCE, '--rate', '600', '--report', 'stopped.json']
    const child = start(args, account.env)
    const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    const { counts } = account.emulator
    await vi.waitFor(() => expect(counts.total()).toBeGreaterThan(8), { timeout: 30_000 })
    child.kill('SIGINT')
    const [, stderr] = await output
    expect({ exitCode: child.exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'stopped: the same command goes on there\n',
    })
    const stopped = readReport('stopped.json')
    expect(stopped.isComplete).toBe(false)
    expect(stopped.tickets.seen).toBeLessThan(account.seeded.tickets)

    account.emulator.counts.reset()
    const rest = await scrim(args, account.env)
    expect(rest.exitCode).toBe(0)
    const report = readReport('stopped.json')
    expect(report.tickets.seen).toBe(account.seeded.tickets)
    expect(foundIn(report)).toEqual(seededKinds(account.seeded))
    const looks = account.emulator.counts.byRoute()['GET /api/v2/tickets/{id}/comments'] ?? 0
    expect(looks).toBeLessThan(account.seeded.tickets + account.seeded.comments * 2)
  })

  test('refuses to run beside another backfill of the account', async () => {
    const account = await openAccount(1)
    await takeLease(database.orm, account.id, 'another process', new Date())
    const refused = await scrim(['--since', SINCE], account.env)
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^scrim: another backfill of this account is at work;/)
  })

  test.each<[string[], RegExp]>([
    [[], /--since takes a date/],
    [['--since', 'yesterday'], /--since takes a date/],
    [['--since', '2026-02-30'], /--since takes a date/],
    [['--since', '2999-01-01'], /a minute ago at least/],
    [['--since', SINCE, '--rate', '5'], /--rate takes 30 to 600/],
    [['--since', SINCE, '--report', 'report.pdf'], /ends in \.txt, \.json or \.csv/],
    [['--since', SINCE, '--report', 'nowhere/report.csv'], /cannot be written/],
    [['--since', SINCE], /SCRIM_SUBDOMAIN is missing/],
  ])('says in one line what is wrong with %j', async (args, line) => {
    const refused = await scrim(args, { PATH: process.env['PATH'] })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toMatch(line)
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
