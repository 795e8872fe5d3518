/** The queue: pick a request, see what is needed to decide on it, decide. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, MediaInput } from '@zendeskgarden/react-forms'
import { mediaQuery } from '@zendeskgarden/react-theming'
import Search from '@zendeskgarden/svg-icons/src/16/search-stroke.svg?react'
import { styled } from 'styled-components'
import type { PersonRef } from '../../../contract/primitives.ts'
import type { GrantView } from '../../../contract/grants.ts'
import type {
  ApproveRevealRequestInput,
  DecidedRevealRequests,
  DecideRevealRequestsInput,
  Queue,
  RevealRequestList,
  RevealRequestView,
} from '../../../contract/reveal-requests.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { useTick } from '../../shared/useSeconds.ts'
import { BulkResults } from './BulkResults.tsx'
import type { BulkOutcome } from './BulkResults.tsx'
import { DecisionToast } from './DecisionToast.tsx'
import type { Decided } from './DecisionToast.tsx'
import { KeysPanel } from './KeysPanel.tsx'
import {
  countNarrowings,
  fitsFilter,
  formatQueuePlace,
  isNarrowed,
  NO_NARROWING,
  parseQueuePlace,
} from './queue-filter.ts'
import type { QueueFilter } from './queue-filter.ts'
import { QueueFilters } from './QueueFilters.tsx'
import { RequestDetail } from './RequestDetail.tsx'
import { RequestList } from './RequestList.tsx'
import { TicketRequests } from './TicketRequests.tsx'
import { useKeys } from './useKeys.ts'
import { useSteadyRequests } from './useSteadyRequests.ts'

const Bar = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
  padding-bottom: ${({ theme }) => theme.space.sm};
`

/** Takes what room is left, and the next line where that is too little to read one's own words. */
const Find = styled.div`
  flex: 1 1 160px;
  margin-inline-start: auto;
  max-width: 320px;
`

const Panes = styled.div`
  display: grid;
  grid-template-columns: minmax(260px, 2fr) minmax(0, 3fr);
  gap: ${({ theme }) => theme.space.md};
  align-items: start;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr);
  }
`

const QUEUE_NAMES: readonly Queue[] = ['needs_me', 'pending', 'decided']

/** Who opens the page so soon after a request came was called by it. */
const NEWS_SECONDS = 60
const OPENED_FOR_MS = 3_000
/** After a decision the next request takes the place; a key pressed for the last one does not reach it. */
const NEXT_IS_NEW_MS = 400

export type RequestQueueProps = {
  viewer: PersonRef
  mayRevoke: boolean
  onCount: (needsMe: number) => void
  /** More that one can do here, in the queue's own line, and what that opens. */
  actions?: ReactNode
  panel?: ReactNode
}

export function RequestQueue({ viewer, mayRevoke, onCount, actions, panel }: RequestQueueProps) {
  const translation = useTranslation()
  const { t, number } = translation
  const { endpoint } = useEndpoint()
  const isActive = useIsActive()
  const [first] = useState(() => parseQueuePlace(window.location.hash))
  const [filter, setFilterAlone] = useState(first.filter)
  const [selectedId, setSelectedId] = useState(first.requestId)
  const [areFiltersShown, setAreFiltersShown] = useState(countNarrowings(first.filter) > 0)
  const [isDenying, setIsDenying] = useState(false)
  const [areKeysShown, setAreKeysShown] = useState(false)
  const [bulkOf, setBulkOf] = useState<number | null>(null)
  const [bulkOutcome, setBulkOutcome] = useState<BulkOutcome | null>(null)
  const [decided, setDecided] = useState<Decided | null>(null)
  const items = useRef(new Map<string, HTMLButtonElement>())
  const finder = useRef<HTMLInputElement>(null)
  const approveButton = useRef<HTMLButtonElement>(null)
  const revokeButton = useRef<HTMLButtonElement>(null)
  const { queue } = filter
  const [polled, refresh] = usePolled<RevealRequestList>(`/reveal-requests?queue=${queue}`, {
    isActive,
    secondsUntilNext: () => (queue === 'decided' ? 15 : 5),
  })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  const now = useTick()

  // Another queue's requests take the place of these when they have come, not before.
  const arrived = useLast(
    polled.status === 'success' && polled.data.queue === queue ? polled : undefined,
  )
  const data = polled.status === 'error' ? null : (arrived?.data ?? null)
  const { rows, settle, handle } = useSteadyRequests(data)
  const shown = useMemo(
    () => rows.filter(({ entry }) => fitsFilter(entry, filter, viewer, translation)),
    [rows, filter, viewer, translation],
  )
  const selected = shown.find(({ entry }) => entry.request.id === selectedId) ?? shown[0] ?? null
  const selectedIndex = selected === null ? -1 : shown.indexOf(selected)
  const counts = useLast(data?.counts)
  useEffect(() => {
    if (counts !== undefined) onCount(counts.needsMe)
  }, [counts, onCount])

  // What is selected stays so by its id, wherever the list moves it.
  const openId = selected?.entry.request.id ?? null
  useEffect(() => {
    if (data === null) return
    setSelectedId(openId)
    const place = { filter, requestId: openId }
    window.history.replaceState(window.history.state, '', formatQueuePlace(place))
  }, [data, filter, openId])

  const openedAt = useRef<number | null>(first.requestId === null ? performance.now() : null)
  useEffect(() => {
    if (isActive && data !== null) openedAt.current = performance.now()
    // Only coming back counts, not what arrives meanwhile.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isActive])
  useEffect(() => {
    if (data === null || openedAt.current === null) return
    const isOpening = performance.now() - openedAt.current < OPENED_FOR_MS
    openedAt.current = null
    // Nobody saw the rows that went meanwhile.
    settle()
    const newest = data.requests.at(-1)?.request
    if (!isOpening || data.queue === 'decided' || newest === undefined) return
    if (newest.ageSeconds < NEWS_SECONDS) setSelectedId(newest.id)
  }, [data, settle])
  useEffect(() => {
    if (openId !== null) items.current.get(openId)?.scrollIntoView?.({ block: 'nearest' })
  }, [openId])

  const closeForms = () => {
    setIsDenying(false)
    setBulkOf(null)
    setBulkOutcome(null)
  }
  const select = (requestId: string | undefined, isFocused: boolean) => {
    if (requestId === undefined) return
    settle()
    closeForms()
    setSelectedId(requestId)
    if (isFocused) items.current.get(requestId)?.focus()
  }
  const newestSelect = useRef(select)
  useEffect(() => {
    newestSelect.current = select
  })
  const onPick = useCallback((requestId: string) => newestSelect.current(requestId, false), [])
  const idAt = (index: number) => shown[index]?.entry.request.id
  const setFilter = (next: QueueFilter) => {
    settle()
    closeForms()
    setFilterAlone(next)
  }

  // The next request is the one that moves up into the decided one's place.
  const arrivedAt = useRef(-Infinity)
  const onDecided = async (request: RevealRequestView) => {
    const next = idAt(selectedIndex + 1) ?? idAt(selectedIndex - 1) ?? null
    handle([request.id])
    setIsDenying(false)
    setSelectedId(next)
    setDecided({ request, revoked: null })
    arrivedAt.current = performance.now()
    await refresh()
    if (next !== null) items.current.get(next)?.focus()
  }
  const isForThisOne = () => performance.now() - arrivedAt.current > NEXT_IS_NEW_MS
  const send = (verb: string, input: object) =>
    endpoint.send<RevealRequestView>('POST', `/reveal-requests/${openId}/${verb}`, input)

  const approve = async (input: ApproveRevealRequestInput) => {
    if (openId !== null) await onDecided(await send('approve', input))
  }
  const deny = async (comment: string) => {
    if (openId !== null) await onDecided(await send('deny', { comment }))
  }
  const claim = async () => {
    if (openId === null) return
    await send('claim', {})
    await refresh()
  }
  const release = async () => {
    if (openId === null) return
    await send('release', {})
    await refresh()
  }

  const ticketId = selected?.entry.request.ticketId ?? null
  const onTicket = useMemo(
    () =>
      rows
        .filter(
          ({ entry, isGone }) =>
            !isGone &&
            entry.request.ticketId === ticketId &&
            entry.request.state === 'pending' &&
            entry.mayDecide.allowed,
        )
        .map(({ entry }) => entry),
    [rows, ticketId],
  )
  const decideAll = async (input: DecideRevealRequestsInput) => {
    if (ticketId === null) return
    const before = onTicket.map(({ request }) => request)
    const { results } = await endpoint.send<DecidedRevealRequests>(
      'POST',
      '/reveal-requests/decide',
      input,
    )
    handle(results.flatMap(({ id, isDecided }) => (isDecided ? [id] : [])))
    setBulkOf(null)
    setBulkOutcome({ ticketId, results, before })
    await refresh()
  }
  const closeToast = useCallback(() => setDecided(null), [])
  const revoke = async (grantId: string) => {
    const grant = await endpoint.send<GrantView>('POST', `/grants/${grantId}/revoke`, {})
    setDecided((last) => (last === null ? last : { ...last, revoked: grant }))
    void refresh()
  }

  const mayDecide = selected !== null && !selected.isGone && selected.entry.mayDecide.allowed
  const isDetailShown = bulkOf === null && bulkOutcome === null
  const isMine = selected?.entry.request.claim?.by.id === viewer.id
  useKeys({
    j: () => select(idAt(selectedIndex + 1), true),
    k: () => select(idAt(selectedIndex - 1), true),
    n: () => select(idAt(queue === 'decided' ? 0 : shown.length - 1), true),
    a: () => isForThisOne() && approveButton.current?.click(),
    d: () => isForThisOne() && isDetailShown && mayDecide && setIsDenying(true),
    c: () => {
      if (!isDetailShown || !mayDecide) return
      void (isMine ? release() : claim()).catch(() => refresh())
    },
    b: () => isDetailShown && mayDecide && onTicket.length > 1 && setBulkOf(ticketId),
    r: () => revokeButton.current?.click(),
    '/': () => finder.current?.focus(),
    '?': () => setAreKeysShown((isShown) => !isShown),
  })

  const labelOf = (name: Queue) => {
    if (name === 'decided') return t('decide.decided')
    const count = name === 'needs_me' ? counts?.needsMe : counts?.pending
    const label = name === 'needs_me' ? t('decide.needs_me') : t('decide.all_pending')
    return count === undefined ? label : `${label} ${number(count)}`
  }
  const elapsed =
    arrived === undefined ? 0 : Math.max(0, Math.floor((now - arrived.receivedAt) / 1000))
  const narrowings = countNarrowings(filter)

  return (
    <>
      <Bar>
        {QUEUE_NAMES.map((name) => (
          <Button
            key={name}
            size="small"
            isBasic={name !== queue}
            isNeutral={name === queue}
            aria-pressed={name === queue}
            onClick={() => setFilter({ ...filter, queue: name })}
          >
            {labelOf(name)}
          </Button>
        ))}
        <Find>
          <Field>
            <Field.Label hidden>{t('decide.find')}</Field.Label>
            <MediaInput
              ref={finder}
              isCompact
              type="search"
              start={<Search aria-hidden="true" focusable="false" />}
              placeholder={t('decide.find')}
              value={filter.text}
              onChange={(event) => setFilter({ ...filter, text: event.target.value })}
              onKeyDown={(event) => {
                if (event.nativeEvent.isComposing) return
                if (event.key !== 'Enter' && event.key !== 'Escape') return
                if (event.key === 'Escape') setFilter({ ...filter, text: '' })
                if (openId !== null) items.current.get(openId)?.focus()
                else event.currentTarget.blur()
              }}
            />
          </Field>
        </Find>
        <Button
          size="small"
          isBasic
          aria-expanded={areFiltersShown}
          onClick={() => setAreFiltersShown(!areFiltersShown)}
        >
          {narrowings === 0 ? t('decide.narrow') : t('decide.narrowed', { count: narrowings })}
        </Button>
        {actions}
        <Button
          size="small"
          isBasic
          aria-expanded={areKeysShown}
          onClick={() => setAreKeysShown(!areKeysShown)}
        >
          {t('decide.keys')}
        </Button>
      </Bar>
      {panel}
      {areFiltersShown && (
        <QueueFilters
          filter={filter}
          entries={data?.requests ?? []}
          onChange={(next) => setFilter(next)}
        />
      )}
      {areKeysShown && <KeysPanel />}
      {polled.status === 'error' &&
        (polled.trouble === null ? (
          <Refused error={polled.error} />
        ) : (
          <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
        ))}
      {polled.status !== 'error' && data === null && <SkeletonRows count={3} />}
      {polled.status === 'success' && polled.trouble !== null && (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )}
      {data !== null && rows.length === 0 && (
        <StateMessage
          message={t(`decide.empty.${data.queue}`)}
          next={t(`decide.empty_next.${data.queue}`)}
        />
      )}
      {data !== null && isNarrowed(filter) && rows.length > 0 && (
        <SubtleText as="output">
          {t('decide.found', { count: shown.length, all: rows.length })}{' '}
          <Button isLink size="small" onClick={() => setFilter({ ...filter, ...NO_NARROWING })}>
            {t('decide.filter.clear')}
          </Button>
        </SubtleText>
      )}
      {data !== null && (selected !== null || bulkOutcome !== null) && (
        <Panes>
          {shown.length > 0 && (
            <RequestList
              queue={data.queue}
              viewer={viewer}
              rows={shown}
              selectedId={bulkOutcome === null ? openId : null}
              elapsedSeconds={elapsed}
              items={items}
              onSelect={onPick}
              onStep={(step) => select(idAt(selectedIndex + step), true)}
            />
          )}
          {bulkOutcome !== null ? (
            <BulkResults
              outcome={bulkOutcome}
              onClose={() => {
                setBulkOutcome(null)
                if (openId !== null) items.current.get(openId)?.focus()
              }}
            />
          ) : bulkOf !== null && bulkOf === ticketId && onTicket.length > 0 ? (
            <TicketRequests
              ticketId={bulkOf}
              entries={onTicket}
              onDecide={decideAll}
              onClose={() => {
                setBulkOf(null)
                if (openId !== null) items.current.get(openId)?.focus()
              }}
            />
          ) : (
            selected !== null && (
              <RequestDetail
                key={openId}
                entry={selected.entry}
                viewer={viewer}
                isGone={selected.isGone}
                elapsedSeconds={elapsed}
                onSameTicket={onTicket.length}
                isDenying={isDenying}
                onDenying={setIsDenying}
                onApprove={approve}
                onDeny={deny}
                onClaim={claim}
                onRelease={release}
                onAllOfTicket={() => setBulkOf(ticketId)}
                approveButton={approveButton}
              />
            )
          )}
        </Panes>
      )}
      {decided !== null && (
        <DecisionToast
          // Each thing to say stays for its own time.
          key={`${decided.request.id} ${decided.revoked === null}`}
          decided={decided}
          onRevoke={mayRevoke ? revoke : null}
          revokeButton={revokeButton}
          onClose={closeToast}
        />
      )}
    </>
  )
}

/** The newest that was there: an answer that is under way does not take the last one's numbers away. */
function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value)
  if (value !== undefined && value !== last) setLast(value)
  return value ?? last
}
