/** What a copy of the whole database would say. */
import { sql } from 'drizzle-orm'
import type { TestEndpoint } from './endpoint.ts'

/** Every row of every table, as text. */
export async function everythingStored({ deps }: Pick<TestEndpoint, 'deps'>): Promise<string> {
  const { orm } = deps.database
  const tables = await orm.execute<{ name: string }>(
    sql`select table_schema || '.' || table_name as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const rows = await Promise.all(
    tables.rows.map(({ name }) =>
      orm.execute<{ row: string }>(sql`select t::text as row from ${sql.raw(name)} t`),
    ),
  )
  return rows.flatMap((result) => result.rows.map(({ row }) => row)).join('\n')
}
