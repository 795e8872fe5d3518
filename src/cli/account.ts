/** Which account a command is about, and the keys that its environment names. */
import { ConfigError, readKeyConfig } from '../endpoint/config.ts'
import type { OpenedKeys } from '../keys/open-keys.ts'
import { openKeys } from '../keys/open-keys.ts'
import { listAuditAccounts } from '../storage/audit-log.ts'
import type { Database } from '../storage/database.ts'
import { wrappedKeyStore } from '../storage/wrapping-keys.ts'
import type { Terminal } from './command.ts'
import { UsageError } from './command.ts'

/** The account of `--account` or `SCRIM_SUBDOMAIN`, else the only one that has a log here. */
export async function chooseAccount(
  database: Database,
  env: Terminal['env'],
  named: string | undefined,
): Promise<string> {
  const wanted = named ?? env['SCRIM_SUBDOMAIN']
  const known = await listAuditAccounts(database.orm)
  const [account, ...others] =
    wanted === undefined ? known : known.filter((name) => name === wanted)
  if (account === undefined) throw new UsageError('there is no such account here')
  if (others.length > 0) {
    throw new UsageError(`choose an account with --account: ${known.join(', ')}`)
  }
  return account
}

/** The keys of the endpoint's own variables. Their faults are one line. */
export async function openConfiguredKeys(
  database: Database,
  account: string,
  { env, now }: Pick<Terminal, 'env' | 'now'>,
): Promise<OpenedKeys> {
  try {
    const store = wrappedKeyStore(database, account, now)
    return await openKeys(readKeyConfig(env), { account, store, elapsed: () => performance.now() })
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message.replaceAll('\n', ' '))
    throw error
  }
}
