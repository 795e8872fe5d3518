/** `audit verify`: recomputes the log and says which entry is wrong, if one is. */
import { parseArgs } from 'node:util'
import type { Fault, TreeHead } from '../audit/verify.ts'
import { listAuditAccounts, verifyAuditLog } from '../storage/audit-log.ts'
import type { Command } from './command.ts'
import { UsageError, withDatabase } from './command.ts'

/** Reads `SIZE:ROOT`, as printed earlier. */
function parseHead(text: string): TreeHead {
  const match = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(text)
  const [, size, root] = match ?? []
  if (size === undefined || root === undefined) {
    throw new UsageError('--expect takes SIZE:ROOT, a size of at least 1 and 64 hex digits')
  }
  return { size: Number(size), rootHash: new Uint8Array(Buffer.from(root, 'hex')) }
}

/** The fault as a sentence. */
export function describeFault(fault: Fault, expected?: TreeHead): string {
  const { index, detail } = fault
  switch (fault.kind) {
    case 'flipped':
      return `entry ${index} was changed: its body is not what its leaf hash says`
    case 'not_canonical':
      return `entry ${index} is not an entry in the format of src/audit/FORMAT.md`
    case 'dropped':
      return `entry ${index} is missing`
    case 'reordered':
      return `entry ${index} is out of place: another entry stands where it was`
    case 'misfiled':
      return `entry ${index} is filed under what it does not say: its search columns were changed`
    case 'text_changed':
      return `the text "${detail}" of entry ${index} is not the one it was made with`
    case 'truncated':
      return detail === 'expected'
        ? `the log has ${index} entries and had ${expected?.size ?? 'more'} when --expect was printed`
        : `the log ends before entry ${index}, and its head says that it goes on`
    case 'forked':
      if (detail === 'expected') {
        return `history was rewritten: one of the entries 0 to ${index} is not the one of --expect`
      }
      if (detail === 'head') return `the log's head does not fit its entries, from ${index} on`
      return `entry ${index} was replaced together with its leaf hash: it does not fit the tree`
  }
}

export const auditVerify: Command = {
  name: 'audit verify',
  synopsis: '[--account SUBDOMAIN] [--expect SIZE:ROOT]',
  summary: 'recompute the audit log; exit code 1 and the first wrong entry if there is one',
  run: async (args, { env, print }) => {
    const { values } = parseArgs({
      args,
      options: { account: { type: 'string' }, expect: { type: 'string' } },
    })
    const expected = values.expect === undefined ? undefined : parseHead(values.expect)
    return withDatabase(env, async (database) => {
      const known = await listAuditAccounts(database.orm)
      const accounts = values.account === undefined ? known : [values.account]
      if (expected !== undefined && accounts.length !== 1) {
        throw new UsageError('--expect needs --account: there is not exactly one log here')
      }
      if (accounts.length === 0) await print('no log yet\n')
      let exitCode = 0
      for (const account of accounts) {
        const result = await verifyAuditLog(database, account, expected)
        if (result.isIntact) {
          const root = Buffer.from(result.rootHash).toString('hex')
          const head = result.size === 0 ? '' : `, head ${result.size}:${root}`
          const entries = result.size === 1 ? '1 entry' : `${result.size} entries`
          await print(`${account}: intact, ${entries}${head}\n`)
        } else {
          await print(`${account}: WRONG, ${describeFault(result.fault, expected)}\n`)
          exitCode = 1
        }
      }
      return exitCode
    })
  },
}
