/**
 * `protect`: finds what is sensitive in the tickets that exist and has it vaulted and redacted, as the
 * endpoint does with what arrives. Runs beside the endpoint, in its environment; what was stopped or
 * killed is gone on with.
 */
import { constants } from 'node:fs'
import { access, writeFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { setTimeout as waitFor } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { hasLeftovers } from '../endpoint/backfill/report.ts'
import type { BackfillReport } from '../endpoint/backfill/report.ts'
import { BackfillRunningError, runBackfill } from '../endpoint/backfill/run.ts'
import { BackfillTakenOverError } from '../endpoint/backfill/state.ts'
import type { BackfillEnd } from '../endpoint/backfill/state.ts'
import { ConfigError, readConfig } from '../endpoint/config.ts'
import type { Config } from '../endpoint/config.ts'
import { composeWork } from '../endpoint/runtimes/compose.ts'
import { openDatabase } from '../storage/database.ts'
import { createSteadyBudget } from '../zendesk/budget.ts'
import { formatBackfillCsv, formatBackfillJson, formatBackfillText } from './backfill-report.ts'
import { openProgress } from './backfill-progress.ts'
import type { Command, Terminal } from './command.ts'
import { UsageError } from './command.ts'

/** Zendesk refuses an export that begins later. */
const MIN_AGE_MS = 60_000
const DEFAULT_RATE = 60
/** Below, the calls of one ticket would lie too far apart; above, even large plans feel it. */
const RATES = { least: 30, most: 600 }
const NOT_ALL = 1

const FORMATS: Readonly<Record<string, (report: BackfillReport) => string>> = {
  '.txt': formatBackfillText,
  '.json': formatBackfillJson,
  '.csv': formatBackfillCsv,
}

/** A dry run's: it signs in and reads, and cannot do more. */
const readingFetch: typeof fetch = (input, init) => {
  const method = init?.method ?? 'GET'
  const isSignIn = String(input).endsWith('/oauth/tokens')
  if (method === 'GET' || isSignIn) return fetch(input, init)
  throw new TypeError('a dry run writes nothing')
}

export const protect: Command = {
  name: 'protect',
  synopsis:
    '--since DATE|INSTANT [--dry-run] [--report FILE.txt|json|csv]... [--rate N] [--restart] [--as NAME]',
  summary:
    'vault and redact what is sensitive in tickets changed since then; --dry-run only counts it',
  run: async (args, terminal) => {
    const { values } = parseArgs({
      args,
      options: {
        since: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        report: { type: 'string', multiple: true, default: [] },
        rate: { type: 'string', default: String(DEFAULT_RATE) },
        restart: { type: 'boolean', default: false },
        as: { type: 'string' },
      },
    })
    const since = readSince(values.since, terminal.now())
    const requestsPerMinute = readRate(values.rate)
    const files = values.report.map((file) => resolve(terminal.folder, file))
    await checkFiles(files)
    const config = readEnvironment(terminal)
    const isDryRun = values['dry-run']
    const database = await openDatabase(config.database)
    const signal = terminal.interruption()
    const progress = openProgress(terminal)
    try {
      const deps = await composeWork(config, {
        database,
        budget: createSteadyBudget({ requestsPerMinute, elapsed: () => performance.now() }),
        fetch: isDryRun ? readingFetch : fetch,
        // What fails is in the report, by its code.
        log: { info: () => {}, error: () => {} },
      })
      const { end, report } = await runBackfill(
        { ...deps, assets: { scriptsFor: () => [], read: async () => null } },
        {
          since,
          isDryRun,
          isAnew: values.restart,
          actor: { type: 'operator', name: values.as ?? terminal.operator },
          signal,
          wait: (milliseconds) => waitFor(milliseconds, undefined, { signal }).catch(() => {}),
          onProgress: (state) => progress.show(state),
        },
      )
      progress.close()
      await tell(terminal, files, report, end)
      return end === 'done' && !hasLeftovers(report) ? 0 : NOT_ALL
    } catch (error) {
      throw explained(error)
    } finally {
      progress.close()
      await database.close()
    }
  },
}

async function tell(
  { print, warn }: Terminal,
  files: readonly string[],
  report: BackfillReport,
  end: BackfillEnd,
): Promise<void> {
  await print(formatBackfillText(report))
  for (const file of files) {
    const format = FORMATS[extname(file)]
    if (format !== undefined) await writeFile(file, format(report))
  }
  if (end === 'stopped') warn('stopped: the same command goes on there')
  if (end === 'failing') {
    warn(
      report.isComplete
        ? 'what waits could not be written into Zendesk: the endpoint goes on trying'
        : 'Zendesk cannot be reached or refuses: the same command goes on there later',
    )
  }
}

const dateOrInstant = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

/** A date is its first moment in UTC. */
function readSince(text: string | undefined, now: Date): Date {
  const parsed = dateOrInstant.safeParse(text)
  if (!parsed.success) {
    throw new UsageError('--since takes a date (2024-01-31) or an instant (2024-01-31T08:00:00Z)')
  }
  const since = new Date(parsed.data)
  if (since.getTime() > now.getTime() - MIN_AGE_MS) {
    throw new UsageError('--since must be a minute ago at least')
  }
  return since
}

function readRate(text: string): number {
  const rate = Number(text)
  if (!Number.isInteger(rate) || rate < RATES.least || rate > RATES.most) {
    throw new UsageError(`--rate takes ${RATES.least} to ${RATES.most} requests a minute`)
  }
  return rate
}

/** Before hours of work, not after them. */
async function checkFiles(files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (FORMATS[extname(file)] === undefined) {
      throw new UsageError('--report takes a file that ends in .txt, .json or .csv')
    }
    await access(dirname(file), constants.W_OK).catch((error: unknown) => {
      throw new UsageError(`${dirname(file)} cannot be written`, { cause: error })
    })
  }
}

function readEnvironment({ env }: Terminal): Config {
  try {
    return readConfig(env)
  } catch (error) {
    throw explained(error)
  }
}

/** What a person can do something about, as one line. */
function explained(error: unknown): unknown {
  if (error instanceof ConfigError) return new UsageError(error.message.replaceAll('\n', ' '))
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return new UsageError('the file of SCRIM_POLICY_FILE cannot be read')
  }
  if (error instanceof BackfillRunningError) {
    return new UsageError(
      `another backfill of this account is at work; if it was killed ${error.secondsAgo} seconds ago, ` +
        `try again in ${error.secondsLeft}`,
    )
  }
  if (error instanceof BackfillTakenOverError) {
    return new UsageError('somebody else goes on with this backfill, or began it anew')
  }
  return error
}
