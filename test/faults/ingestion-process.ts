/**
 * An endpoint in a process of its own that ends itself by SIGKILL at a named step: before its n-th
 * statement or commit. The parent tells it what to do, and kills it at calls to Zendesk. Bundled by
 * `ingestion-kill.test.ts`; starts without a database, so that one can wait while another works.
 */
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { createLogger } from '../../src/endpoint/logger.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { listen } from '../../src/endpoint/runtimes/listen.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { ZendeskElsewhere } from '../support/live-endpoint.ts'
import { accountNamed, composeLiveEndpoint } from '../support/live-endpoint.ts'
import type { DatabaseStep } from '../support/statements.ts'
import { watchPglite, watchPostgres } from '../support/statements.ts'

export type IngestionProcessOptions = {
  /** Migrated. */
  where: { url: string } | { folder: string }
  subdomain: string
  publicKeyPem: string
  keys: string
  zendesk: ZendeskElsewhere
  webhookSecret: string
  /** How far its clock is ahead. */
  aheadMs: number
}

export type Order =
  | { do: 'open'; options: IngestionProcessOptions }
  /** Ends itself before this step, counted from now; 0 for never. Answers how many there were before. */
  | { do: 'kill at'; step: number; isWritesOnly: boolean }
  | { do: 'move the clock'; aheadMs: number }
  /** What the sweep does every few seconds. */
  | { do: 'work' }
  | { do: 'close' }

let aheadMs = 0
let steps = 0
let killAt = 0
let isWritesOnly = false

function count(step: DatabaseStep, text: string): void {
  if (step === 'begin' || (isWritesOnly && step === 'statement' && text.startsWith('select')))
    return
  steps += 1
  if (steps === killAt) process.kill(process.pid, 'SIGKILL')
}
watchPglite({ before: count })
watchPostgres({ before: count })

async function open(options: IngestionProcessOptions) {
  aheadMs = options.aheadMs
  const database = await openDatabase(options.where)
  const now = () => new Date(Date.now() + aheadMs)
  const { app, deps } = composeLiveEndpoint({
    account: accountNamed(options.subdomain, options.publicKeyPem),
    database,
    keys: options.keys,
    zendesk: options.zendesk,
    requestsPerMinute: 1_000_000,
    webhookSecrets: [options.webhookSecret],
    now,
    log: createLogger((line) => process.stdout.write(`${line}\n`), now),
  })
  const { port } = await listen(app, { port: 0, host: '127.0.0.1' })
  return { deps, port }
}

let opened: Awaited<ReturnType<typeof open>> | undefined

async function obey(order: Order): Promise<number> {
  switch (order.do) {
    case 'open':
      opened = await open(order.options)
      return opened.port
    case 'kill at': {
      const before = steps
      steps = 0
      killAt = order.step
      isWritesOnly = order.isWritesOnly
      return before
    }
    case 'move the clock':
      aheadMs = order.aheadMs
      return 0
    case 'work':
      if (opened === undefined) throw new Error('not open')
      await workInbox(opened.deps)
      return await drainOutbox(opened.deps)
    case 'close':
      await opened?.deps.database.close()
      process.exit(0)
  }
}

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer))
})
