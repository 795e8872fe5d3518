/** A Postgres server, by node-postgres. */
import { NodePgSession } from 'drizzle-orm/node-postgres'
import type { NodePgClient } from 'drizzle-orm/node-postgres'
import type { PgPreparedQuery, PreparedQueryConfig } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import type { PoolClient } from 'pg'
import type { Database } from './database.ts'
import { StatementError, storageError } from './storage-error.ts'
import { createOrm, dialect, guarded, relationalSchema } from './transaction.ts'
import type { Orm, Row, RunStatement, Schema } from './transaction.ts'

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

function run(client: NodePgClient): RunStatement {
  return async ({ name, text }, values) => (await client.query<Row>({ name, text, values })).rows
}

/** One connection of the pool. Statements are sent without waiting where nothing depends on them. */
class Connection {
  readonly tx: Orm
  private readonly client: PoolClient
  private sent: Promise<Error | undefined>[] = []
  private isBroken = false

  constructor(client: PoolClient) {
    this.client = client
    this.tx = createOrm(
      new PostgresSession(client, dialect, relationalSchema),
      run(client),
      async ({ name, text }, values) => this.send({ name, text, values }),
    )
  }

  begin(): void {
    this.send({ text: 'begin isolation level read committed' })
  }

  /** Durable when it resolves. Goes out behind what was sent, so the log's head is free sooner. */
  async commit(): Promise<void> {
    const committing = this.client.query('commit').then(
      ({ command }) => command,
      (error: unknown) => {
        this.isBroken = true
        return storageError(error)
      },
    )
    const [failure, outcome] = await Promise.all([this.settle(), committing])
    if (failure !== undefined) throw failure
    if (outcome instanceof Error) throw outcome
    // After a failed statement the server answers a commit with ROLLBACK, and no error.
    if (outcome !== 'COMMIT') throw new StatementError({ sqlState: '25P02' })
  }

  /** Undoes what was done; answers the failure of a statement that nobody waited for. */
  async rollback(): Promise<Error | undefined> {
    const failure = await this.settle()
    await this.client.query('rollback').catch(() => {
      this.isBroken = true
    })
    return failure
  }

  release(): void {
    this.client.release(this.isBroken)
  }

  private send(query: { name?: string; text: string; values?: unknown[] }): void {
    this.sent.push(
      this.client.query(query).then(
        () => undefined,
        (error: unknown) => storageError(error),
      ),
    )
  }

  private async settle(): Promise<Error | undefined> {
    const { sent } = this
    this.sent = []
    const failures = await Promise.all(sent)
    return failures.find((failure) => failure !== undefined)
  }
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
    pipeline: true,
  })
  // A lost connection is told to whoever queries it next; without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const connections = new WeakMap<PoolClient, Connection>()
  let closing: Promise<void> | undefined

  async function connect(): Promise<Connection> {
    const client = await pool.connect().catch((error: unknown) => {
      throw storageError(error)
    })
    const connection = connections.get(client) ?? new Connection(client)
    connections.set(client, connection)
    return connection
  }

  async function transaction<T>(work: (tx: Orm) => Promise<T>): Promise<T> {
    const connection = await connect()
    try {
      connection.begin()
      const result = await work(connection.tx)
      await connection.commit()
      return result
    } catch (error) {
      throw (await connection.rollback()) ?? error
    } finally {
      connection.release()
    }
  }

  return {
    engine: 'postgres',
    orm: createOrm(new PostgresSession(pool, dialect, relationalSchema), run(pool)),
    transaction,
    close: () => (closing ??= pool.end()),
  }
}
