/** What every engine must do. Each test mints its own account, so that they may share a database. */
import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { and, count, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  appendAuditEntries,
  findAuditEntries,
  getAuditHead,
  listAuditAccounts,
  readAuditEntries,
  verifyAuditLog,
} from '../../src/storage/audit-log.ts'
import type { AuditDraft } from '../../src/storage/audit-log.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import {
  auditEntries,
  auditLogHeads,
  auditTexts,
  decisions,
  grantFields,
  grants,
  outbox,
  revealRequestFields,
  revealRequests,
} from '../../src/storage/schema.ts'
import { OutsideTransactionError, violates } from '../../src/storage/storage-error.ts'
import { prepared } from '../../src/storage/transaction.ts'

const AT = new Date('2026-11-22T10:00:00.123Z')

const newAccount = (): string => `account-${randomUUID()}`

function draft(change: Partial<AuditDraft> = {}): AuditDraft {
  return {
    action: 'grant.reveal',
    actor: { type: 'person', id: 101, roles: ['frontline'] },
    outcome: 'ok',
    record: { type: 'ticket', id: 4001 },
    fields: ['card_number'],
    ...change,
  }
}

/** A pending request of person 101 for one field, as three inserts. */
function newRequest(account: string) {
  return {
    id: randomUUID(),
    account,
    ticketId: 4001,
    requesterId: 101,
    customerId: 501,
    reasonCode: 'refund',
    reasonText: 'The customer asks for a refund.',
    minutes: 15,
    state: 'pending',
    policyVersion: 1,
    createdAt: AT,
    expiresAt: AT,
  }
}

/** `open` answers a database that was never migrated. */
export function runStorageContract(open: () => Promise<Database>): void {
  let database: Database

  beforeAll(async () => {
    database = await open()
    // Two starters at once: both must come through, with the schema applied once.
    await Promise.all([migrateDatabase(database), migrateDatabase(database)])
  })
  afterAll(() => database.close())

  const append = (account: string, ...drafts: AuditDraft[]) =>
    database.transaction((tx) => appendAuditEntries(tx, account, AT, drafts))

  describe('migrations', () => {
    test('are applied once, however often and by however many the endpoint is started', async () => {
      await migrateDatabase(database)
      const { rows } = await database.orm.execute<{ hash: string }>(
        sql`select hash from drizzle.__drizzle_migrations`,
      )
      expect(rows.length).toBeGreaterThan(0)
      expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length)
    })

    test('that cannot be found leave the database alone', async () => {
      await expect(migrateDatabase(database, '/nowhere')).rejects.toThrow('_journal.json')
    })
  })

  describe('the audit log', () => {
    test('has no entries and the empty root before the first act', async () => {
      const head = await getAuditHead(database.orm, newAccount())
      expect(head.size).toBe(0)
      expect(Buffer.from(head.rootHash).toString('hex')).toMatch(/^e3b0c442/)
    })

    test('puts the acts of 32 callers in one order, and none is lost', async () => {
      const account = newAccount()
      const answers = await Promise.all(
        Array.from({ length: 32 }, async (_, caller) => {
          const own: { index: number; attemptId: string }[] = []
          for (let turn = 0; turn < 4; turn += 1) {
            const attemptId = `${caller}-${turn}`
            const [at] = await append(account, draft({ attemptId }))
            own.push({ index: at?.index ?? -1, attemptId })
          }
          return own
        }),
      )
      const entries = await readAuditEntries(database.orm, account, 0, 1000)
      expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 128 }, (_, i) => i))
      for (const { index, attemptId } of answers.flat()) {
        expect(entries[index]?.body).toContain(`"attemptId":"${attemptId}"`)
      }
      for (const own of answers) expect(own).toEqual(own.toSorted((a, b) => a.index - b.index))
      expect(await verifyAuditLog(database, account)).toMatchObject({ isIntact: true, size: 128 })
    })

    test('begins once when 16 first acts of an account come together', async () => {
      const account = newAccount()
      const answers = await Promise.all(Array.from({ length: 16 }, () => append(account, draft())))
      expect(new Set(answers.flat().map(({ index }) => index)).size).toBe(16)
      expect(await verifyAuditLog(database, account)).toMatchObject({ isIntact: true, size: 16 })
    })

    test('is verified on one view of it while acts go on', async () => {
      const account = newAccount()
      await append(account, draft())
      const acts = Array.from({ length: 24 }, () => append(account, draft()))
      const checks = Array.from({ length: 8 }, () => verifyAuditLog(database, account))
      for (const check of await Promise.all(checks)) expect(check.isIntact).toBe(true)
      await Promise.all(acts)
    })

    test('keeps the accounts apart', async () => {
      const [one, two] = [newAccount(), newAccount()]
      await append(one, draft())
      await append(two, draft(), draft())
      expect((await getAuditHead(database.orm, one)).size).toBe(1)
      expect((await getAuditHead(database.orm, two)).size).toBe(2)
      expect(await listAuditAccounts(database.orm)).toEqual(expect.arrayContaining([one, two]))
    })

    test('takes several entries of one act, in their order, or none', async () => {
      const account = newAccount()
      const texts = { reason: 'one' }
      const answer = await append(
        account,
        draft({ texts }),
        draft({ action: 'grant.exhaust', actor: { type: 'system', name: 'grants' } }),
        draft({ record: undefined, texts: { comment: 'two', reason: 'three' } }),
      )
      expect(answer).toEqual([{ index: 0 }, { index: 1 }, { index: 2 }])
      expect(await append(account)).toEqual([])
      const entries = await readAuditEntries(database.orm, account, 1, 10)
      expect(
        entries.map(({ action, actorId, ticketId }) => ({ action, actorId, ticketId })),
      ).toEqual([
        { action: 'grant.exhaust', actorId: null, ticketId: 4001 },
        { action: 'grant.reveal', actorId: 101, ticketId: null },
      ])
      expect(entries[1]?.texts.map(({ name, text }) => [name, text])).toEqual(
        expect.arrayContaining([
          ['comment', 'two'],
          ['reason', 'three'],
        ]),
      )
      expect(await verifyAuditLog(database, account)).toMatchObject({ isIntact: true, size: 3 })
    })

    test('forgets an entry whose act was undone, and its texts', async () => {
      const account = newAccount()
      await append(account, draft())
      const undone = database.transaction(async (tx) => {
        await appendAuditEntries(tx, account, AT, [draft({ texts: { reason: 'undone' } })])
        throw new RangeError('the act failed')
      })
      await expect(undone).rejects.toThrow(new RangeError('the act failed'))
      expect(await verifyAuditLog(database, account)).toMatchObject({ isIntact: true, size: 1 })
      const [left] = await database.orm
        .select({ texts: count() })
        .from(auditTexts)
        .where(eq(auditTexts.account, account))
      expect(left).toEqual({ texts: 0 })
    })

    test('undoes the act when the entry cannot be written', async () => {
      const account = newAccount()
      const act = database.transaction(async (tx) => {
        await tx.insert(revealRequests).values(newRequest(account))
        // No engine stores this character; the entry fails when nobody waits for it any more.
        await appendAuditEntries(tx, account, AT, [draft({ texts: { reason: 'a\u0000b' } })])
      })
      await expect(act).rejects.toMatchObject({ name: 'StatementError', sqlState: '22021' })
      const left = await database.orm
        .select()
        .from(revealRequests)
        .where(eq(revealRequests.account, account))
      expect(left).toEqual([])
      expect((await getAuditHead(database.orm, account)).size).toBe(0)
      await append(account, draft())
    })

    test('is not written outside a transaction', async () => {
      const account = newAccount()
      await append(account, draft())
      await expect(appendAuditEntries(database.orm, account, AT, [draft()])).rejects.toThrow(
        OutsideTransactionError,
      )
      expect((await getAuditHead(database.orm, account)).size).toBe(1)
    })

    test('holds texts as salted hashes; erasing them changes no hash', async () => {
      const account = newAccount()
      const texts = { reason: 'The customer asks for a refund.' }
      await append(account, draft({ texts }), draft({ texts }))
      const before = await readAuditEntries(database.orm, account, 0, 10)
      for (const { body, texts } of before) {
        expect(body).not.toContain('refund.')
        expect(texts).toMatchObject([{ name: 'reason', text: 'The customer asks for a refund.' }])
        expect(texts[0]?.salt).toHaveLength(16)
      }
      expect(before[0]?.body).not.toBe(before[1]?.body)
      await database.orm.delete(auditTexts).where(eq(auditTexts.account, account))
      const after = await readAuditEntries(database.orm, account, 0, 10)
      expect(after).toEqual(before.map((entry) => ({ ...entry, texts: [] })))
      expect(await verifyAuditLog(database, account)).toMatchObject({ isIntact: true })
    })

    test('is found newest first, by action, ticket and person, page by page', async () => {
      const account = newAccount()
      const person = (id: number) => ({ type: 'person' as const, id, roles: [] })
      await append(
        account,
        draft(),
        draft({ action: 'grant.release' }),
        draft({ record: { type: 'ticket', id: 4002 } }),
        draft({ actor: person(102) }),
      )
      const find = async (
        filter: Omit<Parameters<typeof findAuditEntries>[2], 'limit'>,
        limit = 9,
      ) =>
        (await findAuditEntries(database.orm, account, { ...filter, limit })).map(
          ({ index }) => index,
        )
      expect(await find({})).toEqual([3, 2, 1, 0])
      expect(await find({}, 2)).toEqual([3, 2])
      expect(await find({ before: 2 }, 2)).toEqual([1, 0])
      expect(await find({ action: 'grant.reveal' })).toEqual([3, 2, 0])
      expect(await find({ ticketId: 4002 })).toEqual([2])
      expect(await find({ actorId: 102 })).toEqual([3])
      expect(await find({ actorId: 102, ticketId: 4002 })).toEqual([])
    })
  })

  describe('transactions', () => {
    test('see what others have committed', async () => {
      const level = await database.transaction((tx) =>
        tx.execute<{ transaction_isolation: string }>(sql`show transaction_isolation`),
      )
      expect(level.rows).toEqual([{ transaction_isolation: 'read committed' }])
    })

    test('answer what their work answers', async () => {
      expect(await database.transaction(async () => 'done')).toBe('done')
    })

    test('fail when the work swallowed a failed statement, for the server has undone it all', async () => {
      const account = newAccount()
      const request = newRequest(account)
      const work = database.transaction(async (tx) => {
        await tx.insert(revealRequests).values(request)
        await tx
          .insert(revealRequests)
          .values(request)
          .catch(() => {})
        return 'done'
      })
      await expect(work).rejects.toMatchObject({ sqlState: '25P02' })
      const left = await database.orm
        .select()
        .from(revealRequests)
        .where(eq(revealRequests.account, account))
      expect(left).toEqual([])
    })

    test('leave the database usable after a failure', async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        await expect(
          database.transaction((tx) => tx.execute(sql`select 1 from nowhere`)),
        ).rejects.toMatchObject({ sqlState: '42P01' })
      }
      expect(await database.transaction(async () => true)).toBe(true)
    })
  })

  describe('the schema refuses', () => {
    test('a decision on one’s own request, whatever the program says', async () => {
      const request = newRequest(newAccount())
      await database.orm.insert(revealRequests).values(request)
      const decide = (approverId: number, requesterId: number) =>
        database.orm
          .insert(decisions)
          .values({ requestId: request.id, requesterId, approverId, outcome: 'approve', at: AT })
          .catch((error: unknown) => error)
      expect(violates(await decide(101, 101), 'no_self_approval')).toBe(true)
      // Naming somebody else as the requester does not help: the request knows who asked.
      expect(await decide(101, 102)).toMatchObject({ sqlState: '23503' })
      expect(await decide(104, 101)).not.toBeInstanceOf(Error)
    })

    test('a second pending request of a person for a field', async () => {
      const account = newAccount()
      const ask = async (isPending: boolean, fieldId = 'card_number') => {
        const request = newRequest(account)
        await database.orm.insert(revealRequests).values(request)
        const { requesterId, ticketId } = request
        return database.orm
          .insert(revealRequestFields)
          .values({
            requestId: request.id,
            fieldId,
            version: 1,
            account,
            requesterId,
            ticketId,
            isPending,
          })
          .catch((error: unknown) => error)
      }
      expect(await ask(true)).not.toBeInstanceOf(Error)
      expect(violates(await ask(true), 'one_pending_request_per_field')).toBe(true)
      expect(await ask(false)).not.toBeInstanceOf(Error)
      expect(await ask(true, 'passport')).not.toBeInstanceOf(Error)
    })

    test('a grant with fewer uses than none', async () => {
      const account = newAccount()
      const request = newRequest(account)
      const grantId = randomUUID()
      await database.orm.insert(revealRequests).values(request)
      await database.orm.insert(grants).values({
        id: grantId,
        account,
        requestId: request.id,
        ticketId: 4001,
        requesterId: 101,
        state: 'active',
        createdAt: AT,
        expiresAt: AT,
      })
      await database.orm
        .insert(grantFields)
        .values({ grantId, fieldId: 'card_number', version: 1, usesLeft: 1 })
      const use = () =>
        database.orm
          .update(grantFields)
          .set({ usesLeft: sql`uses_left - 1` })
          .where(eq(grantFields.grantId, grantId))
          .catch((error: unknown) => error)
      expect(await use()).not.toBeInstanceOf(Error)
      expect(violates(await use(), 'uses_left_not_negative')).toBe(true)
    })

    test('a second entry at one place of the log', async () => {
      const account = newAccount()
      await append(account, draft())
      const [entry] = await database.orm
        .select()
        .from(auditEntries)
        .where(eq(auditEntries.account, account))
      if (entry === undefined) throw new Error('the entry is missing')
      await expect(database.orm.insert(auditEntries).values(entry)).rejects.toMatchObject({
        constraint: 'audit_entries_account_index_pk',
      })
    })
  })

  describe('what is stored comes back the same', () => {
    test('bytes', async () => {
      const account = newAccount()
      const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      await database.orm
        .insert(auditLogHeads)
        .values({ account, size: 2 ** 40, rootHash: every, frontier: new Uint8Array() })
      const [head] = await database.orm
        .select()
        .from(auditLogHeads)
        .where(eq(auditLogHeads.account, account))
      expect(head).toEqual({ account, size: 2 ** 40, rootHash: every, frontier: new Uint8Array() })
      expect(head?.rootHash.constructor).toBe(Uint8Array)
    })

    test('instants to the millisecond, JSON and text in any script', async () => {
      const row = {
        id: randomUUID(),
        account: newAccount(),
        kind: 'Zoë ✓ 日本語 \' " \\ $1 ?',
        payload: { ids: [1, 2], note: null, 'a "key"': 'ü' },
        createdAt: AT,
        dueAt: new Date('1999-12-31T23:59:59.999Z'),
        attempts: 0,
        lastCode: null,
        doneAt: null,
      }
      await database.orm.insert(outbox).values(row)
      expect(await database.orm.select().from(outbox).where(eq(outbox.id, row.id))).toEqual([row])
    })

    test('through a prepared query as well', async () => {
      const account = newAccount()
      await append(account, draft())
      const size = (name: string) =>
        database.transaction(async (tx) =>
          prepared(tx, 'contract_size', (statement) =>
            tx
              .select({ size: auditLogHeads.size })
              .from(auditLogHeads)
              .where(and(eq(auditLogHeads.account, sql.placeholder('name'))))
              .prepare(statement),
          ).execute({ name }),
        )
      expect(await size(account)).toEqual([{ size: 1 }])
      expect(await size(account)).toEqual([{ size: 1 }])
      expect(await size(newAccount())).toEqual([])
    })
  })

  describe('an error', () => {
    const secret = '4242424242424242'

    test.each<[string, () => Promise<unknown>]>([
      [
        'of a broken constraint',
        async () => {
          const request = { ...newRequest(newAccount()), reasonText: secret, state: secret }
          await database.orm.insert(revealRequests).values(request)
          await database.orm.insert(revealRequests).values(request)
        },
      ],
      [
        'of a value that does not fit',
        () => database.orm.execute(sql`select ${`${secret}x`}::int`),
      ],
      [
        'of a named statement',
        () =>
          database.orm.run({ name: 'contract_cast', text: 'select $1::text::int' }, [`${secret}x`]),
      ],
      [
        'in a transaction',
        () => database.transaction((tx) => tx.execute(sql`select ${`${secret}x`}::text::int`)),
      ],
      [
        'of the relational builder',
        () => database.orm.query.outbox.findMany({ where: sql`id = ${`${secret}x`}::text::uuid` }),
      ],
    ])('%s holds no parameter', async (_, act) => {
      const error: unknown = await act().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: 'StatementError' })
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret)
    })
  })

  test('a closed database is unavailable, and closing it twice is no error', async () => {
    const closed = await open()
    await closed.close()
    await closed.close()
    await expect(closed.orm.select().from(outbox)).rejects.toMatchObject({
      code: 'storage_unavailable',
    })
    await expect(closed.transaction(async () => true)).rejects.toMatchObject({
      code: 'storage_unavailable',
    })
    await expect(migrateDatabase(closed)).rejects.toMatchObject({ code: 'storage_unavailable' })
  })
}
