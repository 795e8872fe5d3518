/**
 * A backfill in a process of its own, to be killed. Told by one JSON argument where its database and its
 * Zendesk are; prints its report when it comes to its end.
 */
import { setTimeout as waitFor } from 'node:timers/promises'
import { runBackfill } from '../../src/endpoint/backfill/run.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { ZendeskElsewhere } from '../support/live-endpoint.ts'
import { accountNamed, composeLiveEndpoint } from '../support/live-endpoint.ts'

export type ProcessOptions = {
  where: { url: string } | { folder: string }
  subdomain: string
  keys: string
  zendesk: ZendeskElsewhere
  since: string
  /** How far its clock is ahead, so that the process that was killed before counts as dead. */
  aheadSeconds: number
}

// The parent writes it with JSON.stringify from a `ProcessOptions`.
const options = JSON.parse(process.argv[2] ?? '') as ProcessOptions
const database = await openDatabase(options.where)
await migrateDatabase(database)
const { deps } = composeLiveEndpoint({
  account: accountNamed(options.subdomain, ''),
  database,
  keys: options.keys,
  zendesk: options.zendesk,
  requestsPerMinute: 1_000_000,
  now: () => new Date(Date.now() + options.aheadSeconds * 1000),
})
const { report } = await runBackfill(deps, {
  since: new Date(options.since),
  isDryRun: false,
  isAnew: false,
  actor: { type: 'operator', name: 'sam' },
  signal: new AbortController().signal,
  wait: (milliseconds) => waitFor(milliseconds),
})
await database.close()
process.stdout.write(JSON.stringify(report))
