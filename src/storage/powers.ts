/**
 * Which powers of which people are confirmed, wait or were declined. An account without a baseline row
 * has none that wait: nothing is enforced before the first policy became active.
 */
import { and, asc, eq, inArray, lt, notInArray, sql } from 'drizzle-orm'
import type { PowerState } from '../core/power.ts'
import type { Queryable } from './database.ts'
import { powerBaselines, powers } from './schema.ts'

export type PowerKey = { personId: number; power: string }

export type StoredPower = PowerKey & {
  state: PowerState
  firstSeenAt: Date
  /** A person, or null for what was there when a policy became active. */
  decidedBy: number | null
  decidedAt: Date | null
}

/** Every power of the account that was ever seen and is not lost, the oldest first. */
export async function findPowers(db: Queryable, account: string): Promise<StoredPower[]> {
  const rows = await db
    .select()
    .from(powers)
    .where(eq(powers.account, account))
    .orderBy(asc(powers.firstSeenAt), asc(powers.personId), asc(powers.source))
  return rows.map(({ account: _account, source, state, ...row }) => ({
    ...row,
    power: source,
    // Only `PowerState`s are ever written to this column.
    state: state as PowerState,
  }))
}

/**
 * The number that moves with every change of the account's powers, or null where nothing is enforced
 * yet. Requests learn it with their session.
 */
export async function findPowersRevision(db: Queryable, account: string): Promise<number | null> {
  const [row] = await db
    .select({ revision: powerBaselines.revision })
    .from(powerBaselines)
    .where(eq(powerBaselines.account, account))
  return row?.revision ?? null
}

/** Starts enforcing. False when that was done before. */
export async function openPowerBaseline(
  tx: Queryable,
  account: string,
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(powerBaselines)
    .values({ account, since: at, revision: 1 })
    .onConflictDoNothing()
    .returning({ account: powerBaselines.account })
  return rows.length === 1
}

/** Has every instance read the account's powers anew. In the transaction that changed them. */
export async function movePowersRevision(tx: Queryable, account: string): Promise<void> {
  await tx
    .update(powerBaselines)
    .set({ revision: sql`${powerBaselines.revision} + 1` })
    .where(eq(powerBaselines.account, account))
}

/** Records what was seen for the first time, as waiting. Answers those that nobody recorded before. */
export async function recordWaitingPowers(
  tx: Queryable,
  account: string,
  seen: readonly PowerKey[],
  at: Date,
): Promise<PowerKey[]> {
  if (seen.length === 0) return []
  const rows = await tx
    .insert(powers)
    .values(seen.map((key) => ({ ...columnsOf(account, key), state: 'waiting', firstSeenAt: at })))
    .onConflictDoNothing()
    .returning({ personId: powers.personId, power: powers.source })
  return rows
}

/** Confirms what people hold when a policy that builds on it becomes active, whatever it was before. */
export async function confirmPowers(
  tx: Queryable,
  account: string,
  held: readonly PowerKey[],
  at: Date,
): Promise<void> {
  if (held.length === 0) return
  const decided = { state: 'confirmed', decidedBy: null, decidedAt: at }
  await tx
    .insert(powers)
    .values(held.map((key) => ({ ...columnsOf(account, key), ...decided, firstSeenAt: at })))
    .onConflictDoUpdate({
      target: [powers.account, powers.personId, powers.source],
      set: decided,
    })
}

/**
 * Somebody's word on a power that waits, or that was declined. False when it is no longer there or was
 * decided so before: of two at once one decides.
 */
export async function decidePower(
  tx: Queryable,
  account: string,
  key: PowerKey,
  decision: { state: 'confirmed' | 'declined'; by: number; at: Date },
): Promise<boolean> {
  const from = decision.state === 'confirmed' ? ['waiting', 'declined'] : ['waiting']
  const rows = await tx
    .update(powers)
    .set({ state: decision.state, decidedBy: decision.by, decidedAt: decision.at })
    .where(and(isPower(account, key), inArray(powers.state, from)))
    .returning({ personId: powers.personId })
  return rows.length === 1
}

/**
 * Forgets a power that Zendesk no longer gives: should it come back, it waits again. False when it was
 * seen or decided on only after `before`, or was forgotten by somebody else.
 */
export async function forgetPower(
  tx: Queryable,
  account: string,
  key: PowerKey,
  before: Date,
): Promise<boolean> {
  const rows = await tx
    .delete(powers)
    .where(and(isPower(account, key), lt(powers.firstSeenAt, before)))
    .returning({ personId: powers.personId })
  return rows.length === 1
}

/** Forgets the powers that a policy no longer builds on. */
export async function forgetPowersBesides(
  tx: Queryable,
  account: string,
  known: readonly string[],
): Promise<void> {
  await tx
    .delete(powers)
    .where(and(eq(powers.account, account), notInArray(powers.source, [...known])))
}

function columnsOf(account: string, { personId, power }: PowerKey) {
  return { account, personId, source: power }
}

function isPower(account: string, { personId, power }: PowerKey) {
  return and(eq(powers.account, account), eq(powers.personId, personId), eq(powers.source, power))
}
