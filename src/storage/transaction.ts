/** What stores write their queries on: drizzle over either driver, inside a transaction or not. */
import type { ExtractTablesWithRelations } from 'drizzle-orm'
import { createTableRelationsHelpers, extractTablesRelationalConfig } from 'drizzle-orm'
import { PgDatabase, PgDialect } from 'drizzle-orm/pg-core'
import type { PgPreparedQuery, PgQueryResultHKT, PgSession } from 'drizzle-orm/pg-core'
import type { PreparedQueryConfig } from 'drizzle-orm/pg-core'
import * as schema from './schema.ts'
import { OutsideTransactionError, storageError } from './storage-error.ts'

export type Schema = typeof schema
type Tables = ExtractTablesWithRelations<Schema>

/** A statement of the hottest path: prepared once a connection, under its name. */
export type Statement = { name: string; text: string }
export type Row = Record<string, unknown>

/**
 * Runs a named statement. Types are the driver's own: `bigint` comes as string or number, `bytea`
 * as some Uint8Array; use it where drizzle's builders cost too much, and nowhere else.
 */
export type RunStatement = (statement: Statement, values: unknown[]) => Promise<Row[]>

export const dialect = new PgDialect()

const tables = extractTablesRelationalConfig<Tables>(schema, createTableRelationsHelpers)
export const relationalSchema = {
  fullSchema: schema,
  schema: tables.tables,
  tableNamesMap: tables.tableNamesMap,
}

/** What `execute` answers, on both engines. */
type Answer<OneRow> = { rows: OneRow[] }
interface Rows extends PgQueryResultHKT {
  type: Answer<this['row']>
}

/**
 * Sends a statement whose answer the commit waits for: it need not be awaited by the work. When it
 * fails, so does the transaction. Only inside a transaction.
 */
export type SendStatement = (statement: Statement, values: unknown[]) => Promise<void>

class OrmDatabase extends PgDatabase<Rows, Schema> {
  readonly run: RunStatement
  readonly send: SendStatement

  constructor(session: PgSession<Rows, Schema, Tables>, run: RunStatement, send: SendStatement) {
    super(dialect, session, relationalSchema)
    this.run = (statement, values) => translated(run(statement, values))
    this.send = (statement, values) => translated(send(statement, values))
  }
}

async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw storageError(error)
  }
}

/** drizzle over either driver. Transactions are begun by `Database.transaction` alone. */
export type Orm = Omit<OrmDatabase, 'transaction'>
/** The same, on the one connection of a transaction. */
export type Transaction = Orm
/** What stores take as their first argument. */
export type Queryable = Orm | Transaction

/** An `Orm` over a driver's session, with the driver's ways to run a named statement. */
export function createOrm(
  session: PgSession<Rows, Schema, Tables>,
  run: RunStatement,
  send: SendStatement = refuseToSend,
): Orm {
  return new OrmDatabase(session, run, send)
}

async function refuseToSend(): Promise<void> {
  throw new OutsideTransactionError('this is written inside a transaction only')
}

/** Makes a query throw what `storageError` makes of its failure. */
export function guarded<T extends PreparedQueryConfig>(
  query: PgPreparedQuery<T>,
): PgPreparedQuery<T> {
  const execute = query.execute.bind(query)
  query.execute = (values) => translated(execute(values))
  return query
}

const preparedQueries = new WeakMap<Queryable, Map<string, unknown>>()

/**
 * A drizzle query that is built once a connection: `build` is called with its name on first use, and
 * ends with `.prepare(name)`. A name stands for one query, for ever.
 */
export function prepared<Query>(
  queryable: Queryable,
  name: string,
  build: (name: string) => Query,
): Query {
  let queries = preparedQueries.get(queryable)
  if (queries === undefined) {
    queries = new Map()
    preparedQueries.set(queryable, queries)
  }
  // A name always comes with the same `build`, so what is kept under it has its type.
  const known = queries.get(name) as Query | undefined
  if (known !== undefined) return known
  const query = build(name)
  queries.set(name, query)
  return query
}
