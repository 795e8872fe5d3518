import type { PolicyVersionSummaryView } from '../../../contract/policy.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** Who wrote a version, whether a person, somebody at the command line or the first start. */
export function useAuthorName(): (author: PolicyVersionSummaryView['author']) => string {
  const { t } = useTranslation()
  return (author) => {
    switch (author.type) {
      case 'person':
        return author.person.name
      case 'operator':
        return t('policy.versions.operator', { name: author.name })
      case 'system':
        return t('policy.versions.system')
    }
  }
}
