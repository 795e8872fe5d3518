/**
 * Taking uses, many in one transaction. Every reveal appends to the account's log and so waits for the
 * lock on its head; those that wait for the same commit share the next one. A use is answered only
 * after the commit that holds both it and its entry.
 */
import type { AuditDraft } from '../../storage/audit-log.ts'
import type { Database } from '../../storage/database.ts'
import { consumeUse } from '../../storage/reveals.ts'
import type { UseToTake } from '../../storage/reveals.ts'
import { audit } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'

type TakeDeps = Pick<EndpointDeps, 'account' | 'database' | 'now'>

type Waiting = {
  use: UseToTake
  entry: AuditDraft
  resolve: (usesLeft: number | null) => void
  reject: (error: unknown) => void
}

/** More would only keep the first ones waiting. */
const MOST_AT_ONCE = 64

/** Who waits, by database and account. A list stands here while its uses are being taken. */
const waitingByDatabase = new WeakMap<Database, Map<string, Waiting[]>>()

/**
 * Takes one use and appends `entry`, or does neither. Answers the uses left, or null where `consumeUse`
 * does. What fails fails for all that shared the transaction: nothing was taken, nothing is shown.
 */
export function takeUse(deps: TakeDeps, use: UseToTake, entry: AuditDraft): Promise<number | null> {
  const byAccount = waitingByDatabase.get(deps.database) ?? new Map<string, Waiting[]>()
  waitingByDatabase.set(deps.database, byAccount)
  const waiting = byAccount.get(deps.account.id)
  return new Promise((resolve, reject) => {
    const item = { use, entry, resolve, reject }
    if (waiting !== undefined) {
      waiting.push(item)
      return
    }
    const line = [item]
    byAccount.set(deps.account.id, line)
    void takeAll(deps, line, () => byAccount.delete(deps.account.id))
  })
}

/**
 * Takes what waits, and what comes meanwhile, until nobody waits. Never rejects. The line is closed in
 * the same step that finds it empty: a moment later somebody may have joined it who is never served.
 */
async function takeAll(deps: TakeDeps, line: Waiting[], close: () => void): Promise<void> {
  while (line.length > 0) {
    const batch = line.splice(0, MOST_AT_ONCE)
    try {
      const left = await takeTogether(deps, batch)
      for (const { use, resolve } of batch) resolve(left.get(use) ?? null)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
  close()
}

async function takeTogether(
  deps: TakeDeps,
  batch: readonly Waiting[],
): Promise<Map<UseToTake, number>> {
  // Whoever locks several grants does so in the order of their ids, so that nobody waits in a circle.
  const inOrder = batch.toSorted((a, b) => (a.use.grantId < b.use.grantId ? -1 : 1))
  return deps.database.transaction(async (tx) => {
    const left = new Map<UseToTake, number>()
    const answers = await Promise.all(
      inOrder.map(({ use }) => consumeUse(tx, deps.account.id, use)),
    )
    for (const [at, { use }] of inOrder.entries()) {
      const usesLeft = answers[at] ?? null
      if (usesLeft !== null) left.set(use, usesLeft)
    }
    const taken = batch.filter(({ use }) => left.has(use)).map(({ entry }) => entry)
    if (taken.length > 0) await audit(tx, deps, ...taken)
    return left
  })
}
