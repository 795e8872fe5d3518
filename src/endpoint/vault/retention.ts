/** Erasing what policy keeps no longer. */
import { findDueValues } from '../../storage/vault.ts'
import { systemActor } from '../audit.ts'
import type { EraseDeps } from './erase-value.ts'
import { eraseValue } from './erase-value.ts'

/** Values a sweep erases at most: each has a transaction and an entry of its own. */
const MOST_A_SWEEP = 100

/** Any number of instances may do this at once: each value is erased by one of them. */
export async function eraseDueValues(deps: EraseDeps): Promise<void> {
  const { database, account } = deps
  const due = await findDueValues(database.orm, account.id, deps.now(), MOST_A_SWEEP)
  for (const value of due) {
    await eraseValue(deps, value, { why: 'retention', actor: systemActor('clock') })
  }
}
