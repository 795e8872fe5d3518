/** A backfill that gets `kill -9` again and again, on both engines. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, inject, it } from 'vitest'
import type { BackfillReport } from '../../src/endpoint/backfill/report.ts'
import { generateKey } from '../../src/keys/key-provider.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { seedTickets, seededRandom, serveEmulator } from '../support/backfill.ts'
import type { ProcessOptions } from './backfill-process.ts'

const TICKETS = 120
const KILLS = 4
const OAUTH = { clientId: 'live', clientSecret: 'the-secret-of-the-account' }
const SCRIPT = join(import.meta.dirname, 'backfill-process.ts')

const start = (options: ProcessOptions) =>
  spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), SCRIPT, JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

describe.each(['pglite', 'postgres'] as const)('kill -9 on %s', (engine) => {
  it('loses nothing, does nothing twice, and the sums are what was seeded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scrim-backfill-'))
    const where = engine === 'pglite' ? { folder } : { url: inject('postgresUrl') }
    const now = () => new Date()
    const random = seededRandom(3)
    let calls = 0
    let killAt = Number.POSITIVE_INFINITY
    let kill = (): void => {}
    const zendesk = await serveEmulator(async (request) => {
      calls += 1
      const isHere = calls === killAt
      // Before the call's effect or after it, and never answered.
      if (isHere && random() < 0.5) kill()
      const answer = await emulator.fetch(request)
      if (isHere) kill()
      return answer
    })
    const emulator: RestEmulator = createRestEmulator({
      now,
      newId: randomUUID,
      oauth: OAUTH,
      delayMs: 0,
      origin: zendesk.baseUrl,
    })
    const { state } = emulator
    const until = new Date(now().getTime() - 86_400_000)
    const seeded = seedTickets(state, { count: TICKETS, seed: 12, firstId: 100_001, until })
    state.tickets = state.tickets.filter(({ id }) => id > 100_000)
    const options: ProcessOptions = {
      where,
      subdomain: `backfill-${randomUUID().slice(0, 8)}`,
      keys: generateKey('kill'),
      zendesk: { baseUrl: zendesk.baseUrl, oauth: OAUTH },
      since: '2026-01-01T00:00:00.000Z',
      aheadSeconds: 0,
    }
    for (let life = 0; life < KILLS; life += 1) {
      const child = start({ ...options, aheadSeconds: life * 61 })
      kill = () => void child.kill('SIGKILL')
      killAt = calls + 5 + Math.floor(random() * 60)
      await once(child, 'exit')
      expect(child.signalCode).toBe('SIGKILL')
    }
    killAt = Number.POSITIVE_INFINITY
    const last = start({ ...options, aheadSeconds: KILLS * 61 })
    const report = JSON.parse(await text(last.stdout)) as BackfillReport
    await zendesk.close()
    rmSync(folder, { recursive: true, force: true })

    expect(report.isComplete).toBe(true)
    expect(report.tickets).toMatchObject({
      seen: seeded.tickets,
      closed: seeded.closed,
      deleted: seeded.deleted,
      failed: [],
    })
    expect(Object.fromEntries(report.kinds.map(({ kind, found }) => [kind, found]))).toEqual(
      Object.fromEntries(Object.entries(seeded.found).filter(([, sum]) => sum > 0)),
    )
    const openFields = seeded.fields - seeded.closedFields
    expect(report.places).toMatchObject([
      { withFindings: seeded.comments, ordered: seeded.comments, redacted: seeded.comments },
      { withFindings: seeded.fields, ordered: openFields, redacted: openFields },
      { withFindings: seeded.attachments, redacted: seeded.attachments },
    ])
    const writes = Object.values(state.audits).flat()
    const ours = writes.filter(({ ticket_id: ticketId }) => seeded.ticketIds.includes(ticketId))
    expect(ours.length).toBe(seeded.comments + openFields + seeded.attachments)
  }, 300_000)
})
