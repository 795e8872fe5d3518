/** Stored exceptions as the contract shows them. */
import type { ExceptionState } from '../../core/exception.ts'
import { covers, exceptionStateAt, mayConsentTo } from '../../core/exception.ts'
import { refuse } from '../../core/errors.ts'
import type { Verdict } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { secondsUntil } from '../../core/grant.ts'
import type { Person } from '../../core/person.ts'
import { findField } from '../../core/protected-field.ts'
import type { ExceptionScopeView, ExceptionView } from '../../contract/exceptions.ts'
import type { StoredException } from '../../storage/exceptions.ts'
import { countRequestsBy, findException } from '../../storage/exceptions.ts'
import type { RequestContext } from '../context.ts'

/** What somebody has to do something about comes first. */
const ORDER: readonly ExceptionState[] = [
  'waiting',
  'expired',
  'active',
  'revoked',
  'rejected',
  'closed',
]

/** Views: what waits and what is due for review, then what holds, then what is over. */
export async function exceptionViews(
  ctx: RequestContext,
  exceptions: readonly StoredException[],
): Promise<ExceptionView[]> {
  const [people, requests] = await Promise.all([
    ctx.zendesk.people(),
    countRequestsBy(ctx.database.orm, ctx.account.id, exceptions),
  ])
  const byId = new Map(people.map((person) => [person.id, person]))
  const nameOf = (id: number) => ({ id, name: byId.get(id)?.name ?? `#${id}` })
  const now = ctx.now()
  const views = exceptions.map((exception): ExceptionView => {
    const state = exceptionStateAt(exception, now)
    const { decidedBy, decidedAt, endedAt } = exception
    const isOpen = state === 'waiting' || state === 'active'
    return {
      id: exception.id,
      holder: nameOf(exception.personId),
      scope: scopeView(ctx, exception),
      effect: exception.effect,
      why: exception.why,
      owner: nameOf(exception.ownerId),
      author: nameOf(exception.createdBy),
      state,
      createdAt: exception.createdAt.toISOString(),
      expiresAt: exception.expiresAt.toISOString(),
      remainingSeconds: isOpen ? secondsUntil(exception.expiresAt, now) : 0,
      decided:
        decidedBy === null || decidedAt === null
          ? null
          : { by: nameOf(decidedBy), at: decidedAt.toISOString() },
      ended:
        endedAt === null
          ? null
          : {
              by: exception.endedBy === null ? null : nameOf(exception.endedBy),
              at: endedAt.toISOString(),
            },
      reopens: exception.reopens,
      isCovering: isCovering(ctx, exception),
      requests: requests.get(exception.id) ?? 0,
      mayConsent:
        state === 'waiting' ? consentVerdict(ctx, exception, byId) : refuse('exception_not_found'),
    }
  })
  const rank = ({ state }: ExceptionView) => ORDER.indexOf(state)
  return views.toSorted((a, b) => rank(a) - rank(b))
}

/** Whether the person who looks may consent. Who is gone from Zendesk is known by their id alone. */
export function consentVerdict(
  ctx: Pick<RequestContext, 'person' | 'roles' | 'policy'>,
  { createdBy, personId }: Pick<StoredException, 'createdBy' | 'personId'>,
  byId: ReadonlyMap<number, Person>,
): Verdict {
  const known = (id: number) => byId.get(id) ?? { id, email: null }
  const people = { author: known(createdBy), holder: known(personId) }
  return mayConsentTo(people, { ...ctx.person, roles: ctx.roles }, ctx.policy)
}

function scopeView({ policy }: RequestContext, { scope }: StoredException): ExceptionScopeView {
  if ('sensitivityClass' in scope) return { by: 'class', sensitivityClass: scope.sensitivityClass }
  const { fieldId, fieldClass } = scope
  const label = findField(policy.fields, fieldId)?.label ?? fieldId
  return { by: 'field', fieldId, label, sensitivityClass: fieldClass }
}

/** A class always has what it names; a field may have left the catalogue, or become another. */
function isCovering({ policy }: RequestContext, exception: StoredException): boolean {
  const { scope } = exception
  if ('sensitivityClass' in scope) return true
  const field = findField(policy.fields, scope.fieldId)
  return field !== undefined && covers(exception, field)
}

/** One of this account. */
export async function getException(
  ctx: Pick<RequestContext, 'account' | 'database'>,
  id: string,
): Promise<StoredException> {
  const exception = await findException(ctx.database.orm, ctx.account.id, id)
  if (exception === undefined) throw new ScrimError('exception_not_found')
  return exception
}

/** The same as the contract shows it. */
export async function getExceptionView(ctx: RequestContext, id: string): Promise<ExceptionView> {
  const [view] = await exceptionViews(ctx, [await getException(ctx, id)])
  if (view === undefined) throw new ScrimError('exception_not_found')
  return view
}
