/** The log: who did what, when and why, and where each entry stands in the tree. */
import { useEffect, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { focusStyles, getColor, mediaQuery } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import { styled } from 'styled-components'
import { AUDIT_ACTIONS } from '../../../audit/entry.ts'
import type { AuditEntryList } from '../../../contract/audit-entries.ts'
import { ListFault } from '../../shared/ListFault.tsx'
import { LoadMore } from '../../shared/LoadMore.tsx'
import { onlyDigits } from '../../shared/only-digits.ts'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { hairline, subtleText, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useKeysetList, withParameter } from '../../shared/useKeysetList.ts'
import { EntryDetail } from './EntryDetail.tsx'
import { formatLogFilter, logPath, NO_FILTER, parseLogFilter } from './log-filter.ts'
import type { LogFilter } from './log-filter.ts'
import { usePeople } from './usePeople.ts'
import { useEntrySentence } from './useEntrySentence.ts'

const Filters = styled.form`
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  gap: ${({ theme }) => theme.space.sm};
  padding-bottom: ${({ theme }) => theme.space.sm};
  > div {
    flex: 0 1 160px;
  }
  > div:first-child {
    flex: 1 1 220px;
    max-width: 320px;
  }
`

const Panes = styled.div`
  display: grid;
  grid-template-columns: minmax(0, 3fr) minmax(260px, 2fr);
  gap: ${({ theme }) => theme.space.md};
  align-items: start;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr);
  }
`

/** Stays beside the entry that was picked, however far down the log it stands. */
const Beside = styled.div`
  position: sticky;
  top: ${({ theme }) => theme.space.sm};
  min-width: 0;
  code {
    overflow-wrap: anywhere;
  }
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    z-index: 1;
    /* Above the log, where the eye is; a narrow page has no beside. */
    order: -1;
    top: 0;
    background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
  }
`

const Entries = styled.table`
  border-collapse: collapse;
  width: 100%;
  th {
    ${hairline}
    ${subtleText}
    padding: ${({ theme }) => theme.space.xxs} ${({ theme }) => theme.space.xs};
    text-align: start;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  td {
    ${hairline}
    padding: ${({ theme }) => theme.space.xxs} ${({ theme }) => theme.space.xs};
    line-height: 20px;
    vertical-align: top;
  }
  th:first-child,
  td:first-child {
    width: 1%;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  tr[aria-selected='true'] td {
    background: ${({ theme }) =>
      getColor({
        theme,
        variable: 'background.primaryEmphasis',
        transparency: theme.opacity[100],
      })};
  }
`

const Mark = styled(AlertWarning)`
  flex: none;
  margin-inline-end: ${({ theme }) => theme.space.xxs};
  vertical-align: -3px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.warning' })};
`

/** People open the app all day; what they did there stands out from it. */
const Pick = styled.button<{ $isRoutine: boolean }>`
  border: 0;
  background: none;
  cursor: pointer;
  padding: 0;
  color: ${({ theme, $isRoutine }) =>
    $isRoutine ? getColor({ theme, variable: 'foreground.subtle' }) : 'inherit'};
  font: inherit;
  line-height: inherit;
  text-align: start;
  overflow-wrap: anywhere;
  ${({ theme }) => focusStyles({ theme })}
  &:hover {
    text-decoration: underline;
  }
`

const When = styled.span`
  ${subtleText}
  line-height: 20px;
`

const PAGES = {
  pathAfter: (path: string, { nextBefore }: AuditEntryList) =>
    nextBefore === null ? null : withParameter(path, 'before', nextBefore),
  join: (before: AuditEntryList, next: AuditEntryList) => ({
    ...before,
    ...next,
    entries: [...before.entries, ...next.entries],
  }),
}

export function AuditTrail() {
  const { t, instant, number } = useTranslation()
  const sentenceOf = useEntrySentence()
  const [filter, setFilterAlone] = useState<LogFilter>(() => parseLogFilter(window.location.hash))
  const [selectedIndex, setSelectedIndex] = useState<number | null>(null)
  const [people, meet] = usePeople(filter.actorId)
  const { list: state, loadMore, reload } = useKeysetList(logPath(filter), PAGES)
  const setFilter = (next: LogFilter) => {
    setSelectedIndex(null)
    setFilterAlone(next)
  }
  const loaded = state.status === 'success' ? state.page : null
  const selected = loaded?.entries.find((entry) => entry.index === selectedIndex) ?? null

  useEffect(() => {
    window.history.replaceState(window.history.state, '', formatLogFilter(filter))
  }, [filter])
  useEffect(() => {
    if (loaded !== null) meet(loaded)
  }, [loaded, meet])

  return (
    <>
      <Filters onSubmit={(event) => event.preventDefault()} aria-label={t('log.filters')}>
        <Field>
          <Field.Label>{t('log.action')}</Field.Label>
          <Select
            isCompact
            value={filter.action}
            onChange={(event) => setFilter({ ...filter, action: event.target.value })}
          >
            <option value="">{t('log.every_action')}</option>
            {AUDIT_ACTIONS.map((action) => (
              <option key={action} value={action}>
                {action}
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
            onChange={(event) => setFilter({ ...filter, ticketId: onlyDigits(event.target.value) })}
          />
        </Field>
        <Field>
          <Field.Label>{t('log.person')}</Field.Label>
          <Select
            isCompact
            value={filter.actorId}
            onChange={(event) => setFilter({ ...filter, actorId: event.target.value })}
          >
            <option value="">{t('log.everyone')}</option>
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        {(filter.action !== '' || filter.ticketId !== '' || filter.actorId !== '') && (
          <Button size="small" isBasic onClick={() => setFilter(NO_FILTER)}>
            {t('log.clear')}
          </Button>
        )}
        <Button size="small" isBasic onClick={() => void reload()}>
          {t('log.refresh')}
        </Button>
      </Filters>
      {state.status === 'processing' && <SkeletonRows count={4} />}
      {state.status === 'error' && <ListFault error={state.error} reload={reload} />}
      {state.status === 'success' && loaded !== null && (
        <>
          {loaded.entries.length === 0 ? (
            <StateMessage message={t('log.none')} next={t('log.none_next')} />
          ) : (
            <Panes>
              <div>
                <Entries>
                  <thead>
                    <tr>
                      <th scope="col">{t('log.index')}</th>
                      <th scope="col">{t('log.entry')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {loaded.entries.map((entry) => (
                      <tr key={entry.index} aria-selected={entry.index === selectedIndex}>
                        <td>{number(entry.index)}</td>
                        <td>
                          {entry.outcome !== 'ok' && <Mark aria-hidden="true" focusable="false" />}
                          <Pick
                            type="button"
                            $isRoutine={entry.action === 'session.start'}
                            aria-expanded={entry.index === selectedIndex}
                            onClick={() =>
                              setSelectedIndex(entry.index === selectedIndex ? null : entry.index)
                            }
                          >
                            {sentenceOf(entry)}
                          </Pick>
                          <br />
                          <When>{instant(entry.at)}</When>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </Entries>
                <LoadMore list={state} loadMore={loadMore} label={t('log.more')} />
              </div>
              <Beside>
                {selected === null ? (
                  <SubtleText>
                    {t('log.tree', { count: loaded.treeSize })}
                    <br />
                    <code>{loaded.rootHash}</code>
                  </SubtleText>
                ) : (
                  <EntryDetail
                    entry={selected}
                    onTicket={(ticketId) => setFilter({ ...filter, ticketId: String(ticketId) })}
                    onPerson={(actorId) => setFilter({ ...filter, actorId: String(actorId) })}
                  />
                )}
              </Beside>
            </Panes>
          )}
        </>
      )}
    </>
  )
}
