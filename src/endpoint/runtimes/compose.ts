/** What both production runtimes are made of: real clock, real ids, real configuration. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { openKeys } from '../../keys/open-keys.ts'
import { openDatabase } from '../../storage/database.ts'
import { migrateDatabase } from '../../storage/migrate.ts'
import { wrappedKeyStore } from '../../storage/wrapping-keys.ts'
import type { RequestBudget } from '../../zendesk/budget.ts'
import { createZendeskDirectory } from '../../zendesk/directory.ts'
import type { OpenedAssets } from '../assets.ts'
import { openAssets } from '../assets.ts'
import type { Config } from '../config.ts'
import { readPolicy } from '../config.ts'
import type { EndpointParts } from '../context.ts'
import { createLogger } from '../logger.ts'
import { createChatWebhook } from '../outbox/chat-webhook.ts'
import { leastPolicy } from '../policy/least-policy.ts'
import type { PolicySource } from '../policy/source.ts'
import { storedPolicies } from '../policy/source.ts'

export type Places = {
  /** The built app, where configuration names none. */
  appFolder: string
  /** The database's migrations; undefined means beside the source. */
  migrationsFolder: string | undefined
}

type ProductionDeps = EndpointParts & { policies: PolicySource }

const now = () => new Date()

/** Opens everything that `config` names. The caller closes `deps.database`. */
export async function composeDeps(
  config: Config,
  places: Places,
): Promise<ProductionDeps & { assets: OpenedAssets }> {
  const [assets, database] = await Promise.all([
    openAssets(config.appFolder ?? places.appFolder),
    openDatabase(config.database),
  ])
  if (config.isMigratedAtStart) await migrateDatabase(database, places.migrationsFolder)
  const log = createLogger((line) => process.stdout.write(`${line}\n`), now)
  return { ...(await composeWork(config, { database, log, fetch, isEndpoint: true })), assets }
}

/** The same for a process that answers nobody: without the app, maybe with a budget of its own. */
export async function composeWork(
  config: Config,
  own: Pick<EndpointParts, 'database' | 'log'> & {
    fetch: typeof fetch
    budget?: RequestBudget
    /** Proposes the account's first policy where it has none. */
    isEndpoint?: boolean
  },
): Promise<Omit<ProductionDeps, 'assets'>> {
  const { database } = own
  const first =
    config.policyFile === null
      ? leastPolicy()
      : readPolicy(await readFile(config.policyFile, 'utf8'))
  const elapsed = () => performance.now()
  const { keys, fingerprintKeys } = await openKeys(config.keys, {
    account: config.account.id,
    store: wrappedKeyStore(database, config.account.id, now),
    elapsed,
  })
  return {
    account: config.account,
    policies: storedPolicies({ account: config.account, database, now, log: own.log }, first, {
      isProposed: own.isEndpoint === true,
    }),
    ...(config.founders === null ? {} : { founders: config.founders }),
    database,
    zendesk: createZendeskDirectory({
      fetch: own.fetch,
      ...(own.budget === undefined ? {} : { budget: own.budget }),
      baseUrl: config.zendeskUrl,
      oauth: config.oauth,
      appId: config.account.appId,
      installationId: config.account.installationId,
      requestsPerMinute: config.requestsPerMinute,
      now,
      elapsed,
    }),
    keys,
    fingerprintKeys,
    webhookSecrets: config.webhookSecrets,
    ...(config.chat === null
      ? {}
      : {
          chat: {
            webhook: createChatWebhook({ ...config.chat, fetch: own.fetch, now }),
            text: config.chat.text,
          },
        }),
    now,
    newId: randomUUID,
    log: own.log,
  }
}
