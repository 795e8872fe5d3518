/** What both production runtimes are made of: real clock, real ids, real configuration. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { environmentKeys } from '../../keys/key-provider.ts'
import { openDatabase } from '../../storage/database.ts'
import { migrateDatabase } from '../../storage/migrate.ts'
import { createZendeskDirectory } from '../../zendesk/directory.ts'
import type { OpenedAssets } from '../assets.ts'
import { openAssets } from '../assets.ts'
import type { Config } from '../config.ts'
import { readPolicy } from '../config.ts'
import type { EndpointDeps } from '../context.ts'
import { createLogger } from '../logger.ts'

export type Places = {
  /** The built app, where configuration names none. */
  appFolder: string
  /** The database's migrations; undefined means beside the source. */
  migrationsFolder: string | undefined
}

/** Opens everything that `config` names. The caller closes `deps.database`. */
export async function composeDeps(
  config: Config,
  places: Places,
): Promise<EndpointDeps & { assets: OpenedAssets }> {
  const now = () => new Date()
  const [policy, assets, database] = await Promise.all([
    readFile(config.policyFile, 'utf8').then(readPolicy),
    openAssets(config.appFolder ?? places.appFolder),
    openDatabase(config.database),
  ])
  if (config.isMigratedAtStart) await migrateDatabase(database, places.migrationsFolder)
  return {
    account: config.account,
    policy,
    database,
    zendesk: createZendeskDirectory({
      fetch,
      baseUrl: config.zendeskUrl,
      oauth: config.oauth,
      appId: config.account.appId,
      installationId: config.account.installationId,
      requestsPerMinute: config.requestsPerMinute,
      now,
      elapsed: () => performance.now(),
    }),
    keys: environmentKeys(config.keys),
    now,
    newId: randomUUID,
    log: createLogger((line) => process.stdout.write(`${line}\n`), now),
    assets,
  }
}
