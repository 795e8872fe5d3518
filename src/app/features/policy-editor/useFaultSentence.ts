import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Fault } from './document-faults.ts'

/** A fault in a sentence that stands next to its field. */
export function useFaultSentence(): (fault: Fault) => string {
  const { t, find } = useTranslation()
  return (fault) => {
    switch (fault.rule) {
      case 'least':
      case 'most':
        return t(`policy.fault.${fault.rule}_${fault.of}`, {
          limit: fault.limit,
          count: fault.limit,
        })
      case 'unknown_key':
        return t('policy.fault.unknown_key', { key: fault.key })
      case 'own':
        return find(`policy.fault.own.${keyOfSentence(fault.sentence)}`) ?? fault.sentence
      default:
        return t(`policy.fault.${fault.rule}`)
    }
  }
}

/** `administrators_do_not_approve`: rules of `core` are known by the words they are written in. */
export function keyOfSentence(sentence: string): string {
  return sentence
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 60)
}
