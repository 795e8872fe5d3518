/** Brings a database to the schema of this version. Forward only, all or nothing. */
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Database } from './database.ts'

/** Any number will do, as long as every starter of Scrim takes the same: "scrim" in ASCII. */
const ADVISORY_LOCK = 0x73_63_72_69_6d

const LAST_MIGRATION = {
  name: 'scrim_last_migration',
  text: 'select max(created_at) as last from drizzle.__drizzle_migrations',
}

/**
 * Applies what is missing, in one transaction and under one lock: of two starters at once the second
 * waits and finds nothing to do. Keeps drizzle's own table of what was applied.
 * @param folder where the migrations are; a bundle passes its own copy.
 */
export async function migrateDatabase(
  database: Database,
  folder: string = fileURLToPath(new URL('migrations', import.meta.url)),
): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder: folder })
  await database.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0`)
    await tx.execute(sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`)
    await tx.execute(sql`create schema if not exists drizzle`)
    await tx.execute(sql`
      create table if not exists drizzle.__drizzle_migrations
        (id serial primary key, hash text not null, created_at bigint)
    `)
    const [row] = await tx.run(LAST_MIGRATION, [])
    const last = Number(row?.['last'] ?? -1)
    for (const migration of migrations) {
      if (migration.folderMillis <= last) continue
      for (const statement of migration.sql) await tx.execute(sql.raw(statement))
      await tx.execute(sql`
        insert into drizzle.__drizzle_migrations (hash, created_at)
        values (${migration.hash}, ${migration.folderMillis})
      `)
    }
  })
}
