/** What every act on exceptions begins with: who does it, now, and how it is logged and refused. */
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import { mayManageExceptions } from '../../core/exception.ts'
import type { AuditData } from '../../audit/entry.ts'
import type { StoredException } from '../../storage/exceptions.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { standingOf } from '../standing.ts'

/** Refuses whoever may not manage exceptions. `data` is what all entries of the act say. */
export async function exceptionAct(context: RequestContext, data: AuditData) {
  const ctx: RequestContext = {
    ...context,
    ...(await standingOf(context, context.session.userId, ACT)),
  }
  const entry = { actor: actorOf(ctx), policyVersion: ctx.policy.version, data }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'exception.refuse' }, code, details)
  const permitted = mayManageExceptions(ctx.roles)
  if (!permitted.allowed) return refused(permitted.code)
  return { ctx, entry, refused }
}

/** An exception in ids and words of ours; why it is there is a text. */
export function dataOf(
  exception: Pick<
    StoredException,
    'id' | 'personId' | 'scope' | 'effect' | 'ownerId' | 'expiresAt' | 'reopens'
  >,
): AuditData {
  const { scope, reopens } = exception
  return {
    exceptionId: exception.id,
    personId: exception.personId,
    ...('sensitivityClass' in scope
      ? { sensitivityClass: scope.sensitivityClass }
      : { fieldId: scope.fieldId, fieldClass: scope.fieldClass }),
    effect: exception.effect,
    ownerId: exception.ownerId,
    expiresAt: exception.expiresAt.toISOString(),
    ...(reopens === null ? {} : { reopens }),
  }
}
