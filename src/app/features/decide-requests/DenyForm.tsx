/** A denial says why, so that whoever asked knows what to do. */
import { useState } from 'react'
import type { FormEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { CommentField, isAboutComment } from './CommentField.tsx'

export function DenyForm(props: {
  onDeny: (comment: string) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [comment, setComment] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [denying, deny, clearDenying] = useAttempt(() => props.onDeny(comment.trim()))
  const refusal = denying.status === 'error' ? denying.error : null
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (comment.trim() !== '' && denying.status !== 'processing') void deny()
  }
  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
      aria-label={t('decide.deny_title')}
      noValidate
    >
      <CommentField
        label={t('decide.deny_comment')}
        value={comment}
        onChange={(next) => {
          setComment(next)
          if (denying.status === 'error') clearDenying()
        }}
        missing={wasTried && comment.trim() === '' ? t('decide.deny_missing') : null}
        refusal={refusal}
        isRequired
        hasAutoFocus
        onSubmit={submit}
      />
      {refusal !== null && !isAboutComment(refusal) && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button
          size="small"
          isDanger
          isPrimary
          type="submit"
          disabled={denying.status === 'processing'}
        >
          {t('decide.deny_send')}
        </Button>
        <Button size="small" isBasic onClick={props.onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
