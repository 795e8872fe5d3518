/** A version becomes the active one, and what it takes away ends. */
import { ScrimError } from '../../core/errors.ts'
import type { PolicyChange } from '../../core/policy-change.ts'
import type { Policy } from '../../core/policy.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import { wakeRequests } from '../../storage/escalations.ts'
import type { Activation } from '../../storage/policy-versions.ts'
import { activatePolicyVersion, findPolicyVersion } from '../../storage/policy-versions.ts'
import { violates } from '../../storage/storage-error.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { recordPowersAtActivation } from '../powers/activation.ts'
import { endWhatLostGround } from '../sweep.ts'
import { changeData } from './log.ts'

/**
 * One transaction: the old version is superseded, the new one active, what people hold is confirmed or
 * waits, `entries` and the activation are logged. Throws `policy_outdated` and `policy_not_draft`, with
 * nothing done, for whoever came second. What loses its ground ends right after the commit; what fails
 * of that the sweep does, and no act gets past the new version meanwhile.
 */
export async function activatePolicy(
  ctx: RequestContext,
  activation: Omit<Activation, 'at'> & {
    policy: Policy
    previous: Policy | null
    changes: PolicyChange[]
  },
  entries: readonly AuditDraft[],
): Promise<void> {
  const { policy, previous, changes, ...step } = activation
  const { database, account } = ctx
  // No network call is made under a database lock.
  const people = await ctx.zendesk.people()
  const isConsented = step.consent !== null
  try {
    await database.transaction(async (tx) => {
      if (!(await activatePolicyVersion(tx, account.id, { ...step, at: ctx.now() }))) throw MOVED_ON
      await recordPowersAtActivation(tx, ctx, { policy, previous, people, isConsented })
      await audit(tx, ctx, ...entries, {
        action: 'policy.activate',
        actor: actorOf(ctx),
        outcome: 'ok',
        policyVersion: step.version,
        data: { ...changeData(step.version, changes), supersedes: step.basedOn },
      })
    })
  } catch (error) {
    if (error !== MOVED_ON && !violates(error, 'one_active_policy')) throw error
    const found = await findPolicyVersion(database.orm, account.id, step.version)
    throw new ScrimError(found?.state === step.from ? 'policy_outdated' : 'policy_not_draft')
  }
  await endWhatLostGround({ ...ctx, policy }).catch(() => {
    ctx.log.error('policy.ground', { version: step.version })
  })
  await wakeRequests(database.orm, account.id, ctx.now()).catch(() => {
    ctx.log.error('policy.wake', { version: step.version })
  })
}

const MOVED_ON = new Error('the version or the one it was begun from has moved on')
