/** The queue: pick a request, see what is needed to decide on it, decide. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { focusStyles, getColor, mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { GrantView } from '../../../contract/grants.ts'
import type {
  Queue,
  QueuedRevealRequest,
  RevealRequestList,
  RevealRequestView,
} from '../../../contract/reveal-requests.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { oneLine, subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { useTick } from '../../shared/useSeconds.ts'
import { DecisionToast } from './DecisionToast.tsx'
import type { Decided } from './DecisionToast.tsx'
import { KeysPanel } from './KeysPanel.tsx'
import { RequestDetail } from './RequestDetail.tsx'

const Bar = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
  padding-bottom: ${({ theme }) => theme.space.sm};
`

const Spacer = styled.span`
  flex: 1;
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

const List = styled.ul`
  margin: 0;
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: 0;
  overflow: hidden;
  list-style: none;
`

const Item = styled.button<{ $isSelected: boolean }>`
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 0 ${({ theme }) => theme.space.xs};
  border: 0;
  border-bottom: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.subtle' })};
  background: ${({ theme, $isSelected }) =>
    $isSelected
      ? getColor({
          theme,
          variable: 'background.primaryEmphasis',
          transparency: theme.opacity[100],
        })
      : 'transparent'};
  cursor: pointer;
  padding: ${({ theme }) => `${theme.space.xs} ${theme.space.sm}`};
  width: 100%;
  color: inherit;
  font: inherit;
  text-align: start;
  ${({ theme }) => focusStyles({ theme, inset: true })}
`

const Title = styled.span`
  ${oneLine}
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

const Line = styled.span`
  ${oneLine}
  ${subtleText}
  color: inherit;
  grid-column: 1 / -1;
`

const Age = styled.span`
  ${subtleText}
  color: inherit;
  font-variant-numeric: tabular-nums;
  line-height: 20px;
`

const QUEUE_NAMES: readonly Queue[] = ['needs_me', 'pending', 'decided']

export function RequestQueue({ onCount }: { onCount: (needsMe: number) => void }) {
  const translation = useTranslation()
  const { t, fieldLabel, list: join, when } = translation
  const { endpoint } = useEndpoint()
  const isActive = useIsActive()
  const [queue, setQueue] = useState<Queue>('needs_me')
  const [selectedId, setSelectedId] = useState<string | null>(null)
  const [isDenying, setIsDenying] = useState(false)
  const [areKeysShown, setAreKeysShown] = useState(false)
  const [decided, setDecided] = useState<Decided | null>(null)
  const items = useRef(new Map<string, HTMLButtonElement>())
  const [polled, refresh] = usePolled<RevealRequestList>(`/reveal-requests?queue=${queue}`, {
    isActive,
    secondsUntilNext: () => (queue === 'decided' ? 15 : 5),
  })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  const now = useTick()

  const data = polled.status === 'success' && polled.data.queue === queue ? polled.data : null
  const requests = data?.requests ?? []
  const selected = requests.find(({ request }) => request.id === selectedId) ?? requests[0] ?? null
  const selectedIndex = selected === null ? -1 : requests.indexOf(selected)
  const needsMe = data?.counts.needsMe
  useEffect(() => {
    if (needsMe !== undefined) onCount(needsMe)
  }, [needsMe, onCount])

  const select = (entry: QueuedRevealRequest | undefined, isFocused: boolean) => {
    if (entry === undefined) return
    setIsDenying(false)
    setSelectedId(entry.request.id)
    if (isFocused) items.current.get(entry.request.id)?.focus()
  }

  // The next request is the one that moves up into the decided one's place.
  const onDecided = async (request: RevealRequestView) => {
    const next = requests[selectedIndex + 1] ?? requests[selectedIndex - 1]
    setIsDenying(false)
    setSelectedId(next?.request.id ?? null)
    setDecided({ request, revoked: null })
    await refresh()
    if (next !== undefined) items.current.get(next.request.id)?.focus()
  }

  const approve = async (minutes: number | undefined, fieldIds: string[] | undefined) => {
    if (selected === null) return
    const input = {
      ...(minutes === undefined ? {} : { minutes }),
      ...(fieldIds === undefined ? {} : { fieldIds }),
    }
    await onDecided(
      await endpoint.send<RevealRequestView>(
        'POST',
        `/reveal-requests/${selected.request.id}/approve`,
        input,
      ),
    )
  }
  const deny = async (comment: string) => {
    if (selected === null) return
    await onDecided(
      await endpoint.send<RevealRequestView>(
        'POST',
        `/reveal-requests/${selected.request.id}/deny`,
        {
          comment,
        },
      ),
    )
  }
  const closeToast = useCallback(() => setDecided(null), [])
  const revoke = async (grantId: string) => {
    const grant = await endpoint.send<GrantView>('POST', `/grants/${grantId}/revoke`, {})
    setDecided((last) => (last === null ? last : { ...last, revoked: grant }))
    void refresh()
  }

  const approveButton = useRef<HTMLButtonElement>(null)
  useKeys({
    j: () => select(requests[selectedIndex + 1], true),
    k: () => select(requests[selectedIndex - 1], true),
    a: () => approveButton.current?.click(),
    d: () => selected?.mayDecide.allowed === true && setIsDenying(true),
    '?': () => setAreKeysShown((isShown) => !isShown),
  })

  const labelOf = (name: Queue) => {
    if (name === 'decided') return t('decide.decided')
    const counts = polled.status === 'success' ? polled.data.counts : null
    const count = name === 'needs_me' ? counts?.needsMe : counts?.pending
    const label = name === 'needs_me' ? t('decide.needs_me') : t('decide.all_pending')
    return count === undefined ? label : `${label} ${translation.number(count)}`
  }
  const elapsed =
    polled.status === 'success' ? Math.max(0, Math.floor((now - polled.receivedAt) / 1000)) : 0

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
            onClick={() => {
              setQueue(name)
              setSelectedId(null)
              setIsDenying(false)
            }}
          >
            {labelOf(name)}
          </Button>
        ))}
        <Spacer />
        <Button
          size="small"
          isBasic
          aria-expanded={areKeysShown}
          onClick={() => setAreKeysShown(!areKeysShown)}
        >
          {t('decide.keys')}
        </Button>
      </Bar>
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
      {data !== null && requests.length === 0 && (
        <StateMessage message={t(`decide.empty.${queue}`)} next={t(`decide.empty_next.${queue}`)} />
      )}
      {data !== null && selected !== null && (
        <Panes>
          <List aria-label={t('decide.requests')}>
            {requests.map((entry) => {
              const { request, context } = entry
              const age = request.ageSeconds + elapsed
              const fields = join(request.fields.map(fieldLabel))
              return (
                <li key={request.id}>
                  <Item
                    ref={(node) => {
                      if (node === null) items.current.delete(request.id)
                      else items.current.set(request.id, node)
                    }}
                    type="button"
                    $isSelected={entry === selected}
                    aria-current={entry === selected ? 'true' : undefined}
                    onClick={() => select(entry, false)}
                  >
                    <Title>{t('decide.wants', { name: request.requester.name, fields })}</Title>
                    <Age>
                      {queue === 'decided'
                        ? t(`decide.state.${request.state}`)
                        : when(request.createdAt, age)}
                    </Age>
                    <Line>
                      {`${translation.find(`reasons.${request.reasonCode}`) ?? request.reasonLabel} · `}
                      <bdi dir="ltr">{`#${request.ticketId}`}</bdi>
                      {context.ticketSubject !== '' && (
                        <>
                          {' '}
                          <bdi>{context.ticketSubject}</bdi>
                        </>
                      )}
                    </Line>
                  </Item>
                </li>
              )
            })}
          </List>
          <RequestDetail
            key={selected.request.id}
            entry={selected}
            elapsedSeconds={elapsed}
            isDenying={isDenying}
            onDenying={setIsDenying}
            onApprove={approve}
            onDeny={deny}
            approveButton={approveButton}
          />
        </Panes>
      )}
      {decided !== null && (
        <DecisionToast
          // Each thing to say stays for its own time.
          key={`${decided.request.id} ${decided.revoked === null}`}
          decided={decided}
          onRevoke={revoke}
          onClose={closeToast}
        />
      )}
    </>
  )
}

/** Single keys, only while nobody types and no other key is held. */
function useKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const newest = useRef(keys)
  useEffect(() => {
    newest.current = keys
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const target = event.target
      if (target instanceof Element && target.closest('input, textarea, select') !== null) return
      const act = newest.current[event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
