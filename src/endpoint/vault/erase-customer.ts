/**
 * Erasing one customer's values on request. Idempotent, and resumable: what is left to do stands in
 * the rows, so a second call after a crash goes on where the first one ended.
 */
import type { AuditActor } from '../../audit/entry.ts'
import {
  countErasableTexts,
  countValuesOfCustomer,
  eraseTextsOfCustomer,
} from '../../storage/erasures.ts'
import { findValuesOfCustomer } from '../../storage/vault.ts'
import { audit } from '../audit.ts'
import type { EraseDeps } from './erase-value.ts'
import { eraseValue } from './erase-value.ts'

export type CustomerErasure = {
  customerId: number
  actor: AuditActor
  /** Whether what people wrote about the customer's reveal requests goes, too: policy says. */
  includesTexts: boolean
  policyVersion?: number
  /** Why, in the words of whoever does it. */
  reasonText?: string
  /** Values this call erases at most; the next call goes on. */
  limit?: number
  onProgress?: (erased: number) => Promise<void> | void
}

export type ErasureSums = {
  values: number
  tickets: number
  texts: number
  /** Values that are left for the next call. */
  remaining: number
}

const BATCH = 50

/** What an erasure would erase now. */
export async function countErasure(
  deps: Pick<EraseDeps, 'account' | 'database'>,
  { customerId, includesTexts }: Pick<CustomerErasure, 'customerId' | 'includesTexts'>,
): Promise<ErasureSums> {
  const { orm } = deps.database
  const counted = await countValuesOfCustomer(orm, deps.account.id, customerId)
  const texts = includesTexts ? await countErasableTexts(orm, deps.account.id, customerId) : 0
  return { ...counted, texts, remaining: counted.values }
}

/** Writes an entry before the first value goes and one with the sums, and one for each value between. */
export async function eraseCustomer(
  deps: EraseDeps,
  erasure: CustomerErasure,
): Promise<ErasureSums> {
  const { customerId, actor, policyVersion, reasonText, limit = Infinity } = erasure
  const account = deps.account.id
  const entry = {
    action: 'customer.erase' as const,
    actor,
    outcome: 'ok' as const,
    ...(policyVersion === undefined ? {} : { policyVersion }),
  }
  const about = { customerId: String(customerId) }
  await deps.database.transaction((tx) =>
    audit(tx, deps, {
      ...entry,
      data: { ...about, phase: 'start' },
      ...(reasonText === undefined ? {} : { texts: { reason: reasonText } }),
    }),
  )
  const tickets = new Set<number>()
  let values = 0
  while (values < limit) {
    const most = Math.min(BATCH, limit - values)
    const batch = await findValuesOfCustomer(deps.database.orm, account, customerId, most)
    if (batch.length === 0) break
    for (const value of batch) {
      if (!(await eraseValue(deps, value, { why: 'customer', actor }))) continue
      values += 1
      tickets.add(value.record.id)
    }
    await erasure.onProgress?.(values)
  }
  const { values: remaining } = await countValuesOfCustomer(deps.database.orm, account, customerId)
  return deps.database.transaction(async (tx) => {
    const isLast = remaining === 0
    const texts =
      isLast && erasure.includesTexts ? await eraseTextsOfCustomer(tx, account, customerId) : 0
    const sums = { values, tickets: tickets.size, texts, remaining }
    await audit(tx, deps, { ...entry, data: { ...about, phase: 'end', ...sums } })
    return sums
  })
}
