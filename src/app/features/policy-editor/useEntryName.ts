/** What one entry of a list is called, and what one should know of it while it is folded. */
import { usePolicyWords } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Json, Path } from './json.ts'
import { isList, isObject } from './json.ts'

/** The words of a folded entry, by the names of its parts. */
const ABOUT = ['kind', 'sensitivityClass', 'protection', 'roles', 'classes', 'confidence']
const TITLES = ['label', 'name', 'code', 'id']

export function useEntryName(
  path: Path,
): (entry: Json, at: number) => { title: string; about: string } {
  const { t, enumeration } = useTranslation()
  const { labelOf, wordOf } = usePolicyWords()
  const isLevels = path[0] === 'approval' || path.at(-1) === 'approvalFrom'
  return (entry, at) => {
    const ordinal = isLevels
      ? t('policy.level', { count: at + 1 })
      : t('policy.entry', { list: labelOf(path), number: at + 1 })
    if (!isObject(entry)) return { title: ordinal, about: '' }
    const title = TITLES.map((key) => entry[key]).find(
      (one) => typeof one === 'string' && one !== '',
    )
    const words = ABOUT.flatMap((key) => {
      const value = entry[key]
      const all = isList(value) ? value : [value]
      return all.filter((one): one is string => typeof one === 'string' && one !== '')
    })
    return {
      title: typeof title === 'string' ? title : ordinal,
      about: enumeration(words.map(wordOf)),
    }
  }
}
