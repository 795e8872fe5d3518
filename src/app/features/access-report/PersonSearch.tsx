/** Somebody by a part of their name. */
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { ReportedPeople, ReportedPerson } from '../../../contract/reports.ts'
import { ListFault } from '../../shared/ListFault.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { hairline, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useKeysetList } from '../../shared/useKeysetList.ts'
import { roleNames } from '../../shared/why-words.ts'

const People = styled.ul`
  margin: 0 0 ${({ theme }) => theme.space.md};
  padding: 0;
  max-width: 760px;
  list-style: none;
  li {
    ${hairline}
    padding: ${({ theme }) => theme.space.xs} 0;
    line-height: 20px;
  }
`

const ONE_PAGE = { pathAfter: () => null, join: (page: ReportedPeople) => page }

/** A name as the endpoint takes it, or null while there is too little to look for. */
export function nameToFind(text: string): string | null {
  const name = text.trim()
  return name.length < 2 ? null : name.slice(0, 80)
}

export function PersonSearch(props: { name: string; onPick: (person: ReportedPerson) => void }) {
  const translation = useTranslation()
  const { t, enumeration } = translation
  const { list, reload } = useKeysetList(
    `/reports/access/people?name=${encodeURIComponent(props.name)}`,
    ONE_PAGE,
  )
  if (list.status === 'error') return <ListFault error={list.error} reload={reload} />
  const page = list.status === 'success' ? list.page : list.before
  if (page === null) return <SkeletonRows count={2} />
  return (
    <>
      <SubtleText as="output">
        {page.people.length === 0
          ? t('access.nobody_found')
          : t('access.found_people', { count: page.people.length })}{' '}
        {!page.isComplete && t('access.more_people')}
      </SubtleText>
      <People>
        {page.people.map((found) => (
          <li key={found.person.id}>
            <Button isLink onClick={() => props.onPick(found)}>
              {found.person.name}
            </Button>
            <SubtleText>
              {enumeration(
                [roleNames(found.roles, translation), ...found.groups].filter(
                  (word) => word !== '',
                ),
              )}
            </SubtleText>
          </li>
        ))}
      </People>
    </>
  )
}
