/** What came of a decision on several requests: one line each. */
import { useEffect, useRef } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import { styled } from 'styled-components'
import type { DecidedRevealRequests, RevealRequestView } from '../../../contract/reveal-requests.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Pane = styled.section`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  align-items: flex-start;
  min-width: 0;
  h2 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.lg};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: ${({ theme }) => theme.lineHeights.lg};
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
`

const Line = styled.li<{ $isDecided: boolean }>`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  line-height: 20px;
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme, $isDecided }) =>
      getColor({ theme, variable: $isDecided ? 'foreground.success' : 'foreground.warning' })};
  }
`

export type BulkOutcome = {
  ticketId: number
  results: DecidedRevealRequests['results']
  /** The requests as they stood before. */
  before: readonly RevealRequestView[]
}

export function BulkResults(props: { outcome: BulkOutcome; onClose: () => void }) {
  const { ticketId, results, before } = props.outcome
  const { t, find, list, fieldLabel } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const decided = results.filter(({ isDecided }) => isDecided).length
  return (
    <Pane>
      <h2 ref={heading} tabIndex={-1}>
        {t('decide.bulk.done', { count: decided, all: results.length, ticket: `#${ticketId}` })}
      </h2>
      <ul>
        {results.map((result) => {
          const request = before.find(({ id }) => id === result.id)
          const Icon = result.isDecided ? CheckCircle : AlertWarning
          const values = {
            name: request?.requester.name ?? '',
            fields: list((request?.fields ?? []).map(fieldLabel)),
          }
          return (
            <Line key={result.id} $isDecided={result.isDecided}>
              <Icon aria-hidden="true" focusable="false" />
              <span>
                {result.isDecided
                  ? t(`decide.toast.${toastOf(result.request)}`, values)
                  : `${t('decide.bulk.not_decided', values)} ${
                      find(`errors.${result.code}.reason`, {
                        count: result.limit ?? 0,
                        limit: result.limit ?? 0,
                      }) ?? ''
                    }`}
              </span>
            </Line>
          )
        })}
      </ul>
      <Button size="small" onClick={props.onClose}>
        {t('decide.bulk.close')}
      </Button>
    </Pane>
  )
}

/** Which sentence says what became of a request. */
export function toastOf(request: RevealRequestView): 'approved' | 'denied' | 'counted' {
  if (request.state === 'approved') return 'approved'
  return request.state === 'denied' ? 'denied' : 'counted'
}
