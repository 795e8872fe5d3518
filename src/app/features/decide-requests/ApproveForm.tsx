/** Approving: two clicks where nothing has to be said, everything else behind them. */
import { useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Checkbox, Field, Select } from '@zendeskgarden/react-forms'
import Chevron from '@zendeskgarden/svg-icons/src/16/chevron-down-stroke.svg?react'
import { styled } from 'styled-components'
import type {
  ApproveRevealRequestInput,
  QueuedRevealRequest,
} from '../../../contract/reveal-requests.ts'
import { ScrimError } from '../../../core/errors.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { CommentField, isAboutComment } from './CommentField.tsx'
import { approvableMinutes } from './facts.ts'
import { ShownFields } from './ShownFields.tsx'

const Minutes = styled.div`
  width: 112px;
`

const Conditions = styled.fieldset`
  margin: 0;
  border: 0;
  padding: 0;
  min-width: 0;
  > div + div {
    margin-top: ${({ theme }) => theme.space.xxs};
  }
  legend {
    padding: 0;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`

const Turning = styled(Button.EndIcon)<{ $isOpen: boolean }>`
  transform: ${({ $isOpen }) => ($isOpen ? 'rotate(180deg)' : 'none')};
`

const isMissing = (error: unknown): boolean =>
  error instanceof ScrimError && error.code === 'comment_required'

export type ApproveFormProps = {
  entry: QueuedRevealRequest
  mayDecide: boolean
  onApprove: (input: ApproveRevealRequestInput) => Promise<void>
  approveButton: RefObject<HTMLButtonElement>
  /** The other things one can do, in the line of the primary button. */
  otherButtons: ReactNode
}

export function ApproveForm({ approveButton, ...props }: ApproveFormProps) {
  const { mayDecide } = props
  const { request, context, needsComment } = props.entry
  const { t, duration } = useTranslation()
  const minuteOptions = approvableMinutes(request.minutes, context.maxMinutes)
  const [minutes, setMinutes] = useState(minuteOptions.at(-1) ?? request.minutes)
  const [fieldIds, setFieldIds] = useState(request.fields.map((field) => field.fieldId))
  const [isOnlyToday, setIsOnlyToday] = useState(false)
  const [isOneUse, setIsOneUse] = useState(false)
  const [comment, setComment] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [areConditionsShown, setAreConditionsShown] = useState(false)
  const commentInput = useRef<HTMLTextAreaElement>(null)
  const [approving, approve, clearApproving] = useAttempt(() =>
    props.onApprove({
      ...(minutes === request.minutes ? {} : { minutes }),
      ...(fieldIds.length === request.fields.length ? {} : { fieldIds }),
      ...(isOnlyToday || isOneUse
        ? {
            conditions: {
              ...(isOnlyToday ? { isOnlyToday } : {}),
              ...(isOneUse ? { uses: 1 } : {}),
            },
          }
        : {}),
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
    }),
  )
  const refusal = approving.status === 'error' ? approving.error : null
  // What policy wants may have changed since the list came: the endpoint has the last word.
  const [wasAskedFor, setWasAskedFor] = useState(false)
  if (isMissing(refusal) && !wasAskedFor) setWasAskedFor(true)
  const isCommentRequired = needsComment || wasAskedFor
  const isCommentMissing = isCommentRequired && comment.trim() === ''
  const submit = () => {
    if (!mayDecide || approving.status === 'processing' || fieldIds.length === 0) return
    setWasTried(true)
    if (isCommentMissing) commentInput.current?.focus()
    else void approve()
  }
  const chosen = [isOnlyToday, isOneUse, !isCommentRequired && comment.trim() !== ''].filter(
    Boolean,
  ).length

  const commentField = (
    <CommentField
      inputRef={commentInput}
      label={isCommentRequired ? t('decide.comment_required') : t('decide.comment')}
      value={comment}
      onChange={(next) => {
        setComment(next)
        if (isAboutComment(refusal)) clearApproving()
      }}
      missing={wasTried && isCommentMissing ? t('decide.comment_missing') : null}
      refusal={isMissing(refusal) ? null : refusal}
      isRequired={isCommentRequired}
      onSubmit={submit}
    />
  )

  return (
    <>
      <ShownFields
        entry={props.entry}
        chosen={mayDecide && request.fields.length > 1 ? fieldIds : null}
        onChoose={setFieldIds}
      />
      {isCommentRequired && mayDecide && commentField}
      <FormButtons>
        <Button
          ref={approveButton}
          size="small"
          isPrimary
          disabled={!mayDecide || approving.status === 'processing' || fieldIds.length === 0}
          onClick={submit}
        >
          {t('decide.approve', { time: duration(minutes * 60) })}
        </Button>
        {minuteOptions.length > 1 && (
          <Minutes>
            <Field>
              <Field.Label hidden>{t('decide.minutes')}</Field.Label>
              <Select
                isCompact
                disabled={!mayDecide}
                value={minutes}
                onChange={(event) => setMinutes(Number(event.target.value))}
              >
                {minuteOptions.map((option) => (
                  <option key={option} value={option}>
                    {duration(option * 60)}
                  </option>
                ))}
              </Select>
            </Field>
          </Minutes>
        )}
        {props.otherButtons}
        {mayDecide && (
          <Button
            size="small"
            isBasic
            aria-expanded={areConditionsShown}
            onClick={() => setAreConditionsShown(!areConditionsShown)}
          >
            {chosen === 0
              ? t('decide.conditions')
              : t('decide.conditions_chosen', { count: chosen })}
            <Turning $isOpen={areConditionsShown}>
              <Chevron aria-hidden="true" focusable="false" />
            </Turning>
          </Button>
        )}
      </FormButtons>
      {mayDecide && areConditionsShown && (
        <Conditions>
          <legend>{t('decide.conditions_title')}</legend>
          <Field>
            <Checkbox
              isCompact
              checked={isOnlyToday}
              onChange={(event) => setIsOnlyToday(event.target.checked)}
            >
              <Field.Label isRegular>{t('decide.only_today')}</Field.Label>
            </Checkbox>
          </Field>
          {context.uses > 1 && (
            <Field>
              <Checkbox
                isCompact
                checked={isOneUse}
                onChange={(event) => setIsOneUse(event.target.checked)}
              >
                <Field.Label isRegular>{t('decide.one_use', { count: context.uses })}</Field.Label>
              </Checkbox>
            </Field>
          )}
          {!isCommentRequired && commentField}
        </Conditions>
      )}
      {refusal !== null && !isAboutComment(refusal) && <ErrorSentence error={refusal} />}
    </>
  )
}
