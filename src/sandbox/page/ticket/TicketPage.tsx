/** One ticket: its fields, its conversation, and the app beside them. */
import { Button } from '@zendeskgarden/react-buttons'
import { Skeleton } from '@zendeskgarden/react-loaders'
import { getColor } from '@zendeskgarden/react-theming'
import ChevronIcon from '@zendeskgarden/svg-icons/src/12/chevron-right-stroke.svg?react'
import { LG } from '@zendeskgarden/react-typography'
import { styled } from 'styled-components'
import { STATUS_LABELS, StatusBadge } from '../chrome/StatusBadge.tsx'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import type { TicketRecord } from '../records.ts'
import { AppsPanel } from './AppsPanel.tsx'
import { Composer } from './Composer.tsx'
import { Conversation } from './Conversation.tsx'
import { SubmitBar } from './SubmitBar.tsx'
import { TicketForm } from './TicketForm.tsx'

const Page = styled.div`
  display: grid;
  grid-template-rows: 48px minmax(0, 1fr) auto;
  block-size: 100%;
`
const Trail = styled.nav`
  display: flex;
  align-items: center;
  gap: 8px;
  padding-inline: 16px;
  border-block-end: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  font-size: 13px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};

  span:last-of-type {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
  }

  > svg {
    opacity: 0.6;
  }
`
const Columns = styled.div`
  display: grid;
  grid-template-columns: 264px minmax(260px, 1fr) auto;
  min-block-size: 0;
`
const Middle = styled.section`
  display: grid;
  grid-template-rows: auto minmax(0, 1fr) auto;
  min-inline-size: 0;
  min-block-size: 0;
  border-inline: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
`
const Head = styled.header`
  padding: 14px 20px;
  border-block-end: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.subtle' })};

  span {
    font-size: 12px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`
const Instead = styled.div`
  display: grid;
  gap: 12px;
  place-content: center;
  justify-items: center;
  block-size: 100%;
  padding: 40px;
  text-align: center;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`
const Loading = styled.div`
  padding: 24px;
`

function explain(status: number): { title: string; text: string } {
  if (status === 403) {
    return {
      title: 'You do not have access to this ticket',
      text: 'Your role limits you to the tickets of your groups.',
    }
  }
  if (status === 404) return { title: 'There is no such ticket', text: 'It may have been deleted.' }
  return {
    title: 'Zendesk does not answer',
    text: 'This is the sandbox’s Zendesk. The bar at the top says whether it is down.',
  }
}

function TicketFailure({ ticketId, status }: { ticketId: number; status: number }) {
  const model = usePageModel()
  const { title, text } = explain(status)
  return (
    <Instead>
      <LG tag="h1" isBold>
        {title}
      </LG>
      <p>{text}</p>
      <Button size="small" onClick={() => void model.loadTicket(ticketId)}>
        Try again
      </Button>
    </Instead>
  )
}

function LoadedTicket({ ticket, isInFront }: { ticket: TicketRecord; isInFront: boolean }) {
  const model = usePageModel()
  const subject = usePageState((state) => state.drafts[ticket.id]?.subject) ?? ticket.subject
  const requester = model.user(ticket.requester_id)
  return (
    <Page>
      <Trail aria-label="Where you are">
        <span>{model.groupName(ticket.group_id) ?? 'No group'}</span>
        <ChevronIcon aria-hidden="true" />
        <span>{requester?.name}</span>
        <ChevronIcon aria-hidden="true" />
        <StatusBadge status={ticket.status} />
        <span>Ticket #{ticket.id}</span>
      </Trail>
      <Columns>
        <TicketForm ticket={ticket} />
        <Middle aria-label="Conversation">
          <Head>
            <LG tag="h1" isBold>
              {subject}
            </LG>
            <span>
              Via e-mail · {requester?.name} · {STATUS_LABELS[ticket.status]}
            </span>
          </Head>
          <Conversation ticketId={ticket.id} />
          <Composer ticketId={ticket.id} isClosed={ticket.status === 'closed'} />
        </Middle>
        <AppsPanel ticketId={ticket.id} isInFront={isInFront} />
      </Columns>
      <SubmitBar ticket={ticket} isInFront={isInFront} />
    </Page>
  )
}

export function TicketPage({ ticketId, isInFront }: { ticketId: number; isInFront: boolean }) {
  const ticket = usePageState((state) => state.tickets[ticketId])
  const failure = usePageState((state) => state.failures[ticketId])
  if (ticket !== undefined && (failure === undefined || failure === 0 || failure >= 500)) {
    return <LoadedTicket ticket={ticket} isInFront={isInFront} />
  }
  if (failure !== undefined) return <TicketFailure ticketId={ticketId} status={failure} />
  return (
    <Loading>
      <Skeleton height="24px" width="40%" />
      <Skeleton height="160px" style={{ marginBlockStart: 24 }} />
    </Loading>
  )
}
