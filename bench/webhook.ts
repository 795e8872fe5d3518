/**
 * Figure (d): how soon a webhook is answered while Zendesk takes five seconds for everything. Zendesk
 * waits ten to twelve seconds and then opens its circuit; the aim is two.
 */
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { listen } from '../src/endpoint/runtimes/listen.ts'
import { generateKey } from '../src/keys/key-provider.ts'
import type { Database } from '../src/storage/database.ts'
import { openDatabase } from '../src/storage/database.ts'
import { migrateDatabase } from '../src/storage/migrate.ts'
import { accountNamed, composeLiveEndpoint } from '../test/support/live-endpoint.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import type { Table } from './table.ts'

const CALLERS = [1, 8, 32]
const SECONDS = 4
const ZENDESK_DELAY_MS = 5_000
const FIRST_TICKET = 4001
const TICKETS = 10

/** A new event about one of some tickets, signed as Zendesk signs. */
function createEvents(secret: string) {
  let count = 0
  return () => {
    const ticketId = FIRST_TICKET + (count++ % TICKETS)
    const body = JSON.stringify({ ticket_id: ticketId, event: 'ticket.changed' })
    const timestamp = new Date().toISOString()
    const signature = createHmac('sha256', secret).update(timestamp + body)
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'x-zendesk-webhook-signature': signature.digest('base64'),
        'x-zendesk-webhook-signature-timestamp': timestamp,
        'x-zendesk-webhook-invocation-id': randomUUID(),
      },
    }
  }
}

async function measureOn(name: string, database: Database): Promise<Table['rows']> {
  const rows: Table['rows'] = []
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  for (const callers of CALLERS) {
    const secret = randomUUID()
    const { app } = composeLiveEndpoint({
      account: accountNamed(`bench-${randomUUID().slice(0, 8)}`, pem),
      database,
      keys: generateKey('bench'),
      delayMs: ZENDESK_DELAY_MS,
      webhookSecrets: [secret],
    })
    const server = await listen(app, { port: 0, host: '127.0.0.1' })
    const nextEvent = createEvents(secret)
    const latencies: number[] = []
    const end = performance.now() + SECONDS * 1000
    const call = async () => {
      while (performance.now() < end) {
        const event = nextEvent()
        const start = performance.now()
        const answer = await fetch(`http://127.0.0.1:${server.port}/webhooks/zendesk`, {
          method: 'POST',
          ...event,
        })
        await answer.arrayBuffer()
        if (answer.status !== 202) throw new Error(`the webhook is refused: ${answer.status}`)
        latencies.push(performance.now() - start)
      }
    }
    await Promise.all(Array.from({ length: callers }, call))
    await server.close(0)
    latencies.sort((a, b) => a - b)
    const quantile = (part: number) =>
      Math.round((latencies[Math.floor((latencies.length - 1) * part)] ?? 0) * 100) / 100
    rows.push({
      database: name,
      callers,
      'webhooks/s': Math.round(latencies.length / SECONDS),
      'p50 ms': quantile(0.5),
      'p99 ms': quantile(0.99),
      'slowest ms': quantile(1),
    })
  }
  return rows
}

export async function measureWebhooks(): Promise<Table> {
  const embedded = await openDatabase({ memory: true })
  await migrateDatabase(embedded)
  const rows = await measureOn('PGlite', embedded)
  const server = await startPostgres()
  try {
    const postgres = await openDatabase({ url: server.url, maxConnections: 32 })
    await migrateDatabase(postgres)
    rows.push(...(await measureOn('Postgres', postgres)))
    await postgres.close()
  } finally {
    await server.stop()
    await embedded.close()
  }
  return { title: 'Answers to webhooks while Zendesk takes five seconds a call', rows }
}
