/** Who may see what right now: every role and field in one table, or one person by themselves. */
import { useEffect, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type {
  AccessExport,
  AccessReport as Report,
  ExportAccessInput,
} from '../../../contract/reports.ts'
import { SENSITIVITY_CLASSES } from '../../../core/protected-field.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { ListFault } from '../../shared/ListFault.tsx'
import { saveFile } from '../../shared/save-file.ts'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useFetched } from '../../shared/useFetched.ts'
import { classOf, formatAccessFilter, NO_FILTER, parseAccessFilter } from './access-filter.ts'
import type { AccessFilter } from './access-filter.ts'
import { PersonAccess } from './PersonAccess.tsx'
import { nameToFind, PersonSearch } from './PersonSearch.tsx'
import { RoleTable } from './RoleTable.tsx'
import { Tightening } from './Tightening.tsx'

const Intro = styled.p`
  margin: ${({ theme }) => `0 0 ${theme.space.sm}`};
  max-width: 760px;
  line-height: 20px;
`

const Filters = styled.form`
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  gap: ${({ theme }) => theme.space.sm};
  margin-top: ${({ theme }) => theme.space.sm};
  padding-bottom: ${({ theme }) => theme.space.sm};
  > div {
    flex: 1 1 200px;
    max-width: 280px;
  }
`

export function AccessReport() {
  const { t, instant } = useTranslation()
  const { endpoint } = useEndpoint()
  const [filter, setFilterAlone] = useState(() => parseAccessFilter(window.location.hash))
  const [name, setName] = useState('')
  const [report, reload] = useFetched<Report>('/reports/access')
  const [exporting, exportAll, clearExport] = useAttempt(async (by: ExportAccessInput['by']) => {
    const input = exportInput(by, filter)
    const file = await endpoint.send<AccessExport>('POST', '/reports/access/exports', input, {
      timeoutMs: 60_000,
    })
    saveFile(`${t('access.file')}.csv`, 'text/csv;charset=utf-8', file.csv)
    return file
  })
  const setFilter = (next: AccessFilter) => {
    setFilterAlone(next)
    clearExport()
  }
  useEffect(() => {
    window.history.replaceState(window.history.state, '', formatAccessFilter(filter))
  }, [filter])

  if (report.status === 'error') return <ListFault error={report.error} reload={reload} />
  if (report.status === 'processing') return <SkeletonRows count={4} />
  const page = report.data
  const wanted = nameToFind(name)
  const isBusy = exporting.status === 'processing'
  const fields = page.fields.filter(
    (field) => filter.sensitivityClass === '' || field.sensitivityClass === filter.sensitivityClass,
  )
  return (
    <>
      <Intro>{t('access.intro')}</Intro>
      <SubtleText>
        {t('access.as_of', { version: page.policyVersion, time: instant(page.at) })}
      </SubtleText>
      <Tightening report={page} />
      <Filters onSubmit={(event) => event.preventDefault()} aria-label={t('access.filters')}>
        <Field>
          <Field.Label>{t('access.class')}</Field.Label>
          <Select
            isCompact
            value={filter.sensitivityClass}
            onChange={({ target }) =>
              setFilter({ ...filter, sensitivityClass: classOf(target.value) })
            }
          >
            <option value="">{t('access.every_class')}</option>
            {SENSITIVITY_CLASSES.map((each) => (
              <option key={each} value={each}>
                {t(`sidebar.class.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field>
          <Field.Label>{t('access.person')}</Field.Label>
          <Input
            isCompact
            type="search"
            autoComplete="off"
            maxLength={80}
            placeholder={t('access.person_hint')}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        {filter.personId !== '' && (
          <Button size="small" onClick={() => setFilter({ ...filter, personId: '' })}>
            {t('access.all_roles')}
          </Button>
        )}
        <Button size="small" isBasic onClick={() => void reload()}>
          {t('log.refresh')}
        </Button>
        {page.mayExport && filter.personId === '' && (
          <>
            <Button size="small" disabled={isBusy} onClick={() => void exportAll('role')}>
              {isBusy ? t('access.exporting') : t('access.export_roles')}
            </Button>
            <Button size="small" disabled={isBusy} onClick={() => void exportAll('person')}>
              {t('access.export_people')}
            </Button>
          </>
        )}
        {page.mayExport && filter.personId !== '' && (
          <Button size="small" disabled={isBusy} onClick={() => void exportAll('person')}>
            {isBusy ? t('access.exporting') : t('access.export_person')}
          </Button>
        )}
      </Filters>
      {exporting.status === 'error' && <ErrorSentence error={exporting.error} />}
      {exporting.status === 'success' && (
        <SubtleText as="output">
          {t('access.exported', { count: exporting.data.rows })}{' '}
          {!exporting.data.isComplete && t('access.export_partial')}
        </SubtleText>
      )}
      {wanted !== null && (
        <PersonSearch
          name={wanted}
          onPick={({ person }) => {
            setName('')
            setFilter({ ...filter, personId: String(person.id) })
          }}
        />
      )}
      {filter.personId === '' ? (
        <RoleTable roles={page.roles} fields={fields} />
      ) : (
        <PersonAccess
          key={filter.personId}
          personId={filter.personId}
          sensitivityClass={filter.sensitivityClass}
        />
      )}
    </>
  )
}

function exportInput(
  by: ExportAccessInput['by'],
  { sensitivityClass, personId }: AccessFilter = NO_FILTER,
): ExportAccessInput {
  return {
    by,
    ...(by === 'role' || personId === '' ? {} : { reportedPersonId: Number(personId) }),
    ...(sensitivityClass === '' ? {} : { sensitivityClass }),
  }
}
