/** Tabs of open tickets, and who is signed in. */
import { getColor } from '@zendeskgarden/react-theming'
import SearchIcon from '@zendeskgarden/svg-icons/src/16/search-stroke.svg?react'
import XIcon from '@zendeskgarden/svg-icons/src/12/x-stroke.svg?react'
import { styled } from 'styled-components'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import type { Route } from '../route.ts'
import { formatRoute, goTo } from '../route.ts'
import { isTouched } from '../ticket-draft.ts'
import { PersonAvatar } from './PersonAvatar.tsx'
import { StatusBadge } from './StatusBadge.tsx'

const Bar = styled.header`
  display: flex;
  align-items: stretch;
  block-size: 48px;
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  border-block-end: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
`
const Tabs = styled.nav`
  display: flex;
  flex: 1;
  min-inline-size: 0;
  overflow: hidden;
`
const Tab = styled.div<{ $isInFront: boolean }>`
  position: relative;
  display: flex;
  align-items: center;
  gap: 4px;
  max-inline-size: 240px;
  min-inline-size: 0;
  padding-inline-end: 8px;
  border-inline-end: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  background: ${({ theme, $isInFront }) =>
    $isInFront ? getColor({ theme, variable: 'background.default' }) : 'transparent'};
  margin-block-end: ${({ $isInFront }) => ($isInFront ? '-1px' : '0')};
`
const TabLink = styled.a`
  display: flex;
  align-items: center;
  gap: 8px;
  min-inline-size: 0;
  block-size: 100%;
  padding-inline: 12px 4px;

  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
    outline-offset: -3px;
  }
`
const TabText = styled.span`
  display: grid;
  min-inline-size: 0;
  line-height: 16px;
  font-size: 13px;

  b,
  span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  b {
    font-weight: 600;
  }

  span {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
    font-size: 12px;
  }
`
const CloseTab = styled.button`
  display: grid;
  place-items: center;
  inline-size: 20px;
  block-size: 20px;
  flex: none;
  border: 0;
  border-radius: 50%;
  padding: 0;
  cursor: pointer;
  background: transparent;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};

  &:hover,
  &:focus-visible {
    background: ${({ theme }) => getColor({ theme, variable: 'background.disabled' })};
  }
`
const Right = styled.div`
  display: flex;
  align-items: center;
  gap: 16px;
  padding-inline: 16px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`
const Search = styled.span`
  display: flex;
  align-items: center;
  gap: 8px;
  inline-size: 180px;
  block-size: 32px;
  padding-inline: 10px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: 16px;
  font-size: 13px;
  opacity: 0.6;
  cursor: not-allowed;

  @media (max-width: 1100px) {
    display: none;
  }
`

function TicketTab({ ticketId, isInFront }: { ticketId: number; isInFront: boolean }) {
  const model = usePageModel()
  const ticket = usePageState((state) => state.tickets[ticketId])
  const draft = usePageState((state) => state.drafts[ticketId])
  const isDirty = draft !== undefined && isTouched(draft)
  return (
    <Tab $isInFront={isInFront}>
      <TabLink
        href={formatRoute({ place: 'ticket', ticketId })}
        aria-current={isInFront ? 'page' : undefined}
      >
        {ticket !== undefined && <StatusBadge status={ticket.status} isSmall />}
        <TabText>
          <b>
            {isDirty && '• '}
            {ticket?.subject ?? 'Ticket'}
          </b>
          <span>#{ticketId}</span>
        </TabText>
      </TabLink>
      <CloseTab
        aria-label={`Close tab of ticket #${ticketId}`}
        onClick={() => {
          model.closeTicket(ticketId)
          if (isInFront) goTo({ place: 'view', view: 'unsolved' })
        }}
      >
        <XIcon aria-hidden="true" />
      </CloseTab>
    </Tab>
  )
}

export function TopBar({ route }: { route: Route }) {
  const { person } = usePageModel()
  const openTickets = usePageState((state) => state.openTickets)
  return (
    <Bar>
      <Tabs aria-label="Open tickets">
        {openTickets.map((ticketId) => (
          <TicketTab
            key={ticketId}
            ticketId={ticketId}
            isInFront={route.place === 'ticket' && route.ticketId === ticketId}
          />
        ))}
      </Tabs>
      <Right>
        <Search title="Search: not in the sandbox" aria-hidden="true">
          <SearchIcon /> Search
        </Search>
        <span title={`${person.name}, ${person.title}`}>
          <PersonAvatar user={person} />
        </span>
      </Right>
    </Bar>
  )
}
