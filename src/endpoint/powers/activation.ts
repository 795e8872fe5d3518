/** What becomes of people's powers when a version of the policy becomes active. */
import type { Person } from '../../core/person.ts'
import type { Policy } from '../../core/policy.ts'
import { powersHeld, powersIn } from '../../core/power.ts'
import type { Queryable } from '../../storage/database.ts'
import {
  confirmPowers,
  forgetPowersBesides,
  movePowersRevision,
  openPowerBaseline,
} from '../../storage/powers.ts'
import type { ActDeps } from '../context.ts'

export type Activation = {
  policy: Policy
  /** The version that was active until now; null for the first. */
  previous: Policy | null
  /** Everybody, as the directory has them; read before the transaction. */
  people: readonly Person[]
  /** Whether a second person consented, and so to whoever holds what the version newly builds on. */
  isConsented: boolean
}

/**
 * In the transaction of an activation. The first one confirms what everybody holds, and from then on new
 * power waits. A later one confirms only holders of powers that no version before it built on, and only
 * where a second person consented to it: otherwise whoever had somebody waiting could confirm them by
 * activating any change at all.
 */
export async function recordPowersAtActivation(
  tx: Queryable,
  deps: Pick<ActDeps, 'account' | 'now'>,
  { policy, previous, people, isConsented }: Activation,
): Promise<void> {
  const account = deps.account.id
  const at = deps.now()
  const isFirst = await openPowerBaseline(tx, account, at)
  const known = isFirst || previous === null ? [] : powersIn(previous)
  const isCovered = (power: string) => isFirst || (isConsented && !known.includes(power))
  const held = people.flatMap((person) =>
    powersHeld(person, policy)
      .filter(isCovered)
      .map((power) => ({ personId: person.id, power })),
  )
  await forgetPowersBesides(tx, account, powersIn(policy))
  await confirmPowers(tx, account, held, at)
  await movePowersRevision(tx, account)
}
