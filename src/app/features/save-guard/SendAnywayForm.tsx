/** Sending a draft as it is: why, and what that means. Counts once. */
import { useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import { ScrimError } from '../../../core/errors.ts'
import { ErrorSentence, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'

/** `MAX_FREE_TEXT_LENGTH` of the contract, whose module brings zod along. */
const MAX_REASON_LENGTH = 500

const TEXT_REFUSALS = [
  'reason_too_short',
  'reason_not_meaningful',
  'reason_repeated',
  'text_sensitive',
]

export type SendAnywayFormProps = {
  onAllow: (reasonText: string) => Promise<void>
  onClose: () => void
}

export function SendAnywayForm(props: SendAnywayFormProps) {
  const { t, find } = useTranslation()
  const sentenceOf = useErrorSentence()
  const [reason, setReason] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [allowing, allow, clear] = useAttempt(props.onAllow)
  const text = reason.trim()
  const refusal = allowing.status === 'error' ? allowing.error : null
  const code = refusal instanceof ScrimError ? refusal.code : ''
  const isTextRefused = TEXT_REFUSALS.includes(code)
  const refused = isTextRefused
    ? (find(`save_guard.send_refused.${code}`) ?? sentenceOf(refusal))
    : null
  const fault = wasTried && text === '' ? t('save_guard.send_refused.reason_too_short') : refused

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (text !== '' && allowing.status !== 'processing') void allow(text)
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    props.onClose()
  }
  const onTextKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      submit()
    }
  }
  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={onFormKey}
      aria-label={t('save_guard.send_title')}
      noValidate
    >
      <Field>
        <Field.Label>{t('save_guard.send_reason')}</Field.Label>
        <Textarea
          isCompact
          minRows={2}
          maxRows={6}
          maxLength={MAX_REASON_LENGTH}
          value={reason}
          placeholder={t('save_guard.send_placeholder')}
          validation={fault === null ? undefined : 'error'}
          // The form opens by the person's own act, and the keyboard continues there.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => {
            setReason(event.target.value)
            if (allowing.status === 'error') clear()
          }}
          onKeyDown={onTextKey}
        />
        {fault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {fault}
          </Field.Message>
        )}
      </Field>
      <SubtleText>{t('save_guard.send_consequence')}</SubtleText>
      {refusal !== null && !isTextRefused && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={allowing.status === 'processing'}>
          {allowing.status === 'processing'
            ? t('save_guard.send_allowing')
            : t('save_guard.send_allow')}
        </Button>
        <Button size="small" isBasic onClick={props.onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
