/** What a command of `npm run scrim` is. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../storage/database.ts'
import type { Database } from '../storage/database.ts'

/** The world as a command sees it. */
export type Terminal = {
  env: Readonly<Record<string, string | undefined>>
  /** The name of whoever runs it. */
  operator: string
  now: () => Date
  /** Writes to standard output; resolves when more may be written. */
  print(text: string): Promise<void>
}

export type Command = {
  /** Such as `audit verify`. */
  name: string
  /** What stands behind the name. */
  synopsis: string
  summary: string
  /** Answers the exit code: 0 done, 1 the answer is no. Throws a `UsageError` for bad use. */
  run(args: string[], terminal: Terminal): Promise<number>
}

/** The command cannot run as it was called; the message is one line for a person. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs `work` on the database that the environment names, and closes it. */
export async function withDatabase<T>(
  env: Terminal['env'],
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openConfigured(env)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

function openConfigured(env: Terminal['env']): Promise<Database> {
  const url = env['DATABASE_URL']
  if (url !== undefined && url !== '') return openDatabase({ url, maxConnections: 2 })
  const folder = env['SCRIM_DATA'] || '.scrim'
  if (!existsSync(join(folder, 'database'))) {
    throw new UsageError(`no database in ${folder}: set DATABASE_URL or SCRIM_DATA`)
  }
  return openDatabase({ folder })
}
