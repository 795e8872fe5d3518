/** `npm start`, run as a command. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildProducts } from '../../src/sandbox/build.ts'

type Run = {
  process: ChildProcess
  output: () => string
  errors: () => string
  end: Promise<number | null>
}

let dataFolder: string
let runs: Run[]

/** A port with a free one behind it. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function run(environment: Record<string, string>, ...flags: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/sandbox/start.ts', ...flags], {
    env: { ...process.env, SCRIM_DATA: dataFolder, ...environment },
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  const end = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const started = { process: child, output: () => output, errors: () => errors, end }
  runs.push(started)
  return started
}

async function opened({ output, errors, end }: Run): Promise<string> {
  let hasEnded = false
  void end.finally(() => (hasEnded = true))
  while (!output().includes('Stop with')) {
    if (hasEnded) throw new Error(`it ended: ${errors()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return output()
}

beforeEach(async () => {
  runs = []
  dataFolder = await mkdtemp(join(tmpdir(), 'scrim-start-'))
  await buildProducts(['sdk', 'app', 'sandbox'])
})

afterEach(async () => {
  for (const { process: child } of runs) child.kill('SIGKILL')
  await rm(dataFolder, { recursive: true, force: true })
})

test('start says where it is and who one can be, and ends cleanly', async () => {
  const port = String(await freePort())
  const first = run({ PORT: port })
  const said = await opened(first)
  expect(said).toContain(`http://localhost:${port}/?as=101`)
  expect(said).toContain('Ingrid Solberg')
  expect((await fetch(`http://localhost:${port}/`)).status).toBe(200)

  const samePort = run({ PORT: port, SCRIM_DATA: join(dataFolder, 'other') })
  expect(await samePort.end).toBe(1)
  expect(samePort.errors()).toMatch(/^scrim: port \d+ is in use: .+\n$/)

  const sameFolder = run({ PORT: String(await freePort()) })
  expect(await sameFolder.end).toBe(1)
  expect(sameFolder.errors()).toMatch(/^scrim: .+ is in use by process \d+: .+\n$/)

  first.process.kill('SIGINT')
  expect(await first.end).toBe(0)
  expect(first.errors()).toBe('')
}, 60_000)

test.each([
  [{ PORT: 'http' }, [], /^scrim: PORT must be a whole number from 1 to 65534\n$/],
  [{}, ['--frehs'], /^scrim: --frehs is neither --fresh nor --watch\n$/],
  [{ SCRIM_SDK: 'nowhere.js' }, [], /^scrim: SCRIM_SDK is neither a file here nor an address\n$/],
] as [Record<string, string>, string[], RegExp][])(
  'what cannot be understood is said in one line: %j %j',
  async (environment, flags, line) => {
    const started = run(environment, ...flags)
    expect(await started.end).toBe(1)
    expect(started.errors()).toMatch(line)
  },
)
