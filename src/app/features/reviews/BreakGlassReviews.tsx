/** Emergencies: what was done, why, whom it skipped, and what compliance found of it. */
import { useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import type { BreakGlassList, BreakGlassUse } from '../../../contract/break-glass.ts'
import { VisuallyHidden } from '../../shared/surface.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { BreakGlassReviewForm } from './BreakGlassReviewForm.tsx'
import { ReviewActs, ReviewHead, ReviewNote, ReviewTime } from '../../shared/review-list.ts'
import { ReviewSection } from './ReviewSection.tsx'

export function BreakGlassReviews({ announce }: { announce: (text: string) => void }) {
  const { t } = useTranslation()
  return (
    <ReviewSection
      id="emergencies"
      path="/break-glass"
      title={t('reviews.emergencies')}
      hint={t('reviews.emergencies_hint')}
      none={{ message: t('reviews.no_emergency'), next: t('reviews.no_emergency_next') }}
      itemsOf={({ uses }: BreakGlassList) => uses}
      renderItem={(use, elapsed, refresh) => (
        <Emergency
          key={use.id}
          use={use}
          elapsed={elapsed}
          onReviewed={async () => {
            announce(t('reviews.reviewed', { name: use.person.name }))
            await refresh()
          }}
        />
      )}
    />
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
