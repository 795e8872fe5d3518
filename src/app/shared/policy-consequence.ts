/** What becomes of people, requests and grants, in one sentence that one can answer for. */
import type { PolicyAnalysis } from '../../contract/policy.ts'
import { useTranslation } from './TranslationProvider.tsx'

export function usePolicyConsequence(): (
  analysis: Pick<PolicyAnalysis, 'preview' | 'isWidening' | 'changes'>,
) => string {
  const { t, list, locale } = useTranslation()
  return ({ preview, isWidening, changes }) => {
    if (changes.length === 0) return t('policy.consequence.unchanged')
    const then = t(isWidening ? 'policy.consequence.waits' : 'policy.consequence.at_once')
    if (preview === null) return then
    const sums = preview.consequence
    const clause = (
      name: 'lose' | 'gain' | 'grants' | 'requests' | 'requests_change',
      count: number,
      fields: readonly string[] = [],
    ): string[] => {
      if (count === 0) return []
      if ((name === 'lose' || name === 'gain') && fields.length === 0) {
        return [t(`policy.consequence.${name}_found`, { count })]
      }
      return [t(`policy.consequence.${name}`, { count, fields: list(fields) })]
    }
    const clauses = [
      ...clause('lose', sums.peopleLose, sums.fieldsLost),
      ...clause('gain', sums.peopleGain, sums.fieldsGained),
      ...clause('grants', sums.grantsEnd),
      ...clause('requests', sums.requestsEnd),
      ...clause('requests_change', sums.requestsChange),
    ]
    const first = clauses.length === 0 ? [t('policy.consequence.nobody')] : clauses
    const sentence = [...first, then].join(t('policy.consequence.separator'))
    return `${sentence.replace(/^./u, (letter) => letter.toLocaleUpperCase(locale))}`
  }
}
