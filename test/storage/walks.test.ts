/** A walk's place and sums, the lease on walking, and a database that undoes, on both engines. */
import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { rehearsed } from '../../src/storage/rehearsal.ts'
import { inbox } from '../../src/storage/schema.ts'
import { addToWalk, beginWalk, findWalk, finishWalk } from '../../src/storage/ticket-walks.ts'
import { keepLease, releaseLease, takeLease } from '../../src/storage/walk-lease.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 16 })],
] as const

const AT = new Date('2026-11-23T10:00:00.000Z')
const after = (seconds: number) => new Date(AT.getTime() + seconds * 1000)
const newAccount = () => `test-${randomBytes(6).toString('hex')}`

describe.each(engines)('on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  describe('a walk', () => {
    const runOf = (account: string, startedAt = AT) => ({ account, name: 'backfill', startedAt })

    it('adds to its sums by name, and moves in the same statement', async () => {
      const account = newAccount()
      const run = runOf(account)
      await beginWalk(database.orm, run)
      expect(await addToWalk(database.orm, run, { found: 2, vaulted: 1 })).toBe(true)
      const to = { cursor: 'page 2', at: after(1) }
      expect(await addToWalk(database.orm, run, { found: 3, seen: 1 }, to)).toBe(true)
      expect(await addToWalk(database.orm, run, {}, { cursor: 'page 3', at: after(2) })).toBe(true)
      expect(await findWalk(database.orm, account, run.name)).toEqual({
        cursor: 'page 3',
        sums: { found: 5, vaulted: 1, seen: 1 },
        startedAt: AT,
        finishedAt: null,
      })
    })

    it('counts every addition when many come at once', async () => {
      const run = runOf(newAccount())
      await beginWalk(database.orm, run)
      await Promise.all(
        Array.from({ length: 20 }, () => addToWalk(database.orm, run, { found: 1 })),
      )
      expect((await findWalk(database.orm, run.account, run.name))?.sums).toEqual({ found: 20 })
    })

    it('that was begun anew or has ended takes nothing from who walked before', async () => {
      const account = newAccount()
      const [old, anew] = [runOf(account), runOf(account, after(60))]
      await beginWalk(database.orm, old)
      await beginWalk(database.orm, anew)
      expect(await addToWalk(database.orm, old, { found: 1 })).toBe(false)
      expect(await finishWalk(database.orm, old, after(61))).toBe(false)
      expect(await finishWalk(database.orm, anew, after(61))).toBe(true)
      expect(await addToWalk(database.orm, anew, { found: 1 })).toBe(false)
      expect((await findWalk(database.orm, account, old.name))?.sums).toEqual({})
    })
  })

  describe('the lease', () => {
    it('goes to one of many who ask at once', async () => {
      const account = newAccount()
      const asked = await Promise.all(
        Array.from({ length: 10 }, (__, n) => takeLease(database.orm, account, `holder ${n}`, AT)),
      )
      expect(asked.filter((heldSince) => heldSince === null)).toHaveLength(1)
    })

    it('is lost by whoever is silent for a minute, and by nobody else', async () => {
      const account = newAccount()
      const { orm } = database
      expect(await takeLease(orm, account, 'first', AT)).toBeNull()
      expect(await keepLease(orm, account, 'first', after(50))).toBe(true)
      expect(await takeLease(orm, account, 'second', after(109))).toEqual(after(50))
      expect(await takeLease(orm, account, 'second', after(110))).toBeNull()
      expect(await keepLease(orm, account, 'first', after(111))).toBe(false)
      await releaseLease(orm, account, 'first', after(112))
      expect(await takeLease(orm, account, 'third', after(113))).toEqual(after(110))
    })

    it('can be taken as soon as it was given back', async () => {
      const account = newAccount()
      await takeLease(database.orm, account, 'first', AT)
      await releaseLease(database.orm, account, 'first', after(1))
      expect(await takeLease(database.orm, account, 'second', after(2))).toBeNull()
    })
  })

  describe('a rehearsal', () => {
    const countOf = (account: string) => database.orm.$count(inbox, eq(inbox.account, account))

    it('does its transaction, answers, and leaves nothing', async () => {
      const account = newAccount()
      const added = await rehearsed(database).transaction((tx) =>
        appendInbox(tx, account, AT, [{ id: 'event', ticketId: 4001 }]),
      )
      expect(added).toBe(1)
      expect(await countOf(account)).toBe(0)
    })

    it('throws what its transaction throws', async () => {
      const failing = rehearsed(database).transaction(async () => {
        throw new RangeError('no')
      })
      await expect(failing).rejects.toThrow(RangeError)
    })

    it('reads, and refuses to write where nothing would undo it', async () => {
      const account = newAccount()
      const { orm } = rehearsed(database)
      expect(await findWalk(orm, account, 'backfill')).toBeUndefined()
      const writing = async () => appendInbox(orm, account, AT, [{ id: 'event', ticketId: 4001 }])
      await expect(writing()).rejects.toThrow('a rehearsal writes in transactions only: insert')
      expect(await countOf(account)).toBe(0)
    })
  })
})
