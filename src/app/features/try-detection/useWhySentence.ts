import type { CustomDetector } from '../../../detect/custom.ts'
import type { Why } from '../../../detect/span.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** `us_ssn` as "US SSN", `mod11_10` as "mod 11 10": countries and initials in capitals. */
function spell(name: string): string {
  const [first = '', ...others] = name.replace(/^mod(?=\d)/, 'mod_').split('_')
  if (first.length !== 2) return [first, ...others].join(' ')
  const initials = others.map((part) => (part.length <= 3 ? part.toUpperCase() : part))
  return [first.toUpperCase(), ...initials].join(' ')
}

/** Why something was found, in sentences. Names without words of their own are spelled out. */
export function useWhySentence(custom: readonly CustomDetector[]): (why: Why) => string {
  const { t, find } = useTranslation()
  const checkSentence = (check: string) =>
    find(`detection.why.check.${check}`) ??
    t(check.startsWith('mod') ? 'detection.why.check_digits' : 'detection.why.check_named', {
      check: spell(check),
    })
  const contextSentence = (context: string) =>
    t('detection.why.context', {
      word: find(`detection.word.${context}`) ?? find(`kinds.${context}`) ?? spell(context),
    })
  return ({ rule, check, context }) => {
    const own = custom.find(({ id }) => rule === id)
    if (own !== undefined) return t('detection.why.custom', { label: own.label })
    const sentences = [
      ...(check === undefined ? [] : [checkSentence(check)]),
      ...(context === undefined ? [] : [contextSentence(context)]),
    ]
    return sentences.length === 0 ? t('detection.why.form') : sentences.join(' ')
  }
}
