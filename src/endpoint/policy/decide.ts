/** The second person's word on a version that waits, and its own people's taking it back. */
import type { PolicyVersionView } from '../../contract/policy.ts'
import type { Verdict } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { mayDecideOn, mayWithdraw } from '../../core/policy-version.ts'
import { visibleText } from '../../core/reason-text.ts'
import { closePolicyVersion } from '../../storage/policy-versions.ts'
import type { StoredPolicyVersion } from '../../storage/policy-versions.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { activatePolicy } from './activate.ts'
import type { Proposal } from './analyse.ts'
import { accountFacts, analyse } from './analyse.ts'
import type { Governed } from './governance.ts'
import { casesOf, documentOf, freshActor, governedNow, proposersIn } from './governance.ts'
import { demandReader } from './list.ts'
import { changeData, demandVersion, refusePolicy } from './log.ts'
import { obstacleIn } from './submit.ts'
import { versionView } from './view.ts'

type Decision = { version: number; comment?: string | undefined }

/**
 * Consents, and the version is active. Its cases and its lint are looked at once more: Zendesk may have
 * changed since it was submitted. What the first start proposed is let through as it is, because the
 * least that anybody could do with is nothing that lint is content with.
 */
export async function consentToVersion(
  context: RequestContext,
  input: Decision,
): Promise<PolicyVersionView> {
  const { ctx, found, governed, proposal, comment } = await enterDecision(context, input)
  const { version } = input
  const { governance, base } = governed
  const analysis = analyse(proposal, governed, await accountFacts(ctx))
  const obstacle = found.author.type === 'system' ? null : obstacleIn(analysis)
  if (obstacle !== null) return refusePolicy(ctx, version, obstacle.code, obstacle)
  const submittedBy = found.submittedBy ?? governance.founders?.[0]
  if (submittedBy === undefined) return refusePolicy(ctx, version, 'role_not_permitted')
  const { changes } = analysis
  try {
    await activatePolicy(
      ctx,
      {
        version,
        basedOn: found.basedOn,
        from: 'waiting',
        submittedBy,
        consent: { by: ctx.person.id, comment },
        policy: proposal.policy,
        previous: governance.active === null ? null : base,
        changes,
      },
      [
        {
          action: 'policy.consent',
          actor: actorOf(ctx),
          outcome: 'ok',
          policyVersion: ctx.policy.version,
          data: changeData(version, changes),
          ...(comment === '' ? {} : { texts: { comment } }),
        },
      ],
    )
  } catch (error) {
    if (error instanceof ScrimError && error.code.startsWith('policy_')) {
      return refusePolicy(ctx, version, error.code)
    }
    throw error
  }
  return versionView(ctx, await demandVersion(ctx, version))
}

/** Rejects, with the reason for its author. */
export async function rejectVersion(
  context: RequestContext,
  input: Decision,
): Promise<PolicyVersionView> {
  const { ctx, comment } = await enterDecision(context, input, { evenIfOutdated: true })
  const { version } = input
  const isClosed = await ctx.database.transaction(async (tx) => {
    const at = ctx.now()
    const to = { state: 'rejected', at, by: ctx.person.id, comment } as const
    if (!(await closePolicyVersion(tx, ctx.account.id, version, ['waiting'], to))) return false
    await audit(tx, ctx, {
      action: 'policy.reject',
      actor: actorOf(ctx),
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: { version },
      texts: { comment },
    })
    return true
  })
  if (!isClosed) return refusePolicy(ctx, version, 'policy_not_draft')
  return versionView(ctx, await demandVersion(ctx, version))
}

/** Takes a draft or a waiting version back. */
export async function withdrawVersion(
  context: RequestContext,
  { version }: { version: number },
): Promise<PolicyVersionView> {
  await demandReader(context)
  const ctx = await freshActor(context)
  const found = await demandVersion(ctx, version)
  const verdict = mayWithdraw(ctx, found, (await governedNow(ctx)).governance)
  if (!verdict.allowed) return refusePolicy(ctx, version, verdict.code)
  const isClosed = await ctx.database.transaction(async (tx) => {
    const to = { state: 'withdrawn', at: ctx.now() } as const
    if (!(await closePolicyVersion(tx, ctx.account.id, version, [found.state], to))) return false
    await audit(tx, ctx, {
      action: 'policy.withdraw',
      actor: actorOf(ctx),
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: { version },
    })
    return true
  })
  if (!isClosed) return refusePolicy(ctx, version, 'policy_not_draft')
  return versionView(ctx, await demandVersion(ctx, version))
}

type Entered = {
  ctx: RequestContext
  found: StoredPolicyVersion
  governed: Governed
  proposal: Proposal
  comment: string
}

/** Whoever decides: a second person, by what they hold now under the policy that holds now. */
async function enterDecision(
  context: RequestContext,
  { version, comment = '' }: Decision,
  { evenIfOutdated = false } = {},
): Promise<Entered> {
  await demandReader(context)
  const ctx = await freshActor(context)
  const found = await demandVersion(ctx, version)
  const governed = await governedNow(ctx)
  const { governance, base } = governed
  const proposal = { policy: documentOf(found), cases: casesOf(found) }
  const verdicts: Verdict[] = [
    mayDecideOn(ctx, found, {
      ...governance,
      // What can no longer be consented to can still be rejected, out of the way.
      ...(evenIfOutdated ? { active: found.basedOn ?? governance.active } : {}),
      proposers: await proposersIn(ctx, found, governance),
      pairs: [...base.samePerson, ...proposal.policy.samePerson],
    }),
    checkFreeText(ctx, comment),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) await refusePolicy(ctx, version, verdict.code, verdict)
  }
  return { ctx, found, governed, proposal, comment: visibleText(comment) }
}
