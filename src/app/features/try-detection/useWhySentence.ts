import type { CustomDetector } from '../../../detect/custom.ts'
import type { Why } from '../../../detect/span.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** Why something was found, in sentences. Names without words of their own stand as they are. */
export function useWhySentence(custom: readonly CustomDetector[]): (why: Why) => string {
  const { t, find } = useTranslation()
  const spell = (name: string) => name.replaceAll('_', ' ')
  return ({ rule, check, context }) => {
    const own = custom.find(({ id }) => rule === id)
    if (own !== undefined) return t('detection.why.custom', { label: own.label })
    const sentences = [
      ...(check === undefined
        ? []
        : [
            find(`detection.why.check.${check}`) ??
              t('detection.why.check_named', { check: spell(check) }),
          ]),
      ...(context === undefined
        ? []
        : [
            t('detection.why.context', {
              word: find(`detection.word.${context}`) ?? spell(context),
            }),
          ]),
    ]
    return sentences.length === 0 ? t('detection.why.form') : sentences.join(' ')
  }
}
