/**
 * Which instance does a job of the sweep: one row a job, and the database decides. A lease that its
 * holder does not give back (killed, cut off) ends by itself.
 */
import { and, eq, gt, lte } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { jobLeases } from './schema.ts'

const t = jobLeases

/**
 * Takes the lease until `until` unless somebody holds it. Of any number who ask at once one gets it.
 * Who holds it asks in vain, too: a pass that is still under way is not run beside itself.
 */
export async function takeJobLease(
  db: Queryable,
  account: string,
  lease: { job: string; holder: string; now: Date; until: Date },
): Promise<boolean> {
  const held = { holder: lease.holder, leasedUntil: lease.until, ranAt: lease.now }
  const rows = await db
    .insert(t)
    .values({ account, job: lease.job, ...held })
    .onConflictDoUpdate({
      target: [t.account, t.job],
      set: held,
      setWhere: lte(t.leasedUntil, lease.now),
    })
    .returning({ job: t.job })
  return rows.length === 1
}

/**
 * Ends the lease at `nextAt`: from then on anybody may run the job again. Nothing happens when it is
 * somebody else's by now.
 */
export async function releaseJobLease(
  db: Queryable,
  account: string,
  lease: { job: string; holder: string; nextAt: Date },
): Promise<void> {
  await db
    .update(t)
    .set({ leasedUntil: lease.nextAt })
    .where(
      and(
        eq(t.account, account),
        eq(t.job, lease.job),
        eq(t.holder, lease.holder),
        // A lease is given back early, never prolonged.
        gt(t.leasedUntil, lease.nextAt),
      ),
    )
}
