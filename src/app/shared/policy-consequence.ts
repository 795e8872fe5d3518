/** What becomes of people, requests and grants, in one sentence that one can answer for. */
import type { PolicyAnalysis } from '../../contract/policy.ts'
import { useTranslation } from './TranslationProvider.tsx'

export function usePolicyConsequence(): (
  analysis: Pick<PolicyAnalysis, 'preview' | 'isWidening' | 'changes'>,
  /** Of a version that waits already, for whoever decides. */
  isWaiting?: boolean,
) => string {
  const { t, list, locale } = useTranslation()
  return ({ preview, isWidening, changes }, isWaiting = false) => {
    if (changes.length === 0) return t('policy.consequence.unchanged')
    const end = isWaiting ? 'on_consent' : isWidening ? 'waits' : 'at_once'
    const then = t(`policy.consequence.${end}`)
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
