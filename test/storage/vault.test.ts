/** Rotation and erasure on both engines, with several instances at once. */
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { eraseCustomer, countErasure } from '../../src/endpoint/vault/erase-customer.ts'
import { eraseValue } from '../../src/endpoint/vault/erase-value.ts'
import { prepareValue } from '../../src/endpoint/vault/prepare-value.ts'
import { currentKeys, rewrapBatch } from '../../src/endpoint/vault/rewrap.ts'
import { fingerprintOf } from '../../src/keys/fingerprint.ts'
import type { KeyProvider, KeyRing } from '../../src/keys/key-provider.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import { openValue } from '../../src/keys/seal.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import {
  appendAuditEntries,
  readAuditEntries,
  verifyAuditLog,
} from '../../src/storage/audit-log.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { createRequest, closeRequest, findRequest } from '../../src/storage/reveal-requests.ts'
import { protectedValues } from '../../src/storage/schema.ts'
import { violates } from '../../src/storage/storage-error.ts'
import type { ValueKey } from '../../src/storage/vault.ts'
import { appendValue, countOutdatedValues, countValuesByKey } from '../../src/storage/vault.ts'

const AT = new Date('2026-11-22T10:00:00.000Z')
const now = () => AT
const CUSTOMER = 501

const ring = parseKeys(`${generateKey('k1')},${generateKey('k2')}`)
const fingerprintRing = parseKeys(`${generateKey('f1')},${generateKey('f2')}`)
const under = (keys: KeyRing, currentKeyId: string): KeyProvider =>
  environmentKeys({ ...keys, currentKeyId })
/** What is left when the others were taken away. */
const only = (keys: KeyRing, keyId: string): KeyProvider =>
  environmentKeys(
    parseKeys(`${keyId}:${Buffer.from(keys.keys.get(keyId) ?? []).toString('base64')}`),
  )

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['a Postgres server', () => openDatabase({ url: inject('postgresUrl') })],
] as const

describe.each(engines)('the vault on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const newAccount = (): string => `account-${randomUUID()}`
  const phoneOf = (ticketId: number) => `+1 415 555 ${String(ticketId).padStart(4, '0')}`

  /** One phone number on each of `count` tickets, sealed under k1 and fingerprinted with f1. */
  async function fill(account: string, count: number, keys = under(ring, 'k1')): Promise<void> {
    const deps = {
      account: { id: account } as Parameters<typeof prepareValue>[0]['account'],
      policy: sandboxPolicy,
      keys,
      fingerprintKeys: under(fingerprintRing, 'f1'),
      now,
    }
    await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const record = { type: 'ticket', id: 4001 + at } as const
        const value = await prepareValue(deps, {
          record,
          field: { id: 'phone', kind: 'phone', sensitivityClass: 'confidential' },
          version: 1,
          value: phoneOf(record.id),
          source: 'intake',
          customerId: CUSTOMER,
          createdBy: 101,
        })
        expect(await appendValue(database.orm, account, record, value)).toBe(true)
      }),
    )
  }

  const rotating = (account: string) => ({
    account,
    database,
    keys: under(ring, 'k2'),
    fingerprintKeys: under(fingerprintRing, 'f2'),
  })

  /** Batch after batch, as one instance does, until one finds nothing. */
  async function rewrapAll(deps: ReturnType<typeof rotating>, batches = Infinity) {
    const current = await currentKeys(deps)
    let after: ValueKey | null = null
    const sums = { rewrapped: 0, failed: 0 }
    for (let batch = 0; batch < batches; batch += 1) {
      const done = await rewrapBatch(deps, current, after)
      sums.rewrapped += done.rewrapped
      sums.failed += done.failed
      after = done.last
      if (after === null) break
    }
    return sums
  }

  const rowsOf = (account: string) =>
    database.orm.select().from(protectedValues).where(eq(protectedValues.account, account))

  /** Every value opens with nothing but the new keys, and is found by its new fingerprint. */
  async function expectMoved(account: string, count: number): Promise<void> {
    const rows = await rowsOf(account)
    expect(rows).toHaveLength(count)
    for (const row of rows) {
      const { recordId, fieldId, version } = row
      const binding = { account, recordType: 'ticket', recordId, fieldId, version } as const
      expect(row).toMatchObject({ keyId: 'k2', fingerprintKeyId: 'f2' })
      expect(await openValue(only(ring, 'k2'), binding, row.jwe)).toBe(phoneOf(recordId))
      const expected = await fingerprintOf(only(fingerprintRing, 'f2'), {
        account,
        kind: 'phone',
        value: phoneOf(recordId),
      })
      expect(row.fingerprint).toBe(expected.fingerprint)
    }
  }

  const deps = (account: string) => ({ account: { id: account }, database, now, newId: randomUUID })
  const entriesOf = async (account: string) =>
    (await readAuditEntries(database.orm, account, 0, 1000)).map(
      ({ body }) => JSON.parse(body) as AuditEntry,
    )

  test('moves every value to the new keys, and the old ones can be taken away', async () => {
    const account = newAccount()
    await fill(account, 120)
    expect(await rewrapAll(rotating(account))).toEqual({ rewrapped: 120, failed: 0 })
    await expectMoved(account, 120)
    expect(await rewrapAll(rotating(account))).toEqual({ rewrapped: 0, failed: 0 })
  })

  test('goes on where an interrupted rotation ended', async () => {
    const account = newAccount()
    await fill(account, 120)
    expect(await rewrapAll(rotating(account), 1)).toEqual({ rewrapped: 50, failed: 0 })
    const current = { keyId: 'k2', fingerprintKeyId: 'f2' }
    expect(await countOutdatedValues(database.orm, account, current)).toBe(70)
    expect(await countValuesByKey(database.orm, account)).toEqual([
      { keyId: 'k1', fingerprintKeyId: 'f1', count: 70 },
      { keyId: 'k2', fingerprintKeyId: 'f2', count: 50 },
    ])
    expect(await rewrapAll(rotating(account))).toEqual({ rewrapped: 70, failed: 0 })
    await expectMoved(account, 120)
  })

  test('moves each value once however many instances rotate at once', async () => {
    const account = newAccount()
    await fill(account, 150)
    const sums = await Promise.all([1, 2, 3, 4].map(() => rewrapAll(rotating(account))))
    const last = await rewrapAll(rotating(account))
    const moved = [...sums, last].map(({ rewrapped }) => rewrapped)
    expect(moved.reduce((sum, each) => sum + each)).toBe(150)
    await expectMoved(account, 150)
  })

  test('leaves a value whose key is gone as it is, and moves the others', async () => {
    const account = newAccount()
    await fill(account, 3)
    const lost = under(parseKeys(generateKey('lost')), 'lost')
    const stranger = newAccount()
    await fill(stranger, 1, lost)
    const [row] = await rowsOf(stranger)
    if (row === undefined) throw new Error('nothing was stored')
    await database.orm.insert(protectedValues).values({
      ...row,
      account,
      recordId: 4000,
      token: randomUUID(),
    })
    expect(await rewrapAll(rotating(account))).toEqual({ rewrapped: 3, failed: 1 })
    const rows = await rowsOf(account)
    expect(rows.find(({ recordId }) => recordId === 4000)).toMatchObject({
      jwe: row.jwe,
      keyId: 'lost',
    })
  })

  test('does not bring a value back that is erased while keys rotate', async () => {
    const account = newAccount()
    await fill(account, 60)
    const system = { type: 'system', name: 'clock' } as const
    const erasing = Array.from({ length: 60 }, (_, at) =>
      eraseValue(
        deps(account),
        {
          record: { type: 'ticket', id: 4001 + at },
          fieldId: 'phone',
          version: 1,
          customerId: CUSTOMER,
        },
        { why: 'retention', actor: system },
      ),
    )
    await Promise.all([rewrapAll(rotating(account)), ...erasing])
    for (const row of await rowsOf(account)) {
      expect(row).toMatchObject({ jwe: '', masked: '', fingerprint: null, erasedAt: AT })
    }
  })

  test('erases a value once, with one entry, however many do it at once', async () => {
    const account = newAccount()
    await fill(account, 1)
    const value = {
      record: { type: 'ticket', id: 4001 },
      fieldId: 'phone',
      version: 1,
      customerId: CUSTOMER,
    } as const
    const cause = { why: 'retention', actor: { type: 'system', name: 'clock' } } as const
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => eraseValue(deps(account), value, cause)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect((await entriesOf(account)).map(({ action }) => action)).toEqual([
      'protected_value.erase',
    ])
  })

  test('refuses a row that says erased and still holds something', async () => {
    const account = newAccount()
    await fill(account, 1)
    const error: unknown = await database.orm
      .update(protectedValues)
      .set({ erasedAt: AT })
      .where(eq(protectedValues.account, account))
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )
    expect(violates(error, 'nothing_left_when_erased')).toBe(true)
  })

  test('erases what was written about a customer, and the log stays provable', async () => {
    const account = newAccount()
    await fill(account, 2)
    const requests = [
      { customerId: CUSTOMER, isClosed: true },
      { customerId: CUSTOMER, isClosed: false },
      { customerId: 502, isClosed: true },
    ]
    const ids: string[] = []
    for (const [at, { customerId, isClosed }] of requests.entries()) {
      const id = randomUUID()
      ids.push(id)
      await database.transaction(async (tx) => {
        await createRequest(tx, account, {
          id,
          ticketId: 4001,
          requesterId: 101 + at,
          customerId,
          assigneeId: null,
          reasonCode: 'refund',
          reasonText: `reason ${at}`,
          minutes: 15,
          policyVersion: 1,
          createdAt: AT,
          expiresAt: AT,
          fields: [{ fieldId: 'passport', version: 1 }],
        })
        await appendAuditEntries(tx, account, AT, [
          {
            action: 'reveal_request.create',
            actor: { type: 'person', id: 101, roles: [] },
            outcome: 'ok',
            record: { type: 'ticket', id: 4001 },
            requestId: id,
            texts: { reason: `reason ${at}` },
          },
        ])
        if (isClosed) await closeRequest(tx, account, id, { state: 'denied', at: AT })
      })
    }
    const erasure = {
      customerId: CUSTOMER,
      includesTexts: true,
      actor: { type: 'operator', name: 'test' } as const,
    }
    expect(await countErasure(deps(account), erasure)).toEqual({
      values: 2,
      tickets: 2,
      texts: 1,
      remaining: 2,
    })
    expect(await eraseCustomer(deps(account), { ...erasure, limit: 1 })).toEqual({
      values: 1,
      tickets: 1,
      texts: 0,
      remaining: 1,
    })
    expect(await eraseCustomer(deps(account), erasure)).toEqual({
      values: 1,
      tickets: 1,
      texts: 1,
      remaining: 0,
    })
    expect(await eraseCustomer(deps(account), erasure)).toMatchObject({ values: 0, texts: 0 })
    const stored = await Promise.all(ids.map((id) => findRequest(database.orm, account, id)))
    expect(stored.map((request) => request?.reasonText)).toEqual(['', 'reason 1', 'reason 2'])
    const kept = (await readAuditEntries(database.orm, account, 0, 100)).flatMap(({ texts }) =>
      texts.map(({ text }) => text),
    )
    expect(kept).toEqual(['reason 1', 'reason 2'])
    expect(await verifyAuditLog(database, account)).toMatchObject({ isIntact: true })
  })
})
