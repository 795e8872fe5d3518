/**
 * What the endpoint knows of everybody's powers: kept in memory under the number that every change of
 * them moves. A request learns that number with its session, so that it never decides on an older
 * answer than its own start, and asks for the powers themselves only when they changed.
 */
import type { Person } from '../../core/person.ts'
import type { Policy } from '../../core/policy.ts'
import { powersHeld } from '../../core/power.ts'
import type { PowerState } from '../../core/power.ts'
import type { Database } from '../../storage/database.ts'
import { findPowers } from '../../storage/powers.ts'
import type { PowerKey } from '../../storage/powers.ts'
import type { EndpointDeps } from '../context.ts'

export type KnownPowers = {
  /** Undefined: never seen. */
  stateOf(personId: number, power: string): PowerState | undefined
}

type Known = { revision: number; powers: KnownPowers }

const knownByDatabase = new WeakMap<Database, Map<string, Known>>()

/** The powers as of `revision`, or null where nothing is enforced yet: the account has no baseline. */
export async function knownPowers(
  { database, account }: Pick<EndpointDeps, 'database' | 'account'>,
  revision: number | null,
): Promise<KnownPowers | null> {
  if (revision === null) return null
  const byAccount = knownByDatabase.get(database) ?? new Map<string, Known>()
  knownByDatabase.set(database, byAccount)
  const known = byAccount.get(account.id)
  if (known?.revision === revision) return known.powers
  const stored = await findPowers(database.orm, account.id)
  const states = new Map(
    stored.map(({ personId, power, state }) => [`${personId} ${power}`, state]),
  )
  const powers = {
    stateOf: (personId: number, power: string) => states.get(`${personId} ${power}`),
  }
  byAccount.set(account.id, { revision, powers })
  return powers
}

/** Of a person's waiting powers those that nobody has recorded yet. */
export function unseenPowers(
  { id, waitingPowers = [] }: Pick<Person, 'id' | 'waitingPowers'>,
  known: KnownPowers | null,
): PowerKey[] {
  return waitingPowers
    .filter((power) => known?.stateOf(id, power) === undefined)
    .map((power) => ({ personId: id, power }))
}

/** What the person holds and nobody has confirmed, seen before or not. */
export function unconfirmedPowers(
  person: Person,
  policy: Pick<Policy, 'roles' | 'approval'>,
  known: KnownPowers | null,
): string[] {
  if (known === null) return []
  return powersHeld(person, policy).filter(
    (power) => known.stateOf(person.id, power) !== 'confirmed',
  )
}
