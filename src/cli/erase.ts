/** `erase`: one customer's values, for good. What an interrupted run left is gone on with. */
import { readFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ConfigError, readPolicy } from '../endpoint/config.ts'
import { countErasure, eraseCustomer } from '../endpoint/vault/erase-customer.ts'
import type { ErasureSums } from '../endpoint/vault/erase-customer.ts'
import { chooseAccount } from './account.ts'
import type { Command, Terminal } from './command.ts'
import { UsageError, withDatabase } from './command.ts'

/** Whether texts about the customer's requests go, too: as the endpoint's policy says. */
async function includesTexts(env: Terminal['env'], keepsTexts: boolean): Promise<boolean> {
  if (keepsTexts) return false
  const file = env['SCRIM_POLICY_FILE']
  if (file === undefined || file === '') return true
  try {
    return readPolicy(await readFile(file, 'utf8')).erasure.includesTexts
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message.replaceAll('\n', ' '))
    throw new UsageError('the file of SCRIM_POLICY_FILE cannot be read', { cause: error })
  }
}

function describe({ values, tickets, texts }: ErasureSums): string {
  const count = (number: number, one: string) => `${number} ${number === 1 ? one : `${one}s`}`
  return `${count(values, 'value')} of ${count(tickets, 'ticket')} and ${count(texts, 'text')}`
}

export const erase: Command = {
  name: 'erase',
  synopsis: '--customer ID [--dry-run] [--keep-texts] [--account SUBDOMAIN] [--as NAME]',
  summary: "erase one customer's values for good; --dry-run counts what would go",
  run: async (args, terminal) => {
    const { values } = parseArgs({
      args,
      options: {
        customer: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        'keep-texts': { type: 'boolean', default: false },
        account: { type: 'string' },
        as: { type: 'string' },
      },
    })
    if (values.customer === undefined || !/^[1-9]\d{0,15}$/.test(values.customer)) {
      throw new UsageError('--customer takes the Zendesk id of a user')
    }
    const customerId = Number(values.customer)
    const withTexts = await includesTexts(terminal.env, values['keep-texts'])
    return withDatabase(terminal.env, async (database) => {
      const account = { id: await chooseAccount(database, terminal.env, values.account) }
      if (values['dry-run']) {
        const sums = await countErasure(
          { account, database },
          { customerId, includesTexts: withTexts },
        )
        await terminal.print(`would erase ${describe(sums)}\n`)
        return 0
      }
      const deps = { account, database, now: terminal.now, newId: randomUUID }
      const sums = await eraseCustomer(deps, {
        customerId,
        actor: { type: 'operator', name: values.as ?? terminal.operator },
        includesTexts: withTexts,
        onProgress: (erased) => terminal.warn(`${erased} values erased`),
      })
      await terminal.print(
        `erased ${describe(sums)}; the endpoint blanks the masks in Zendesk as it runs\n`,
      )
      return 0
    })
  },
}
