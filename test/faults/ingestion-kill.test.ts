/**
 * Ingestion by processes that die: `kill -9` before every statement, at every commit and at every call
 * to Zendesk, and a real network that fails there. Each next process finds what the last one left, does
 * it, and dies of its own step at the next ticket; at the end all tickets are looked at.
 */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { generateKey } from '../../src/keys/key-provider.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { readAuditEntries } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { findOpenOutbox } from '../../src/storage/outbox.ts'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { exposuresOf, vaultOf } from '../support/ingestion.ts'
import { accountNamed, composeLiveEndpoint } from '../support/live-endpoint.ts'
import type { IngestionProcessOptions, Order } from './ingestion-process.ts'
import type { Treatment } from './zendesk-server.ts'
import { send, serveZendesk } from './zendesk-server.ts'

const TEMPLATE = 4009
const FIELD = 301
const HARRIET = 501
const MAYA = 101
const IN_COMMENT = '4242 4242 4242 4242'
const IN_NOTE = '5555 5555 5555 4444'
const IN_FIELD = '3782 822463 10005'
const ALL = [IN_COMMENT, IN_NOTE, IN_FIELD].toSorted()
const MAX_ENTRIES = 100_000
/** Longer than any claim or back-off of a first try. */
const LATER_MS = 61_000
/** A process that shows nothing for so long, once its ticket is clean, is at no step any more. */
const QUIET_MS = 1_500
const OAUTH = { clientId: 'scrim', clientSecret: 'the-secret-of-the-emulated-zendesk' }

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'scrim-kill-ingestion-'))
/** Beside the packages that the bundle leaves out. */
const bundles = join(root, 'node_modules', '.cache', `scrim-faults-${process.pid}`)
let script: string
const children = new Set<ChildProcess>()

// What a process loads before it can work decides how many can be killed in a minute.
beforeAll(async () => {
  mkdirSync(bundles, { recursive: true })
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: bundles,
      target: 'node20',
      rolldownOptions: {
        input: { process: join(root, 'test/faults/ingestion-process.ts') },
        external: ['@electric-sql/pglite', 'pg-native', 'vitest'],
      },
    },
  })
  script = join(bundles, 'process.js')
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
  rmSync(bundles, { recursive: true, force: true })
})

type Worker = {
  /** Resolves with the port. */
  open(options: IngestionProcessOptions): Promise<number>
  tell(order: Order): Promise<number>
  kill(): Promise<void>
  exited: Promise<unknown>
  isGone(): boolean
  said(): string
}

function startWorker(): Worker {
  const child = fork(script, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] })
  children.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const exited = once(child, 'exit').finally(() => children.delete(child))
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  const tell = async (order: Order): Promise<number> => {
    const answer = once(child, 'message')
    child.send(order)
    const first = await Promise.race([answer, exited.then(() => null)])
    if (first === null) throw new Error(`the process ended instead of "${order.do}": ${said}`)
    return Number(first[0])
  }
  return {
    open: (options) => tell({ do: 'open', options }),
    tell,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    exited,
    isGone,
    said: () => said,
  }
}

const pause = (milliseconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

/** A Zendesk account, its endpoint's database, and one process after the other that serves it. */
async function startWorld(engine: 'pglite' | 'postgres') {
  const where =
    engine === 'pglite' ? { folder: join(folder, 'data') } : { url: inject('postgresUrl') }
  const preparing = await openDatabase(where)
  await migrateDatabase(preparing)
  await preparing.close()

  let aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  const emulator = createRestEmulator({ now, newId: randomUUID, oauth: OAUTH, delayMs: 0 })
  const writes: string[] = []
  const zendesk = await serveZendesk(recordingWrites(emulator, writes))
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const options = {
    where,
    subdomain: `kill-${randomUUID().slice(0, 8)}`,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keys: generateKey('kill'),
    zendesk: { baseUrl: zendesk.baseUrl, oauth: OAUTH },
    webhookSecret: randomUUID(),
  }
  const tickets: number[] = []
  let spare = startWorker()
  let worker: Worker
  let port = 0
  let said = ''

  const takeSpare = async () => {
    worker = spare
    spare = startWorker()
    port = await worker.open({ ...options, aheadMs })
  }
  await takeSpare()

  /** True when the endpoint said that it has it. */
  const webhook = async (event: { headers: Record<string, string>; body: string }) => {
    try {
      const url = `http://127.0.0.1:${port}/webhooks/zendesk`
      return (await fetch(url, { method: 'POST', ...event })).status === 202
    } catch {
      return false
    }
  }

  const world = {
    options,
    emulator,
    zendesk,
    tickets,
    writes,
    said: () => said + worker.said(),
    /** A ticket with values in a message, a note and a field, and the webhook that tells of it. */
    async tell(): Promise<{ isTaken: boolean; event: Parameters<typeof webhook>[0] }> {
      const ticketId = await addTicket(emulator, 5001 + tickets.length)
      tickets.push(ticketId)
      const body = JSON.stringify({ ticket_id: ticketId, event: 'ticket.changed' })
      const timestamp = now().toISOString()
      const hmac = createHmac('sha256', options.webhookSecret).update(timestamp + body)
      const headers = {
        'content-type': 'application/json',
        'x-zendesk-webhook-signature': hmac.digest('base64'),
        'x-zendesk-webhook-signature-timestamp': timestamp,
        'x-zendesk-webhook-invocation-id': randomUUID(),
      }
      const event = { headers, body }
      return { isTaken: await webhook(event), event }
    },
    webhook,
    order: (order: Order) => worker.tell(order),
    kill: () => worker.kill(),
    /** Resolves when the process is gone, or when it has had time to finish the ticket. */
    async untilGone(): Promise<boolean> {
      const ticketId = tickets.at(-1) ?? 0
      const isDone = async () => {
        while (!worker.isGone() && saysPlain(emulator, ticketId).length > 0) await pause(5)
        await pause(QUIET_MS)
      }
      await Promise.race([worker.exited, isDone()])
      return worker.isGone()
    },
    /** The next process, later; it finishes what it finds. Without the sweep, which would find all. */
    async goOn(lost: Parameters<typeof webhook>[0] | null): Promise<void> {
      if (worker.isGone()) {
        said += worker.said()
        await takeSpare()
      }
      // Zendesk tries again where nobody answered.
      if (lost !== null && !(await webhook(lost))) throw new Error('the webhook is refused')
      for (let round = 0; round < 3; round += 1) {
        aheadMs += LATER_MS
        await worker.tell({ do: 'move the clock', aheadMs })
        await worker.tell({ do: 'work' })
      }
    },
    async close(): Promise<void> {
      await spare.kill()
      worker.tell({ do: 'close' }).catch(() => undefined)
      await worker.exited
      zendesk.shut()
    },
  }
  return world
}

type World = Awaited<ReturnType<typeof startWorld>>

/** Names each place whose text a write of the endpoint changed: `ticket:comment` or `ticket:field`. */
function recordingWrites(emulator: RestEmulator, writes: string[]) {
  return async (request: Request): Promise<Response> => {
    const isWrite = request.method === 'PUT'
    const before = isWrite ? placesOf(emulator) : []
    const answer = await emulator.fetch(request)
    for (const [at, [place, text]] of (isWrite ? placesOf(emulator) : []).entries()) {
      if (before[at]?.[1] !== text) writes.push(place)
    }
    return answer
  }
}

function placesOf({ state }: RestEmulator): [place: string, text: string | null][] {
  return state.tickets.flatMap((ticket) => [
    ...(state.comments[ticket.id] ?? []).map((comment): [string, string] => [
      `${ticket.id}:${comment.id}`,
      comment.html_body,
    ]),
    ...ticket.custom_fields
      .filter(({ id }) => id === FIELD)
      .map(({ value }): [string, string | null] => [`${ticket.id}:field`, value]),
  ])
}

/** The values that a ticket still shows, its history aside. */
function saysPlain({ state }: RestEmulator, ticketId: number): string[] {
  const shown = JSON.stringify([
    state.comments[ticketId],
    state.tickets.find(({ id }) => id === ticketId),
  ])
  return ALL.filter((value) => shown.includes(value))
}

async function addTicket(emulator: RestEmulator, id: number): Promise<number> {
  const { state } = emulator
  const template = state.tickets.find((ticket) => ticket.id === TEMPLATE)
  if (template === undefined) throw new Error(`no ticket ${TEMPLATE}`)
  const url = template.url.replace(String(TEMPLATE), String(id))
  state.tickets.push({ ...structuredClone(template), id, url, requester_id: HARRIET })
  const update = async (personId: number, ticket: object) => {
    const answer = await emulator.fetch(
      new Request(`https://sandbox.zendesk.com/api/v2/tickets/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-sandbox-person': String(personId) },
        body: JSON.stringify({ ticket }),
      }),
    )
    if (answer.status !== 200) throw new Error(`Zendesk says ${answer.status}`)
  }
  const said = `<p>My card is ${IN_COMMENT}</p>`
  await update(MAYA, { comment: { html_body: said, public: true } })
  await update(MAYA, { comment: { html_body: `<p>Or ${IN_NOTE}</p>`, public: false } })
  await update(MAYA, { custom_fields: [{ id: FIELD, value: IN_FIELD }] })
  return id
}

/** What is wrong in the end, in words. */
async function faultsOf(world: World): Promise<string[]> {
  const { emulator, options, tickets, writes } = world
  const database = await openDatabase(options.where)
  const account = accountNamed(options.subdomain, options.publicKeyPem)
  const { deps } = composeLiveEndpoint({ account, database, keys: options.keys })
  const wrong: string[] = []
  const stored = await readAuditEntries(database.orm, account.id, 0, MAX_ENTRIES)
  // Bodies are what `encodeEntry` made of an `AuditEntry`.
  const entries = stored.map(({ body }) => JSON.parse(body) as AuditEntry)
  const listed = await exposuresOf({ deps })
  for (const ticketId of tickets) {
    const kept = (await vaultOf({ deps }, ticketId)).map(({ value }) => value).toSorted()
    if (kept.join() !== ALL.join()) wrong.push(`${ticketId}: ${kept.length} values in the vault`)
    for (const value of saysPlain(emulator, ticketId)) wrong.push(`${ticketId}: says ${value}`)
    const open = await findOpenOutbox(database.orm, account.id, ticketId)
    if (open.length > 0) wrong.push(`${ticketId}: ${open.length} orders wait`)
    const ours = entries.filter(({ record }) => record?.id === ticketId)
    for (const action of ['protected_value.ingest', 'comment.redact'] as const) {
      const count = ours.filter((entry) => entry.action === action).length
      const expected = action === 'comment.redact' ? 2 : 3
      if (count !== expected) wrong.push(`${ticketId}: ${count} entries ${action}`)
    }
    const history = JSON.stringify(emulator.state.audits[ticketId])
    const isListed = listed.some(
      (each) => each.ticketId === ticketId && each.category === 'field_history',
    )
    if (history.includes(IN_FIELD) && !isListed) wrong.push(`${ticketId}: history is not listed`)
    if ([IN_COMMENT, IN_NOTE].some((value) => history.includes(value))) {
      wrong.push(`${ticketId}: history says what a comment said`)
    }
  }
  await database.close()
  const twice = writes.filter((place, at) => writes.indexOf(place) !== at)
  wrong.push(...twice.map((place) => `${place} was written twice`))
  if (ALL.some((value) => world.said().includes(value))) wrong.push('a log says a value')
  return wrong
}

/** What a real network does to one call, with or without the call's effect. */
const NETWORK: Readonly<Record<string, (world: World) => Treatment>> = {
  'the connection is reset before it':
    () =>
    async ({ socket }) => {
      socket.resetAndDestroy()
    },
  'Zendesk is gone from here on':
    ({ zendesk }) =>
    async ({ socket }) => {
      socket.destroy()
      zendesk.shut()
    },
  'it has its effect and the connection is reset':
    () =>
    async ({ answer, socket }) => {
      await answer()
      socket.resetAndDestroy()
    },
  'the answer breaks off':
    () =>
    async ({ answer, socket, response }) => {
      const { status, headers } = await answer()
      response.writeHead(status, Object.fromEntries(headers))
      response.write('{"', () => socket.destroy())
    },
  'Zendesk says 429':
    () =>
    async ({ response }) => {
      await send(response, new Response('{}', { status: 429, headers: { 'retry-after': '3' } }))
    },
}

/** What a process that remembers Zendesk's account does for one ticket. */
async function countSteps(world: World, isWritesOnly: boolean) {
  const calm = async () => {
    await world.order({ do: 'kill at', step: 0, isWritesOnly })
    world.zendesk.calls = []
    expect((await world.tell()).isTaken).toBe(true)
    expect(await world.untilGone()).toBe(false)
    return world.order({ do: 'kill at', step: 0, isWritesOnly })
  }
  await calm()
  const statements = await calm()
  return { statements, calls: [...world.zendesk.calls] }
}

describe.each(['postgres', 'pglite'] as const)('on %s', (engine) => {
  it('a process that is killed at any step loses nothing and does nothing twice', async () => {
    const world = await startWorld(engine)
    const { zendesk } = world
    // PGlite starts slowly: there, only where something has changed since the step before.
    const isWritesOnly = engine === 'pglite'
    const { statements, calls } = await countSteps(world, isWritesOnly)
    let killed = 0

    for (let step = 1; step <= statements; step += 1) {
      await world.order({ do: 'kill at', step, isWritesOnly })
      const { isTaken, event } = await world.tell()
      if (await world.untilGone()) killed += 1
      await world.goOn(isTaken ? null : event)
    }
    for (const [at, method] of calls.entries()) {
      for (const hasEffect of [false, true]) {
        if (isWritesOnly && !(hasEffect && method === 'PUT')) continue
        zendesk.calls = []
        zendesk.treat = {
          call: at + 1,
          how: async ({ answer }) => {
            if (hasEffect) await answer()
            await world.kill()
          },
        }
        const { isTaken, event } = await world.tell()
        if (await world.untilGone()) killed += 1
        zendesk.treat = null
        await world.goOn(isTaken ? null : event)
      }
    }
    await world.close()
    expect(await faultsOf(world)).toEqual([])
    // What it remembers of the account may save it the last step.
    expect(killed).toBeGreaterThanOrEqual(world.tickets.length - 4)
    process.stdout.write(`${killed} processes killed on ${engine}\n`)
  }, 300_000)
})

it('a network that fails at any call loses nothing and has nothing done twice', async () => {
  const world = await startWorld('postgres')
  const { zendesk } = world
  const { calls } = await countSteps(world, false)
  for (const how of Object.values(NETWORK)) {
    for (const at of calls.keys()) {
      zendesk.calls = []
      const met = new Promise<void>((resolve) => {
        zendesk.treat = {
          call: at + 1,
          how: (call) => how(world)(call).finally(resolve),
        }
      })
      expect((await world.tell()).isTaken).toBe(true)
      // What it remembers of the account may save it the last call.
      await Promise.race([met, world.untilGone()])
      zendesk.treat = null
      await zendesk.open()
      await world.goOn(null)
    }
  }
  await world.close()
  expect(await faultsOf(world)).toEqual([])
  process.stdout.write(`${Object.keys(NETWORK).length} faults at ${calls.length} calls\n`)
}, 300_000)
