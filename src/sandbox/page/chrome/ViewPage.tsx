/** The list of views and the tickets in one of them. */
import { Button } from '@zendeskgarden/react-buttons'
import { Skeleton } from '@zendeskgarden/react-loaders'
import { Table } from '@zendeskgarden/react-tables'
import { getColor } from '@zendeskgarden/react-theming'
import { SM, XL } from '@zendeskgarden/react-typography'
import { useEffect } from 'react'
import { styled } from 'styled-components'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import type { TicketRecord } from '../records.ts'
import type { ViewName } from '../route.ts'
import { formatRoute, goTo, VIEWS } from '../route.ts'
import { formatDay } from './relative-time.ts'
import { StatusBadge } from './StatusBadge.tsx'
import { useSandboxNow } from './use-sandbox-now.ts'

const VIEW_LABELS: Readonly<Record<ViewName, string>> = {
  mine: 'Your unsolved tickets',
  unsolved: 'All unsolved tickets',
  pending: 'Pending tickets',
  solved: 'Recently solved tickets',
  all: 'All tickets',
}

const Layout = styled.div`
  display: grid;
  grid-template-columns: 260px minmax(0, 1fr);
  block-size: 100%;
`
const Aside = styled.aside`
  padding: 20px 12px;
  border-inline-end: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};

  h2 {
    padding: 0 12px 12px;
    font-size: 18px;
    font-weight: 600;
  }
`
const ViewLink = styled.a<{ $isCurrent: boolean }>`
  display: flex;
  justify-content: space-between;
  padding: 7px 12px;
  border-radius: 4px;
  background: ${({ theme, $isCurrent }) =>
    $isCurrent
      ? getColor({ theme, variable: 'background.primaryEmphasis', transparency: 200 })
      : 'transparent'};
  font-weight: ${({ $isCurrent }) => ($isCurrent ? 600 : 400)};

  &:hover {
    background: ${({ theme }) =>
      getColor({ theme, variable: 'background.primaryEmphasis', transparency: 100 })};
  }

  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
  }
`
const List = styled.section`
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  min-block-size: 0;
  padding: 20px 24px 0;
`
const Scroll = styled.div`
  overflow: auto;
  padding-block: 12px 24px;
`
const TicketRow = styled(Table.Row)`
  cursor: pointer;
`
const Subject = styled.a`
  font-weight: 600;

  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
    outline-offset: 2px;
    border-radius: 2px;
  }
`
const Empty = styled.div`
  display: grid;
  gap: 12px;
  justify-items: start;
  padding-block: 24px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`

const UNSOLVED = ['new', 'open', 'pending', 'hold']

function isInView(ticket: TicketRecord, view: ViewName, personId: number): boolean {
  switch (view) {
    case 'mine':
      return ticket.assignee_id === personId && UNSOLVED.includes(ticket.status)
    case 'unsolved':
      return UNSOLVED.includes(ticket.status)
    case 'pending':
      return ticket.status === 'pending'
    case 'solved':
      return !UNSOLVED.includes(ticket.status)
    case 'all':
      return true
  }
}

function Rows({ tickets }: { tickets: readonly TicketRecord[] }) {
  const model = usePageModel()
  const nowMs = useSandboxNow()
  return tickets.map((ticket) => (
    <TicketRow key={ticket.id} onClick={() => goTo({ place: 'ticket', ticketId: ticket.id })}>
      <Table.Cell width={44}>
        <StatusBadge status={ticket.status} isSmall />
      </Table.Cell>
      <Table.Cell width={76}>#{ticket.id}</Table.Cell>
      <Table.Cell isTruncated>
        <Subject href={formatRoute({ place: 'ticket', ticketId: ticket.id })}>
          {ticket.subject}
        </Subject>
      </Table.Cell>
      <Table.Cell width={150} isTruncated>
        {model.user(ticket.requester_id)?.name}
      </Table.Cell>
      <Table.Cell width={130}>{formatDay(ticket.updated_at, nowMs)}</Table.Cell>
      <Table.Cell width={160} isTruncated>
        {model.groupName(ticket.group_id)}
      </Table.Cell>
      <Table.Cell width={140} isTruncated>
        {model.user(ticket.assignee_id)?.name ?? '–'}
      </Table.Cell>
    </TicketRow>
  ))
}

function ListFailure({ status }: { status: number }) {
  const model = usePageModel()
  return (
    <Empty>
      <p>
        Zendesk does not answer{status > 0 && ` (${status})`}. This is the sandbox’s Zendesk: look
        whether the bar at the top says that it is down.
      </p>
      <Button size="small" onClick={() => void model.loadTickets()}>
        Try again
      </Button>
    </Empty>
  )
}

function Skeletons() {
  return Array.from({ length: 6 }, (_, index) => (
    <Skeleton key={index} height="20px" style={{ marginBlock: '14px' }} />
  ))
}

export function ViewPage({ view }: { view: ViewName }) {
  const model = usePageModel()
  const all = Object.values(usePageState((state) => state.tickets))
  const isLoaded = usePageState((state) => state.isListLoaded)
  const failure = usePageState((state) => state.listFailure)
  const inView = (name: ViewName) => all.filter((each) => isInView(each, name, model.person.id))
  const tickets = inView(view)

  useEffect(() => void model.loadTickets(), [model])

  return (
    <Layout>
      <Aside>
        <h2>Views</h2>
        <nav aria-label="Views">
          {VIEWS.map((name) => (
            <ViewLink
              key={name}
              href={formatRoute({ place: 'view', view: name })}
              $isCurrent={name === view}
              aria-current={name === view ? 'page' : undefined}
            >
              {VIEW_LABELS[name]}
              <span>{inView(name).length}</span>
            </ViewLink>
          ))}
        </nav>
      </Aside>
      <List>
        <header>
          <XL tag="h1">{VIEW_LABELS[view]}</XL>
          <SM>{tickets.length === 1 ? '1 ticket' : `${tickets.length} tickets`}</SM>
        </header>
        <Scroll>
          {failure !== null && <ListFailure status={failure} />}
          {failure === null && !isLoaded && <Skeletons />}
          {failure === null && isLoaded && tickets.length === 0 && (
            <Empty>No tickets in this view.</Empty>
          )}
          {failure === null && tickets.length > 0 && (
            <Table size="small" style={{ minWidth: 760 }}>
              <Table.Head isSticky>
                <Table.HeaderRow>
                  <Table.HeaderCell width={44} aria-label="Status" />
                  <Table.HeaderCell width={76}>ID</Table.HeaderCell>
                  <Table.HeaderCell>Subject</Table.HeaderCell>
                  <Table.HeaderCell width={150}>Requester</Table.HeaderCell>
                  <Table.HeaderCell width={130}>Updated</Table.HeaderCell>
                  <Table.HeaderCell width={160}>Group</Table.HeaderCell>
                  <Table.HeaderCell width={140}>Assignee</Table.HeaderCell>
                </Table.HeaderRow>
              </Table.Head>
              <Table.Body>
                <Rows tickets={tickets} />
              </Table.Body>
            </Table>
          )}
        </Scroll>
      </List>
    </Layout>
  )
}
