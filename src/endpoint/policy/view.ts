/** Versions as their readers get them. */
import type { PolicyVersionSummaryView, PolicyVersionView } from '../../contract/policy.ts'
import type { PersonRef } from '../../contract/primitives.ts'
import type { PolicyAuthor } from '../../core/policy-version.ts'
import {
  isOutdated,
  mayDecideOn,
  mayEdit,
  maySubmit,
  mayWithdraw,
} from '../../core/policy-version.ts'
import type { PolicyVersionSummary, StoredPolicyVersion } from '../../storage/policy-versions.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'
import { analysisView } from './analyse.ts'
import { casesOf, documentOf, governedNow, proposersIn } from './governance.ts'

type NameOf = (id: number) => PersonRef

export function summaryView(
  version: PolicyVersionSummary,
  active: number | null,
  nameOf: NameOf,
): PolicyVersionSummaryView {
  const { author, submittedBy, decidedBy, state } = version
  const instant = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...version,
    author: authorView(author, nameOf),
    createdAt: version.createdAt.toISOString(),
    isOutdated: (state === 'draft' || state === 'waiting') && isOutdated(version, { active }),
    submittedBy: submittedBy === null ? null : nameOf(submittedBy),
    submittedAt: instant(version.submittedAt),
    decidedBy: decidedBy === null ? null : nameOf(decidedBy),
    decidedAt: instant(version.decidedAt),
    activatedAt: instant(version.activatedAt),
    closedAt: instant(version.closedAt),
  }
}

function authorView(author: PolicyAuthor, nameOf: NameOf): PolicyVersionSummaryView['author'] {
  return author.type === 'person' ? { type: 'person', person: nameOf(author.id) } : author
}

/** One version with all that is to be known of it, and what this person may do about it. */
export async function versionView(
  ctx: RequestContext,
  version: StoredPolicyVersion,
): Promise<PolicyVersionView> {
  const governed = await governedNow(ctx)
  const { governance, base } = governed
  const proposal = { policy: documentOf(version), cases: casesOf(version) }
  const isOpen = version.state === 'draft' || version.state === 'waiting'
  const proposers = await proposersIn(ctx, version, governance)
  const pairs = [...base.samePerson, ...proposal.policy.samePerson]
  return {
    ...summaryView(version, governance.active, await namesOf(ctx)),
    document: proposal.policy,
    cases: proposal.cases,
    analysis: isOpen ? await analysisView(ctx, proposal, governed) : null,
    mayEdit: mayEdit(ctx, version, governance),
    maySubmit: maySubmit(ctx, version, governance),
    mayDecide: mayDecideOn(ctx, version, { ...governance, proposers, pairs }),
    mayWithdraw: mayWithdraw(ctx, version, governance),
  }
}
