/**
 * Figure (c): the reveal route, beside the limit of any log with one head a tenant: a bare transaction
 * that updates one hot row and inserts one, on the same database, driver and pool.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { generateKey } from '../src/keys/key-provider.ts'
import type { Database } from '../src/storage/database.ts'
import { openDatabase } from '../src/storage/database.ts'
import { migrateDatabase } from '../src/storage/migrate.ts'
import {
  accountNamed,
  composeLiveEndpoint,
  grantTo,
  signIn,
} from '../test/support/live-endpoint.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import type { Table } from './table.ts'

const CALLERS = [1, 8, 32]
const SECONDS = 4
const REQUESTER = 101
const APPROVER = 104
const FIELD = { ticketId: 4001, fieldId: 'card_number' }

type Load = { perSecond: number; p50: number; p99: number }

/** Runs `call` from `callers` loops at once for some seconds; latencies in milliseconds. */
async function load(callers: number, call: (caller: number) => Promise<void>): Promise<Load> {
  const latencies: number[] = []
  for (let warm = 0; warm < 500; warm += 1) await call(warm % callers)
  const start = performance.now()
  const end = start + SECONDS * 1000
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let at = performance.now(); at < end;) {
        await call(caller)
        const done = performance.now()
        latencies.push(done - at)
        at = done
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  const quantile = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? 0
  return { perSecond: latencies.length / seconds, p50: quantile(0.5), p99: quantile(0.99) }
}

async function bareTransactions(database: Database) {
  const run = (text: string, name: string) => database.orm.run({ name, text }, [])
  await run(
    'create table if not exists bench_head (id int primary key, n bigint not null)',
    'bench_create_head',
  )
  await run(
    'create table if not exists bench_rows (n bigint, body text not null)',
    'bench_create_rows',
  )
  await run('insert into bench_head values (1, 0) on conflict do nothing', 'bench_seed')
  const body = 'x'.repeat(400)
  const update = {
    name: 'bench_update',
    text: 'update bench_head set n = n + 1 where id = 1 returning n',
  }
  const insert = { name: 'bench_insert', text: 'insert into bench_rows values ($1, $2)' }
  return async () => {
    await database.transaction(async (tx) => {
      const [head] = await tx.run(update, [])
      await tx.run(insert, [head?.['n'], body])
    })
  }
}

/** One call is one reveal of the caller's own grant, through the whole app. */
async function reveals(database: Database, callers: number) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const account = accountNamed(`bench-${randomUUID().slice(0, 8)}`, pem)
  const { app } = composeLiveEndpoint({ account, database, keys: generateKey('bench') })
  const enter = async (personId: number, location: string) =>
    (await signIn((path, init) => app.request(path, init), account, privateKey, personId, location))
      .send
  const requester = await enter(REQUESTER, 'ticket_sidebar')
  const approver = await enter(APPROVER, 'nav_bar')
  await requester('PUT', `/api/tickets/${FIELD.ticketId}/protected-fields/${FIELD.fieldId}/value`, {
    value: '4242 4242 4242 4242',
  })
  const grantIds: string[] = []
  for (let caller = 0; caller < callers; caller += 1) {
    const reason = `Measured reveal number ${caller} of this benchmark`
    grantIds.push(await grantTo(requester, approver, FIELD, reason))
  }
  return async (caller: number) => {
    await requester('POST', `/api/grants/${grantIds[caller]}/reveal`, {
      attemptId: randomUUID(),
      fieldId: FIELD.fieldId,
    })
  }
}

async function measureOn(name: string, database: Database): Promise<Table['rows']> {
  const rows: Table['rows'] = []
  const bare = await bareTransactions(database)
  const reveal = await reveals(database, Math.max(...CALLERS))
  for (const callers of CALLERS) {
    const limit = await load(callers, bare)
    const route = await load(callers, reveal)
    rows.push({
      database: name,
      callers,
      'reveals/s': Math.round(route.perSecond),
      'p50 ms': round(route.p50),
      'p99 ms': round(route.p99),
      'bare tx/s': Math.round(limit.perSecond),
      'bare p50 ms': round(limit.p50),
      'bare p99 ms': round(limit.p99),
      ratio: round(route.perSecond / limit.perSecond),
    })
  }
  return rows
}

const round = (value: number) => Math.round(value * 100) / 100

export async function measureReveals(): Promise<Table> {
  const embedded = await openDatabase({ memory: true })
  await migrateDatabase(embedded)
  const rows = await measureOn('PGlite', embedded)
  await embedded.close()
  const server = await startPostgres()
  try {
    const postgres = await openDatabase({ url: server.url, maxConnections: 32 })
    await migrateDatabase(postgres)
    rows.push(...(await measureOn('Postgres', postgres)))
    await postgres.close()
  } finally {
    await server.stop()
  }
  return { title: 'Reveal route beside a bare transaction on one hot row', rows }
}
