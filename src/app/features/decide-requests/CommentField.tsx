/** What a decision is said to the requester with, and what is wrong with that, next to it. */
import type { KeyboardEvent, RefObject } from 'react'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import { MAX_FREE_TEXT_LENGTH } from '../../../contract/reveal-requests.ts'
import { ScrimError } from '../../../core/errors.ts'
import { useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const ABOUT_THE_TEXT = ['text_sensitive', 'comment_required']

/** Whether a refusal belongs next to the comment. */
export const isAboutComment = (error: unknown): boolean =>
  error instanceof ScrimError && ABOUT_THE_TEXT.includes(error.code)

export type CommentFieldProps = {
  label: string
  hint?: string
  value: string
  onChange: (comment: string) => void
  /** Said when it was sent without one. */
  missing: string | null
  /** Why the last try failed, if it is about the text. */
  refusal: unknown
  isRequired: boolean
  hasAutoFocus?: boolean
  onSubmit: () => void
  inputRef?: RefObject<HTMLTextAreaElement>
}

/** Enter sends, Shift+Enter is a new line. */
export function CommentField({ inputRef, ...props }: CommentFieldProps) {
  const { t } = useTranslation()
  const sentenceOf = useErrorSentence()
  const fault = props.missing ?? (isAboutComment(props.refusal) ? sentenceOf(props.refusal) : null)
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    props.onSubmit()
  }
  return (
    <Field>
      <Field.Label>{props.label}</Field.Label>
      {props.hint !== undefined && <Field.Hint>{props.hint}</Field.Hint>}
      <Textarea
        ref={inputRef}
        isCompact
        minRows={2}
        maxRows={6}
        maxLength={MAX_FREE_TEXT_LENGTH}
        required={props.isRequired}
        value={props.value}
        // The form opens by the person's own act, and the keyboard continues there.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={props.hasAutoFocus === true}
        validation={fault === null ? undefined : 'error'}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={onKey}
      />
      {fault !== null && (
        <Field.Message validation="error" validationLabel={t('states.error')}>
          {fault}
        </Field.Message>
      )}
    </Field>
  )
}
