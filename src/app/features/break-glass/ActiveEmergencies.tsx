/** Tells those who were skipped, and compliance, who is looking at what right now without approval. */
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import type { BreakGlassList } from '../../../contract/break-glass.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { secondsUntil, useTick } from '../../shared/useSeconds.ts'
import { EmergencyBanner } from './emergency-surface.ts'

export function ActiveEmergencies({ mayRevoke }: { mayRevoke: boolean }) {
  const { t, list, fieldLabel, clock } = useTranslation()
  const isActive = useIsActive()
  const now = useTick()
  const [polled, refresh] = usePolled<BreakGlassList>('/break-glass', {
    isActive,
    secondsUntilNext: ({ active }) => (active.length > 0 ? 5 : 15),
  })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  // An outage is told by the screen below.
  if (polled.status !== 'success') return null
  const { receivedAt } = polled
  const running = polled.data.active
    .map((use) => {
      const left = secondsUntil(receivedAt + use.remainingSeconds * 1000, now)
      // The last tick may be older than the answer.
      return { use, left: Math.min(left, use.remainingSeconds) }
    })
    .filter(({ left }) => left > 0)
  return running.map(({ use, left }) => (
    <EmergencyBanner key={use.id}>
      <AlertError aria-hidden="true" focusable="false" />
      <div>
        <p>
          <output>
            {t('break_glass.active', {
              name: use.person.name,
              fields: list(use.fields.map(fieldLabel)),
            })}
          </output>{' '}
          <TicketLink ticketId={use.ticketId} />{' '}
          <span role="timer">{t('break_glass.left', { time: clock(left) })}</span>
        </p>
        {mayRevoke && <p>{t('break_glass.active_next')}</p>}
      </div>
    </EmergencyBanner>
  ))
}
