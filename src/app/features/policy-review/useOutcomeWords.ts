/** What a case expects or finds, in words. */
import type { Outcome } from '../../../core/policy-case.ts'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

export function useOutcomeWords(): (outcome: Outcome) => string {
  const { t, find, locale } = useTranslation()
  const { wordOf } = usePolicyWords()
  const either = new Intl.ListFormat(locale, { type: 'disjunction' })
  return (outcome) => {
    if (typeof outcome === 'string') return t(`policy.outcome.${outcome}`)
    if ('refused' in outcome) {
      const reason = find(`errors.${outcome.refused}.reason`, { count: 0, limit: 0 })
      return t('policy.outcome.refused', { reason: reason ?? outcome.refused })
    }
    const levels = outcome.approvalFrom.map((level) =>
      t('policy.level_words', { count: level.count, who: either.format(level.roles.map(wordOf)) }),
    )
    return t('policy.outcome.approval', { levels: levels.join(t('policy.level_then')) })
  }
}
