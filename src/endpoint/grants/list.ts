/** The grants that are alive now, for the people who may revoke them. */
import { ScrimError } from '../../core/errors.ts'
import { grantStateAt } from '../../core/grant.ts'
import { mayRevoke } from '../../core/policy-decision.ts'
import type { GrantList } from '../../contract/grants.ts'
import { findActiveGrants } from '../../storage/grants.ts'
import type { RequestContext } from '../context.ts'
import { grantViews } from './view.ts'

export async function listActiveGrants(ctx: RequestContext): Promise<GrantList> {
  const verdict = mayRevoke(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const stored = await findActiveGrants(ctx.database.orm, ctx.account.id)
  const now = ctx.now()
  const alive = stored.filter((grant) => grantStateAt(grant, now) === 'active')
  return { grants: await grantViews(ctx, alive) }
}
