import type { ExceptionView } from '../../../contract/exceptions.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** What an exception names, in words: a field by its label, a class as all that is in it. */
export function useExceptionWords(): (scope: ExceptionView['scope']) => string {
  const { t } = useTranslation()
  return (scope) =>
    scope.by === 'field'
      ? scope.label
      : t('exceptions.everything', { class: t(`sidebar.class.${scope.sensitivityClass}`) })
}
