import { useCallback, useMemo, useState } from 'react'
import type { AuditEntryList } from '../../../contract/audit-entries.ts'
import type { PersonRef } from '../../../contract/primitives.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/**
 * Whom the log can be filtered by, in the order of their names: Zendesk's agents, those who left and
 * still stand in an entry, and `chosenId`, which an address may have brought along. The second value
 * takes in whoever a page of the log names.
 */
export function usePeople(
  chosenId: string,
): [readonly PersonRef[], (page: Pick<AuditEntryList, 'entries' | 'people'>) => void] {
  const { t, locale } = useTranslation()
  const [known, setKnown] = useState<ReadonlyMap<number, PersonRef>>(() => new Map())
  const meet = useCallback((page: Pick<AuditEntryList, 'entries' | 'people'>) => {
    const actors = page.entries.flatMap(({ actor }) =>
      actor.type === 'person' ? [actor.person] : [],
    )
    setKnown(
      (last) =>
        new Map([
          ...last,
          ...[...actors, ...page.people].map((person) => [person.id, person] as const),
        ]),
    )
  }, [])
  const people = useMemo(() => {
    const names = new Intl.Collator(locale)
    const sorted = [...known.values()].sort((a, b) => names.compare(a.name, b.name))
    if (chosenId === '' || known.has(Number(chosenId))) return sorted
    return [{ id: Number(chosenId), name: t('log.person_by_id', { id: chosenId }) }, ...sorted]
  }, [known, chosenId, locale, t])
  return [people, meet]
}
