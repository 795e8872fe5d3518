import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync, randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, inject, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { generateKey } from '../../src/keys/key-provider.ts'
import { readAuditEntries } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { accountNamed, grantTo, signIn } from '../support/live-endpoint.ts'
import type { ProcessOptions } from './endpoint-process.ts'

const REVEALS = 200
const CARD = '4242 4242 4242 4242'
const FIELD = { ticketId: 4001, fieldId: 'card_number' }
const root = fileURLToPath(new URL('../..', import.meta.url))
const tsx = ['--import', 'tsx']

let child: ChildProcess | undefined
const folder = mkdtempSync(join(tmpdir(), 'scrim-kill-'))
afterEach(() => {
  child?.kill('SIGKILL')
})

async function start(
  options: ProcessOptions,
): Promise<{ base: string; kill: () => Promise<void> }> {
  const script = join(root, 'test/faults/endpoint-process.ts')
  const started = spawn(process.execPath, [...tsx, script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  const port = await new Promise<string>((resolve, reject) => {
    started.once('exit', () => reject(new Error('the endpoint ended before it listened')))
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /listening (\d+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return {
    base: `http://127.0.0.1:${port}`,
    kill: async () => {
      started.kill('SIGKILL')
      await once(started, 'exit')
    },
  }
}

const pause = (milliseconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

describe.each(['pglite', 'postgres'] as const)('kill -9 on %s', (engine) => {
  it('never returns a value whose entry is lost', async () => {
    const where =
      engine === 'pglite' ? { folder: join(folder, 'data') } : { url: inject('postgresUrl') }
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const subdomain = `kill-${randomUUID().slice(0, 8)}`
    const options = { where, subdomain, publicKeyPem, keys: generateKey('kill') }
    const account = accountNamed(subdomain, publicKeyPem)

    let running = await start(options)
    const request = (path: string, init?: RequestInit) => fetch(`${running.base}${path}`, init)
    const maya = await signIn(request, account, privateKey, 101, 'ticket_sidebar')
    const omar = await signIn(request, account, privateKey, 104, 'nav_bar')
    const path = `/api/tickets/${FIELD.ticketId}/protected-fields/${FIELD.fieldId}/value`
    await maya.send('PUT', path, { value: CARD })
    const grantId = await grantTo(maya.send, omar.send, FIELD, 'Reveals while the endpoint dies')

    const returned = new Set<string>()
    let kills = 0
    while (returned.size < REVEALS) {
      const life = new AbortController()
      const enough = Math.min(REVEALS, returned.size + randomInt(5, 50))
      const workers = Array.from({ length: 4 }, async () => {
        while (!life.signal.aborted && returned.size < REVEALS) {
          const attemptId = randomUUID()
          try {
            const body = { attemptId, fieldId: FIELD.fieldId }
            const shown = await maya.send('POST', `/api/grants/${grantId}/reveal`, body)
            if (shown['value'] === CARD) returned.add(attemptId)
          } catch {
            // The endpoint died under this reveal: whatever it did, nothing was returned.
          }
        }
      })
      while (returned.size < enough) await pause(randomInt(1, 20))
      await running.kill()
      kills += 1
      life.abort()
      await Promise.all(workers)
      if (returned.size < REVEALS) running = await start(options)
    }

    const database = await openDatabase(where)
    const stored = await readAuditEntries(database.orm, subdomain, 0, 100_000)
    await database.close()
    // Bodies are what `encodeEntry` made of an `AuditEntry`.
    const entries = stored.map(({ body }) => JSON.parse(body) as AuditEntry)
    const revealed = entries.filter(({ action }) => action === 'grant.reveal')
    const logged = new Set(revealed.map(({ attemptId }) => attemptId))
    expect([...returned].filter((attemptId) => !logged.has(attemptId))).toEqual([])
    expect(logged.size).toBe(revealed.length)
    expect(kills).toBeGreaterThan(1)

    const verified = execFileSync(
      process.execPath,
      [...tsx, join(root, 'src/cli/scrim.ts'), 'audit', 'verify'],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          ...('url' in where
            ? { DATABASE_URL: where.url }
            : { DATABASE_URL: '', SCRIM_DATA: where.folder }),
        },
      },
    )
    expect(verified).toContain(subdomain)
    if (engine === 'pglite') rmSync(folder, { recursive: true, force: true })
  })
})
