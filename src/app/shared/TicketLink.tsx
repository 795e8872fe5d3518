/** A ticket's number; opens the ticket in Zendesk. */
import { Button } from '@zendeskgarden/react-buttons'
import { useClientInvoke } from '../../zaf/useClientInvoke.ts'
import { useTranslation } from './TranslationProvider.tsx'

export function TicketLink({ ticketId }: { ticketId: number }) {
  const { t } = useTranslation()
  const routeTo = useClientInvoke('routeTo')
  const number = `#${ticketId}`
  return (
    <Button
      isLink
      aria-label={t('find.open', { ticket: number })}
      onClick={() => void routeTo('ticket', ticketId)}
    >
      <bdi>{number}</bdi>
    </Button>
  )
}
