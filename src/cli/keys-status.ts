/** `keys status`: which keys hold how many values, and which keys can be taken away. */
import { parseArgs } from 'node:util'
import { currentKeys } from '../endpoint/vault/rewrap.ts'
import type { CurrentKeys } from '../storage/vault.ts'
import { countValuesByKey } from '../storage/vault.ts'
import { chooseAccount, openConfiguredKeys } from './account.ts'
import type { Command } from './command.ts'
import { withDatabase } from './command.ts'

type Counted = Awaited<ReturnType<typeof countValuesByKey>>

/** Sums by key id; values that have none are counted under `none`. */
function sumBy(counted: Counted, column: 'keyId' | 'fingerprintKeyId'): Map<string, number> {
  const sums = new Map<string, number>()
  for (const row of counted) {
    const keyId = row[column] ?? 'none'
    sums.set(keyId, (sums.get(keyId) ?? 0) + row.count)
  }
  return sums
}

function formatSums(
  title: string,
  sums: ReadonlyMap<string, number>,
  known: readonly string[],
  currentKeyId: string,
): string {
  const ids = [...new Set([currentKeyId, ...known, ...sums.keys()])]
  const width = Math.max(...ids.map((id) => id.length))
  const lines = ids.map((id) => {
    const count = sums.get(id) ?? 0
    const isKnown = known.includes(id)
    const state =
      id === currentKeyId
        ? 'current'
        : id === 'none'
          ? 'to be made'
          : !isKnown
            ? 'MISSING: not among the keys'
            : count === 0
              ? 'may be taken away'
              : 'still needed'
    return `  ${id.padEnd(width)}  ${String(count).padStart(9)}  ${state}\n`
  })
  return `${title}\n${lines.join('')}`
}

export const keysStatus: Command = {
  name: 'keys status',
  synopsis: '[--account SUBDOMAIN]',
  summary: 'print how many values are under which key',
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { account: { type: 'string' } } })
    return withDatabase(terminal.env, async (database) => {
      const account = await chooseAccount(database, terminal.env, values.account)
      const opened = await openConfiguredKeys(database, account, terminal)
      const current: CurrentKeys = await currentKeys(opened)
      const counted = await countValuesByKey(database.orm, account)
      await terminal.print(
        formatSums(
          'values sealed under',
          sumBy(counted, 'keyId'),
          await opened.keys.keyIds(),
          current.keyId,
        ) +
          formatSums(
            'fingerprints made with',
            sumBy(counted, 'fingerprintKeyId'),
            await opened.fingerprintKeys.keyIds(),
            current.fingerprintKeyId,
          ),
      )
      return 0
    })
  },
}
