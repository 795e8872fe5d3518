/**
 * `audit export`: the log as JSON Lines, with everything needed to check it elsewhere. The export is
 * an entry of the log itself, written before the first line leaves.
 */
import { parseArgs } from 'node:util'
import {
  appendAuditEntries,
  getAuditHead,
  listAuditAccounts,
  readSnapshot,
  streamAuditEntries,
} from '../storage/audit-log.ts'
import type { StoredAuditEntry } from '../storage/audit-log.ts'
import type { Command } from './command.ts'
import { UsageError, withDatabase } from './command.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** One line; the entry stands in it as it was hashed, byte for byte. */
function formatLine({ index, body, leafHash, rootHash, texts }: StoredAuditEntry): string {
  const kept = texts.map(({ name, salt, text }) => [name, { salt: hex(salt), text }])
  return (
    `{"index":${index},"entry":${body},"leafHash":"${hex(leafHash)}","rootHash":"${hex(rootHash)}",` +
    `"texts":${JSON.stringify(Object.fromEntries(kept))}}\n`
  )
}

export const auditExport: Command = {
  name: 'audit export',
  synopsis: '[--account SUBDOMAIN] [--as NAME]',
  summary: 'print the audit log as JSON Lines, its head last; the export is logged',
  run: async (args, { env, operator, now, print }) => {
    const { values } = parseArgs({
      args,
      options: { account: { type: 'string' }, as: { type: 'string' } },
    })
    return withDatabase(env, async (database) => {
      const known = await listAuditAccounts(database.orm)
      const [account, ...others] =
        values.account === undefined ? known : known.filter((name) => name === values.account)
      if (account === undefined) throw new UsageError('there is no such log here')
      if (others.length > 0)
        throw new UsageError(`choose a log with --account: ${known.join(', ')}`)
      await database.transaction((tx) =>
        appendAuditEntries(tx, account, now(), [
          {
            action: 'audit_log.export',
            actor: { type: 'operator', name: values.as ?? operator },
            outcome: 'ok',
            data: { format: 'jsonl' },
          },
        ]),
      )
      await readSnapshot(database, async (db) => {
        for await (const entry of streamAuditEntries(db, account)) await print(formatLine(entry))
        const { size, rootHash } = await getAuditHead(db, account)
        await print(`${JSON.stringify({ account, size, rootHash: hex(rootHash) })}\n`)
      })
      return 0
    })
  },
}
