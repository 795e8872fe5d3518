/** What kinds are called. */
import type { FieldKind } from '../../core/protected-field.ts'
import { useTranslation } from './TranslationProvider.tsx'

/** A kind in the middle of a sentence. */
export function useKindName(): (kind: FieldKind) => string {
  const { find } = useTranslation()
  return (kind) => find(`kinds.${kind}`) ?? kind
}

/** A kind that stands by itself, as in a list to choose from. */
export function useKindTitle(): (kind: FieldKind) => string {
  const { locale } = useTranslation()
  const kindName = useKindName()
  return (kind) => kindName(kind).replace(/^./u, (first) => first.toLocaleUpperCase(locale))
}
