/** One entry of the log in full: what was written down, and its leaf in the tree. */
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { AuditEntryView } from '../../../contract/audit-entries.ts'
import { subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useEntrySentence } from './useEntrySentence.ts'

const Pane = styled.section`
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: ${({ theme }) => theme.space.sm};
  h2 {
    margin: 0 0 ${({ theme }) => theme.space.xs};
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
  dl {
    margin: 0;
  }
  dt {
    ${subtleText}
    margin-top: ${({ theme }) => theme.space.xs};
  }
  dd {
    margin: 0;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  code {
    font-family: ${({ theme }) => theme.fonts.mono};
    font-size: ${({ theme }) => theme.fontSizes.sm};
  }
`

export function EntryDetail(props: {
  entry: AuditEntryView
  onTicket: (ticketId: number) => void
  onPerson: (personId: number) => void
}) {
  const { entry } = props
  const { t, find, exactly, list, number, fieldLabel } = useTranslation()
  const sentenceOf = useEntrySentence()
  const { actor, ticketId } = entry
  const line = (label: string, content: ReactNode) => (
    <div>
      <dt>{label}</dt>
      <dd>{content}</dd>
    </div>
  )
  return (
    <Pane aria-label={t('log.detail')}>
      <h2>{sentenceOf(entry)}</h2>
      <dl>
        {line(t('log.at'), exactly(entry.at))}
        {line(t('log.action'), <code>{entry.action}</code>)}
        {actor.type === 'person' &&
          line(
            t('log.person'),
            <Button isLink onClick={() => props.onPerson(actor.person.id)}>
              {actor.person.name} ({actor.person.id})
            </Button>,
          )}
        {ticketId !== null &&
          line(
            t('log.ticket'),
            <Button isLink onClick={() => props.onTicket(ticketId)}>
              #{ticketId}
            </Button>,
          )}
        {entry.fields.length > 0 && line(t('log.fields'), list(entry.fields.map(fieldLabel)))}
        {Object.entries(entry.texts).map(([name, text]) =>
          line(find(`log.text.${name}`) ?? name, <span dir="auto">{text}</span>),
        )}
        {entry.code !== null && line(t('log.code'), <code>{entry.code}</code>)}
        {entry.policyVersion !== null && line(t('log.policy'), number(entry.policyVersion))}
        {entry.requestId !== null && line(t('log.request'), <code>{entry.requestId}</code>)}
        {entry.grantId !== null && line(t('log.grant'), <code>{entry.grantId}</code>)}
        {line(t('log.leaf_index'), number(entry.index))}
        {line(t('log.leaf_hash'), <code>{entry.leafHash}</code>)}
      </dl>
    </Pane>
  )
}
