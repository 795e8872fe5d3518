/** What holds besides the policy: Zendesk's app settings, which only make it tighter, and what is stopped. */
import { styled } from 'styled-components'
import type { AccessReport } from '../../../contract/reports.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Notes = styled.ul`
  margin: ${({ theme }) => `${theme.space.xs} 0 0`};
  padding-inline-start: ${({ theme }) => theme.space.md};
  line-height: 20px;
`

export function Tightening({ report }: { report: AccessReport }) {
  const { t, duration } = useTranslation()
  const { areRevealsPaused, maxMinutes, displaySeconds, minReasonLength, isCopyForbidden } =
    report.tightening
  const notes = [
    areRevealsPaused && t('access.tight.paused'),
    report.isBreakerOpen && t('access.tight.breaker'),
    maxMinutes !== null && t('access.tight.minutes', { time: duration(maxMinutes * 60) }),
    displaySeconds !== null && t('access.tight.display', { time: duration(displaySeconds) }),
    minReasonLength !== null && t('access.tight.reason', { count: minReasonLength }),
    isCopyForbidden && t('access.tight.copy'),
  ].filter((note) => note !== false)
  if (notes.length === 0) return null
  return (
    <Notes>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </Notes>
  )
}
