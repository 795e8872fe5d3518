import type { DetectedKind } from '../../../detect/span.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

export function useKindName(): (kind: DetectedKind) => string {
  const { find } = useTranslation()
  return (kind) => find(`kinds.${kind}`) ?? kind
}
