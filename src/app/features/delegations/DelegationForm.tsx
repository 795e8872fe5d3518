/** Handing one's decisions over to somebody for some days. */
import { useState } from 'react'
import type { FormEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type { CreateDelegationInput, DelegationList } from '../../../contract/delegations.ts'
import { MAX_FREE_TEXT_LENGTH } from '../../../contract/reveal-requests.ts'
import { ScrimError } from '../../../core/errors.ts'
import { ErrorSentence, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { endOfDay, startOfDay } from '../../shared/days.ts'

const Form = styled.form`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
`

const Line = styled.div`
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
  gap: ${({ theme }) => theme.space.sm};
  align-items: start;
  max-width: 720px;
`

const Reason = styled.div`
  max-width: 720px;
`

/** The endpoint takes an instant in the past as now. */
const NOW = new Date(0).toISOString()

const ABOUT_THE_REASON = [
  'text_sensitive',
  'reason_too_short',
  'reason_not_meaningful',
  'reason_repeated',
]

type Form = { toId: string; from: string; until: string; reasonText: string }
type Fault = { [Name in keyof Form]?: string }

export function DelegationForm(props: {
  list: DelegationList
  onCreate: (input: CreateDelegationInput) => Promise<void>
}) {
  const { candidates, maxDays } = props.list
  const { t } = useTranslation()
  const sentenceOf = useErrorSentence()
  const [form, setForm] = useState<Form>({ toId: '', from: '', until: '', reasonText: '' })
  const [wasTried, setWasTried] = useState(false)
  const [creating, create, clearCreating] = useAttempt(props.onCreate)
  const set = (change: Partial<Form>) => {
    setForm({ ...form, ...change })
    if (creating.status === 'error') clearCreating()
  }

  const startsAt = form.from === '' ? NOW : startOfDay(form.from)?.toISOString()
  const endsAt = endOfDay(form.until)?.toISOString()
  const refusal = creating.status === 'error' ? creating.error : null
  const isTextRefused = refusal instanceof ScrimError && ABOUT_THE_REASON.includes(refusal.code)
  const areDaysRefused = refusal instanceof ScrimError && refusal.code === 'delegation_too_long'
  const faults: Fault = {
    ...(wasTried && form.reasonText.trim() === '' ? { reasonText: t('away.reason_missing') } : {}),
    ...(isTextRefused ? { reasonText: sentenceOf(refusal) } : {}),
    ...(areDaysRefused ? { until: sentenceOf(refusal) } : {}),
    ...(wasTried && form.toId === '' ? { toId: t('away.to_missing') } : {}),
    ...(wasTried && endsAt === undefined ? { until: t('away.until_missing') } : {}),
    ...(startsAt !== undefined && endsAt !== undefined && !(startsAt < endsAt)
      ? { until: t('away.until_before') }
      : {}),
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    const isReady =
      form.toId !== '' &&
      form.reasonText.trim() !== '' &&
      startsAt !== undefined &&
      endsAt !== undefined &&
      startsAt < endsAt
    if (!isReady || creating.status === 'processing') return
    void create({
      toId: Number(form.toId),
      startsAt,
      endsAt,
      reasonText: form.reasonText.trim(),
    })
  }
  const message = (fault: string | undefined) =>
    fault !== undefined && (
      <Field.Message validation="error" validationLabel={t('states.error')}>
        {fault}
      </Field.Message>
    )
  const validation = (fault: string | undefined) => (fault === undefined ? undefined : 'error')

  return (
    <Form onSubmit={submit} aria-label={t('away.form')} noValidate>
      <Line>
        <Field>
          <Field.Label>{t('away.to')}</Field.Label>
          <Select
            isCompact
            required
            value={form.toId}
            validation={validation(faults.toId)}
            onChange={(event) => set({ toId: event.target.value })}
          >
            <option value="">{t('away.to_choose')}</option>
            {candidates.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          {message(faults.toId)}
        </Field>
        <Field>
          <Field.Label>{t('away.from')}</Field.Label>
          <Input
            isCompact
            type="date"
            value={form.from}
            onChange={(event) => set({ from: event.target.value })}
          />
        </Field>
        <Field>
          <Field.Label>{t('away.until')}</Field.Label>
          <Input
            isCompact
            required
            type="date"
            value={form.until}
            validation={validation(faults.until)}
            onChange={(event) => set({ until: event.target.value })}
          />
          {message(faults.until)}
        </Field>
      </Line>
      <Reason>
        <Field>
          <Field.Label>{t('away.reason')}</Field.Label>
          <Input
            isCompact
            required
            maxLength={MAX_FREE_TEXT_LENGTH}
            value={form.reasonText}
            validation={validation(faults.reasonText)}
            onChange={(event) => set({ reasonText: event.target.value })}
          />
          {message(faults.reasonText)}
        </Field>
      </Reason>
      <SubtleText>{t('away.consequence', { count: maxDays })}</SubtleText>
      {refusal !== null && !isTextRefused && !areDaysRefused && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={creating.status === 'processing'}>
          {t('away.send')}
        </Button>
      </FormButtons>
    </Form>
  )
}
