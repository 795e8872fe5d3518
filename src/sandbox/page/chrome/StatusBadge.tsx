/** A ticket's status in Zendesk's colours. The letter says it, too. */
import { PALETTE } from '@zendeskgarden/react-theming'
import { Span } from '@zendeskgarden/react-typography'
import { styled } from 'styled-components'
import type { TicketStatus } from '../records.ts'

const COLORS: Readonly<Record<TicketStatus, readonly [background: string, text: string]>> = {
  new: [PALETTE.yellow[400], PALETTE.yellow[900]],
  open: [PALETTE.red[700], PALETTE.white],
  pending: [PALETTE.blue[700], PALETTE.white],
  hold: [PALETTE.grey[800], PALETTE.white],
  solved: [PALETTE.grey[600], PALETTE.white],
  closed: [PALETTE.grey[300], PALETTE.grey[900]],
}

export const STATUS_LABELS: Readonly<Record<TicketStatus, string>> = {
  new: 'New',
  open: 'Open',
  pending: 'Pending',
  hold: 'On-hold',
  solved: 'Solved',
  closed: 'Closed',
}

const Badge = styled.span<{ $status: TicketStatus; $isSmall: boolean }>`
  display: inline-grid;
  place-items: center;
  flex: none;
  min-inline-size: ${({ $isSmall }) => ($isSmall ? '18px' : 'auto')};
  block-size: ${({ $isSmall }) => ($isSmall ? '18px' : '20px')};
  padding-inline: ${({ $isSmall }) => ($isSmall ? '2px' : '8px')};
  border-radius: 4px;
  background: ${({ $status }) => COLORS[$status][0]};
  color: ${({ $status }) => COLORS[$status][1]};
  font-size: ${({ $isSmall }) => ($isSmall ? '11px' : '12px')};
  font-weight: 600;
  line-height: 1;
`

export function StatusBadge({
  status,
  isSmall = false,
}: {
  status: TicketStatus
  isSmall?: boolean
}) {
  const label = STATUS_LABELS[status]
  return (
    <Badge $status={status} $isSmall={isSmall} title={label}>
      {isSmall ? <span aria-hidden="true">{label.slice(0, 1)}</span> : label}
      {isSmall && <Span hidden>{label}</Span>}
    </Badge>
  )
}
