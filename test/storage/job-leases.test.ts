/** Leases decide which of many instances does a job, on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { runLeased } from '../../src/endpoint/leased.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { releaseJobLease, takeJobLease } from '../../src/storage/job-leases.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 16 })],
] as const

const NOON = new Date('2026-11-23T12:00:00.000Z')
const after = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)

describe.each(engines)('leases on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const newAccount = () => `account-${randomUUID()}`
  const take = (account: string, holder: string, now: Date, job = 'escalation') =>
    takeJobLease(database.orm, account, {
      job,
      holder,
      now,
      until: new Date(now.getTime() + 60_000),
    })

  it('of sixteen instances that ask at once one does the job', async () => {
    const account = newAccount()
    const answers = await Promise.all(
      Array.from({ length: 16 }, (__, at) => take(account, `instance-${at}`, NOON)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  it('a job and an account have leases of their own', async () => {
    const account = newAccount()
    expect(await take(account, 'one', NOON)).toBe(true)
    expect(await take(account, 'one', NOON, 'ground')).toBe(true)
    expect(await take(newAccount(), 'one', NOON)).toBe(true)
  })

  it('ends by itself when its holder was killed, and not before', async () => {
    const account = newAccount()
    expect(await take(account, 'killed', NOON)).toBe(true)
    expect(await take(account, 'other', after(59.999))).toBe(false)
    expect(await take(account, 'killed', after(59.999))).toBe(false)
    expect(await take(account, 'other', after(60))).toBe(true)
  })

  it('whoever lost it by being slow does not take it from the next one', async () => {
    const account = newAccount()
    await take(account, 'slow', NOON)
    expect(await take(account, 'next', after(60))).toBe(true)
    const late = { job: 'escalation', holder: 'slow', nextAt: after(61) }
    await releaseJobLease(database.orm, account, late)
    expect(await take(account, 'third', after(62))).toBe(false)
  })

  it('given back, it is free at once, also after a job that failed', async () => {
    const deps = { account: { id: newAccount() }, database, now: () => NOON, newId: randomUUID }
    const leased = (work: () => Promise<void>) => runLeased(deps, 'escalation', work)
    const failing = leased(async () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    let isInside = false
    const outer = await leased(async () => {
      isInside = await leased(async () => {})
    })
    expect([outer, isInside]).toEqual([true, false])
    expect(await leased(async () => {})).toBe(true)
  })
})
