/** Every way an exception ends. What it gave ends with it. */
import type { ExceptionView } from '../../contract/exceptions.ts'
import type { Queryable } from '../../storage/database.ts'
import {
  endException,
  findGrantsUnder,
  findOverdueExceptions,
  findRequestsUnder,
} from '../../storage/exceptions.ts'
import { findGrantsById } from '../../storage/grants.ts'
import { findRequest } from '../../storage/reveal-requests.ts'
import { audit, systemActor } from '../audit.ts'
import type { ActDeps, EndpointDeps, RequestContext } from '../context.ts'
import { endGrants } from '../grants/end.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyOfReviews } from '../outbox/notify.ts'
import { endRequest } from '../reveal-requests/decision.ts'
import { dataOf, exceptionAct } from './act.ts'
import { reviewers } from './reviewers.ts'
import { getException, getExceptionView } from './view.ts'

/** Takes an exception back, also one that waits. It narrows, so one person is enough. */
export async function revokeException(
  context: RequestContext,
  exceptionId: string,
): Promise<ExceptionView> {
  return endByPerson(context, exceptionId, 'revoked')
}

/** Says of an expired exception that it is not needed any more. */
export async function closeException(
  context: RequestContext,
  exceptionId: string,
): Promise<ExceptionView> {
  return endByPerson(context, exceptionId, 'closed')
}

const ENDS = {
  revoked: { from: ['waiting', 'active'], action: 'exception.revoke' },
  closed: { from: ['expired'], action: 'exception.close' },
} as const

async function endByPerson(
  context: RequestContext,
  exceptionId: string,
  state: 'revoked' | 'closed',
): Promise<ExceptionView> {
  const exception = await getException(context, exceptionId)
  const { ctx, entry, refused } = await exceptionAct(context, dataOf(exception))
  // What is expired by the clock alone is expired to everybody.
  await expireExceptions(ctx)
  const { from, action } = ENDS[state]
  const isMine = await ctx.database.transaction(async (tx) => {
    const end = { from, state, by: ctx.person.id, at: ctx.now() }
    if (!(await endException(tx, ctx.account.id, exceptionId, end))) return false
    await notifyOfReviews(tx, ctx, [exception.personId, exception.ownerId])
    await endWhatItGave(tx, ctx, exceptionId)
    await audit(tx, ctx, { ...entry, action, outcome: 'ok' })
    return true
  })
  if (!isMine) return refused('exception_not_found')
  drainSoon(ctx)
  return getExceptionView(ctx, exceptionId)
}

/** Ends what time is over for, each once however many instances try. Its owner is told. */
export async function expireExceptions(deps: EndpointDeps): Promise<void> {
  const { account, database } = deps
  const overdue = await findOverdueExceptions(database.orm, account.id, deps.now())
  if (overdue.length === 0) return
  const others = await reviewers(deps)
  for (const exception of overdue) {
    await database.transaction(async (tx) => {
      const from = ['waiting', 'active'] as const
      const end = { from, state: 'expired', by: null, at: deps.now() } as const
      if (!(await endException(tx, account.id, exception.id, end))) return
      await notifyOfReviews(tx, deps, [exception.ownerId, ...others])
      await endWhatItGave(tx, deps, exception.id)
      await audit(tx, deps, {
        action: 'exception.expire',
        actor: systemActor('clock'),
        outcome: 'ok',
        policyVersion: deps.policy.version,
        data: dataOf(exception),
      })
    })
  }
}

/** Grants first: a reveal locks its grant and then the log. */
async function endWhatItGave(tx: Queryable, deps: ActDeps, exceptionId: string): Promise<void> {
  const code = 'exception_ended'
  const grantIds = await findGrantsUnder(tx, deps.account.id, exceptionId)
  const grants = await findGrantsById(tx, deps.account.id, grantIds)
  await endGrants(tx, deps, grants, { state: 'ended', actor: systemActor('policy'), code })
  for (const id of await findRequestsUnder(tx, deps.account.id, exceptionId)) {
    const request = await findRequest(tx, deps.account.id, id)
    if (request !== undefined) await endRequest(tx, deps, request, { state: 'ended', code })
  }
}
