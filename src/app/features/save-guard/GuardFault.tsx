/** Why nothing came of an act at the guard, and what is safe by now. */
import { ErrorSentence, Fault } from '../../shared/ErrorSentence.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { DraftUnchangedError } from './useSaveGuard.ts'

export function GuardFault({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (!(error instanceof DraftUnchangedError)) return <ErrorSentence error={error} />
  return <Fault>{t(error.isKept ? 'save_guard.kept_not_changed' : 'save_guard.not_changed')}</Fault>
}
