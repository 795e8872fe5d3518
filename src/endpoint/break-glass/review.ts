/** Compliance looks back at an emergency, and the person may break the glass again. */
import { mayReviewBreakGlass } from '../../core/break-glass.ts'
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { grantStateAt } from '../../core/grant.ts'
import { visibleText } from '../../core/reason-text.ts'
import type { BreakGlassList, ReviewBreakGlassInput } from '../../contract/break-glass.ts'
import { findBreakGlassUse, reviewBreakGlassUse } from '../../storage/break-glass-uses.ts'
import { findGrant } from '../../storage/grants.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyOfReviews } from '../outbox/notify.ts'
import { standingOf } from '../standing.ts'
import { listBreakGlass } from './list.ts'

/**
 * Whatever the outcome, the person is cleared: what an unjustified use costs them is not for software
 * to decide, and naming them in policy no longer is one change. The outcome stays with the use and in
 * the log.
 */
export async function reviewBreakGlass(
  context: RequestContext,
  id: string,
  input: ReviewBreakGlassInput,
): Promise<BreakGlassList> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const db = ctx.database.orm
  const use = await findBreakGlassUse(db, ctx.account.id, id)
  const grant = use === undefined ? undefined : await findGrant(db, ctx.account.id, use.grantId)
  if (use === undefined || grant === undefined) throw new ScrimError('review_not_found')
  const entry = {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: use.ticketId } as const,
    fields: grant.fields.map((field) => field.fieldId),
    requestId: use.requestId,
    grantId: use.grantId,
    policyVersion: ctx.policy.version,
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'break_glass.refuse' }, code, details)

  const people = await ctx.zendesk.people()
  const verdict = mayReviewBreakGlass(
    ctx.person,
    ctx.roles,
    {
      person: people.find((person) => person.id === use.personId) ?? {
        id: use.personId,
        email: null,
      },
      isActive: grantStateAt(grant, ctx.now()) === 'active',
    },
    ctx.policy,
  )
  if (!verdict.allowed) return refused(verdict.code)
  const comment = visibleText(input.comment)
  if (comment === '') return refused('comment_required')
  const text = checkFreeText(ctx, input.comment)
  if (!text.allowed) return refused(text.code, text)
  const { outcome } = input
  const isMine = await ctx.database.transaction(async (tx) => {
    const review = { outcome, comment, by: ctx.person.id, at: ctx.now() }
    if (!(await reviewBreakGlassUse(tx, ctx.account.id, id, review))) return false
    await notifyOfReviews(tx, ctx, [use.personId])
    await audit(tx, ctx, {
      ...entry,
      action: 'break_glass.review',
      outcome: 'ok',
      data: { personId: use.personId, outcome },
      texts: { comment },
    })
    return true
  })
  if (!isMine) return refused('review_not_found')
  drainSoon(ctx)
  return listBreakGlass(ctx)
}
