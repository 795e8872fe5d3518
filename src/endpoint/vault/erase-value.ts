/**
 * Erasing one stored value for good. Its key goes with its ciphertext, so no copy of another table and
 * no key that is found later opens it; what was done with it stays in the log.
 */
import { placeOf } from '../../core/vaulted-field.ts'
import type { AuditActor } from '../../audit/entry.ts'
import type { Database } from '../../storage/database.ts'
import { deleteDocumentParts } from '../../storage/documents.ts'
import { findActiveGrantsOn } from '../../storage/grants.ts'
import { findPendingRequestsOn } from '../../storage/reveal-requests.ts'
import { currentVersion, emptyValue } from '../../storage/vault.ts'
import type { ErasableValue } from '../../storage/vault.ts'
import { audit, systemActor } from '../audit.ts'
import type { ActDeps } from '../context.ts'
import { endGrants } from '../grants/end.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { closeRequests } from '../reveal-requests/decision.ts'

export type EraseDeps = ActDeps & { database: Database }

/** `retention`: its time was over. `customer`: the customer's values were asked to go. */
export type ErasureCause = { why: 'retention' | 'customer'; actor: AuditActor }

/**
 * Empties the row, ends the requests and grants on it, has Zendesk's mask blanked and writes the entry,
 * in one transaction. False when it was erased before: nothing is written then.
 */
export async function eraseValue(
  deps: EraseDeps,
  value: ErasableValue,
  { why, actor }: ErasureCause,
): Promise<boolean> {
  const account = deps.account.id
  const { record, fieldId, version } = value
  return deps.database.transaction(async (tx) => {
    if (!(await emptyValue(tx, account, value, deps.now()))) return false
    // Without the row's key nothing opens them; they are deleted because nobody needs them.
    await deleteDocumentParts(tx, account, value)
    // All rows are changed before the first entry is appended, in the order of every other act.
    const end = { state: 'ended', code: 'value_erased' } as const
    const requests = await findPendingRequestsOn(tx, account, value)
    const requestEntries = await closeRequests(tx, deps, requests, end)
    const isInField = placeOf(fieldId) === null
    if (isInField && (await currentVersion(tx, account, record, fieldId)) === version) {
      await orderFieldWrite(tx, deps, { ticketId: record.id, fieldId })
    }
    await endGrants(tx, deps, await findActiveGrantsOn(tx, account, value), {
      ...end,
      actor: systemActor('policy'),
    })
    await audit(tx, deps, ...requestEntries, {
      action: 'protected_value.erase',
      actor,
      outcome: 'ok',
      record,
      fields: [fieldId],
      data: { why, version },
    })
    return true
  })
}
