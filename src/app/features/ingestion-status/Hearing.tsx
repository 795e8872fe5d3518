/** Whether Zendesk still tells of changes, and whether the sweep finds what it does not tell. */
import type { ReactNode } from 'react'
import { getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import Clock from '@zendeskgarden/svg-icons/src/16/clock-stroke.svg?react'
import { styled } from 'styled-components'
import type { IngestionStatus } from '../../../contract/ingestion.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useFailureSentences } from './useFailureSentences.ts'
import { WorkHead, WorkList, WorkNext, WorkTimes } from './work-list.ts'

const ICONS = { good: CheckCircle, open: Clock, bad: AlertWarning }
type Health = keyof typeof ICONS

const Item = styled.li<{ $health: Health }>`
  display: grid;
  grid-template-columns: 16px minmax(0, 1fr);
  column-gap: ${({ theme }) => theme.space.xs};
  > svg {
    margin-top: 2px;
    color: ${({ theme, $health }) =>
      getColor({
        theme,
        variable: {
          good: 'foreground.success',
          open: 'foreground.subtle',
          bad: 'foreground.warning',
        }[$health],
      })};
  }
`

function Source(props: { health: Health; name: string; times: string; children: ReactNode }) {
  const Icon = ICONS[props.health]
  return (
    <Item $health={props.health}>
      <Icon aria-hidden="true" focusable="false" />
      <div>
        <WorkHead>
          {props.name}
          <WorkTimes>{props.times}</WorkTimes>
        </WorkHead>
        {props.children}
      </div>
    </Item>
  )
}

const WEBHOOK_HEALTH = { arriving: 'good', quiet: 'open', missing: 'bad' } as const

export function Hearing(props: {
  webhook: IngestionStatus['webhook']
  sweep: IngestionStatus['sweep']
  elapsed: number
}) {
  const { webhook, sweep, elapsed } = props
  const { t, when } = useTranslation()
  const sentencesOf = useFailureSentences()
  const ago = ({ lastAt, ageSeconds }: { lastAt: string | null; ageSeconds: number | null }) =>
    lastAt === null || ageSeconds === null ? null : when(lastAt, ageSeconds + elapsed)
  const lastWebhook = ago(webhook)
  const lastLook = ago(sweep)
  const failure = sweep.code === null ? null : sentencesOf(sweep.code)
  return (
    <WorkList>
      <Source
        health={WEBHOOK_HEALTH[webhook.standing]}
        name={t('ingestion.webhook')}
        times={
          lastWebhook === null
            ? t('ingestion.no_webhook')
            : t('ingestion.last_webhook', { when: lastWebhook })
        }
      >
        <p>{t(`ingestion.standing.${webhook.standing}`, { count: webhook.unannounced })}</p>
        {webhook.standing === 'missing' && <WorkNext>{t('ingestion.missing_next')}</WorkNext>}
      </Source>
      <Source
        health={failure !== null ? 'bad' : lastLook === null ? 'open' : 'good'}
        name={t('ingestion.sweep')}
        times={
          lastLook === null ? t('ingestion.not_looked') : t('ingestion.looked', { when: lastLook })
        }
      >
        <p>
          {failure === null
            ? t('ingestion.sweep_found')
            : t('ingestion.sweep_failed', { reason: failure.reason })}
        </p>
        {failure !== null && <WorkNext>{failure.next}</WorkNext>}
      </Source>
    </WorkList>
  )
}
