/** `npm run scrim -- COMMAND`: finds the command, and turns what it throws into one line. */
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ScrimError } from '../core/errors.ts'
import { FolderLockedError } from '../storage/lock.ts'
import { StatementError } from '../storage/storage-error.ts'
import { assemble } from './assemble.ts'
import { auditExport } from './audit-export.ts'
import { auditVerify } from './audit-verify.ts'
import type { Command, Terminal } from './command.ts'
import { OutputClosedError, UsageError } from './command.ts'
import { detect } from './detect.ts'
import { erase } from './erase.ts'
import { keysGenerate } from './keys-generate.ts'
import { keysRotate } from './keys-rotate.ts'
import { keysStatus } from './keys-status.ts'
import { packageApp } from './package.ts'
import { policyCheck } from './policy-check.ts'
import { policyDiff } from './policy-diff.ts'
import { policyDraft } from './policy-draft.ts'
import { policySchemaCommand } from './policy-schema.ts'
import { policyTest } from './policy-test.ts'
import { protect } from './protect.ts'

const COMMANDS: readonly Command[] = [
  auditVerify,
  auditExport,
  detect,
  keysGenerate,
  keysStatus,
  keysRotate,
  protect,
  erase,
  policyCheck,
  policyTest,
  policyDiff,
  policyDraft,
  policySchemaCommand,
  packageApp,
  assemble,
]

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)))

const BAD_USE = 2
/** What a shell says of a program that ended by SIGPIPE, 128 + 13. */
const OUTPUT_CLOSED = 141
/** SQLSTATE of a table that is not there. */
const UNDEFINED_TABLE = '42P01'

const HELP = `Usage: npm run scrim -- COMMAND

${COMMANDS.map(({ name, synopsis, summary }) => `  ${name} ${synopsis}\n      ${summary}`).join('\n')}

The database is the server of DATABASE_URL, else the folder of SCRIM_DATA, else .scrim.
Exit codes: 0 done, 1 the log is wrong, something sensitive was found, or not all could be done, 2 the
command could not run or a file could not be read.
npm prints a banner first: npm run --silent scrim -- COMMAND leaves only what the command prints.
`

/** The failure in one line, or undefined for one that nobody foresaw. */
function explain(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof FolderLockedError) return error.message
  if (error instanceof ScrimError && error.code === 'keys_unavailable') {
    return 'the keys cannot be had: the key service does not answer, or a key is not among them'
  }
  if (error instanceof ScrimError && error.code === 'storage_unavailable') {
    const why = error.cause instanceof Error ? ` (${error.cause.message})` : ''
    return `the database cannot be reached${why}`
  }
  if (error instanceof StatementError && error.sqlState === UNDEFINED_TABLE) {
    return 'the database has no tables of Scrim: start the endpoint once'
  }
  // node:util's parseArgs: its message names the option.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE')) {
    return error.message.split('. ')[0]
  }
  return undefined
}

async function run(args: string[], terminal: Terminal): Promise<number> {
  if (args.length === 0 || args.includes('--help') || args[0] === 'help') {
    await terminal.print(HELP)
    return args.length === 0 ? BAD_USE : 0
  }
  for (const command of COMMANDS) {
    const words = command.name.split(' ').length
    const isNamed = args.slice(0, words).join(' ') === command.name
    if (isNamed) return command.run(args.slice(words), terminal)
  }
  throw new UsageError('no such command: see --help')
}

/** npm runs scripts in the package's folder, and says where it was called. */
function standingFolder(): string {
  const calledFrom = process.env['INIT_CWD'] ?? ''
  return process.cwd() === ROOT && calledFrom !== '' ? calledFrom : process.cwd()
}

async function print(text: string): Promise<void> {
  try {
    await new Promise<void>((written, fail) => {
      // Into a file this throws, into a pipe it calls back.
      process.stdout.write(text, (error) => (error ? fail(error) : written()))
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'EPIPE') throw new OutputClosedError()
    throw new UsageError(`standard output cannot be written (${code})`)
  }
}

/** A second signal this much later is insistence, not an echo: npm and tsx pass signals on. */
const INSIST_MS = 1000
/** What a shell says of a program that ended by SIGINT, 128 + 2. */
const INTERRUPTED = 130

function interruption(): AbortSignal {
  const controller = new AbortController()
  let firstAt: number | undefined
  const interrupt = (): void => {
    firstAt ??= performance.now()
    if (performance.now() - firstAt > INSIST_MS) process.exit(INTERRUPTED)
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return controller.signal
}

// A failed write is told to its caller, too; without a listener the event would end the process.
process.stdout.on('error', () => undefined)

try {
  process.exitCode = await run(process.argv.slice(2), {
    env: process.env,
    operator: userInfo().username,
    now: () => new Date(),
    folder: standingFolder(),
    input: process.stdin,
    isColoured: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
    print,
    warn: (line) => console.error(line),
    screen: process.stderr.isTTY === true ? process.stderr : null,
    interruption,
  })
} catch (error) {
  if (error instanceof OutputClosedError) {
    process.exitCode = OUTPUT_CLOSED
  } else {
    // Thrown on, what nobody foresaw would end in Node's exit code 1, which is an answer of ours.
    const line = explain(error)
    console.error(line === undefined ? error : `scrim: ${line}`)
    process.exitCode = BAD_USE
  }
}
