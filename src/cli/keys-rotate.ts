/**
 * `keys rotate`: everything under the current keys. With a key service it makes a new key first; keys of
 * the environment are put there by whoever runs it. What an interrupted run left is gone on with.
 */
import { parseArgs } from 'node:util'
import { currentKeys, rewrapBatch } from '../endpoint/vault/rewrap.ts'
import type { RewrapDeps } from '../endpoint/vault/rewrap.ts'
import type { KeyPurpose } from '../keys/key-service.ts'
import type { AuditData } from '../audit/entry.ts'
import { appendAuditEntries } from '../storage/audit-log.ts'
import type { CurrentKeys, ValueKey } from '../storage/vault.ts'
import { countOutdatedValues } from '../storage/vault.ts'
import { chooseAccount, openConfiguredKeys } from './account.ts'
import type { Command, Terminal } from './command.ts'
import { withDatabase } from './command.ts'

const LINE_INTERVAL_MS = 1000
/** Some values could not be opened. */
const SOME_LEFT = 1

export const keysRotate: Command = {
  name: 'keys rotate',
  synopsis: '[--account SUBDOMAIN] [--fingerprints] [--as NAME]',
  summary:
    'seal every value under the current key; with AWS KMS, make a new one first (--fingerprints: of theirs, too)',
  run: async (args, terminal) => {
    const { values } = parseArgs({
      args,
      options: {
        account: { type: 'string' },
        as: { type: 'string' },
        fingerprints: { type: 'boolean', default: false },
      },
    })
    return withDatabase(terminal.env, async (database) => {
      const account = await chooseAccount(database, terminal.env, values.account)
      const opened = await openConfiguredKeys(database, account, terminal)
      const deps = { account, database, ...opened }
      const unfinished = await countOutdatedValues(database.orm, account, await currentKeys(deps))
      // A rotation that was interrupted is finished before another one begins.
      if (opened.createKey !== null && unfinished === 0) {
        const purposes: KeyPurpose[] = values.fingerprints ? ['values', 'fingerprints'] : ['values']
        for (const purpose of purposes) await opened.createKey(purpose)
      }
      const current = await currentKeys(deps)
      const outdated = await countOutdatedValues(database.orm, account, current)
      const log = (data: AuditData) =>
        database.transaction((tx) =>
          appendAuditEntries(tx, account, terminal.now(), [
            {
              action: 'keys.rotate',
              actor: { type: 'operator', name: values.as ?? terminal.operator },
              outcome: 'ok',
              data: { ...data, ...current },
            },
          ]),
        )
      await log({ phase: 'start', values: outdated })
      const sums = await rewrapAll(deps, current, outdated, terminal)
      const left = await countOutdatedValues(database.orm, account, current)
      await log({ phase: 'end', values: sums.rewrapped, failed: sums.failed, left })
      await terminal.print(
        `${sums.rewrapped} ${sums.rewrapped === 1 ? 'value' : 'values'} moved to ${current.keyId}, ` +
          `fingerprints to ${current.fingerprintKeyId}; ${sums.failed} could not be opened, ${left} left\n`,
      )
      return left === 0 ? 0 : SOME_LEFT
    })
  },
}

/**
 * Batch after batch from the first row to the last, then again for what others held meanwhile, until a
 * whole round moves nothing. `failed` is of the last round: those are still there.
 */
async function rewrapAll(
  deps: RewrapDeps,
  current: CurrentKeys,
  outdated: number,
  { now, warn }: Terminal,
): Promise<{ rewrapped: number; failed: number }> {
  const startedAt = now().getTime()
  let saidAt = startedAt
  let rewrapped = 0
  let failed = 0
  for (let inRound = 1; inRound > 0;) {
    inRound = 0
    failed = 0
    let after: ValueKey | null = null
    for (;;) {
      const batch = await rewrapBatch(deps, current, after)
      inRound += batch.rewrapped
      rewrapped += batch.rewrapped
      failed += batch.failed
      after = batch.last
      const at = now().getTime()
      if (at - saidAt >= LINE_INTERVAL_MS) {
        saidAt = at
        const rate = Math.round((rewrapped * 1000) / (at - startedAt))
        warn(`${rewrapped} of ${outdated} values, ${rate} a second`)
      }
      if (after === null) break
    }
  }
  return { rewrapped, failed }
}
