/**
 * Jobs that one instance at a time is to do, because doing them twice costs calls or tells people twice.
 * The database decides who. Whatever a job writes is still conditional on its rows: a lease that ran
 * out under a slow job must do no harm.
 */
import { releaseJobLease, takeJobLease } from '../storage/job-leases.ts'
import type { ActDeps, EndpointDeps } from './context.ts'

/** Longer than a pass takes; so long nobody does the job of an instance that was killed. */
const LEASE_SECONDS = 60

/** Does `work` unless another instance is at it; answers whether it was done here. */
export async function runLeased(
  deps: ActDeps & Pick<EndpointDeps, 'database'>,
  job: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const { orm } = deps.database
  const holder = deps.newId()
  const now = deps.now()
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000)
  if (!(await takeJobLease(orm, deps.account.id, { job, holder, now, until }))) return false
  try {
    await work()
  } finally {
    await releaseJobLease(orm, deps.account.id, { job, holder, nextAt: deps.now() })
  }
  return true
}
