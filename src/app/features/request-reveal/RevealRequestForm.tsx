/** Asking for a reveal: which fields, why, for how long, and who can say yes. Opens under its row. */
import { useId, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Checkbox, Field, Textarea } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type { GrantView } from '../../../contract/grants.ts'
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import type {
  CreateRevealRequestInput,
  RevealRequestView,
} from '../../../contract/reveal-requests.ts'
import { ScrimError } from '../../../core/errors.ts'
import { PROMPT_LOCALES, REASON_PROMPT_VERSION } from '../../../core/reason-prompt.ts'
import type { PromptLocale } from '../../../core/reason-prompt.ts'
import { ChoiceChips } from '../../shared/ChoiceChips.tsx'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence, Fault, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { pickLocale } from '../../shared/translation.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { durationOptions, preselectedDuration } from './duration-options.ts'
import { decidersOf, decisionWords, sendLabel } from './deciders.ts'

/** `MAX_FREE_TEXT_LENGTH` of the contract, whose module brings zod along. */
const MAX_REASON_LENGTH = 500

const TEXT_REFUSALS = [
  'reason_too_short',
  'reason_not_meaningful',
  'reason_repeated',
  'text_sensitive',
]

const Fields = styled.fieldset`
  margin: 0;
  border: 0;
  padding: 0;
`

export type RevealRequestFormProps = {
  list: ProtectedFieldList
  /** The field whose Ask was pressed. */
  fieldId: string
  /** The grant that more time is asked for, with all its fields; absent asks for a new one. */
  extended?: GrantView
  /** Resolves when the request is on screen; the form stays until then. */
  onSent: (request: RevealRequestView) => Promise<void>
  onClose: () => void
}

export function RevealRequestForm(props: RevealRequestFormProps) {
  const { list, extended, onSent, onClose } = props
  const { endpoint } = useEndpoint()
  const translation = useTranslation()
  const { t, fieldLabel, duration, list: join } = translation
  const sentenceOf = useErrorSentence()
  const name = useId()
  const askable = list.fields.filter(
    (field) =>
      field.fieldId === props.fieldId ||
      (field.hasValue && field.mayAsk.allowed && !isOpen(list, field.fieldId)),
  )
  const options = durationOptions(list.form.maxMinutes)
  const [fieldIds, setFieldIds] = useState<readonly string[]>(
    extended?.fields.map((field) => field.fieldId) ?? [props.fieldId],
  )
  const [reasonCode, setReasonCode] = useState<string | null>(null)
  const [reasonText, setReasonText] = useState('')
  const [minutes, setMinutes] = useState(preselectedDuration(options, list.form.defaultMinutes))
  const [wasTried, setWasTried] = useState(false)
  const [sending, send, clearSending] = useAttempt(async (input: CreateRevealRequestInput) => {
    const request = await endpoint.send<RevealRequestView>('POST', '/reveal-requests', input)
    await onSent(request)
  })

  const deciders = decidersOf(list, fieldIds)
  const text = reasonText.trim()
  const isTextShort = text.length < list.form.minReasonLength
  const refusal = sending.status === 'error' ? sending.error : null
  const isTextRefused = refusal instanceof ScrimError && TEXT_REFUSALS.includes(refusal.code)
  const textFault =
    wasTried && isTextShort
      ? t('request.text_too_short', { count: list.form.minReasonLength })
      : isTextRefused
        ? sentenceOf(refusal)
        : null

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (sending.status === 'processing') return
    if (fieldIds.length === 0 || reasonCode === null || isTextShort) return
    void send({
      ticketId: list.ticketId,
      fieldIds: [...fieldIds],
      reasonCode,
      reasonText: text,
      minutes,
      prompt: { version: REASON_PROMPT_VERSION, locale: promptLocale(translation.locale) },
      ...(extended === undefined ? {} : { extendsGrantId: extended.id }),
    })
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    }
  }
  // Enter sends; a reason is one line of thought, and Shift+Enter is there for a second.
  const onTextKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      submit()
    }
  }
  const toggleField = (fieldId: string) =>
    setFieldIds((ids) =>
      ids.includes(fieldId) ? ids.filter((id) => id !== fieldId) : [...ids, fieldId],
    )

  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={onFormKey}
      aria-label={t(extended === undefined ? 'request.title' : 'request.more_time_title')}
      noValidate
    >
      {extended !== undefined && (
        <SubtleText>
          {t('request.more_time_about', { fields: join(extended.fields.map(fieldLabel)) })}
        </SubtleText>
      )}
      {extended === undefined && askable.length > 1 && (
        <Fields>
          <VisuallyHidden as="legend">{t('request.fields')}</VisuallyHidden>
          {askable.map((field) => (
            <Field key={field.fieldId}>
              <Checkbox
                isCompact
                checked={fieldIds.includes(field.fieldId)}
                onChange={() => toggleField(field.fieldId)}
              >
                <Field.Label isRegular>{fieldLabel(field)}</Field.Label>
              </Checkbox>
            </Field>
          ))}
          {wasTried && fieldIds.length === 0 && <Fault>{t('request.field_missing')}</Fault>}
        </Fields>
      )}
      <ChoiceChips
        legend={t('request.reason')}
        name={`${name}-reason`}
        options={list.form.reasons.map(({ code, label }) => ({
          value: code,
          label: translation.find(`reasons.${code}`) ?? label,
        }))}
        value={reasonCode}
        onChange={setReasonCode}
        error={wasTried && reasonCode === null ? t('request.reason_missing') : undefined}
        hasAutoFocus
      />
      <Field>
        <Field.Label>{t('request.text')}</Field.Label>
        <Textarea
          isCompact
          minRows={2}
          maxRows={6}
          maxLength={MAX_REASON_LENGTH}
          value={reasonText}
          placeholder={t('request.text_placeholder')}
          validation={textFault === null ? undefined : 'error'}
          onChange={(event) => {
            setReasonText(event.target.value)
            if (sending.status === 'error') clearSending()
          }}
          onKeyDown={onTextKey}
        />
        {textFault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {textFault}
          </Field.Message>
        )}
      </Field>
      {options.length > 1 && (
        <ChoiceChips
          legend={t('request.duration')}
          name={`${name}-minutes`}
          options={options.map((option) => ({
            value: String(option),
            label: duration(option * 60),
          }))}
          value={String(minutes)}
          onChange={(value) => setMinutes(Number(value))}
        />
      )}
      <SubtleText>{decisionWords(deciders, list.form.onDutyAt, translation)}</SubtleText>
      {refusal !== null && !isTextRefused && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={sending.status === 'processing'}>
          {sending.status === 'processing'
            ? t('request.sending')
            : sendLabel(deciders, translation)}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}

/** The language in which the question stands on screen. */
function promptLocale(wanted: string): PromptLocale {
  return PROMPT_LOCALES.find((locale) => locale === pickLocale(wanted)) ?? 'en'
}

/** Whether a request or grant of mine on this field is still going. */
function isOpen(list: ProtectedFieldList, fieldId: string): boolean {
  const concerns = (entry: { fields: readonly { fieldId: string }[] }) =>
    entry.fields.some((field) => field.fieldId === fieldId)
  return (
    list.requests.some((request) => request.state === 'pending' && concerns(request)) ||
    list.grants.some((grant) => grant.state === 'active' && concerns(grant))
  )
}
