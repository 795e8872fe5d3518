/** Opens the database, whichever engine holds it: same schema, same queries, same errors. */
import { openPostgres } from './postgres.ts'
import type { Orm, Queryable } from './transaction.ts'

export type { Orm, Queryable, Transaction } from './transaction.ts'

export type Database = {
  readonly engine: 'pglite' | 'postgres'
  /** drizzle over either driver, each statement its own transaction. */
  readonly orm: Orm
  /**
   * Runs `work` in one READ COMMITTED transaction; durable when it resolves (on PGlite: handed to the
   * operating system), undone when it throws. Retries nothing. Inside `work`, query `tx` only.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens a Postgres server by `url` (connects on first use), or embedded PGlite under `folder`
 * (`isFresh` deletes what it held) or in memory. Failures to reach the server surface as
 * `ScrimError('storage_unavailable')`, refused statements as `StatementError`; neither holds a
 * parameter. A folder in use by another process throws `FolderLockedError`.
 */
export async function openDatabase(
  where:
    | { url: string; maxConnections?: number }
    | { folder: string; isFresh?: boolean }
    | { memory: true },
): Promise<Database> {
  if ('url' in where) return openPostgres(where)
  // Loaded on demand: a production bundle has no embedded database.
  const { openPglite } = await import('./pglite.ts')
  return openPglite(where)
}
