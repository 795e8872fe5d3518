/**
 * Taking uses, many in one transaction. Every reveal appends to the account's log and so waits for the
 * lock on its head; those that wait for the same commit share the next one. A use is answered only
 * after the commit that holds both it and its entry.
 *
 * Caps are counted behind that very lock, in the round trip that takes it: nobody else's reveal comes
 * between count and entry, on whichever instance.
 */
import type { Admission, Caps } from '../../core/rate-cap.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import { appendChosenEntries } from '../../storage/audit-log.ts'
import { giveBackUse } from '../../storage/counted-reveals.ts'
import type { Database, Queryable } from '../../storage/database.ts'
import { consumeUse } from '../../storage/reveals.ts'
import type { UseToTake } from '../../storage/reveals.ts'
import { audit } from '../audit.ts'
import { admitUses, hasCaps } from '../caps/admit.ts'
import type { EndpointDeps } from '../context.ts'

type TakeDeps = Pick<EndpointDeps, 'account' | 'database' | 'now' | 'newId'>

/** A use with what bounds it. `personIds` are all users of Zendesk that the requester is. */
export type UseWithin = UseToTake & { personIds: readonly number[]; caps: Caps }

/** `refusal` is null where the grant itself has nothing to give. */
export type TakenUse =
  | { isTaken: true; usesLeft: number }
  | { isTaken: false; refusal: Extract<Admission, { isAdmitted: false }> | null }

type Waiting = {
  use: UseWithin
  entry: AuditDraft
  resolve: (taken: TakenUse) => void
  reject: (error: unknown) => void
}

/** More would only keep the first ones waiting. */
const MOST_AT_ONCE = 64

/** Who waits, by database and account. A list stands here while its uses are being taken. */
const waitingByDatabase = new WeakMap<Database, Map<string, Waiting[]>>()

/**
 * Takes one use and appends `entry`, or does neither. What fails fails for all that shared the
 * transaction: nothing was taken, nothing is shown.
 */
export function takeUse(deps: TakeDeps, use: UseWithin, entry: AuditDraft): Promise<TakenUse> {
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
      const taken = await takeTogether(deps, batch)
      for (const { use, resolve } of batch) resolve(taken.get(use) ?? NOTHING_TO_TAKE)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
  close()
}

const NOTHING_TO_TAKE: TakenUse = { isTaken: false, refusal: null }

async function takeTogether(
  deps: TakeDeps,
  batch: readonly Waiting[],
): Promise<Map<UseWithin, TakenUse>> {
  // Whoever locks several grants does so in the order of their ids, so that nobody waits in a circle.
  const inOrder = batch.toSorted((a, b) => (a.use.grantId < b.use.grantId ? -1 : 1))
  return deps.database.transaction(async (tx) => {
    const taken = new Map<UseWithin, TakenUse>()
    const answers = await Promise.all(
      inOrder.map(({ use }) => consumeUse(tx, deps.account.id, use)),
    )
    for (const [at, { use }] of inOrder.entries()) {
      const usesLeft = answers[at] ?? null
      if (usesLeft !== null) taken.set(use, { isTaken: true, usesLeft })
    }
    const consumed = batch.filter(({ use }) => taken.has(use))
    if (consumed.length === 0) return taken
    const entries = consumed.map(({ entry }) => entry)
    if (consumed.some(({ use }) => hasCaps(use.caps))) {
      await appendChosenEntries(tx, deps.account.id, deps.now(), entries, () =>
        admit(tx, deps, consumed, taken),
      )
    } else {
      await audit(tx, deps, ...entries)
    }
    return taken
  })
}

/** Takes back what is beyond a cap. Nobody has been shown anything by then. */
async function admit(
  tx: Queryable,
  deps: TakeDeps,
  consumed: readonly Waiting[],
  taken: Map<UseWithin, TakenUse>,
) {
  const { admissions, more } = await admitUses(
    tx,
    deps,
    consumed.map(({ use }) => use),
  )
  for (const [at, { use }] of consumed.entries()) {
    const admission = admissions[at]
    if (admission?.isAdmitted !== false) continue
    taken.set(use, { isTaken: false, refusal: admission })
    await giveBackUse(tx, use)
  }
  return { keeps: admissions.map(({ isAdmitted }) => isAdmitted), more: await more() }
}
