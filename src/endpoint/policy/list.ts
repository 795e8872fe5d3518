/** The versions of the policy, and one of them. */
import type { PolicyFacts, PolicyVersionList, PolicyVersionView } from '../../contract/policy.ts'
import { ScrimError } from '../../core/errors.ts'
import { mayDraft, mayReadPolicy } from '../../core/policy-version.ts'
import { canHoldMask } from '../../core/protected-field.ts'
import { findPolicyVersion, listPolicyVersions } from '../../storage/policy-versions.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'
import { governanceOf, governedNow } from './governance.ts'
import { summaryView, versionView } from './view.ts'

const PAGE = 50

/** Refuses, with its entry, who may not read about policy. */
export async function demandReader(ctx: RequestContext): Promise<void> {
  const verdict = mayReadPolicy(ctx, governanceOf(ctx))
  if (verdict.allowed) return
  await refuseAct(ctx, { action: 'policy.refuse', actor: actorOf(ctx) }, verdict.code)
}

/** Newest first. */
export async function listVersions(
  ctx: RequestContext,
  { before }: { before?: number | undefined },
): Promise<PolicyVersionList> {
  await demandReader(ctx)
  const { database, account } = ctx
  const { governance } = await governedNow(ctx)
  const { active, founders } = governance
  const found = await listPolicyVersions(database.orm, account.id, {
    limit: PAGE + 1,
    ...(before === undefined ? {} : { before }),
  })
  const page = found.slice(0, PAGE)
  const nameOf = await namesOf(ctx)
  return {
    versions: page.map((version) => summaryView(version, active, nameOf)),
    nextBefore: found.length > PAGE ? (page.at(-1)?.version ?? null) : null,
    active,
    waiting: found.find(({ state }) => state === 'waiting')?.version ?? null,
    founders:
      active !== null || founders === null
        ? null
        : { first: nameOf(founders[0]), second: nameOf(founders[1]) },
    mayDraft: mayDraft(ctx, governance),
  }
}

export async function getVersion(
  ctx: RequestContext,
  { version }: { version: number },
): Promise<PolicyVersionView> {
  await demandReader(ctx)
  const found = await findPolicyVersion(ctx.database.orm, ctx.account.id, version)
  if (found === undefined) throw new ScrimError('policy_not_found')
  return versionView(ctx, found)
}

/** What an editor offers to choose from. */
export async function policyFactsFor(ctx: RequestContext): Promise<PolicyFacts> {
  await demandReader(ctx)
  const { zendesk } = ctx
  const [people, groups, customRoles, ticketFields] = await Promise.all([
    zendesk.people(),
    zendesk.groups(),
    zendesk.customRoles(),
    zendesk.ticketFields(),
  ])
  return {
    people: people.map(({ id, name }) => ({ id, name })),
    groups: groups.map(({ id, name }) => ({ id, name })),
    customRoles: customRoles.map(({ id, name }) => ({ id, name })),
    ticketFields: ticketFields.map(({ id, title, type }) => ({
      id,
      title,
      canHoldMask: canHoldMask(type).allowed,
    })),
  }
}
