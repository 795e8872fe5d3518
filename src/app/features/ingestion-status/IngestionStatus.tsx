/** What ingestion hears of, what waits and why, and what it gave up. */
import { styled } from 'styled-components'
import type { IngestionStatus as Status } from '../../../contract/ingestion.ts'
import { Heading } from '../../shared/headings.ts'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { useTick } from '../../shared/useSeconds.ts'
import { GivenUpWork } from './GivenUpWork.tsx'
import { Hearing } from './Hearing.tsx'
import { WaitingWork } from './WaitingWork.tsx'

const Screen = styled.div`
  max-width: 760px;
  > h2:first-child {
    margin-top: 0;
  }
`

export function IngestionStatus() {
  const { t, when } = useTranslation()
  const isActive = useIsActive()
  const now = useTick()
  const [polled, refresh] = usePolled<Status>('/ingestion', {
    isActive,
    secondsUntilNext: ({ waiting }) => (waiting.length > 0 ? 5 : 15),
  })
  if (polled.status === 'processing') return <SkeletonRows count={3} />
  if (polled.status === 'error') {
    return polled.trouble === null ? (
      <Refused error={polled.error} />
    ) : (
      <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
    )
  }
  const { waiting, givenUp, webhook, sweep } = polled.data
  // The answer's seconds go on since it came.
  const elapsed = Math.max(0, Math.floor((now - polled.receivedAt) / 1000))
  return (
    <Screen>
      {polled.trouble !== null && (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )}
      <Heading>{t('ingestion.waiting')}</Heading>
      {waiting.length === 0 ? (
        <StateMessage
          message={t('ingestion.done')}
          next={
            sweep.lastAt === null
              ? t('ingestion.done_unswept')
              : t('ingestion.done_next', {
                  when: when(sweep.lastAt, (sweep.ageSeconds ?? 0) + elapsed),
                })
          }
        />
      ) : (
        <WaitingWork waiting={waiting} elapsed={elapsed} />
      )}
      <Heading>{t('ingestion.hears')}</Heading>
      <Hearing webhook={webhook} sweep={sweep} elapsed={elapsed} />
      {givenUp.count > 0 && <GivenUpWork givenUp={givenUp} elapsed={elapsed} onRetried={refresh} />}
    </Screen>
  )
}
