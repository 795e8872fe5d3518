/** What waits, by kind of work and reason: how many, since when, and when it is tried next. */
import type { IngestionStatus } from '../../../contract/ingestion.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useFailureSentences } from './useFailureSentences.ts'
import { WorkHead, WorkList, WorkNext, WorkTimes } from './work-list.ts'

export function WaitingWork(props: { waiting: IngestionStatus['waiting']; elapsed: number }) {
  const { t, when, duration, enumeration } = useTranslation()
  const sentencesOf = useFailureSentences()
  return (
    <WorkList>
      {props.waiting.map((group) => {
        const { work, code, count, oldestAt } = group
        const { reason, next } = sentencesOf(code)
        const seconds = Math.max(0, group.remainingSeconds - props.elapsed)
        return (
          <li key={`${work} ${code}`}>
            <WorkHead>
              {t(`ingestion.work.${work}`, { count })}
              <WorkTimes>
                {enumeration([
                  t('ingestion.oldest', { when: when(oldestAt, group.ageSeconds + props.elapsed) }),
                  seconds === 0
                    ? t('ingestion.trying')
                    : t('ingestion.next_try', { time: duration(seconds) }),
                ])}
              </WorkTimes>
            </WorkHead>
            <p>{reason}</p>
            <WorkNext>{next}</WorkNext>
          </li>
        )
      })}
    </WorkList>
  )
}
