/** A second person's word on power that somebody newly holds. */
import type { ScrimErrorCode } from '../../core/errors.ts'
import { mayDecideOnPower, powersHeld } from '../../core/power.ts'
import type { PowerList } from '../../contract/powers.ts'
import type { PowerKey } from '../../storage/powers.ts'
import { decidePower, findPowers, movePowersRevision } from '../../storage/powers.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { standingOf } from '../standing.ts'
import { listPowers } from './list.ts'

/**
 * Confirms or declines. Declined power gives nothing until somebody confirms it, or until it is lost in
 * Zendesk and given anew. The decider's own standing is looked up again; what of their own power waits
 * is no power to confirm with.
 */
export async function decideOnPower(
  context: RequestContext,
  key: PowerKey,
  state: 'confirmed' | 'declined',
): Promise<PowerList> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const holder = await ctx.zendesk.person(key.personId, ACT)
  const entry = {
    actor: actorOf(ctx),
    policyVersion: ctx.policy.version,
    data: { personId: key.personId, power: key.power },
  }
  const refused = (code: ScrimErrorCode) =>
    refuseAct(ctx, { ...entry, action: 'power.refuse' }, code)
  const verdict = mayDecideOnPower(
    ctx.person,
    ctx.roles,
    holder ?? { id: key.personId, email: null },
    ctx.policy,
  )
  if (!verdict.allowed) return refused(verdict.code)
  const stored = await findPowers(ctx.database.orm, ctx.account.id)
  const isKnown = stored.some(
    ({ personId, power }) => personId === key.personId && power === key.power,
  )
  // What is not held any more is not there to confirm.
  const isHeld = holder !== null && powersHeld(holder, ctx.policy).includes(key.power)
  if (!isKnown || !isHeld) return refused('power_not_found')
  const isMine = await ctx.database.transaction(async (tx) => {
    const decision = { state, by: ctx.person.id, at: ctx.now() }
    if (!(await decidePower(tx, ctx.account.id, key, decision))) return false
    await movePowersRevision(tx, ctx.account.id)
    await audit(tx, ctx, {
      ...entry,
      action: state === 'confirmed' ? 'power.confirm' : 'power.decline',
      outcome: 'ok',
    })
    return true
  })
  if (!isMine) return refused('power_not_found')
  return listPowers(ctx)
}
