/** What compliance found of one emergency. Whatever it is, the person may break the glass again. */
import { useId, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import type { BreakGlassUse, ReviewBreakGlassInput } from '../../../contract/break-glass.ts'
import { BREAK_GLASS_OUTCOMES } from '../../../core/break-glass.ts'
import type { BreakGlassOutcome } from '../../../core/break-glass.ts'
import { ChoiceChips } from '../../shared/ChoiceChips.tsx'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'

/** `MAX_FREE_TEXT_LENGTH` of the contract, whose module brings zod along. */
const MAX_COMMENT_LENGTH = 500

export function BreakGlassReviewForm(props: {
  use: BreakGlassUse
  onReviewed: () => Promise<void>
  onClose: () => void
}) {
  const { use, onReviewed, onClose } = props
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const name = useId()
  const [outcome, setOutcome] = useState<BreakGlassOutcome | null>(null)
  const [comment, setComment] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [saving, save] = useAttempt(async (input: ReviewBreakGlassInput) => {
    await endpoint.send('POST', `/break-glass/${use.id}/review`, input)
    await onReviewed()
  })
  const isEmpty = comment.trim() === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (outcome === null || isEmpty || saving.status === 'processing') return
    void save({ outcome, comment: comment.trim() })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={onKeyDown}
      aria-label={t('reviews.review_of', { name: use.person.name })}
      noValidate
    >
      <ChoiceChips
        legend={t('reviews.found')}
        name={`${name}-outcome`}
        options={BREAK_GLASS_OUTCOMES.map((value) => ({
          value,
          label: t(`reviews.outcome.${value}`),
        }))}
        value={outcome}
        onChange={(value) =>
          setOutcome(BREAK_GLASS_OUTCOMES.find((known) => known === value) ?? null)
        }
        error={wasTried && outcome === null ? t('reviews.outcome_missing') : undefined}
        hasAutoFocus
      />
      <Field>
        <Field.Label>{t('reviews.comment')}</Field.Label>
        <Textarea
          isCompact
          minRows={2}
          maxRows={6}
          maxLength={MAX_COMMENT_LENGTH}
          value={comment}
          validation={wasTried && isEmpty ? 'error' : undefined}
          onChange={(event) => setComment(event.target.value)}
        />
        {wasTried && isEmpty && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {t('reviews.comment_missing')}
          </Field.Message>
        )}
      </Field>
      <SubtleText>{t('reviews.review_consequence', { name: use.person.name })}</SubtleText>
      {saving.status === 'error' && <ErrorSentence error={saving.error} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={saving.status === 'processing'}>
          {t('reviews.save')}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
