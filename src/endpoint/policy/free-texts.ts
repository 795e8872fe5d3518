/** What people write into a policy for others to read. It holds no sensitive value, or is not stored. */
import type { Verdict } from '../../core/errors.ts'
import type { Policy } from '../../core/policy.ts'
import { checkFreeText } from '../free-text.ts'
import type { Proposal } from './analyse.ts'

/**
 * Labels, names and the comment. An example of a custom detector is left out: it looks like what the
 * detector is for, and whoever writes one is told to invent it.
 */
export function checkProposalTexts(
  ctx: { policy: Pick<Policy, 'detection'> },
  { policy, cases }: Proposal,
  comment: string,
): Verdict<'text_sensitive'> {
  const texts = [
    comment,
    policy.intake.companyName ?? '',
    ...policy.fields.flatMap(({ id, label }) => [id, label]),
    ...policy.reasons.flatMap(({ code, label }) => [code, label]),
    ...policy.automatic.flatMap(({ id, label }) => [id, label]),
    ...policy.detection.custom.flatMap(({ id, label }) => [id, label]),
    ...policy.ingestion.attachments.documents.tags,
    ...cases.map(({ name }) => name),
  ]
  for (const text of new Set(texts)) {
    const verdict = checkFreeText(ctx, text)
    if (!verdict.allowed) return verdict
  }
  return { allowed: true }
}
