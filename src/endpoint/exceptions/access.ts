/** What a person may do with a field, exceptions included. */
import type { CoveredField, EffectiveAccess, Exception } from '../../core/exception.ts'
import { accessOf, canHoldExceptions } from '../../core/exception.ts'
import { findActiveExceptions } from '../../storage/exceptions.ts'
import type { EndpointDeps, RequestContext } from '../context.ts'

type StoreDeps = Pick<EndpointDeps, 'account' | 'database' | 'now'>

/** Answers, for any field, what the person who asks may do with it now. */
export async function accessFor(
  ctx: RequestContext,
): Promise<(field: CoveredField) => EffectiveAccess> {
  const { person, roles, policy } = ctx
  const exceptions = canHoldExceptions(roles) ? await exceptionsOf(ctx, person.id) : []
  const now = ctx.now()
  return (field) => accessOf({ id: person.id, roles }, field, policy, exceptions, now)
}

/** The exceptions of one person that hold now. */
export function exceptionsOf(deps: StoreDeps, personId: number): Promise<Exception[]> {
  return findActiveExceptions(deps.database.orm, deps.account.id, personId, deps.now())
}

/** What a request or a grant stands on besides roles: the exception that decided it, if one did. */
export type Exemption = {
  exceptionId: string | null
  /** Those that hold now. */
  exceptions: readonly Exception[]
  now: Date
}

/** What no exception decided stands on roles alone, and costs no question to the database. */
export async function exemptionOf(
  deps: StoreDeps,
  { exceptionId, requesterId }: { requesterId: number; exceptionId: string | null },
): Promise<Exemption> {
  const exceptions = exceptionId === null ? [] : await exceptionsOf(deps, requesterId)
  return { exceptionId, exceptions, now: deps.now() }
}
