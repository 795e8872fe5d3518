import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openDatabase } from '../../src/storage/database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { runStorageContract } from './contract.ts'

const url = inject('postgresUrl')

/** A database of its own on the server, never migrated. */
async function createDatabase(server: Database): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await server.orm.execute(sql.raw(`create database ${name}`))
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

describe('a Postgres server', () => {
  let server: Database
  beforeAll(async () => {
    server = await openDatabase({ url })
  })
  afterAll(() => server.close())

  runStorageContract(async () => {
    const administration = await openDatabase({ url })
    const own = await createDatabase(administration)
    await administration.close()
    return openDatabase({ url: own })
  })

  test('two endpoints that start at once migrate a new database once', async () => {
    const own = await createDatabase(server)
    const endpoints = await Promise.all([openDatabase({ url: own }), openDatabase({ url: own })])
    await Promise.all(endpoints.map((endpoint) => migrateDatabase(endpoint)))
    const [endpoint] = endpoints
    const { rows } = await endpoint.orm.execute<{ copies: string }>(
      sql`select count(*) - count(distinct hash) as copies from drizzle.__drizzle_migrations`,
    )
    expect(rows).toEqual([{ copies: '0' }])
    await Promise.all(endpoints.map((one) => one.close()))
  })

  test('that nobody runs is unavailable, and the error does not hold the password', async () => {
    const gone = await openDatabase({ url: 'postgres://scrim:correct-horse@127.0.0.1:1/scrim' })
    for (const act of [
      () => gone.orm.execute(sql`select 1`),
      () => gone.transaction(async () => true),
      () => migrateDatabase(gone),
    ]) {
      const error: unknown = await act().catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'storage_unavailable',
        cause: { message: 'ECONNREFUSED' },
      })
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain('correct-horse')
    }
    await gone.close()
  })

  test('that does not know the password or the database is unavailable', async () => {
    const [wrongPassword, wrongName] = [new URL(url), new URL(url)]
    wrongPassword.password = 'wrong'
    wrongName.pathname = '/nowhere'
    for (const { href } of [wrongPassword, wrongName]) {
      const other = await openDatabase({ url: href })
      await expect(other.orm.execute(sql`select 1`)).rejects.toMatchObject({
        code: 'storage_unavailable',
      })
      await other.close()
    }
  })

  test('that hangs up in the middle of a transaction is unavailable, then usable again', async () => {
    const database = await openDatabase({ url, maxConnections: 1 })
    const cut = database.transaction(async (tx) => {
      const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await server.orm.execute(sql`select pg_terminate_backend(${rows[0]?.pid}::int)`)
      await tx.execute(sql`select 1`)
    })
    await expect(cut).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await database.transaction(async () => 'again')).toBe('again')
    await database.close()
  })

  test('that hangs up between two acts costs at most one of them, and not the process', async () => {
    const database = await openDatabase({ url, maxConnections: 2 })
    const pid = () => database.orm.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    const before = (await pid()).rows[0]?.pid
    await server.orm.execute(sql`select pg_terminate_backend(${before}::int)`)
    const after = await pid()
      .catch(() => pid())
      .then(({ rows }) => rows[0]?.pid)
    expect(after).not.toBe(before)
    await database.close()
  })

  test('that has no free connection is unavailable after a while, not for ever', async () => {
    const database = await openDatabase({ url, maxConnections: 1 })
    await database.transaction(async () => {
      await expect(database.orm.execute(sql`select 1`)).rejects.toMatchObject({
        code: 'storage_unavailable',
      })
    })
    await database.close()
  })
})
