/** A draft is put forward: what only narrows is active at once, anything else waits for a second person. */
import type { PolicyVersionView } from '../../contract/policy.ts'
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { maySubmit } from '../../core/policy-version.ts'
import { submitPolicyVersion } from '../../storage/policy-versions.ts'
import { violates } from '../../storage/storage-error.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { activatePolicy } from './activate.ts'
import type { Analysis } from './analyse.ts'
import { accountFacts, analyse } from './analyse.ts'
import { casesOf, documentOf, freshActor, governedNow } from './governance.ts'
import { changeData, demandVersion, refusePolicy } from './log.ts'
import { demandReader } from './list.ts'
import { versionView } from './view.ts'

export async function submitVersion(
  context: RequestContext,
  { version }: { version: number },
): Promise<PolicyVersionView> {
  await demandReader(context)
  const ctx = await freshActor(context)
  const found = await demandVersion(ctx, version)
  const governed = await governedNow(ctx)
  const { governance, base } = governed
  const verdict = maySubmit(ctx, found, governance)
  if (!verdict.allowed) return refusePolicy(ctx, version, verdict.code)
  const proposal = { policy: documentOf(found), cases: casesOf(found) }
  const analysis = analyse(proposal, governed, await accountFacts(ctx))
  const { changes, isWidening } = analysis
  if (governance.active !== null && changes.length === 0) {
    return refusePolicy(ctx, version, 'policy_unchanged')
  }
  const obstacle = obstacleIn(analysis)
  if (obstacle !== null) return refusePolicy(ctx, version, obstacle.code, obstacle)

  const entry = {
    action: 'policy.submit' as const,
    actor: actorOf(ctx),
    outcome: 'ok' as const,
    policyVersion: ctx.policy.version,
    data: changeData(version, changes),
  }
  try {
    // The first one is agreed to by both founders, whatever it says.
    if (isWidening || governance.active === null) {
      await ctx.database.transaction(async (tx) => {
        const submitted = { by: ctx.person.id, at: ctx.now() }
        if (!(await submitPolicyVersion(tx, ctx.account.id, version, submitted))) {
          throw new ScrimError('policy_not_draft')
        }
        await audit(tx, ctx, entry)
      })
    } else {
      const step = { version, basedOn: found.basedOn, from: 'draft', submittedBy: ctx.person.id }
      await activatePolicy(
        ctx,
        { ...step, from: 'draft', consent: null, policy: proposal.policy, previous: base, changes },
        [entry],
      )
    }
  } catch (error) {
    if (violates(error, 'one_waiting_policy')) return refusePolicy(ctx, version, 'policy_waits')
    if (error instanceof ScrimError && error.code.startsWith('policy_')) {
      return refusePolicy(ctx, version, error.code)
    }
    throw error
  }
  return versionView(ctx, await demandVersion(ctx, version))
}

/** What keeps any version from becoming active. */
export function obstacleIn({
  cases,
  findings,
}: Analysis): ({ code: ScrimErrorCode } & ScrimErrorDetails) | null {
  const failed = cases.flatMap(({ isPassed }, at) =>
    isPassed ? [] : [{ path: `cases.${at}`, rule: 'failed' }],
  )
  if (failed.length > 0) return { code: 'policy_cases_failed', issues: failed.slice(0, 50) }
  const errors = findings.flatMap(({ severity, path, code }) =>
    severity === 'error' ? [{ path: `document.${path}`, rule: code }] : [],
  )
  return errors.length > 0 ? { code: 'policy_lint_failed', issues: errors.slice(0, 50) } : null
}
