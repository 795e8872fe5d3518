/** While one's own emergency lasts: which fields, how long yet, and that it will be looked at. */
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import type { GrantView } from '../../../contract/grants.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { secondsUntil, useTick } from '../../shared/useSeconds.ts'
import { EmergencyBanner } from './emergency-surface.ts'

export function OwnEmergency(props: { grants: readonly GrantView[]; receivedAt: number }) {
  const { t, list, fieldLabel, clock } = useTranslation()
  const now = useTick()
  const running = props.grants
    .map((grant) => {
      const left = secondsUntil(props.receivedAt + grant.remainingSeconds * 1000, now)
      // The last tick may be older than the answer.
      return { grant, left: Math.min(left, grant.remainingSeconds) }
    })
    .filter(({ grant, left }) => grant.isBreakGlass && grant.state === 'active' && left > 0)
  return running.map(({ grant, left }) => (
    <EmergencyBanner key={grant.id}>
      <AlertError aria-hidden="true" focusable="false" />
      <div>
        <p>
          {t('break_glass.own', { fields: list(grant.fields.map(fieldLabel)) })}{' '}
          <span role="timer">{t('break_glass.left', { time: clock(left) })}</span>
        </p>
        <p>{t('break_glass.own_next')}</p>
      </div>
    </EmergencyBanner>
  ))
}
