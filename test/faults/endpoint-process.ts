/**
 * An endpoint in a process of its own, to be killed. Told by one JSON argument where its database is,
 * which account it serves and its keys; says its port when it listens.
 */
import { listen } from '../../src/endpoint/runtimes/listen.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { accountNamed, composeLiveEndpoint } from '../support/live-endpoint.ts'

export type ProcessOptions = {
  where: { url: string } | { folder: string }
  subdomain: string
  publicKeyPem: string
  keys: string
}

// The parent writes it with JSON.stringify from a `ProcessOptions`.
const options = JSON.parse(process.argv[2] ?? '') as ProcessOptions
const database = await openDatabase(options.where)
await migrateDatabase(database)
const account = accountNamed(options.subdomain, options.publicKeyPem)
const { app } = composeLiveEndpoint({ account, database, keys: options.keys, delayMs: 0 })
const { port } = await listen(app, { port: 0, host: '127.0.0.1' })
process.stdout.write(`listening ${port}\n`)
