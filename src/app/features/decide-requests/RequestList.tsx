/** The requests as a list to pick from; the one that is picked is beside it. */
import { memo } from 'react'
import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { focusStyles, getColor, mediaQuery } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import { styled } from 'styled-components'
import type { PersonRef } from '../../../contract/primitives.ts'
import type { Queue, QueuedRevealRequest } from '../../../contract/reveal-requests.ts'
import { firstName } from '../../shared/people.ts'
import { oneLine, subtleText, VisuallyHidden } from '../../shared/surface.ts'
import type { Translation } from '../../shared/translation.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { countPauses } from './queue-filter.ts'
import { claimOf } from './Standing.tsx'
import type { SteadyRequest } from './steady-order.ts'

/** Scrolls by itself, so that what a decision takes stays beside it however many wait. */
const List = styled.ul`
  margin: 0;
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: 0;
  max-height: calc(100vh - 168px);
  overflow-y: auto;
  list-style: none;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    max-height: 40vh;
  }
`

const Item = styled.button<{ $isSelected: boolean }>`
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  grid-auto-rows: 20px;
  align-items: center;
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

const Title = styled.span<{ $isGone: boolean }>`
  ${oneLine}
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  text-decoration: ${({ $isGone }) => ($isGone ? 'line-through' : 'none')};
`

const Line = styled.span`
  ${oneLine}
  ${subtleText}
  color: inherit;
`

const Aside = styled.span`
  ${subtleText}
  display: flex;
  gap: ${({ theme }) => theme.space.xxs};
  align-items: center;
  justify-content: flex-end;
  max-width: 144px;
  color: inherit;
  font-variant-numeric: tabular-nums;
  line-height: 20px;
  white-space: nowrap;
  svg {
    flex: none;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.warning' })};
  }
`

const Mark = styled.span`
  ${oneLine}
`

export type RequestListProps = {
  queue: Queue
  viewer: PersonRef
  rows: readonly SteadyRequest[]
  selectedId: string | null
  elapsedSeconds: number
  /** The buttons by request, for the keyboard to go to. */
  items: RefObject<Map<string, HTMLButtonElement>>
  onSelect: (requestId: string) => void
  /** To the row so many below, with the focus. */
  onStep: (step: number) => void
}

export function RequestList(props: RequestListProps) {
  const translation = useTranslation()
  const { t, fieldLabel, list, when, find } = translation
  const tabbableId = props.selectedId ?? props.rows[0]?.entry.request.id ?? null
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    props.onStep(step)
  }
  return (
    <List aria-label={t('decide.requests')} onKeyDown={onKey}>
      {props.rows.map((row) => {
        const { entry, isGone } = row
        const { request, context } = entry
        const isDecided = props.queue === 'decided'
        const claim = isDecided ? null : claimOf(request, props.elapsedSeconds)
        return (
          <RequestRow
            key={request.id}
            id={request.id}
            items={props.items}
            isSelected={request.id === props.selectedId}
            isTabbable={request.id === tabbableId}
            isGone={isGone}
            title={t('decide.wants', {
              name: request.requester.name,
              fields: list(request.fields.map(fieldLabel)),
            })}
            aside={
              isGone
                ? t('decide.gone')
                : isDecided
                  ? t(`decide.state.${request.state}`)
                  : when(request.createdAt, request.ageSeconds + props.elapsedSeconds)
            }
            reason={find(`reasons.${request.reasonCode}`) ?? request.reasonLabel}
            ticketId={request.ticketId}
            subject={context.ticketSubject}
            pauses={isDecided || isGone ? 0 : countPauses(entry, translation)}
            mark={markOf(entry, translation) ?? claimMark(claim?.by, props.viewer, translation)}
            onSelect={props.onSelect}
          />
        )
      })}
    </List>
  )
}

/** What kind of approval it was, where that was not a lead's own. */
function markOf({ request, context }: QueuedRevealRequest, { t }: Translation): string | null {
  if (context.isBreakGlass) return t('decide.mark.break_glass')
  if (request.state !== 'approved') {
    return request.state === 'pending' && request.extendsGrantId !== null
      ? t('decide.mark.extension')
      : null
  }
  if (request.automatic !== null || context.automaticRule !== null) return t('decide.mark.rule')
  if (context.exception !== null) return t('decide.mark.exception')
  return null
}

function claimMark(
  by: PersonRef | undefined,
  viewer: PersonRef,
  { t }: Translation,
): string | null {
  if (by === undefined) return null
  return by.id === viewer.id
    ? t('decide.mark.mine')
    : t('decide.mark.claimed', { name: firstName(by) })
}

type RequestRowProps = {
  id: string
  items: RefObject<Map<string, HTMLButtonElement>>
  isSelected: boolean
  /** One row takes the Tab key, and the next Tab leaves the list: fifty rows are no detour. */
  isTabbable: boolean
  isGone: boolean
  title: string
  aside: string
  reason: string
  ticketId: number
  subject: string
  pauses: number
  mark: string | null
  onSelect: (requestId: string) => void
}

/** Seconds pass without drawing fifty rows again. */
const RequestRow = memo(function RequestRow(props: RequestRowProps): ReactNode {
  const { t, number } = useTranslation()
  const { id, items, isSelected } = props
  return (
    <li>
      <Item
        ref={(node) => {
          if (node === null) items.current?.delete(id)
          else items.current?.set(id, node)
        }}
        type="button"
        tabIndex={props.isTabbable ? 0 : -1}
        $isSelected={isSelected}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => props.onSelect(id)}
      >
        <Title $isGone={props.isGone}>{props.title}</Title>
        <Aside>{props.aside}</Aside>
        <Line>
          {`${props.reason} · `}
          <bdi dir="ltr">{`#${props.ticketId}`}</bdi>
          {props.subject !== '' && (
            <>
              {' '}
              <bdi>{props.subject}</bdi>
            </>
          )}
        </Line>
        <Aside>
          {props.mark !== null && <Mark>{props.mark}</Mark>}
          {props.pauses > 0 && (
            <>
              <AlertWarning aria-hidden="true" focusable="false" />
              <span aria-hidden="true">{number(props.pauses)}</span>
              <VisuallyHidden>{t('decide.pauses', { count: props.pauses })}</VisuallyHidden>
            </>
          )}
        </Aside>
      </Item>
    </li>
  )
})
