/**
 * Asked every three seconds while a value is on screen: may it stay? Anything but a yes re-masks it,
 * so a revocation, a solved ticket or a lost role works on open values.
 */
import { ScrimError } from '../../core/errors.ts'
import { grantVerdict, secondsUntil } from '../../core/grant.ts'
import type { Heartbeat, HeartbeatInput } from '../../contract/grants.ts'
import { findReveal } from '../../storage/reveals.ts'
import type { RequestContext } from '../context.ts'
import { exemptionOf } from '../exceptions/access.ts'
import { watched } from '../standing.ts'
import { endWithoutGround, groundLost } from './end.ts'

/** Throws the code of what ended the grant, or `reveal_not_open` when this value is not this session's. */
export async function beat(
  ctx: RequestContext,
  grantId: string,
  input: HeartbeatInput,
): Promise<Heartbeat> {
  const open = await findReveal(ctx.database.orm, ctx.account.id, grantId, input.attemptId)
  if (open === undefined || open.grant.requesterId !== ctx.person.id) {
    throw new ScrimError('grant_not_found')
  }
  const { grant, reveal, value } = open
  const now = ctx.now()
  const alive = grantVerdict(grant, now)
  if (!alive.allowed) throw new ScrimError(alive.code)
  const isMine = reveal.sessionId === ctx.session.id && reveal.state === 'open'
  if (!isMine || now >= reveal.displayUntil) throw new ScrimError('reveal_not_open')
  if (ctx.policy.areRevealsPaused) throw new ScrimError('reveals_paused')
  const [person, ticket] = await Promise.all([
    watched((freshness) => ctx.zendesk.person(ctx.person.id, freshness)),
    watched((freshness) => ctx.zendesk.ticket(grant.ticketId, freshness)),
  ])
  const exemption = await exemptionOf(ctx, grant)
  const code = groundLost(grant, [value], { person, ticket, exemption }, ctx.policy)
  if (code !== null) {
    await endWithoutGround(ctx, grant, code)
    throw new ScrimError(code)
  }
  return { displayRemainingSeconds: secondsUntil(reveal.displayUntil, now) }
}
