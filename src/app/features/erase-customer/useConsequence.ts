import type { ErasurePreview } from '../../../contract/erasure.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/**
 * One sentence of what an erasure does, such as "17 values on 4 tickets are erased for good; 1 active
 * grant ends now; the audit entries stay."
 */
export function useConsequence(): (preview: ErasurePreview) => string {
  const { t, list } = useTranslation()
  return ({ values, ticketCount, texts, grants, requests }) => {
    const ending = [
      ...(grants > 0 ? [t('erasure.grants', { count: grants })] : []),
      ...(requests > 0 ? [t('erasure.requests', { count: requests })] : []),
    ]
    const parts = [
      t('erasure.go', {
        count: values,
        values: t('erasure.values', { count: values }),
        tickets: t('erasure.tickets', { count: ticketCount }),
      }),
      ...(texts > 0 ? [t('erasure.texts', { count: texts })] : []),
      ...(ending.length > 0
        ? [t('erasure.end', { count: grants + requests, what: list(ending) })]
        : []),
      t('erasure.entries_stay'),
    ]
    return t('erasure.consequence', { parts: parts.join(t('erasure.separator')) })
  }
}
