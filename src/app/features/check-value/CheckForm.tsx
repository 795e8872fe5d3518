/**
 * Compares what a customer says with what is stored, unseen: the answer is a yes or a no. What is typed
 * goes to the endpoint, which forgets it.
 */
import { useRef, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import Lock from '@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?react'
import XCircle from '@zendeskgarden/svg-icons/src/16/x-circle-stroke.svg?react'
import { styled } from 'styled-components'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import type { ValueCheck } from '../../../contract/value-checks.ts'
import { ScrimError } from '../../../core/errors.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { secondsUntil, useTick } from '../../shared/useSeconds.ts'
import { VALUE_INPUT } from '../../shared/value-input.ts'

/** Always there, so that what appears in it is said aloud and nothing below it jumps. */
const Answer = styled.output<{ $tone: 'plain' | 'success' | 'danger' | 'warning' }>`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  align-items: flex-start;
  min-height: 20px;
  color: ${({ theme, $tone }) =>
    getColor({
      theme,
      variable: $tone === 'plain' ? 'foreground.default' : `foreground.${$tone}`,
    })};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
  font-variant-numeric: tabular-nums;
  svg {
    flex: none;
    margin-top: 2px;
  }
`

type Said =
  | { name: 'match' }
  | { name: 'miss'; triesLeft: number }
  /** `until` is on the scale of `performance.now()`. */
  | { name: 'locked' | 'locked_before' | 'wait'; until: number }

export type CheckFormProps = {
  ticketId: number
  /** The fields whose values this person may check. */
  fields: readonly ProtectedFieldView[]
  onClose: () => void
}

export function CheckForm(props: CheckFormProps) {
  const { endpoint } = useEndpoint()
  const { t, fieldLabel } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [fieldId, setFieldId] = useState(() => props.fields[0]?.fieldId ?? '')
  const [value, setValue] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({})
  const [checking, check, clear] = useAttempt(async () => {
    const answer = await askWhether(() =>
      endpoint.send<ValueCheck>(
        'POST',
        `/tickets/${props.ticketId}/protected-fields/${fieldId}/checks`,
        { value },
      ),
    )
    setSaid((last) => ({ ...last, [fieldId]: answer }))
    // The right value does not have to stay on the screen.
    if (answer.name === 'match') setValue('')
    setWasTried(false)
    input.current?.focus()
  })
  const answer = said[fieldId]
  const isEmpty = value.trim() === ''
  const fault = wasTried && isEmpty ? t('check.empty') : null
  const forget = () => {
    if (checking.status === 'error') clear()
    setSaid((last) => {
      const { [fieldId]: known, ...rest } = last
      return known === undefined || 'until' in known ? last : rest
    })
  }

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (!isEmpty && checking.status !== 'processing') void check()
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      props.onClose()
    }
  }
  return (
    <FormPanel onSubmit={submit} onKeyDown={onFormKey} aria-label={t('check.title')} noValidate>
      <Field>
        <Field.Label>{t('check.field')}</Field.Label>
        <Select
          isCompact
          value={fieldId}
          // The form opens by the person's own act, and the keyboard continues there.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => {
            setFieldId(event.target.value)
            // What was typed belongs to the field before.
            setValue('')
            setWasTried(false)
            if (checking.status === 'error') clear()
          }}
        >
          {props.fields.map((field) => (
            <option key={field.fieldId} value={field.fieldId}>
              {fieldLabel(field)}
            </option>
          ))}
        </Select>
      </Field>
      <Field>
        <Field.Label>{t('check.value')}</Field.Label>
        <Input
          ref={input}
          isCompact
          value={value}
          {...VALUE_INPUT}
          validation={fault === null ? undefined : 'error'}
          onChange={(event) => {
            setValue(event.target.value)
            forget()
          }}
        />
        {fault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {fault}
          </Field.Message>
        )}
      </Field>
      <CheckAnswer answer={answer} />
      {checking.status === 'error' && <ErrorSentence error={checking.error} />}
      <SubtleText>{t('check.consequence')}</SubtleText>
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={checking.status === 'processing'}>
          {checking.status === 'processing' ? t('check.checking') : t('check.check')}
        </Button>
        <Button size="small" isBasic onClick={props.onClose}>
          {t('states.close')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}

/** A lock and a spent rate are answers, too, and keep their time; other failures are thrown. */
async function askWhether(send: () => Promise<ValueCheck>): Promise<Said> {
  const endOf = (seconds: number) => performance.now() + seconds * 1000
  try {
    const { isMatch, triesLeft, lockedSeconds } = await send()
    if (isMatch) return { name: 'match' }
    return lockedSeconds === null
      ? { name: 'miss', triesLeft }
      : { name: 'locked', until: endOf(lockedSeconds) }
  } catch (error) {
    if (!(error instanceof ScrimError)) throw error
    const { code, details } = error
    if (details.retryAfterSeconds === undefined) throw error
    const until = endOf(details.retryAfterSeconds)
    if (code === 'value_check_locked') return { name: 'locked_before', until }
    if (code === 'rate_limited') return { name: 'wait', until }
    throw error
  }
}

function CheckAnswer({ answer }: { answer: Said | undefined }) {
  const { t } = useTranslation()
  if (answer === undefined) return <Answer $tone="plain" />
  switch (answer.name) {
    case 'match':
      return (
        <Answer $tone="success">
          <CheckCircle aria-hidden="true" />
          {t('check.match')}
        </Answer>
      )
    case 'miss':
      return (
        <Answer $tone="danger">
          <XCircle aria-hidden="true" />
          {t('check.tries_left', { count: answer.triesLeft })}
        </Answer>
      )
    default:
      return (
        <Answer $tone="warning">
          <UntilThen key={`${answer.name} ${answer.until}`} {...answer} />
        </Answer>
      )
  }
}

function UntilThen({ name, until }: Extract<Said, { until: number }>) {
  const { t, duration } = useTranslation()
  const left = secondsUntil(until, useTick())
  if (left === 0) return null
  // Minutes, rounded up: a region that is read aloud must not change every second.
  const time = duration(Math.ceil(left / 60) * 60)
  return (
    <>
      <Lock aria-hidden="true" />
      {t(`check.${name}`, { time })}
    </>
  )
}
