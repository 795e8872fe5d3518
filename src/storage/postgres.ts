/** A Postgres server, by node-postgres. */
import { NodePgSession } from 'drizzle-orm/node-postgres'
import type { NodePgClient } from 'drizzle-orm/node-postgres'
import type { PgPreparedQuery, PreparedQueryConfig } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import type { PoolClient } from 'pg'
import type { Database } from './database.ts'
import { storageError } from './storage-error.ts'
import { createOrm, dialect, guarded, relationalSchema } from './transaction.ts'
import type { Orm, Row, Schema } from './transaction.ts'

const CONNECT_MILLISECONDS = 5_000
/**
 * A frozen or unplugged instance must not keep the log's head locked: the server ends a transaction
 * that says nothing, and a statement that waits, after this long.
 */
const STALLED_MILLISECONDS = 10_000

class PostgresSession extends NodePgSession<Schema, typeof relationalSchema.schema> {
  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    ...args: Parameters<NodePgSession<Schema, typeof relationalSchema.schema>['prepareQuery']>
  ): PgPreparedQuery<T> {
    return guarded(super.prepareQuery<T>(...args))
  }
}

function ormOn(client: NodePgClient): Orm {
  return createOrm(
    new PostgresSession(client, dialect, relationalSchema),
    async ({ name, text }, values) => (await client.query<Row>({ name, text, values })).rows,
  )
}

/** Connects on first use. `maxConnections` is 10 unless told. */
export function openPostgres(where: { url: string; maxConnections?: number }): Database {
  const pool = new Pool({
    connectionString: where.url,
    max: where.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STALLED_MILLISECONDS,
    idle_in_transaction_session_timeout: STALLED_MILLISECONDS,
    application_name: 'scrim',
  })
  // A lost connection is told to whoever queries it next; without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const orms = new WeakMap<PoolClient, Orm>()
  let closing: Promise<void> | undefined

  async function transaction<T>(work: (tx: Orm) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw storageError(error)
    })
    let tx = orms.get(client)
    if (tx === undefined) {
      tx = ormOn(client)
      orms.set(client, tx)
    }
    let isBroken = true
    try {
      await client.query('begin isolation level read committed').catch((error: unknown) => {
        throw storageError(error)
      })
      try {
        const result = await work(tx)
        await client.query('commit').catch((error: unknown) => {
          throw storageError(error)
        })
        isBroken = false
        return result
      } catch (error) {
        await client.query('rollback').then(
          () => (isBroken = false),
          () => {},
        )
        throw error
      }
    } finally {
      client.release(isBroken)
    }
  }

  return {
    engine: 'postgres',
    orm: ormOn(pool),
    transaction,
    close: () => (closing ??= pool.end()),
  }
}
