/** Emergencies: what was done, why, whom it skipped, and what compliance found of it. */
import { useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import type { BreakGlassList, BreakGlassUse } from '../../../contract/break-glass.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { Heading } from '../../shared/headings.ts'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { useTick } from '../../shared/useSeconds.ts'
import { BreakGlassReviewForm } from './BreakGlassReviewForm.tsx'
import {
  ReviewActs,
  ReviewHead,
  ReviewList,
  ReviewNote,
  ReviewTime,
} from '../../shared/review-list.ts'

export function BreakGlassReviews({ announce }: { announce: (text: string) => void }) {
  const { t } = useTranslation()
  const isActive = useIsActive()
  const now = useTick()
  const [polled, refresh] = usePolled<BreakGlassList>('/break-glass', {
    isActive,
    secondsUntilNext: () => 15,
  })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  return (
    <section aria-labelledby="emergencies">
      <Heading id="emergencies">{t('reviews.emergencies')}</Heading>
      <SubtleText>{t('reviews.emergencies_hint')}</SubtleText>
      {polled.status === 'processing' && <SkeletonRows count={2} />}
      {polled.status === 'error' && polled.trouble === null && <Refused error={polled.error} />}
      {polled.status !== 'processing' && polled.trouble !== null && (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )}
      {polled.status === 'success' && polled.data.uses.length === 0 && (
        <StateMessage message={t('reviews.no_emergency')} next={t('reviews.no_emergency_next')} />
      )}
      {polled.status === 'success' && polled.data.uses.length > 0 && (
        <ReviewList>
          {polled.data.uses.map((use) => (
            <Emergency
              key={use.id}
              use={use}
              elapsed={Math.max(0, Math.floor((now - polled.receivedAt) / 1000))}
              onReviewed={async () => {
                announce(t('reviews.reviewed', { name: use.person.name }))
                await refresh()
              }}
            />
          ))}
        </ReviewList>
      )}
    </section>
  )
}

function Emergency(props: {
  use: BreakGlassUse
  elapsed: number
  onReviewed: () => Promise<void>
}) {
  const { use, elapsed } = props
  const { person, review } = use
  const { t, find, list, fieldLabel, when } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const reasonLabel = find(`reasons.${use.reasonCode}`) ?? use.reasonLabel
  return (
    <li>
      <ReviewHead>
        <h3>
          {t('reviews.emergency_of', {
            name: person.name,
            fields: list(use.fields.map(fieldLabel)),
          })}{' '}
          <TicketLink ticketId={use.ticketId} />
        </h3>
        <ReviewTime>{when(use.at, use.ageSeconds + elapsed)}</ReviewTime>
      </ReviewHead>
      <p>
        {reasonLabel}: <q dir="auto">{use.reasonText}</q>
      </p>
      <ReviewNote>
        {use.reveals === 0
          ? t('reviews.shown_nothing')
          : t('reviews.shown', { count: use.reveals })}{' '}
        {use.skipped.length === 0
          ? t('reviews.skipped_nobody')
          : t('reviews.skipped', { names: list(use.skipped.map(({ name }) => name)) })}
      </ReviewNote>
      {review !== null && (
        <p>
          {t('reviews.outcome_by', {
            outcome: t(`reviews.outcome.${review.outcome}`),
            name: review.by.name,
            when: when(review.at, review.ageSeconds + elapsed),
          })}{' '}
          <q dir="auto">{review.comment}</q>
        </p>
      )}
      {review === null && (
        <ReviewActs>
          {use.isActive ? (
            <ReviewNote>{t('reviews.still_active')}</ReviewNote>
          ) : !use.mayReview.allowed ? (
            <ReviewNote>
              {use.mayReview.code === 'second_person_needed'
                ? t('reviews.not_own')
                : t('reviews.compliance_reviews')}
            </ReviewNote>
          ) : isOpen ? (
            <BreakGlassReviewForm
              use={use}
              onReviewed={props.onReviewed}
              onClose={() => setIsOpen(false)}
            />
          ) : (
            <Button size="small" onClick={() => setIsOpen(true)}>
              {t('reviews.review')}
              <VisuallyHidden>{` ${person.name}`}</VisuallyHidden>
            </Button>
          )}
        </ReviewActs>
      )}
    </li>
  )
}
