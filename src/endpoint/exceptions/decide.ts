/** Agreeing to an exception, or not. */
import type { ExceptionView } from '../../contract/exceptions.ts'
import { decideException } from '../../storage/exceptions.ts'
import { audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyOfReviews } from '../outbox/notify.ts'
import { dataOf, exceptionAct } from './act.ts'
import { consentVerdict, getException, getExceptionView } from './view.ts'

/**
 * Compliance or an administrator who is neither its author nor its holder. `expiresAt` is what they were
 * shown: another one is another exception, which they have not seen.
 */
export async function consentToException(
  context: RequestContext,
  exceptionId: string,
  shown: { expiresAt: string },
): Promise<ExceptionView> {
  return decide(context, exceptionId, 'active', shown)
}

export async function rejectException(
  context: RequestContext,
  exceptionId: string,
): Promise<ExceptionView> {
  return decide(context, exceptionId, 'rejected', null)
}

async function decide(
  context: RequestContext,
  exceptionId: string,
  state: 'active' | 'rejected',
  shown: { expiresAt: string } | null,
): Promise<ExceptionView> {
  const exception = await getException(context, exceptionId)
  const { ctx, entry, refused } = await exceptionAct(context, dataOf(exception))
  const people = await ctx.zendesk.people()
  const byId = new Map(people.map((person) => [person.id, person]))
  const verdict = consentVerdict(ctx, exception, byId)
  if (!verdict.allowed) return refused(verdict.code)
  if (shown !== null && new Date(shown.expiresAt).getTime() !== exception.expiresAt.getTime()) {
    return refused('conflict')
  }
  const isMine = await ctx.database.transaction(async (tx) => {
    const decision = { state, by: ctx.person.id, at: ctx.now() }
    if (!(await decideException(tx, ctx.account.id, exceptionId, decision))) return false
    await notifyOfReviews(tx, ctx, [exception.personId, exception.ownerId, exception.createdBy])
    const action = state === 'active' ? 'exception.consent' : 'exception.reject'
    await audit(tx, ctx, { ...entry, action, outcome: 'ok' })
    return true
  })
  if (!isMine) return refused('exception_not_found')
  drainSoon(ctx)
  return getExceptionView(ctx, exceptionId)
}
