import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** Why work failed, for somebody who can do something about it, and what that is. */
export function useFailureSentences(): (code: string | null) => { reason: string; next: string } {
  const { t, find } = useTranslation()
  return (code) => {
    const key = `ingestion.why.${code ?? 'first'}`
    return {
      reason: find(`${key}.reason`) ?? t('ingestion.why.other.reason', { code: code ?? '' }),
      next: find(`${key}.next`) ?? t('ingestion.why.other.next'),
    }
  }
}
