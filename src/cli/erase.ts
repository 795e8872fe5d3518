/** `erase`: one customer's values, for good. What an interrupted run left is gone on with. */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { documentOf } from '../endpoint/policy/governance.ts'
import { countErasure, eraseCustomer } from '../endpoint/vault/erase-customer.ts'
import type { ErasureSums } from '../endpoint/vault/erase-customer.ts'
import type { Database } from '../storage/database.ts'
import { findActivePolicyVersion, findPolicyVersion } from '../storage/policy-versions.ts'
import { chooseAccount } from './account.ts'
import type { Command } from './command.ts'
import { UsageError, withDatabase } from './command.ts'

/** Whether texts about the customer's requests go, too: as the account's policy says. */
async function includesTexts(
  database: Database,
  account: string,
  keepsTexts: boolean,
): Promise<boolean> {
  if (keepsTexts) return false
  const active = await findActivePolicyVersion(database.orm, account)
  const policy = await findPolicyVersion(database.orm, account, active ?? 1)
  return policy === undefined || documentOf(policy).erasure.includesTexts
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
    return withDatabase(terminal.env, async (database) => {
      const account = { id: await chooseAccount(database, terminal.env, values.account) }
      const withTexts = await includesTexts(database, account.id, values['keep-texts'])
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
