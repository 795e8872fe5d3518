/** The circuit breaker as people see it, and closing it. */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { refuse } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { secondsUntil } from '../../core/grant.ts'
import type { Person } from '../../core/person.ts'
import { isSamePerson } from '../../core/person.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkReasonText } from '../../core/reveal-request.ts'
import type { CircuitBreaker } from '../../contract/circuit-breaker.ts'
import type { StoredBreaker } from '../../storage/circuit-breakers.ts'
import { closeBreaker, findOpenBreaker } from '../../storage/circuit-breakers.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { namesOf, standingOf } from '../standing.ts'

/** For the people who decide, oversee or configure; everybody else is told by what they are refused. */
export async function getCircuitBreaker(ctx: RequestContext): Promise<CircuitBreaker> {
  if (!ctx.roles.some((role) => role !== 'frontline')) throw new ScrimError('role_not_permitted')
  const [breaker, nameOf, people] = await Promise.all([
    findOpenBreaker(ctx.database.orm, ctx.account.id),
    namesOf(ctx),
    ctx.zendesk.people(),
  ])
  const { accountPerHour } = ctx.policy.caps
  // An account whose policy sets no bound has no breaker, whatever was opened before.
  if (breaker === undefined || accountPerHour === null) {
    return { opened: null, accountPerHour, mayClose: refuse('conflict') }
  }
  const now = ctx.now()
  return {
    opened: {
      at: breaker.openedAt.toISOString(),
      ageSeconds: secondsUntil(now, breaker.openedAt),
      count: breaker.count,
      trippedBy: breaker.trippedBy.map(nameOf),
    },
    accountPerHour,
    mayClose: mayClose(ctx, breaker, people),
  }
}

/** Compliance, but nobody whose own reveals opened it. */
function mayClose(
  { person, roles, policy }: Pick<RequestContext, 'person' | 'roles' | 'policy'>,
  { trippedBy }: Pick<StoredBreaker, 'trippedBy'>,
  people: readonly Person[],
): Verdict {
  if (!roles.includes('compliance')) return refuse('role_not_permitted')
  const isMine = trippedBy.some((id) => {
    const tripper = people.find((one) => one.id === id) ?? { id, email: null }
    return isSamePerson(person, tripper, policy.samePerson)
  })
  return isMine ? refuse('second_person_needed') : { allowed: true }
}

/** Lets reveals be shown again. What was counted before is not counted again. */
export async function closeCircuitBreaker(
  context: RequestContext,
  input: { comment: string },
): Promise<CircuitBreaker> {
  const ctx: RequestContext = {
    ...context,
    ...(await standingOf(context, context.session.userId, ACT)),
  }
  const entry = { actor: actorOf(ctx), policyVersion: ctx.policy.version }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'circuit_breaker.refuse' }, code, details)
  const [breaker, people] = await Promise.all([
    findOpenBreaker(ctx.database.orm, ctx.account.id),
    ctx.zendesk.people(),
  ])
  const verdicts: Verdict[] = [
    mayClose(ctx, breaker ?? { trippedBy: [] }, people),
    breaker === undefined ? refuse('conflict') : { allowed: true },
    checkFreeText(ctx, input.comment),
    checkReasonText(input.comment, [], ctx.policy),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, verdict)
  }
  const comment = visibleText(input.comment)
  const isMine = await ctx.database.transaction(async (tx) => {
    if (breaker === undefined) return false
    const by = { personId: ctx.person.id, at: ctx.now(), comment }
    if (!(await closeBreaker(tx, ctx.account.id, breaker.id, by))) return false
    await audit(tx, ctx, {
      ...entry,
      action: 'circuit_breaker.close',
      outcome: 'ok',
      data: { breakerId: breaker.id },
      texts: { comment },
    })
    return true
  })
  return isMine ? getCircuitBreaker(ctx) : refused('conflict')
}
