/** What a command of `npm run scrim` is. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { openDatabase } from '../storage/database.ts'
import type { Database } from '../storage/database.ts'

/** The world as a command sees it. */
export type Terminal = {
  env: Readonly<Record<string, string | undefined>>
  /** The name of whoever runs it. */
  operator: string
  now: () => Date
  /** Where whoever runs it stands: what paths are relative to. */
  folder: string
  /** Standard input. */
  input: Readable
  /** Whether standard output shows colours. */
  isColoured: boolean
  /** Writes to standard output; resolves when more may be written. Throws an `OutputClosedError`. */
  print(text: string): Promise<void>
  /** Writes a line for a person to standard error. */
  warn(line: string): void
  /** Where a progress bar can be drawn; null when nobody watches. */
  screen: NodeJS.WriteStream | null
  /**
   * Aborted when whoever runs it interrupts it; who insists ends it. A command that does not ask is
   * ended at once.
   */
  interruption(): AbortSignal
}

export type Command = {
  /** Such as `audit verify`. */
  name: string
  /** What stands behind the name. */
  synopsis: string
  summary: string
  /** Answers the exit code: 0 done, 1 the answer is no, 2 it could not run. Throws a `UsageError` for bad use. */
  run(args: string[], terminal: Terminal): Promise<number>
}

/** The command cannot run as it was called; the message is one line for a person. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Whoever reads standard output has gone, as `head` does when it has its lines. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError'
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
