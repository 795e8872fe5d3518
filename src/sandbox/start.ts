/**
 * `npm start`: builds what changed, opens the sandbox and says where it is. `--fresh` begins anew,
 * `--watch` rebuilds while one works. The only place in the sandbox that reads the environment, the
 * clock and chance.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, watch } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ScrimError } from '../core/errors.ts'
import { FolderLockedError } from '../storage/lock.ts'
import { buildProducts } from './build.ts'
import { ForeignFolderError } from './data-folder.ts'
import { PortTakenError } from './local-server.ts'
import { SANDBOX_PEOPLE } from './people.ts'
import type { Sandbox } from './sandbox.ts'
import { startSandbox } from './sandbox.ts'

const DEFAULT_PORT = 4100
const LAST_PORT = 65_534
const DEFAULT_FOLDER = '.scrim'
const REBUILD_DELAY_MS = 150

/** What a person did wrong, in one line. */
class UsageError extends Error {}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= LAST_PORT) return port
  throw new UsageError(`PORT must be a whole number from 1 to ${LAST_PORT}`)
}

function readSdk(sdk: string | undefined): string | undefined {
  if (sdk === undefined || sdk === '') return undefined
  if (/^https?:\/\//.test(sdk) || existsSync(sdk)) return sdk
  throw new UsageError('SCRIM_SDK is neither a file here nor an address')
}

function readFlags(flags: readonly string[]): { isFresh: boolean; isWatching: boolean } {
  const unknown = flags.find((flag) => flag !== '--fresh' && flag !== '--watch')
  if (unknown !== undefined) throw new UsageError(`${unknown} is neither --fresh nor --watch`)
  return { isFresh: flags.includes('--fresh'), isWatching: flags.includes('--watch') }
}

function describe({ hostUrl, isNew }: Sandbox, folder: string): string {
  const width = Math.max(...SANDBOX_PEOPLE.map(({ name }) => name.length))
  const people = SANDBOX_PEOPLE.map(
    ({ id, name, title }) => `    ${name.padEnd(width)}  ${title.padEnd(38)} ${hostUrl}/?as=${id}`,
  )
  return [
    '',
    `  Scrim sandbox  ${hostUrl}`,
    '',
    '  Be one of them, or two of them in two windows:',
    ...people,
    '',
    isNew
      ? `  New in ${folder}: values are in the vault, one request waits, one grant is open, one was denied.`
      : `  Going on with what is in ${folder}. Begin anew with: npm start -- --fresh`,
    '  Stop with Ctrl+C.',
    '',
  ].join('\n')
}

async function rebuild(sandbox: Sandbox): Promise<void> {
  try {
    const built = await buildProducts(['app', 'sandbox'])
    if (built.includes('app')) await sandbox.reloadApp()
    if (built.length > 0) console.log(`  Rebuilt ${built.join(' and ')}. Reload the page.`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}

/** Rebuilds the app and the page when their sources change, one build at a time. */
function watchSources(sandbox: Sandbox): void {
  let building = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const onChange = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      building = building.then(() => rebuild(sandbox))
    }, REBUILD_DELAY_MS)
  }
  for (const folder of ['src', 'translations']) {
    watch(join(root, folder), { recursive: true }, onChange).unref()
  }
}

async function main(): Promise<void> {
  const { isFresh, isWatching } = readFlags(process.argv.slice(2))
  const port = readPort(process.env.PORT)
  const sdk = readSdk(process.env.SCRIM_SDK)
  const folder = process.env.SCRIM_DATA || DEFAULT_FOLDER
  const built = await buildProducts(['sdk', 'app', 'sandbox'])
  if (built.length > 0) console.log(`  Built ${built.join(', ')}.`)

  const dataFolder = resolve(folder)
  mkdirSync(dataFolder, { recursive: true })
  const logFile = createWriteStream(join(dataFolder, 'endpoint.log'), { flags: 'a' })
  const sandbox = await startSandbox({
    port,
    dataFolder,
    isFresh,
    // A server of one's own instead of the embedded database.
    databaseUrl: process.env.DATABASE_URL || undefined,
    sdk,
    now: () => new Date(),
    newId: randomUUID,
    log: (line) => void logFile.write(`${line}\n`),
  })
  console.log(describe(sandbox, folder))
  if (isWatching) watchSources(sandbox)

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    await sandbox.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
}

function isForPerson(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    error instanceof PortTakenError ||
    error instanceof FolderLockedError ||
    error instanceof ForeignFolderError
  )
}

main().catch((error: unknown) => {
  if (error instanceof ScrimError && error.code === 'storage_unavailable') {
    console.error('scrim: the database of DATABASE_URL cannot be reached')
  } else {
    console.error(isForPerson(error) ? `scrim: ${error.message}` : error)
  }
  process.exit(1)
})
