/**
 * Embedded Postgres, for the sandbox and tests. It never syncs to disk, so a power cut may lose
 * what it acknowledged: production refuses it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Transaction as PgliteTransaction } from '@electric-sql/pglite'
import { PGlite } from '@electric-sql/pglite'
import type { PgPreparedQuery, PreparedQueryConfig } from 'drizzle-orm/pg-core'
import { PgliteSession } from 'drizzle-orm/pglite'
import type { Database } from './database.ts'
import { lockFolder } from './lock.ts'
import { OutsideTransactionError, storageError } from './storage-error.ts'
import { createOrm, dialect, guarded, relationalSchema } from './transaction.ts'
import type { Orm, Row, RunStatement, Schema } from './transaction.ts'

type Guard = () => void

class EmbeddedSession extends PgliteSession<Schema, typeof relationalSchema.schema> {
  constructor(client: PGlite | PgliteTransaction) {
    // drizzle's type asks for all of PGlite; inside a transaction it only ever calls `query`.
    super(client as PGlite, dialect, relationalSchema)
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    ...args: Parameters<PgliteSession<Schema, typeof relationalSchema.schema>['prepareQuery']>
  ): PgPreparedQuery<T> {
    return guarded(super.prepareQuery<T>(...args))
  }
}

/** drizzle on the open transaction. */
function ormInside(client: PgliteTransaction): Orm {
  const run: RunStatement = async ({ text }, values) => (await client.query<Row>(text, values)).rows
  return createOrm(
    new EmbeddedSession(client),
    run,
    async (statement, values) => void (await run(statement, values)),
  )
}

/** drizzle beside all transactions; `guard` refuses callers that are inside one. */
function ormOutside(pglite: PGlite, guard: Guard): Orm {
  const client = new Proxy(pglite, {
    get(target, property) {
      if (property === 'query') guard()
      const member: unknown = Reflect.get(target, property, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return createOrm(
    new EmbeddedSession(client),
    async ({ text }, values) => (await client.query<Row>(text, values)).rows,
  )
}

/**
 * Opens the database in `<folder>/database`, behind the lock `<folder>/lock`; `isFresh` deletes what
 * was there, once the lock is held. In memory otherwise.
 */
export async function openPglite(
  where: { folder: string; isFresh?: boolean } | { memory: true },
): Promise<Database> {
  let release: () => void = () => {}
  let dataFolder: string | undefined
  if ('folder' in where) {
    release = lockFolder(where.folder)
    dataFolder = join(where.folder, 'database')
    if (where.isFresh === true) rmSync(dataFolder, { recursive: true, force: true })
    mkdirSync(dataFolder, { recursive: true })
  }
  const pglite = await PGlite.create(dataFolder).catch((error: unknown) => {
    release()
    throw storageError(error)
  })
  // There is one connection: a query beside an open transaction of the same caller waits for ever.
  const callers = new AsyncLocalStorage<{ isOpen: boolean }>()
  const refuseInTransaction: Guard = () => {
    if (callers.getStore()?.isOpen === true) {
      throw new OutsideTransactionError(
        'inside a transaction, query the transaction: anything else waits for ever',
      )
    }
  }
  let closing: Promise<void> | undefined

  async function transaction<T>(work: (tx: Orm) => Promise<T>): Promise<T> {
    refuseInTransaction()
    const caller = { isOpen: true }
    // PGlite reports the failure of `work` as its own: what was thrown by whom is kept apart here.
    let failure: { error: unknown } | undefined
    try {
      return await callers.run(caller, () =>
        pglite.transaction(async (client) => {
          try {
            return await work(ormInside(client))
          } catch (error) {
            failure = { error }
            throw error
          }
        }),
      )
    } catch (error) {
      throw failure === undefined ? storageError(error) : failure.error
    } finally {
      caller.isOpen = false
    }
  }

  return {
    engine: 'pglite',
    orm: ormOutside(pglite, refuseInTransaction),
    transaction,
    close: () => (closing ??= pglite.close().finally(release)),
  }
}
