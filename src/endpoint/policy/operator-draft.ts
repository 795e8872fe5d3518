/** A draft from the command line, in the operator's name. A person has to submit it. */
import type { Verdict } from '../../core/errors.ts'
import type { PolicyChange } from '../../core/policy-change.ts'
import { visibleText } from '../../core/reason-text.ts'
import { insertPolicyVersion } from '../../storage/policy-versions.ts'
import { audit } from '../audit.ts'
import type { ActDeps, EndpointDeps } from '../context.ts'
import type { Proposal } from './analyse.ts'
import { changesOf } from './analyse.ts'
import { checkProposalTexts } from './free-texts.ts'
import { governedNow } from './governance.ts'
import { changeData } from './log.ts'

export type OperatorDraft =
  | { ok: true; version: number; active: number | null; changes: PolicyChange[] }
  | { ok: false; refusal: Exclude<Verdict<'text_sensitive'>, { allowed: true }> }

/** Keeps the draft and its entry. Refuses a sensitive value in its texts by kind. */
export async function draftAsOperator(
  deps: ActDeps & Pick<EndpointDeps, 'database'>,
  proposal: Proposal,
  { comment, operator }: { comment: string; operator: string },
): Promise<OperatorDraft> {
  const { policy, cases } = proposal
  const governed = await governedNow({
    ...deps,
    policy,
  })
  const verdict = checkProposalTexts({ policy: governed.base }, proposal, comment)
  if (!verdict.allowed) return { ok: false, refusal: verdict }
  const changes = changesOf(proposal, governed)
  const { active } = governed.governance
  const version = await deps.database.transaction(async (tx) => {
    const made = await insertPolicyVersion(tx, deps.account.id, {
      documentOf: (number) => ({ ...policy, version: number }),
      cases: { cases },
      comment: visibleText(comment),
      basedOn: active,
      author: { type: 'operator', name: operator },
      createdAt: deps.now(),
    })
    await audit(tx, deps, {
      action: 'policy.draft',
      actor: { type: 'operator', name: operator },
      outcome: 'ok',
      data: changeData(made, changes),
      texts: { comment: visibleText(comment) },
    })
    return made
  })
  return { ok: true, version, active, changes }
}
