import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryBytes, textHash } from '../../src/audit/entry.ts'
import { leafHash } from '../../src/audit/tree.ts'
import { parseKeys } from '../../src/keys/key-provider.ts'
import { appendAuditEntries, sha256 } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { auditEntries, auditLogHeads, auditTexts } from '../../src/storage/schema.ts'
import { startPostgres } from '../support/postgres-server.ts'
import type { PostgresServer } from '../support/postgres-server.ts'

const SCRIM = join(import.meta.dirname, '../../src/cli/scrim.ts')
const AT = new Date('2026-11-22T10:00:00.000Z')

const folder = mkdtempSync(join(tmpdir(), 'scrim-cli-'))
let server: PostgresServer
let database: Database

beforeAll(async () => {
  server = await startPostgres()
  database = await openDatabase({ url: server.url })
  await migrateDatabase(database)
})
afterAll(async () => {
  await database.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Runs the command in the temporary folder, on the server unless told otherwise. */
async function scrim(args: string[], env: Record<string, string> = { DATABASE_URL: server.url }) {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), SCRIM, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
  })
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { exitCode: child.exitCode, stdout, stderr }
}

/** Gives the account a log of `size` entries. */
async function log(database: Database, account: string, size: number): Promise<void> {
  for (let index = 0; index < size; index += 1) {
    await database.transaction((tx) =>
      appendAuditEntries(tx, account, AT, [
        {
          action: 'reveal_request.create',
          actor: { type: 'person', id: 101, roles: ['frontline'] },
          outcome: 'ok',
          texts: { reason: `reason ${index}` },
        },
      ]),
    )
  }
}

const entryAt = (account: string, index: number) =>
  and(eq(auditEntries.account, account), eq(auditEntries.index, index))

describe('scrim', () => {
  test('says how it is used', async () => {
    const help = await scrim(['--help'])
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toContain('audit verify [--account SUBDOMAIN] [--expect SIZE:ROOT]')
    expect(await scrim([])).toEqual({ ...help, exitCode: 2 })
  })

  test.each<[string[], Record<string, string>, string]>([
    [['audit'], {}, 'no such command: see --help'],
    [['audit', 'verify', '--quick'], {}, "Unknown option '--quick'"],
    [
      ['audit', 'verify', '--expect', '0:00'],
      {},
      '--expect takes SIZE:ROOT, a size of at least 1 and 64 hex digits',
    ],
    [['audit', 'verify'], {}, 'no database in .scrim: set DATABASE_URL or SCRIM_DATA'],
    [
      ['audit', 'verify'],
      { DATABASE_URL: 'postgres://scrim:correct-horse@127.0.0.1:1/scrim' },
      'the database cannot be reached (ECONNREFUSED)',
    ],
    [
      ['keys', 'generate', '--id', 'no spaces'],
      {},
      '--id takes at most 32 letters, digits, "-" or "_"',
    ],
  ])('%j answers with one line and exit code 2', async (args, env, line) => {
    expect(await scrim(args, env)).toEqual({ exitCode: 2, stdout: '', stderr: `scrim: ${line}\n` })
  })
})

describe('audit verify', () => {
  test('prints the head of a log that nobody touched, and takes it back later', async () => {
    await log(database, 'intact', 5)
    const first = await scrim(['audit', 'verify', '--account', 'intact'])
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(first.stdout).toMatch(/^intact: intact, 5 entries, head 5:[0-9a-f]{64}\n$/)
    const head = first.stdout.trim().split(' ').at(-1) ?? ''
    await log(database, 'intact', 2)
    const later = await scrim(['audit', 'verify', '--account', 'intact', '--expect', head])
    expect(later).toMatchObject({ exitCode: 0, stderr: '' })
    expect(later.stdout).toContain('7 entries')
  })

  test('names the first entry that was changed, of the account it is in', async () => {
    await log(database, 'changed', 5)
    await log(database, 'untouched', 1)
    await database.orm
      .update(auditEntries)
      .set({ body: sql`replace(body, '"id":101', '"id":102')` })
      .where(entryAt('changed', 3))
    const { exitCode, stdout, stderr } = await scrim(['audit', 'verify'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'changed: WRONG, entry 3 was changed: its body is not what its leaf hash says',
        expect.stringMatching(/^untouched: intact, 1 entry, head /),
      ]),
    )
  })

  test('names an entry that was deleted, and a log that was cut off', async () => {
    await log(database, 'deleted', 5)
    await log(database, 'cut', 5)
    await database.orm.delete(auditEntries).where(entryAt('deleted', 2))
    await database.orm.delete(auditEntries).where(entryAt('cut', 4))
    expect(await scrim(['audit', 'verify', '--account', 'deleted'])).toEqual({
      exitCode: 1,
      stdout: 'deleted: WRONG, entry 2 is missing\n',
      stderr: '',
    })
    expect(await scrim(['audit', 'verify', '--account', 'cut'])).toEqual({
      exitCode: 1,
      stdout: 'cut: WRONG, the log ends before entry 4, and its head says that it goes on\n',
      stderr: '',
    })
  })

  test('finds a history that was rewritten whole only by a head from before', async () => {
    await log(database, 'rewritten', 3)
    const before = await scrim(['audit', 'verify', '--account', 'rewritten'])
    const head = before.stdout.trim().split(' ').at(-1) ?? ''
    await database.orm.delete(auditEntries).where(eq(auditEntries.account, 'rewritten'))
    await database.orm.delete(auditTexts).where(eq(auditTexts.account, 'rewritten'))
    await database.orm.delete(auditLogHeads).where(eq(auditLogHeads.account, 'rewritten'))
    await log(database, 'rewritten', 4)
    expect(await scrim(['audit', 'verify', '--account', 'rewritten'])).toMatchObject({
      exitCode: 0,
    })
    expect(await scrim(['audit', 'verify', '--account', 'rewritten', '--expect', head])).toEqual({
      exitCode: 1,
      stdout:
        'rewritten: WRONG, history was rewritten: one of the entries 0 to 2 is not the one of --expect\n',
      stderr: '',
    })
  })
})

describe('audit export', () => {
  test('prints what one needs to check the log elsewhere, and logs itself first', async () => {
    await log(database, 'exported', 2)
    const args = ['audit', 'export', '--account', 'exported', '--as', 'auditor']
    const { exitCode, stdout, stderr } = await scrim(args)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const lines = stdout.trim().split('\n')
    expect(lines).toHaveLength(4)
    const [first = '', , last = '', head = ''] = lines
    const { leafHash: leaf, texts } = JSON.parse(first)
    const body = first.slice(first.indexOf('"entry":') + 8, first.indexOf(',"leafHash"'))
    expect(Buffer.from(leafHash(sha256, entryBytes(body))).toString('hex')).toBe(leaf)
    expect(textHash(sha256, Buffer.from(texts.reason.salt, 'hex'), texts.reason.text)).toBe(
      JSON.parse(body).texts.reason,
    )
    expect(JSON.parse(last)).toMatchObject({
      index: 2,
      entry: { action: 'audit_log.export', actor: { type: 'operator', name: 'auditor' } },
    })
    expect(JSON.parse(head)).toEqual({
      account: 'exported',
      size: 3,
      rootHash: JSON.parse(last).rootHash,
    })
  })

  test('refuses a log that is not there, and writes none', async () => {
    expect(await scrim(['audit', 'export', '--account', 'nowhere'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'scrim: there is no such log here\n',
    })
    const rows = await database.orm
      .select()
      .from(auditLogHeads)
      .where(eq(auditLogHeads.account, 'nowhere'))
    expect(rows).toEqual([])
  })
})

describe('a data folder', () => {
  test('is verified when nobody has it open, and says who has it when somebody does', async () => {
    const data = join(folder, 'data')
    const embedded = await openDatabase({ folder: data })
    expect(await scrim(['audit', 'verify'], { SCRIM_DATA: data })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `scrim: ${data} is in use by process ${process.pid}: stop it first, or choose another folder with SCRIM_DATA\n`,
    })
    await embedded.close()
    expect(await scrim(['audit', 'verify'], { SCRIM_DATA: data })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'scrim: the database has no tables of Scrim: start the endpoint once\n',
    })

    const again = await openDatabase({ folder: data })
    await migrateDatabase(again)
    await log(again, 'example', 2)
    await again.close()
    const { exitCode, stdout, stderr } = await scrim(['audit', 'verify'], { SCRIM_DATA: data })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^example: intact, 2 entries, head 2:[0-9a-f]{64}\n$/)
  })
})

describe('keys generate', () => {
  test('prints a key that the endpoint reads, and never the same one', async () => {
    const [one, two] = await Promise.all([
      scrim(['keys', 'generate', '--id', 'k1'], {}),
      scrim(['keys', 'generate'], {}),
    ])
    expect(one).toMatchObject({ exitCode: 0, stderr: '' })
    expect(parseKeys(one.stdout.trim()).currentKeyId).toBe('k1')
    expect(parseKeys(two.stdout.trim()).currentKeyId).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(one.stdout.split(':')[1]).not.toBe(two.stdout.split(':')[1])
  })
})
