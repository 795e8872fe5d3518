/** Under a ticket's own rows: the merged tickets whose values stay where they were, one line each. */
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { hairline, subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Lines = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
  li {
    ${hairline}
    ${subtleText}
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: ${({ theme }) => `0 ${theme.space.sm}`};
    padding: ${({ theme }) => theme.space.xs} 0;
  }
`

/** The link opens the ticket; what may be seen there is decided there. */
export function MergedTickets({ tickets }: { tickets: ProtectedFieldList['mergedTickets'] }) {
  const { t } = useTranslation()
  const routeTo = useClientInvoke('routeTo')
  return (
    <Lines>
      {tickets.map(({ ticketId }) => (
        <li key={ticketId}>
          <span>{t('sidebar.merged', { ticket: `#${ticketId}` })}</span>
          <Button isLink onClick={() => void routeTo('ticket', ticketId)}>
            {t('sidebar.open_merged', { ticket: `#${ticketId}` })}
          </Button>
        </li>
      ))}
    </Lines>
  )
}
