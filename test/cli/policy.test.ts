/** `policy check`, `test`, `diff`, `draft` and `schema`, as somebody at the command line meets them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import type { Policy } from '../../src/core/policy.ts'
import { storedPolicies } from '../../src/endpoint/policy/source.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { readAuditEntries } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { findPolicyVersion } from '../../src/storage/policy-versions.ts'

const SILENT = { info: () => {}, error: () => {} }

const SCRIM = join(import.meta.dirname, '../../src/cli/scrim.ts')
const folder = mkdtempSync(join(tmpdir(), 'scrim-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, document: unknown): string {
  const content = typeof document === 'string' ? document : JSON.stringify(document)
  writeFileSync(join(folder, name), content)
  return name
}

async function scrim(...args: string[]) {
  return scrimIn({}, ...args)
}

async function scrimIn(env: Record<string, string>, ...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), SCRIM, 'policy', ...args],
    { cwd: folder, env: { PATH: process.env['PATH'], ...env } },
  )
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { exitCode: child.exitCode, stdout, stderr }
}

const changed = (change: (draft: Policy) => void): Policy => {
  const draft = structuredClone(sandboxPolicy)
  change(draft)
  return draft
}

const good = write('policy.json', sandboxPolicy)

describe('policy check', () => {
  test('has nothing to say about a good policy', async () => {
    expect(await scrim('check', good)).toEqual({
      exitCode: 0,
      stdout: 'nothing is wrong with it\n',
      stderr: '',
    })
    const empty = write(
      'empty.json',
      changed((draft) => (draft.breakGlass.personIds = [])),
    )
    expect((await scrim('check', empty)).stdout).toBe(
      'warning  breakGlass.personIds  list_empty: an empty list means nobody\n',
    )
  })

  test('ends with 1 for a gate that nobody passes', async () => {
    const file = write(
      'gate.json',
      changed((draft) => (draft.roles.lead = [])),
    )
    const { exitCode, stdout } = await scrim('check', file)
    expect(exitCode).toBe(1)
    expect(stdout).toContain('warning  roles.lead  role_unheld: nobody holds this role\n')
    expect(stdout).toContain('error  approval.secret  gate_unpassable: nobody can ever pass')
  })

  test('names every fault of a document that would not be taken, and quotes none', async () => {
    const file = write('broken.json', {
      ...sandboxPolicy,
      version: -1,
      limit: { maxMinutes: 4242424242424242 },
    })
    const { exitCode, stderr } = await scrim('check', file)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('scrim: broken.json is refused:\n  version: too_small\n')
    expect(stderr).toContain('  document: unknown key "limit"')
    expect(stderr).not.toContain('4242')
    expect((await scrim('check', write('half.json', '{'))).stderr).toBe(
      'scrim: half.json is refused:\n  document: is no JSON\n',
    )
    expect((await scrim('check', 'absent.json')).stderr).toBe(
      'scrim: absent.json cannot be read (ENOENT)\n',
    )
  })
})

describe('policy test', () => {
  const AGENT = { zendeskRole: 'agent' }
  const cases = (expected: unknown) => ({
    cases: [
      {
        name: 'an agent asks for a card',
        who: AGENT,
        what: { fieldIds: ['card_number'] },
        expect: expected,
      },
    ],
  })

  test('passes what the policy does', async () => {
    const file = write('cases.json', cases({ approvalFrom: [{ roles: ['lead'] }] }))
    expect(await scrim('test', good, file)).toEqual({
      exitCode: 0,
      stdout: '1 of 1 cases passed\n',
      stderr: '',
    })
  })

  test('ends with 1 and says what came instead', async () => {
    const file = write('wrong.json', cases('masked'))
    expect(await scrim('test', good, file)).toEqual({
      exitCode: 1,
      stdout:
        'failed  an agent asks for a card\n' +
        '        expected: masked\n' +
        '        found:    needs approval from 1 lead\n' +
        '0 of 1 cases passed\n',
      stderr: '',
    })
  })
})

describe('policy diff', () => {
  test('ends with 0 for a policy that only narrows', async () => {
    const file = write(
      'narrow.json',
      changed((draft) => (draft.limits.uses = 1)),
    )
    expect(await scrim('diff', good, file)).toEqual({
      exitCode: 0,
      stdout: '- narrower  limits.uses: 3 → 1\n',
      stderr: '',
    })
    expect((await scrim('diff', good, good)).stdout).toBe('they decide alike\n')
  })

  test('ends with 1 where a second person has to consent', async () => {
    const file = write(
      'wide.json',
      changed((draft) => (draft.matrix.compliance.secret = 'masked')),
    )
    const { exitCode, stdout } = await scrim('diff', good, file)
    expect(exitCode).toBe(1)
    expect(stdout).toBe('+ wider     matrix.compliance.secret: "none" → "masked"\n')
  })
})

describe('policy draft', () => {
  const data = join(folder, 'data')
  const AT = new Date('2026-11-22T10:00:00.000Z')
  const inDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase({ folder: data })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  const draft = (...args: string[]) =>
    scrimIn({ SCRIM_DATA: data, SCRIM_SUBDOMAIN: 'example' }, 'draft', ...args)

  beforeAll(() =>
    inDatabase(async (database) => {
      await migrateDatabase(database)
      const source = storedPolicies(
        { account: { id: 'example' }, database, now: () => AT, log: SILENT },
        sandboxPolicy,
      )
      await source.now()
    }),
  )

  test('keeps a document with its cases for a person to submit, in the name of who ran it', async () => {
    const wide = write(
      'draft.json',
      changed((policy) => (policy.matrix.frontline.secret = 'masked')),
    )
    const cases = write('draft-cases.json', {
      cases: [
        { name: 'no passports', who: {}, what: { fieldIds: ['passport'] }, expect: 'masked' },
      ],
    })
    const why = ['--comment', 'Fewer eyes on passports', '--as', 'robin']
    expect(await draft(wide, '--cases', cases, ...why)).toEqual({
      exitCode: 0,
      stdout:
        'drafted as version 2; an administrator submits it in the app, and a second person consents\n',
      stderr: '',
    })
    await inDatabase(async (database) => {
      expect(await findPolicyVersion(database.orm, 'example', 2)).toMatchObject({
        state: 'draft',
        author: { type: 'operator', name: 'robin' },
        comment: 'Fewer eyes on passports',
        document: { version: 2, matrix: { frontline: { secret: 'masked' } } },
        cases: { cases: [{ name: 'no passports' }] },
        submittedBy: null,
      })
      const entries = await readAuditEntries(database.orm, 'example', 0, 10)
      const { action, actor, texts } = JSON.parse(entries.at(-1)?.body ?? '{}') as AuditEntry
      expect({ action, actor }).toEqual({
        action: 'policy.draft',
        actor: { type: 'operator', name: 'robin' },
      })
      expect(Object.keys(texts ?? {})).toEqual(['comment'])
    })
  })

  test('takes no document without a comment, and no value in one', async () => {
    expect((await draft(good)).stderr).toBe(
      'scrim: --comment says why, for the people who decide on it\n',
    )
    const { exitCode, stderr } = await draft(good, '--comment', 'For 4111 1111 1111 1111')
    expect(exitCode).toBe(2)
    expect(stderr).toBe('scrim: a label, a name or the comment holds a value (payment_card)\n')
  })

  test('says which of its cases fail, because nobody could submit it', async () => {
    const cases = write('failing.json', {
      cases: [{ name: 'x', who: {}, what: { fieldIds: ['passport'] }, expect: 'allowed' }],
    })
    const { stderr } = await draft(good, '--cases', cases, '--comment', 'Try')
    expect(stderr).toBe('1 of its cases fail: nobody can submit it\n')
  })
})

test('policy schema prints a JSON Schema that takes the default policy and no misspelt key', async () => {
  const { exitCode, stdout } = await scrim('schema')
  expect(exitCode).toBe(0)
  const check = new Ajv2020({ strict: false }).compile(JSON.parse(stdout) as object)
  expect(check(sandboxPolicy)).toBe(true)
  expect(check({ ...sandboxPolicy, limit: {} })).toBe(false)
})
