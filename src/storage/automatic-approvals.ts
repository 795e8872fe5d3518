/** What policy's rules approved by themselves, by person and day. */
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { automaticApprovals, grants, revealRequests } from './schema.ts'

export type RuleUse = { personId: number; ruleId: string; /** `2026-11-22`, UTC. */ day: string }

/**
 * Counts one more approval unless there are `most` already. Of two at once the second waits for the
 * first to commit, and then counts on from it. False when there were as many.
 */
export async function takeRuleUse(
  tx: Queryable,
  account: string,
  use: RuleUse,
  most: number,
): Promise<boolean> {
  const rows = await tx
    .insert(automaticApprovals)
    .values({ account, ...use, count: 1 })
    .onConflictDoUpdate({
      target: [
        automaticApprovals.account,
        automaticApprovals.personId,
        automaticApprovals.ruleId,
        automaticApprovals.day,
      ],
      set: { count: sql`${automaticApprovals.count} + 1` },
      setWhere: lt(automaticApprovals.count, most),
    })
    .returning({ count: automaticApprovals.count })
  return rows.length === 1
}

/** How often each rule approved for a person on a day. */
export async function findRuleUses(
  db: Queryable,
  account: string,
  { personId, day }: Omit<RuleUse, 'ruleId'>,
): Promise<Map<string, number>> {
  const rows = await db
    .select({ ruleId: automaticApprovals.ruleId, count: automaticApprovals.count })
    .from(automaticApprovals)
    .where(
      and(
        eq(automaticApprovals.account, account),
        eq(automaticApprovals.personId, personId),
        eq(automaticApprovals.day, day),
      ),
    )
  return new Map(rows.map(({ ruleId, count }) => [ruleId, count]))
}

/** Marks a request as approved by this rule. */
export async function noteRule(
  tx: Queryable,
  account: string,
  requestId: string,
  ruleId: string,
): Promise<void> {
  await tx
    .update(revealRequests)
    .set({ ruleId })
    .where(and(eq(revealRequests.account, account), eq(revealRequests.id, requestId)))
}

/** Holds a grant until the transaction ends. A reveal locks its grant first and the log then. */
export async function lockGrant(tx: Queryable, account: string, id: string): Promise<void> {
  await tx
    .select({ id: grants.id })
    .from(grants)
    .where(and(eq(grants.account, account), eq(grants.id, id)))
    .for('no key update')
}
