/** The bar below a ticket: submit it as one status or another. */
import { Button } from '@zendeskgarden/react-buttons'
import { getColor, PALETTE } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { STATUS_LABELS, StatusBadge } from '../chrome/StatusBadge.tsx'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import type { TicketRecord } from '../records.ts'

const CHOICES = ['open', 'pending', 'solved'] as const

const Bar = styled.footer`
  display: flex;
  align-items: center;
  gap: 8px;
  padding: 10px 16px;
  border-block-start: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
`
const Aside = styled.span`
  flex: 1;
  font-size: 13px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`
/** On the primary button a status may have the button's own colour. */
const Choice = styled(Button)`
  gap: 8px;

  > span {
    box-shadow: ${({ isPrimary }) => (isPrimary === true ? `0 0 0 1px ${PALETTE.white}` : 'none')};
  }
`

export function SubmitBar({ ticket, isInFront }: { ticket: TicketRecord; isInFront: boolean }) {
  const model = usePageModel()
  const isSaving = usePageState((state) => state.saving.includes(ticket.id))
  const isDisabled = usePageState((state) => state.saveDisabled.includes(ticket.id))
  const current = CHOICES.find((status) => status === ticket.status) ?? 'open'
  if (ticket.status === 'closed') return <Bar>This ticket is closed and takes no more changes.</Bar>
  return (
    <Bar aria-hidden={!isInFront}>
      <Aside>{isDisabled ? 'An app keeps this ticket from being submitted.' : ''}</Aside>
      <Aside style={{ flex: 'none' }}>Submit as</Aside>
      {CHOICES.map((status) => (
        <Choice
          key={status}
          size="small"
          isPrimary={status === current}
          disabled={isSaving || isDisabled}
          onClick={() => void model.submit(ticket.id, status)}
          aria-label={`Submit as ${STATUS_LABELS[status]}`}
        >
          <StatusBadge status={status} isSmall />
          {STATUS_LABELS[status]}
        </Choice>
      ))}
    </Bar>
  )
}
