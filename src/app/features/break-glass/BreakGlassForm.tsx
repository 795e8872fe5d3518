/**
 * Seeing a value at once, without anybody's approval. The form says what that sets off before it is
 * done: everyone who is skipped is told, and compliance reviews it.
 */
import { useId, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Checkbox, Field, Textarea } from '@zendeskgarden/react-forms'
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import { styled } from 'styled-components'
import type {
  BreakGlassInput,
  BreakGlassStanding,
  BrokenGlass,
} from '../../../contract/break-glass.ts'
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { ScrimError } from '../../../core/errors.ts'
import { ChoiceChips } from '../../shared/ChoiceChips.tsx'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence, Fault, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { EmergencyForm, EmergencyHead } from './emergency-surface.ts'

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
  legend {
    padding: 0 0 ${({ theme }) => theme.space.xxs};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
`

export type BreakGlassFormProps = {
  list: ProtectedFieldList
  standing: BreakGlassStanding
  /** The field that it is opened for; null where none was chosen yet. */
  fieldId: string | null
  /** A pending request of one's own that cannot wait any longer. */
  request: RevealRequestView | null
  /** Resolves when the grant is on screen; the form stays until then. */
  onBroken: (broken: BrokenGlass) => Promise<void>
  onClose: () => void
}

export function BreakGlassForm(props: BreakGlassFormProps) {
  const { list, standing, request, onBroken, onClose } = props
  const { endpoint } = useEndpoint()
  const translation = useTranslation()
  const { t, fieldLabel, duration } = translation
  const sentenceOf = useErrorSentence()
  const name = useId()
  const fields = breakable(list, request)
  const [fieldIds, setFieldIds] = useState<readonly string[]>(
    props.fieldId !== null
      ? [props.fieldId]
      : fields.length === 1
        ? fields.map((field) => field.fieldId)
        : [],
  )
  const [reasonCode, setReasonCode] = useState<string | null>(request?.reasonCode ?? null)
  const [reasonText, setReasonText] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [breaking, breakGlass, clearBreaking] = useAttempt(async (input: BreakGlassInput) => {
    await onBroken(await endpoint.send<BrokenGlass>('POST', '/break-glass', input))
  })

  const text = reasonText.trim()
  const isTextShort = text.length < list.form.minReasonLength
  const refusal = breaking.status === 'error' ? breaking.error : null
  const isTextRefused = refusal instanceof ScrimError && TEXT_REFUSALS.includes(refusal.code)
  const textFault =
    wasTried && isTextShort
      ? t('request.text_too_short', { count: list.form.minReasonLength })
      : isTextRefused
        ? sentenceOf(refusal)
        : null

  // Enter does not send here: this is not done by a slip of the finger.
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (breaking.status === 'processing') return
    if (fieldIds.length === 0 || reasonCode === null || isTextShort) return
    void breakGlass({
      ticketId: list.ticketId,
      fieldIds: [...fieldIds],
      reasonCode,
      reasonText: text,
      ...(request === null ? {} : { requestId: request.id }),
    })
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  const toggleField = (fieldId: string) =>
    setFieldIds((ids) =>
      ids.includes(fieldId) ? ids.filter((id) => id !== fieldId) : [...ids, fieldId],
    )

  const head = (
    <EmergencyHead>
      <AlertError aria-hidden="true" focusable="false" />
      <div>
        <h3>{t('break_glass.title')}</h3>
        <p>
          {t('break_glass.what', {
            time: duration(standing.minutes * 60),
            uses: t('break_glass.times', { count: standing.uses }),
          })}
        </p>
        <p>{t('break_glass.consequence')}</p>
      </div>
    </EmergencyHead>
  )
  if (!standing.mayInvoke.allowed) {
    const { code } = standing.mayInvoke
    return (
      <EmergencyForm
        onSubmit={(event) => {
          event.preventDefault()
          onClose()
        }}
        onKeyDown={onFormKey}
        aria-label={t('break_glass.title')}
      >
        {head}
        <ErrorSentence error={new ScrimError(code)} />
        <FormButtons>
          {/* It opened by the person's own act, and the keyboard continues there. */}
          {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
          <Button size="small" type="submit" autoFocus>
            {t('states.close')}
          </Button>
        </FormButtons>
      </EmergencyForm>
    )
  }
  return (
    <EmergencyForm
      onSubmit={submit}
      onKeyDown={onFormKey}
      aria-label={t('break_glass.title')}
      noValidate
    >
      {head}
      {(fields.length > 1 || props.fieldId === null) && (
        <Fields>
          <legend>{t('request.fields')}</legend>
          {fields.map((field) => (
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
        <Field.Label>{t('break_glass.why')}</Field.Label>
        <Textarea
          isCompact
          minRows={2}
          maxRows={6}
          maxLength={MAX_REASON_LENGTH}
          value={reasonText}
          validation={textFault === null ? undefined : 'error'}
          onChange={(event) => {
            setReasonText(event.target.value)
            if (breaking.status === 'error') clearBreaking()
          }}
        />
        {textFault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {textFault}
          </Field.Message>
        )}
      </Field>
      {refusal !== null && !isTextRefused && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button
          size="small"
          isDanger
          isPrimary
          type="submit"
          disabled={breaking.status === 'processing'}
        >
          {breaking.status === 'processing' ? t('break_glass.breaking') : t('break_glass.act')}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </EmergencyForm>
  )
}

/** What a request asks for, or every value that nobody was asked about and no grant is open for. */
function breakable(list: ProtectedFieldList, request: RevealRequestView | null) {
  const concerns = (entry: { fields: readonly { fieldId: string }[] }, fieldId: string) =>
    entry.fields.some((field) => field.fieldId === fieldId)
  return list.fields.filter((field) => {
    const { fieldId } = field
    if (!field.hasValue || field.masked === null) return false
    if (request !== null) return concerns(request, fieldId)
    return (
      !list.requests.some((each) => each.state === 'pending' && concerns(each, fieldId)) &&
      !list.grants.some((each) => each.state === 'active' && concerns(each, fieldId))
    )
  })
}
