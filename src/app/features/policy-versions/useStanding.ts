import type { PolicyVersionSummaryView } from '../../../contract/policy.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAuthorName } from './useAuthorName.ts'

/** Who did what to a version, and when, one sentence each. */
export function useStanding(): (version: PolicyVersionSummaryView) => string[] {
  const { t, exactly } = useTranslation()
  const authorName = useAuthorName()
  return (version) => {
    const { state, submittedBy, submittedAt, decidedBy, decidedAt, activatedAt } = version
    const said = (
      name: 'submitted' | 'consented' | 'rejected',
      by: { name: string } | null,
      at: string | null,
    ) =>
      by === null || at === null
        ? []
        : [t(`policy.standing.${name}`, { name: by.name, time: exactly(at) })]
    return [
      t('policy.standing.written', {
        name: authorName(version.author),
        time: exactly(version.createdAt),
      }),
      ...said('submitted', submittedBy, submittedAt),
      ...said(state === 'rejected' ? 'rejected' : 'consented', decidedBy, decidedAt),
      ...(activatedAt !== null && decidedBy === null
        ? [t('policy.standing.at_once', { time: exactly(activatedAt) })]
        : []),
    ]
  }
}
