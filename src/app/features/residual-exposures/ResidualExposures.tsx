/** What Zendesk cannot give up: how much of what, where it is, and what one can do about it. */
import { useEffect, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type { ResidualExposureExport, ResidualExposureList } from '../../../contract/ingestion.ts'
import { FIELD_KINDS } from '../../../core/protected-field.ts'
import { EXPOSURE_CATEGORIES } from '../../../core/residual-exposure.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { ListFault } from '../../shared/ListFault.tsx'
import { LoadMore } from '../../shared/LoadMore.tsx'
import { onlyDigits } from '../../shared/only-digits.ts'
import { saveFile } from '../../shared/save-file.ts'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useKeysetList, withParameter } from '../../shared/useKeysetList.ts'
import { useKindTitle } from '../../shared/useKindName.ts'
import { ExposureCategories } from './ExposureCategories.tsx'
import { ExposureTable } from './ExposureTable.tsx'
import {
  categoryOf,
  exportInput,
  exposuresPath,
  formatExposureFilter,
  kindOf,
  NO_FILTER,
  parseExposureFilter,
} from './exposure-filter.ts'

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
  margin-top: ${({ theme }) => theme.space.md};
  padding-bottom: ${({ theme }) => theme.space.sm};
  > div {
    flex: 1 1 200px;
    max-width: 280px;
  }
  > div:nth-child(3) {
    flex: 0 1 140px;
  }
`

const PAGES = {
  pathAfter: (path: string, { nextAfter }: ResidualExposureList) =>
    nextAfter === null ? null : withParameter(path, 'after', nextAfter),
  join: (before: ResidualExposureList, next: ResidualExposureList) => ({
    ...before,
    exposures: [...before.exposures, ...next.exposures],
    nextAfter: next.nextAfter,
  }),
}

export function ResidualExposures() {
  const { t } = useTranslation()
  const kindTitle = useKindTitle()
  const { endpoint } = useEndpoint()
  const [filter, setFilterAlone] = useState(() => parseExposureFilter(window.location.hash))
  const { list, loadMore, reload } = useKeysetList(exposuresPath(filter), PAGES)
  const [exporting, exportAll, clearExport] = useAttempt(async () => {
    const file = await endpoint.send<ResidualExposureExport>(
      'POST',
      '/residual-exposures/exports',
      exportInput(filter),
      { timeoutMs: 60_000 },
    )
    saveFile(`${t('exposures.file')}.csv`, 'text/csv;charset=utf-8', file.csv)
    return file
  })
  const setFilter = (next: typeof filter) => {
    setFilterAlone(next)
    clearExport()
  }
  const isFiltered = formatExposureFilter(filter) !== formatExposureFilter(NO_FILTER)
  const page = list.status === 'success' ? list.page : null
  // They are of everything, so they stay in sight while a filter is being asked for.
  const counts = list.status === 'processing' ? list.before?.counts : page?.counts

  useEffect(() => {
    window.history.replaceState(window.history.state, '', formatExposureFilter(filter))
  }, [filter])

  if (list.status === 'error') return <ListFault error={list.error} reload={reload} />
  if (counts === undefined) return <SkeletonRows count={4} />
  if (counts.length === 0) {
    return <StateMessage message={t('exposures.none')} next={t('exposures.none_next')} />
  }
  return (
    <>
      <Intro>{t('exposures.intro')}</Intro>
      <ExposureCategories
        counts={counts}
        onPick={(category, kind) => setFilter({ ...NO_FILTER, category, kind })}
      />
      <Filters onSubmit={(event) => event.preventDefault()} aria-label={t('exposures.filters')}>
        <Field>
          <Field.Label>{t('exposures.category')}</Field.Label>
          <Select
            isCompact
            value={filter.category}
            onChange={({ target }) => setFilter({ ...filter, category: categoryOf(target.value) })}
          >
            <option value="">{t('exposures.every_category')}</option>
            {EXPOSURE_CATEGORIES.map((category) => (
              <option key={category} value={category}>
                {t(`exposures.categories.${category}.name`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field>
          <Field.Label>{t('exposures.kind')}</Field.Label>
          <Select
            isCompact
            value={filter.kind}
            onChange={({ target }) => setFilter({ ...filter, kind: kindOf(target.value) })}
          >
            <option value="">{t('exposures.every_kind')}</option>
            {FIELD_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {kindTitle(kind)}
              </option>
            ))}
          </Select>
        </Field>
        <Field>
          <Field.Label>{t('log.ticket_number')}</Field.Label>
          <Input
            isCompact
            inputMode="numeric"
            value={filter.ticketId}
            onChange={({ target }) => setFilter({ ...filter, ticketId: onlyDigits(target.value) })}
          />
        </Field>
        {isFiltered && (
          <Button size="small" isBasic onClick={() => setFilter(NO_FILTER)}>
            {t('log.clear')}
          </Button>
        )}
        <Button size="small" isBasic onClick={() => void reload()}>
          {t('log.refresh')}
        </Button>
        <Button
          size="small"
          disabled={exporting.status === 'processing' || page?.exposures.length === 0}
          onClick={() => void exportAll()}
        >
          {exporting.status === 'processing' ? t('exposures.exporting') : t('exposures.export')}
        </Button>
      </Filters>
      {exporting.status === 'error' && <ErrorSentence error={exporting.error} />}
      {exporting.status === 'success' && (
        <SubtleText as="output">
          {t('exposures.exported', { count: exporting.data.rows })}{' '}
          {!exporting.data.isComplete && t('exposures.export_partial')}
        </SubtleText>
      )}
      {list.status === 'processing' && <SkeletonRows count={3} />}
      {page !== null && page.exposures.length === 0 && (
        <StateMessage message={t('exposures.no_match')} next={t('log.none_next')} />
      )}
      {list.status === 'success' && list.page.exposures.length > 0 && (
        <>
          <ExposureTable exposures={list.page.exposures} />
          <LoadMore list={list} loadMore={loadMore} label={t('exposures.more')} />
        </>
      )}
    </>
  )
}
