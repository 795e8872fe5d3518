/** Takes a value down where it is safe: into the vault, so that the ticket only receives its mask. */
import { useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select, Textarea } from '@zendeskgarden/react-forms'
import type { ProtectedFieldView, TakenIn } from '../../../contract/protected-fields.ts'
import { ScrimError } from '../../../core/errors.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { VALUE_INPUT } from '../../shared/value-input.ts'

export type TakeInFormProps = {
  ticketId: number
  /** The fields whose values this person may take down. */
  fields: readonly ProtectedFieldView[]
  onTakenIn: (taken: TakenIn) => void
  onClose: () => void
}

export function TakeInForm(props: TakeInFormProps) {
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const sentenceOf = useErrorSentence()
  const [fieldId, setFieldId] = useState(
    () => (props.fields.find((field) => !field.hasValue) ?? props.fields[0])?.fieldId ?? '',
  )
  const [value, setValue] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [saving, save, clearSaving] = useAttempt(async () => {
    const taken = await endpoint.send<TakenIn>(
      'PUT',
      `/tickets/${props.ticketId}/protected-fields/${fieldId}/value`,
      { value },
    )
    setValue('')
    props.onTakenIn(taken)
  })
  const field = props.fields.find((candidate) => candidate.fieldId === fieldId)
  const refusal = saving.status === 'error' ? saving.error : null
  const isValueRefused =
    refusal instanceof ScrimError && ['value_invalid', 'value_is_masked'].includes(refusal.code)
  const isEmpty = value.trim() === ''
  const fault =
    wasTried && isEmpty ? t('take_in.empty') : isValueRefused ? sentenceOf(refusal) : null

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (!isEmpty && saving.status !== 'processing') void save()
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      props.onClose()
    }
  }
  const entry = {
    isCompact: true,
    value,
    ...VALUE_INPUT,
    validation: fault === null ? undefined : ('error' as const),
  }
  const onText = (text: string) => {
    setValue(text)
    if (saving.status === 'error') clearSaving()
  }
  return (
    <FormPanel onSubmit={submit} onKeyDown={onFormKey} aria-label={t('take_in.title')} noValidate>
      <Field>
        <Field.Label>{t('take_in.field')}</Field.Label>
        <Select
          isCompact
          value={fieldId}
          // The form opens by the person's own act, and the keyboard continues there.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => setFieldId(event.target.value)}
        >
          {props.fields.map((candidate) => (
            <option key={candidate.fieldId} value={candidate.fieldId}>
              {candidate.label}
            </option>
          ))}
        </Select>
      </Field>
      <Field>
        <Field.Label>{t('take_in.value')}</Field.Label>
        {field?.kind === 'internal_note' || field?.kind === 'address' ? (
          <Textarea
            {...entry}
            minRows={3}
            maxRows={8}
            onChange={(event) => onText(event.target.value)}
          />
        ) : (
          <Input {...entry} onChange={(event) => onText(event.target.value)} />
        )}
        {fault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {fault}
          </Field.Message>
        )}
      </Field>
      <SubtleText>
        {field?.hasValue === true ? t('take_in.replaces') : t('take_in.consequence')}
      </SubtleText>
      {refusal !== null && !isValueRefused && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={saving.status === 'processing'}>
          {saving.status === 'processing' ? t('take_in.saving') : t('take_in.save')}
        </Button>
        <Button size="small" isBasic onClick={props.onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
