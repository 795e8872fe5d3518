/** `keys status`, `keys rotate` and `erase`, as somebody at the command line meets them. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { prepareValue } from '../../src/endpoint/vault/prepare-value.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import { openValue } from '../../src/keys/seal.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { appendAuditEntries, readAuditEntries } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { protectedValues } from '../../src/storage/schema.ts'
import { appendValue } from '../../src/storage/vault.ts'
import { CREDENTIALS, KMS_KEY, REGION, startKms } from '../keys/kms-stand-in.ts'
import type { KmsStandIn } from '../keys/kms-stand-in.ts'
import { startPostgres } from '../support/postgres-server.ts'
import type { PostgresServer } from '../support/postgres-server.ts'

const SCRIM = join(import.meta.dirname, '../../src/cli/scrim.ts')
const AT = new Date('2026-11-22T10:00:00.000Z')
const CARD = '4242 4242 4242 4242'

const folder = mkdtempSync(join(tmpdir(), 'scrim-vault-'))
const [OLD, NEW, PRINT] = [generateKey('old'), generateKey('new'), generateKey('print')]
let server: PostgresServer
let database: Database
let kms: KmsStandIn

beforeAll(async () => {
  server = await startPostgres()
  database = await openDatabase({ url: server.url })
  await migrateDatabase(database)
  kms = await startKms()
})
afterAll(async () => {
  await kms.close()
  await database.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function scrim(args: string[], env: Record<string, string | undefined> = {}) {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), SCRIM, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: server.url,
      SCRIM_KEYS: `${NEW},${OLD}`,
      SCRIM_FINGERPRINT_KEY: PRINT,
      ...env,
    },
  })
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { exitCode: child.exitCode, stdout, stderr }
}

/** An account with one card on each of `count` tickets, of two customers, under the old key. */
async function fill(account: string, count: number, key = OLD): Promise<void> {
  const deps = {
    account: { id: account } as Parameters<typeof prepareValue>[0]['account'],
    policy: sandboxPolicy,
    keys: environmentKeys(parseKeys(key)),
    fingerprintKeys: environmentKeys(parseKeys(PRINT)),
    now: () => AT,
  }
  for (let at = 0; at < count; at += 1) {
    const record = { type: 'ticket', id: 4001 + at } as const
    const value = await prepareValue(deps, {
      record,
      field: { id: 'card_number', kind: 'payment_card', sensitivityClass: 'restricted' },
      version: 1,
      value: CARD,
      source: 'intake',
      customerId: 501 + (at % 2),
      createdBy: 101,
    })
    await appendValue(database.orm, account, record, value)
  }
  await database.transaction((tx) =>
    appendAuditEntries(tx, account, AT, [
      { action: 'policy.activate', actor: { type: 'operator', name: 'test' }, outcome: 'ok' },
    ]),
  )
}

const newAccount = (): string => `account-${randomUUID()}`
const rowsOf = (account: string) =>
  database.orm.select().from(protectedValues).where(eq(protectedValues.account, account))
const entriesOf = async (account: string, action: string) =>
  (await readAuditEntries(database.orm, account, 0, 1000))
    .map(({ body }) => JSON.parse(body) as AuditEntry)
    .filter((entry) => entry.action === action)

describe('keys rotate', () => {
  test('moves every value to the first key of the environment, and logs it as the operator', async () => {
    const account = newAccount()
    await fill(account, 3)
    const before = await scrim(['keys', 'status', '--account', account])
    expect(before.stdout).toMatch(
      /^values sealed under\n {2}new\s+0 {2}current\n {2}old\s+3 {2}still needed\n/,
    )
    const done = await scrim(['keys', 'rotate', '--account', account, '--as', 'maya'])
    expect(done).toEqual({
      exitCode: 0,
      stdout: '3 values moved to new, fingerprints to print; 0 could not be opened, 0 left\n',
      stderr: '',
    })
    const after = await scrim(['keys', 'status', '--account', account], { SCRIM_SUBDOMAIN: 'x' })
    expect(after.stdout).toMatch(/ {2}new\s+3 {2}current\n {2}old\s+0 {2}may be taken away\n/)
    const entries = await entriesOf(account, 'keys.rotate')
    expect(entries.map(({ actor, data }) => [actor, data])).toEqual([
      [
        { type: 'operator', name: 'maya' },
        { phase: 'start', values: 3, keyId: 'new', fingerprintKeyId: 'print' },
      ],
      [
        { type: 'operator', name: 'maya' },
        { phase: 'end', values: 3, failed: 0, left: 0, keyId: 'new', fingerprintKeyId: 'print' },
      ],
    ])
    // Without the old key everything still opens.
    const only = environmentKeys(parseKeys(NEW))
    for (const { recordId, fieldId, version, jwe } of await rowsOf(account)) {
      const binding = { account, recordType: 'ticket', recordId, fieldId, version } as const
      expect(await openValue(only, binding, jwe)).toBe(CARD)
    }
  })

  test('ends with 1 while a value is under a key that is not there, and status says which', async () => {
    const account = newAccount()
    await fill(account, 1, generateKey('gone'))
    const done = await scrim(['keys', 'rotate', '--account', account])
    expect(done.exitCode).toBe(1)
    expect(done.stdout).toContain('1 could not be opened, 1 left')
    const status = await scrim(['keys', 'status', '--account', account])
    expect(status.stdout).toMatch(/ {2}gone\s+1 {2}MISSING: not among the keys\n/)
  })

  test('with AWS KMS makes a new key, after it finished what was begun', async () => {
    const account = newAccount()
    await fill(account, 2)
    const env = {
      SCRIM_KMS_KEY_ID: KMS_KEY,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      SCRIM_FINGERPRINT_KEY: undefined,
      SCRIM_KEYS: OLD,
    }
    const args = ['keys', 'rotate', '--account', account]
    expect((await scrim(args, env)).stdout).toContain(
      '2 values moved to values-1, fingerprints to fingerprints-1;',
    )
    const again = await scrim([...args, '--fingerprints'], { ...env, SCRIM_KEYS: undefined })
    expect(again.stdout).toContain('2 values moved to values-2, fingerprints to fingerprints-2;')
    kms.failAlways('AccessDeniedException')
    const closed = await scrim(args, env)
    kms.failAlways(null)
    expect(closed).toMatchObject({ exitCode: 2, stdout: '' })
    expect(closed.stderr).toContain('scrim: the keys cannot be had')
  })

  test.each<[Record<string, string | undefined>, string]>([
    [
      { SCRIM_KEYS: undefined },
      'SCRIM_KEYS is missing: set it, SCRIM_KEYS_FILE or SCRIM_KMS_KEY_ID.',
    ],
    [{ SCRIM_KEYS: 'k1:c2hvcnQ=' }, 'SCRIM_KEYS is refused: key 1 must be 32 bytes in base64.'],
  ])('says in one line what is wrong with the keys', async (env, line) => {
    const account = newAccount()
    await fill(account, 1)
    const refused = await scrim(['keys', 'rotate', '--account', account], env)
    expect(refused).toEqual({ exitCode: 2, stdout: '', stderr: `scrim: ${line}\n` })
  })
})

describe('erase', () => {
  test('counts what would go, erases one customer’s values, and finds nothing the second time', async () => {
    const account = newAccount()
    await fill(account, 4)
    const args = ['erase', '--account', account, '--customer', '501']
    expect(await scrim([...args, '--dry-run'])).toEqual({
      exitCode: 0,
      stdout: 'would erase 2 values of 2 tickets and 0 texts\n',
      stderr: '',
    })
    expect((await rowsOf(account)).every(({ erasedAt }) => erasedAt === null)).toBe(true)
    const done = await scrim([...args, '--as', 'ingrid'])
    expect(done.stdout).toBe(
      'erased 2 values of 2 tickets and 0 texts; the endpoint blanks the masks in Zendesk as it runs\n',
    )
    const rows = await rowsOf(account)
    for (const { customerId, jwe, masked, fingerprint, erasedAt } of rows) {
      expect([jwe === '', masked === '', fingerprint === null, erasedAt !== null]).toEqual(
        Array.from({ length: 4 }, () => customerId === 501),
      )
    }
    expect((await scrim(args)).stdout).toContain('erased 0 values of 0 tickets')
    const entries = await entriesOf(account, 'protected_value.erase')
    expect(entries.map(({ actor, data }) => [actor, data])).toEqual(
      [1, 2].map(() => [
        { type: 'operator', name: 'ingrid' },
        { why: 'customer', version: 1 },
      ]),
    )
  })

  test.each([[], ['--customer', 'maya'], ['--customer', '0'], ['--customer', '-1']])(
    'wants the id of a customer',
    async (...args) => {
      const refused = await scrim(['erase', ...args])
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
      expect(refused.stderr).toMatch(/^scrim: .*--customer/)
    },
  )
})
