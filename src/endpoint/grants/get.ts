/** One grant as the contract shows it, or `grant_not_found`. */
import { ScrimError } from '../../core/errors.ts'
import type { GrantView } from '../../contract/grants.ts'
import { findGrant } from '../../storage/grants.ts'
import type { RequestContext } from '../context.ts'
import { grantViews } from './view.ts'

export async function getGrantView(ctx: RequestContext, id: string): Promise<GrantView> {
  const grant = await findGrant(ctx.database.orm, ctx.account.id, id)
  const [view] = grant === undefined ? [] : await grantViews(ctx, [grant])
  if (view === undefined) throw new ScrimError('grant_not_found')
  return view
}
