/** "I'm done": the requester ends their own grant. */
import { ScrimError } from '../../core/errors.ts'
import type { GrantView } from '../../contract/grants.ts'
import { findGrant } from '../../storage/grants.ts'
import { actorOf } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { endGrant } from './end.ts'
import { getGrantView } from './get.ts'

/** Saying it twice is no fault: the second time changes nothing. Somebody else's grant looks like none. */
export async function releaseGrant(ctx: RequestContext, grantId: string): Promise<GrantView> {
  const grant = await findGrant(ctx.database.orm, ctx.account.id, grantId)
  if (grant === undefined || grant.requesterId !== ctx.person.id) {
    throw new ScrimError('grant_not_found')
  }
  const end = { state: 'released', actor: actorOf(ctx) } as const
  await ctx.database.transaction((tx) => endGrant(tx, ctx, grant, end))
  drainSoon(ctx)
  return getGrantView(ctx, grantId)
}
