import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** The sensitivity class, or that the field is only hidden: the two are never mixed up. */
export function useClassLabel(field: ProtectedFieldView): string {
  const { t } = useTranslation()
  return field.protection === 'hidden'
    ? t('sidebar.hidden_only')
    : t(`sidebar.class.${field.sensitivityClass}`)
}
