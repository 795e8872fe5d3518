/** Writing versions that decide nothing yet. */
import type {
  CheckPolicyInput,
  DraftPolicyInput,
  PolicyAnalysis,
  PolicyVersionView,
} from '../../contract/policy.ts'
import { ScrimError } from '../../core/errors.ts'
import type { Verdict } from '../../core/errors.ts'
import { mayDraft, mayEdit } from '../../core/policy-version.ts'
import { visibleText } from '../../core/reason-text.ts'
import {
  findPolicyVersion,
  insertPolicyVersion,
  replaceDraft,
} from '../../storage/policy-versions.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { MOST_ISSUES, analysisView, changesOf, parseProposal, refusedAnalysis } from './analyse.ts'
import type { Proposal } from './analyse.ts'
import { checkProposalTexts } from './free-texts.ts'
import { freshActor, governedNow } from './governance.ts'
import { changeData, demandVersion, refusePolicy } from './log.ts'
import { demandReader } from './list.ts'
import { versionView } from './view.ts'

/** What a document would be and do, while somebody writes it. Keeps nothing. */
export async function checkProposal(
  ctx: RequestContext,
  input: CheckPolicyInput,
): Promise<PolicyAnalysis> {
  await demandReader(ctx)
  const governed = await governedNow(ctx)
  const parsed = parseProposal(input)
  return parsed.ok
    ? analysisView(ctx, parsed.proposal, governed)
    : refusedAnalysis(parsed.issues, governed)
}

/** Keeps a new draft. What the schema refuses is refused by path; what lint finds is not, yet. */
export async function createDraft(
  context: RequestContext,
  input: DraftPolicyInput,
): Promise<PolicyVersionView> {
  const ctx = await freshActor(context)
  const { database, account } = ctx
  const governed = await governedNow(ctx)
  const proposal = await demandProposal(ctx, mayDraft(ctx, governed.governance), input)
  const version = await database.transaction(async (tx) => {
    const made = await insertPolicyVersion(tx, account.id, {
      ...contentOf(proposal, input),
      documentOf: (number) => ({ ...proposal.policy, version: number }),
      author: { type: 'person', id: ctx.person.id },
      createdAt: ctx.now(),
    })
    await audit(tx, ctx, {
      action: 'policy.draft',
      actor: actorOf(ctx),
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: changeData(made, changesOf(proposal, governed)),
      texts: { comment: visibleText(input.comment) },
    })
    return made
  })
  return versionView(ctx, await demandVersion(ctx, version))
}

/** Writes a draft anew; only its author does. */
export async function editDraft(
  context: RequestContext,
  { version, ...input }: DraftPolicyInput & { version: number },
): Promise<PolicyVersionView> {
  const ctx = await freshActor(context)
  const { database, account } = ctx
  const governed = await governedNow(ctx)
  const found = await findPolicyVersion(database.orm, account.id, version)
  const verdict =
    found === undefined
      ? ({ allowed: false, code: 'policy_not_found' } as const)
      : mayEdit(ctx, found, governed.governance)
  const proposal = await demandProposal(ctx, verdict, input, version)
  const isReplaced = await database.transaction(async (tx) => {
    const next = {
      ...contentOf(proposal, input),
      document: { ...proposal.policy, version },
    }
    if (!(await replaceDraft(tx, account.id, version, ctx.person.id, next))) return false
    await audit(tx, ctx, {
      action: 'policy.draft',
      actor: actorOf(ctx),
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: changeData(version, changesOf(proposal, governed)),
      texts: { comment: visibleText(input.comment) },
    })
    return true
  })
  if (!isReplaced) return refusePolicy(ctx, version, 'policy_not_draft')
  return versionView(ctx, await demandVersion(ctx, version))
}

const contentOf = ({ cases }: Proposal, input: DraftPolicyInput) => ({
  cases: { cases },
  comment: visibleText(input.comment),
  basedOn: input.basedOn,
})

/** The document, once the person may write it and nothing in its texts is a value. */
async function demandProposal(
  ctx: RequestContext,
  verdict: Verdict,
  input: DraftPolicyInput,
  version?: number,
): Promise<Proposal> {
  if (!verdict.allowed) return refusePolicy(ctx, version, verdict.code)
  const parsed = parseProposal(input)
  if (!parsed.ok) {
    const issues = parsed.issues.slice(0, MOST_ISSUES)
    throw new ScrimError('bad_input', {
      issues: issues.map(({ path, rule }) => ({ path: `body.${path}`, rule })),
    })
  }
  const texts = checkProposalTexts(ctx, parsed.proposal, input.comment)
  if (texts.allowed) return parsed.proposal
  return refuseAct(
    ctx,
    { action: 'policy.refuse', actor: actorOf(ctx), policyVersion: ctx.policy.version },
    texts.code,
    texts,
  )
}
