/** Orders that no retry helped: on which ticket, why, and the way to have them tried again. */
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { IngestionRetry, IngestionStatus } from '../../../contract/ingestion.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { Heading } from '../../shared/headings.ts'
import { LiveRegion } from '../../shared/LiveRegion.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useFailureSentences } from './useFailureSentences.ts'
import { WorkHead, WorkList, WorkNext, WorkTimes } from './work-list.ts'

const Title = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
  gap: ${({ theme }) => `0 ${theme.space.sm}`};
`

const Order = styled.span`
  display: inline-flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `0 ${theme.space.xs}`};
`

export function GivenUpWork(props: {
  givenUp: IngestionStatus['givenUp']
  elapsed: number
  onRetried: () => Promise<void>
}) {
  const { count, newest, mayRetry } = props.givenUp
  const { endpoint } = useEndpoint()
  const { t, when } = useTranslation()
  const sentencesOf = useFailureSentences()
  const [retrying, retry] = useAttempt(async (ids: readonly string[]) => {
    const { retried } = await endpoint.send<IngestionRetry>('POST', '/ingestion/retries', { ids })
    await props.onRetried()
    return retried
  })
  const isBusy = retrying.status === 'processing'
  return (
    <>
      <Title>
        <Heading>{t('ingestion.given_up')}</Heading>
        {mayRetry && newest.length > 1 && (
          <Button isLink disabled={isBusy} onClick={() => void retry(newest.map(({ id }) => id))}>
            {t('ingestion.retry_all')}
          </Button>
        )}
      </Title>
      <SubtleText>{t('ingestion.given_up_hint')}</SubtleText>
      {!mayRetry && <SubtleText>{t('ingestion.given_up_ask')}</SubtleText>}
      {retrying.status === 'error' && <ErrorSentence error={retrying.error} />}
      <LiveRegion
        text={retrying.status === 'success' ? t('ingestion.retried', { count: retrying.data }) : ''}
      />
      <WorkList>
        {newest.map(({ id, work, ticketId, code, at, ageSeconds }) => {
          const { reason, next } = sentencesOf(code)
          const order = t(`ingestion.order.${work}`)
          return (
            <li key={id}>
              <WorkHead>
                <Order>
                  {order} <TicketLink ticketId={ticketId} />
                </Order>
                <WorkTimes>{when(at, ageSeconds + props.elapsed)}</WorkTimes>
              </WorkHead>
              <p>{reason}</p>
              <WorkNext>{next}</WorkNext>
              {mayRetry && (
                <Button
                  isLink
                  disabled={isBusy}
                  aria-label={t('ingestion.retry_of', { order, ticket: `#${ticketId}` })}
                  onClick={() => void retry([id])}
                >
                  {t('ingestion.retry')}
                </Button>
              )}
            </li>
          )
        })}
      </WorkList>
      {count > newest.length && (
        <SubtleText>{t('ingestion.given_up_more', { count: count - newest.length })}</SubtleText>
      )}
    </>
  )
}
