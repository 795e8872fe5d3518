/** Proposing an exception, anew or once more. Nothing holds before a second person agrees. */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import type { ExceptionScope } from '../../core/exception.ts'
import {
  canHoldExceptions,
  canOwnExceptions,
  checkExpiry,
  exceptionStateAt,
} from '../../core/exception.ts'
import type { Person } from '../../core/person.ts'
import { isSamePerson } from '../../core/person.ts'
import { rolesOf } from '../../core/policy-decision.ts'
import type { Policy } from '../../core/policy.ts'
import { SENSITIVITY_CLASSES, findField } from '../../core/protected-field.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkReasonText } from '../../core/reveal-request.ts'
import type {
  CreateExceptionInput,
  ExceptionView,
  ReopenExceptionInput,
} from '../../contract/exceptions.ts'
import type { NewException } from '../../storage/exceptions.ts'
import { createException, endException } from '../../storage/exceptions.ts'
import { ACT } from '../../zendesk/directory.ts'
import { audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyOfReviews } from '../outbox/notify.ts'
import { dataOf, exceptionAct } from './act.ts'
import { reviewers } from './reviewers.ts'
import { getException, getExceptionView } from './view.ts'

/** Compliance or an administrator proposes; the person it is for has to be able to use it. */
export async function proposeException(
  context: RequestContext,
  input: CreateExceptionInput,
): Promise<ExceptionView> {
  const { holderId, ownerId, effect } = input
  const scope = scopeOf(input.scope, context.policy)
  const asked = { personId: holderId, ownerId, effect, scope, reopens: null }
  return propose(context, asked, input)
}

/**
 * The same once more, after it ended: a new one that goes on from the old, with an end and a consent of
 * its own. What it names is named as it is today, so consent is to that.
 */
export async function reopenException(
  context: RequestContext,
  exceptionId: string,
  input: ReopenExceptionInput,
): Promise<ExceptionView> {
  const before = await getException(context, exceptionId)
  const { personId, ownerId, effect, scope } = before
  const named =
    'sensitivityClass' in scope
      ? scope
      : scopeOf({ by: 'field', id: scope.fieldId }, context.policy)
  const state = exceptionStateAt(before, context.now())
  const isOver = state === 'expired' || state === 'revoked'
  const asked = { personId, ownerId, effect, scope: named, reopens: exceptionId }
  return propose(context, asked, input, isOver ? null : 'exception_not_found')
}

type Asked = Pick<NewException, 'personId' | 'ownerId' | 'effect' | 'reopens'> & {
  /** Null for a field that the catalogue does not have. */
  scope: ExceptionScope | null
}

async function propose(
  context: RequestContext,
  asked: Asked,
  input: { why: string; expiresAt: string },
  obstacle: ScrimErrorCode | null = null,
): Promise<ExceptionView> {
  const { personId, ownerId, effect, reopens } = asked
  const expiresAt = new Date(input.expiresAt)
  const { ctx, entry, refused } = await exceptionAct(context, { personId, ownerId, effect })
  const now = ctx.now()
  const [holder, owner] = await Promise.all([
    ctx.zendesk.person(personId, ACT),
    ctx.zendesk.person(ownerId, ACT),
  ])
  if (obstacle !== null) return refused(obstacle)
  if (asked.scope === null) return refused('field_unknown')
  const end = checkExpiry(expiresAt, now, ctx.policy)
  const verdicts: [Verdict, path?: string][] = [
    [mayHold(holder, ctx.policy), 'holderId'],
    [mayOwn(owner, holder, ctx.policy), 'ownerId'],
    [end, 'expiresAt'],
    [checkFreeText(ctx, input.why)],
    [checkReasonText(input.why, [], ctx.policy)],
  ]
  for (const [verdict, path] of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, faultAt(verdict, path))
  }
  const exception: NewException = {
    id: ctx.newId(),
    personId,
    ownerId,
    effect,
    reopens,
    scope: asked.scope,
    why: visibleText(input.why),
    createdBy: ctx.person.id,
    createdAt: now,
    expiresAt,
  }
  const others = await reviewers(ctx)
  const isMine = await ctx.database.transaction(async (tx) => {
    // Reviewed by being reopened: it is not due any more, and is not reopened twice.
    const from = ['active', 'expired', 'revoked'] as const
    const close = { from, state: 'closed', by: ctx.person.id, at: now } as const
    if (reopens !== null && !(await endException(tx, ctx.account.id, reopens, close))) return false
    await createException(tx, ctx.account.id, exception)
    await notifyOfReviews(tx, ctx, others)
    await audit(tx, ctx, {
      ...entry,
      action: 'exception.create',
      outcome: 'ok',
      data: dataOf(exception),
      texts: { why: exception.why },
    })
    return true
  })
  if (!isMine) return refused('exception_not_found')
  drainSoon(ctx)
  return getExceptionView(ctx, exception.id)
}

/** The class, or the field as the catalogue has it now; null where there is none of this name. */
function scopeOf(
  scope: CreateExceptionInput['scope'],
  policy: Pick<Policy, 'fields'>,
): ExceptionScope | null {
  if (scope.by === 'class') {
    const sensitivityClass = SENSITIVITY_CLASSES.find((name) => name === scope.id)
    return sensitivityClass === undefined ? null : { sensitivityClass }
  }
  const field = findField(policy.fields, scope.id)
  if (field === undefined) return null
  const { id, sensitivityClass, zendeskFieldId } = field
  return { fieldId: id, fieldClass: sensitivityClass, zendeskFieldId }
}

function mayHold(holder: Person | null, policy: Policy): Verdict {
  if (holder === null) return { allowed: false, code: 'person_unknown' }
  return canHoldExceptions(rolesOf(holder, policy))
    ? { allowed: true }
    : { allowed: false, code: 'role_not_permitted' }
}

/** Who answers for it is told when it ends, and is not who has it. */
function mayOwn(owner: Person | null, holder: Person | null, policy: Policy): Verdict {
  if (owner === null) return { allowed: false, code: 'person_unknown' }
  if (holder !== null && isSamePerson(owner, holder, policy.samePerson)) {
    return { allowed: false, code: 'second_person_needed' }
  }
  return canOwnExceptions(rolesOf(owner, policy))
    ? { allowed: true }
    : { allowed: false, code: 'role_not_permitted' }
}

/** Where in the form the fault is. */
function faultAt(verdict: Verdict, path: string | undefined): ScrimErrorDetails {
  const { limit, kinds } = verdict.allowed ? {} : verdict
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(path === undefined ? {} : { issues: [{ path: `body.${path}`, rule: 'permitted' }] }),
  }
}
