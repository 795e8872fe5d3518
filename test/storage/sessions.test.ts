/** Used once, counted once: what many instances do to sessions and refusals at the same instant. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { addRefusals, takeRefusals } from '../../src/storage/refusals.ts'
import {
  consumePageCredential,
  deleteEndedSessions,
  deleteSession,
  findSession,
  insertSession,
  renewSession,
} from '../../src/storage/sessions.ts'
import type { SessionRow } from '../../src/storage/sessions.ts'

const AT = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000)
const newAccount = () => `account-${randomUUID()}`
const newHash = () => createHash('sha256').update(randomUUID()).digest('hex')
const newSession = (account: string): SessionRow => ({
  id: newHash(),
  account,
  userId: 101,
  location: 'nav_bar',
  createdAt: AT,
  renewedAt: AT,
  expiresAt: later(900),
  endsAt: later(43_200),
})

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl') })],
] as const

describe.each(engines)('on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  test('a page credential used by many at once is used up by one', async () => {
    const account = newAccount()
    const credential = { hash: newHash(), expiresAt: later(60) }
    const uses = await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction((tx) => consumePageCredential(tx, account, credential)),
      ),
    )
    expect(uses.filter((isFirst) => isFirst)).toHaveLength(1)
  })

  test('a page credential whose session could not start is not used up', async () => {
    const account = newAccount()
    const credential = { hash: newHash(), expiresAt: later(60) }
    const attempt = database.transaction(async (tx) => {
      await consumePageCredential(tx, account, credential)
      throw new Error('the session could not start')
    })
    await expect(attempt).rejects.toThrow('could not start')
    expect(await consumePageCredential(database.orm, account, credential)).toBe(true)
  })

  test('a session is found by its account only', async () => {
    const account = newAccount()
    const session = newSession(account)
    await insertSession(database.orm, session)
    expect(await findSession(database.orm, account, session.id)).toEqual({
      ...session,
      policyVersion: null,
      powersRevision: null,
    })
    expect(await findSession(database.orm, newAccount(), session.id)).toBeUndefined()
  })

  test('a session that another request renewed is not renewed by one that read it before', async () => {
    const session = newSession(newAccount())
    await insertSession(database.orm, session)
    const next = { renewedAt: later(120), expiresAt: later(1020) }
    await renewSession(database.orm, session, next)
    await renewSession(database.orm, session, { renewedAt: later(60), expiresAt: later(960) })
    expect(await findSession(database.orm, session.account, session.id)).toMatchObject(next)
  })

  test('a session ended by many at once is ended by one', async () => {
    const session = newSession(newAccount())
    await insertSession(database.orm, session)
    const ends = await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction((tx) => deleteSession(tx, session.account, session.id)),
      ),
    )
    expect(ends.filter((isFirst) => isFirst)).toHaveLength(1)
  })

  test('ended sessions and credentials are kept a while, then deleted', async () => {
    const account = newAccount()
    const session = newSession(account)
    const credential = { hash: newHash(), expiresAt: AT }
    await insertSession(database.orm, session)
    await consumePageCredential(database.orm, account, credential)
    await deleteEndedSessions(database.orm, account, later(1800))
    expect(await findSession(database.orm, account, session.id)).toBeDefined()
    expect(await consumePageCredential(database.orm, account, credential)).toBe(false)
    await deleteEndedSessions(database.orm, account, later(2 * 86_400))
    expect(await findSession(database.orm, account, session.id)).toBeUndefined()
    expect(await consumePageCredential(database.orm, account, credential)).toBe(true)
  })

  test('refusals counted by many instances at once lose no count', async () => {
    const account = newAccount()
    const counts = [
      { code: 'session_invalid', count: 2 },
      { code: 'page_credential_invalid', count: 1 },
    ] as const
    await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        addRefusals(database.orm, account, AT, i % 2 === 0 ? counts : counts.toReversed()),
      ),
    )
    const taken = await database.transaction((tx) => takeRefusals(tx, account, later(60), 10))
    expect(taken).toEqual([
      { code: 'page_credential_invalid', minute: AT, count: 16 },
      { code: 'session_invalid', minute: AT, count: 32 },
    ])
  })

  test('refusals taken by many instances at once are taken by one', async () => {
    const account = newAccount()
    await addRefusals(database.orm, account, AT, [{ code: 'session_invalid', count: 3 }])
    const taken = await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction((tx) => takeRefusals(tx, account, later(60), 10)),
      ),
    )
    expect(taken.flat()).toEqual([{ code: 'session_invalid', minute: AT, count: 3 }])
  })

  test('refusals of a minute that is not over stay', async () => {
    const account = newAccount()
    await addRefusals(database.orm, account, AT, [{ code: 'session_invalid', count: 3 }])
    expect(await takeRefusals(database.orm, account, AT, 10)).toEqual([])
  })

  test('refusals whose entries could not be written are still there', async () => {
    const account = newAccount()
    await addRefusals(database.orm, account, AT, [{ code: 'session_invalid', count: 3 }])
    const failing = database.transaction(async (tx) => {
      await takeRefusals(tx, account, later(60), 10)
      throw new Error('the log could not be written')
    })
    await expect(failing).rejects.toThrow('could not be written')
    expect(await takeRefusals(database.orm, account, later(60), 10)).toHaveLength(1)
  })
})
