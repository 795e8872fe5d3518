/** Saving a draft and submitting it: why, what comes of it, and only then the act. */
import { useEffect, useRef, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input } from '@zendeskgarden/react-forms'
import { getColor, mediaQuery } from '@zendeskgarden/react-theming'
import { createGlobalStyle, styled } from 'styled-components'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { usePolicyConsequence } from '../../shared/policy-consequence.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Attempt } from '../../shared/useAttempt.ts'
import type { Review } from './useReview.ts'

/** The contract's longest comment. */
const MAX_COMMENT_LENGTH = 1000

const Foot = styled.div`
  position: sticky;
  bottom: 0;
  z-index: 2;
  margin-top: ${({ theme }) => theme.space.md};
  border-top: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
  padding: ${({ theme }) => `${theme.space.sm} 0`};
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    position: static;
  }
`

/** What has the focus does not come to lie under the foot (WCAG 2.2, 2.4.11). */
const Clearance = createGlobalStyle`
  html {
    scroll-padding-bottom: 160px;
  }
`

const Line = styled.form`
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  gap: ${({ theme }) => theme.space.sm};
  > div:first-child {
    flex: 1 1 240px;
    max-width: 520px;
  }
`

const Sentence = styled.p`
  margin: 0;
  outline: none;
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
  overflow-wrap: anywhere;
`

export type DraftActionsProps = {
  comment: string
  onComment: (comment: string) => void
  isUnsaved: boolean
  /** Whether both texts are JSON. */
  isReadable: boolean
  /** Whether they can be stored as they are. */
  isStorable: boolean
  /** Whether another version became active since it was begun. */
  isOutdated: boolean
  /** Null while it is no policy. */
  review: Review | null
  /** Of saving and submitting. */
  attempt: Attempt<unknown>
  onSave: () => void
  onSubmit: () => void
}

export function DraftActions(props: DraftActionsProps) {
  const { comment, isUnsaved, isStorable, review, attempt } = props
  const { t } = useTranslation()
  const [wasTried, setWasTried] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const isBusy = attempt.status === 'processing'
  const isMissing = comment.trim() === ''
  const fault = wasTried && isMissing ? t('policy.comment_missing') : null
  const whyNot = useWhyNotSubmit(props)
  const input = useRef<HTMLInputElement>(null)

  const tryTo = (act: () => void) => {
    setWasTried(true)
    if (isMissing) {
      setIsAsking(false)
      input.current?.focus()
      return
    }
    if (!isBusy) act()
  }
  return (
    <Foot>
      <Clearance />
      {attempt.status === 'error' && <ErrorSentence error={attempt.error} />}
      {isAsking && review !== null && whyNot === null ? (
        <SubmitPanel
          review={review}
          isBusy={isBusy}
          onSubmit={() => tryTo(props.onSubmit)}
          onCancel={() => setIsAsking(false)}
        />
      ) : (
        <Line
          noValidate
          aria-label={t('policy.save_title')}
          onSubmit={(event) => {
            event.preventDefault()
            tryTo(props.onSave)
          }}
        >
          <Field>
            <Field.Label>{t('policy.comment')}</Field.Label>
            <Input
              ref={input}
              isCompact
              autoComplete="off"
              maxLength={MAX_COMMENT_LENGTH}
              value={comment}
              validation={fault === null ? undefined : 'error'}
              onChange={({ target }) => props.onComment(target.value)}
            />
            {fault !== null && (
              <Field.Message validation="error" validationLabel={t('states.error')}>
                {fault}
              </Field.Message>
            )}
          </Field>
          <FormButtons>
            <Button size="small" type="submit" disabled={isBusy || !isStorable || !isUnsaved}>
              {isBusy ? t('policy.saving') : t('policy.save')}
            </Button>
            <Button
              size="small"
              isPrimary
              disabled={isBusy || whyNot !== null}
              onClick={() => tryTo(() => setIsAsking(true))}
            >
              {t('policy.submit')}
            </Button>
          </FormButtons>
        </Line>
      )}
      <SubtleText>{whyNot ?? (isUnsaved ? t('policy.unsaved') : t('policy.all_saved'))}</SubtleText>
    </Foot>
  )
}

/** In words, why the draft cannot be submitted as it is; null when it can. */
function useWhyNotSubmit({ isReadable, isOutdated, review }: DraftActionsProps): string | null {
  const { t } = useTranslation()
  if (isOutdated) return t('policy.decide.outdated')
  if (!isReadable) return t('policy.not_readable')
  if (review === null) return t('policy.not_yet.faults')
  const { changes, cases, findings } = review.reviewed
  if (changes.length === 0) return t('policy.not_yet.unchanged')
  const failing = cases.filter(({ isPassed }) => !isPassed).length
  if (failing > 0) return t('policy.not_yet.cases', { count: failing })
  const errors = (findings ?? []).filter(({ severity }) => severity === 'error').length
  return errors > 0 ? t('policy.not_yet.lint', { count: errors }) : null
}

function SubmitPanel(props: {
  review: Review
  isBusy: boolean
  onSubmit: () => void
  onCancel: () => void
}) {
  const { t } = useTranslation()
  const consequenceOf = usePolicyConsequence()
  const sentence = useRef<HTMLParagraphElement>(null)
  useEffect(() => sentence.current?.focus(), [])
  const { reviewed } = props.review
  return (
    <FormPanel
      aria-label={t('policy.submit_title')}
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onCancel()
      }}
    >
      <Sentence ref={sentence} tabIndex={-1}>
        {consequenceOf(reviewed)}
      </Sentence>
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={props.isBusy}>
          {props.isBusy
            ? t('policy.submitting')
            : t(reviewed.isWidening ? 'policy.submit_waits' : 'policy.submit_now')}
        </Button>
        <Button size="small" isBasic disabled={props.isBusy} onClick={props.onCancel}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
