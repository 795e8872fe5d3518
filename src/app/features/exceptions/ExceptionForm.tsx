/** Proposing an exception: for whom, what, why, who answers for it, until when. */
import { useId, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type { CreateExceptionInput, ExceptionList } from '../../../contract/exceptions.ts'
import { EXCEPTION_EFFECTS } from '../../../core/exception.ts'
import type { ExceptionEffect } from '../../../core/exception.ts'
import { SENSITIVITY_CLASSES } from '../../../core/protected-field.ts'
import { ChoiceChips } from '../../shared/ChoiceChips.tsx'
import { endOfDay, startOfDay } from '../../shared/days.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { FieldFault, UntilField, WhyField, fieldOf, useRefusalOf } from './form-fields.tsx'
import type { FieldName } from './form-fields.tsx'

const Line = styled.div`
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
  gap: ${({ theme }) => theme.space.sm};
  align-items: start;
`

const Consequence = styled.p`
  margin: 0;
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
`

type Form = {
  holder: string
  /** `field card_number` or `class secret`. */
  scope: string
  effect: ExceptionEffect | null
  owner: string
  why: string
  until: string
}

const EMPTY: Form = { holder: '', scope: '', effect: null, owner: '', why: '', until: '' }

export function ExceptionForm(props: {
  choices: ExceptionList['choices']
  onSend: (input: CreateExceptionInput) => Promise<void>
  onClose: () => void
}) {
  const { choices, onSend, onClose } = props
  const { t } = useTranslation()
  const name = useId()
  const [form, setForm] = useState<Form>(EMPTY)
  const [wasTried, setWasTried] = useState(false)
  const [sending, send, clear] = useAttempt(onSend)
  const expiresAt = endOfDay(form.until)
  const refusal = sending.status === 'error' ? sending.error : null
  const refusalOf = useRefusalOf(refusal)
  const set = (change: Partial<Form>) => {
    setForm({ ...form, ...change })
    if (refusal !== null) clear()
  }
  const missing: Record<FieldName, string | null> = {
    holder: form.holder === '' ? t('exceptions.holder_missing') : null,
    scope: form.scope === '' ? t('exceptions.scope_missing') : null,
    effect: form.effect === null ? t('exceptions.effect_missing') : null,
    owner: form.owner === '' ? t('exceptions.owner_missing') : null,
    why: form.why.trim() === '' ? t('exceptions.why_missing') : null,
    until: expiresAt === null ? t('exceptions.until_missing') : null,
  }
  const faultOf = (field: FieldName) =>
    refusalOf(field) ?? (wasTried ? (missing[field] ?? undefined) : undefined)
  const validation = (field: FieldName) => (faultOf(field) === undefined ? undefined : 'error')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    const [by, id = ''] = form.scope.split(' ')
    const isComplete = Object.values(missing).every((fault) => fault === null)
    if (!isComplete || form.effect === null || expiresAt === null) return
    if (sending.status === 'processing') return
    void send({
      holderId: Number(form.holder),
      scope: { by: by === 'class' ? 'class' : 'field', id },
      effect: form.effect,
      why: form.why.trim(),
      ownerId: Number(form.owner),
      expiresAt: expiresAt.toISOString(),
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  const people = choices.people.map((person) => (
    <option key={person.id} value={person.id}>
      {person.name}
    </option>
  ))
  return (
    <FormPanel onSubmit={submit} onKeyDown={onKeyDown} aria-label={t('exceptions.form')} noValidate>
      <Line>
        <Field>
          <Field.Label>{t('exceptions.holder')}</Field.Label>
          <Select
            isCompact
            required
            // The form opens by the person's own act, and the keyboard continues there.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={form.holder}
            validation={validation('holder')}
            onChange={(event) => set({ holder: event.target.value })}
          >
            <option value="">{t('exceptions.choose_person')}</option>
            {people}
          </Select>
          <FieldFault>{faultOf('holder')}</FieldFault>
        </Field>
        <Field>
          <Field.Label>{t('exceptions.scope')}</Field.Label>
          <Select
            isCompact
            required
            value={form.scope}
            validation={validation('scope')}
            onChange={(event) => set({ scope: event.target.value })}
          >
            <option value="">{t('exceptions.choose_scope')}</option>
            <optgroup label={t('exceptions.one_field')}>
              {choices.fields.map(({ fieldId, label }) => (
                <option key={fieldId} value={`field ${fieldId}`}>
                  {label}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('exceptions.one_class')}>
              {SENSITIVITY_CLASSES.map((each) => (
                <option key={each} value={`class ${each}`}>
                  {t('exceptions.everything', { class: t(`sidebar.class.${each}`) })}
                </option>
              ))}
            </optgroup>
          </Select>
          <FieldFault>{faultOf('scope')}</FieldFault>
        </Field>
      </Line>
      <ChoiceChips
        legend={t('exceptions.effect')}
        name={`${name}-effect`}
        options={EXCEPTION_EFFECTS.map((value) => ({
          value,
          label: t(`exceptions.effects.${value}`),
        }))}
        value={form.effect}
        onChange={(value) =>
          set({ effect: EXCEPTION_EFFECTS.find((known) => known === value) ?? null })
        }
        error={faultOf('effect')}
      />
      <WhyField value={form.why} fault={faultOf('why')} onChange={(why) => set({ why })} />
      <Line>
        <Field>
          <Field.Label>{t('exceptions.owner')}</Field.Label>
          <Select
            isCompact
            required
            value={form.owner}
            validation={validation('owner')}
            onChange={(event) => set({ owner: event.target.value })}
          >
            <option value="">{t('exceptions.choose_person')}</option>
            {choices.owners.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
              </option>
            ))}
          </Select>
          {faultOf('owner') === undefined ? (
            <Field.Hint>{t('exceptions.owner_hint')}</Field.Hint>
          ) : (
            <FieldFault>{faultOf('owner')}</FieldFault>
          )}
        </Field>
        <UntilField
          value={form.until}
          maxDays={choices.maxDays}
          fault={faultOf('until')}
          onChange={(until) => set({ until })}
        />
      </Line>
      <Consequence>{useConsequence(form, choices)}</Consequence>
      {refusal !== null && fieldOf(refusal) === null && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={sending.status === 'processing'}>
          {t('exceptions.send')}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}

/** What follows from what is filled in so far, in one sentence. */
function useConsequence(form: Form, { people, fields }: ExceptionList['choices']): string {
  const { t, locale } = useTranslation()
  const holder = people.find(({ id }) => String(id) === form.holder)
  const [by, id] = form.scope.split(' ')
  const field = by === 'field' ? fields.find(({ fieldId }) => fieldId === id) : undefined
  const sensitivityClass = SENSITIVITY_CLASSES.find((each) => by === 'class' && each === id)
  const what =
    sensitivityClass === undefined
      ? field?.label
      : t('exceptions.everything', { class: t(`sidebar.class.${sensitivityClass}`) })
  const lastDay = startOfDay(form.until)
  if (!holder || what === undefined || form.effect === null || lastDay === null) {
    return t('exceptions.consequence.open')
  }
  return t(`exceptions.consequence.${form.effect}`, {
    name: holder.name,
    what,
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(lastDay),
  })
}
