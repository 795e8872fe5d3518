/** What narrows the queue besides its name and the words one looks for. */
import { useMemo } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type { QueuedRevealRequest } from '../../../contract/reveal-requests.ts'
import { SENSITIVITY_CLASSES } from '../../../core/protected-field.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { isNarrowed, NO_NARROWING, ONLY } from './queue-filter.ts'
import type { QueueFilter } from './queue-filter.ts'

const Filters = styled.form`
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  gap: ${({ theme }) => theme.space.sm};
  padding-bottom: ${({ theme }) => theme.space.sm};
  > div {
    flex: 0 1 180px;
    min-width: 128px;
  }
`

type Choice = { value: string; label: string }

export function QueueFilters(props: {
  filter: QueueFilter
  /** What the choices are made of. */
  entries: readonly QueuedRevealRequest[]
  onChange: (filter: QueueFilter) => void
}) {
  const { filter, entries, onChange } = props
  const { t, locale, fieldLabel } = useTranslation()
  const { people, fields } = useMemo(() => {
    const inOrder = new Intl.Collator(locale)
    const choices = (pairs: (readonly [string, string])[]): Choice[] =>
      [...new Map(pairs)]
        .map(([value, label]) => ({ value, label }))
        .sort((a, b) => inOrder.compare(a.label, b.label))
    const requests = entries.map((entry) => entry.request)
    return {
      people: choices(requests.map(({ requester }) => [String(requester.id), requester.name])),
      fields: choices(
        // Of what was found in tickets each is its own; only the catalogue's can be many requests'.
        requests.flatMap((request) =>
          request.fields
            .filter(({ place }) => place === undefined)
            .map((field) => [field.fieldId, fieldLabel(field)] as const),
        ),
      ),
    }
  }, [entries, locale, fieldLabel])
  return (
    <Filters onSubmit={(event) => event.preventDefault()} aria-label={t('decide.filters')}>
      <Choose
        label={t('decide.filter.person')}
        every={t('decide.filter.everyone')}
        value={filter.requesterId}
        choices={people}
        onChange={(requesterId) => onChange({ ...filter, requesterId })}
      />
      <Choose
        label={t('decide.filter.field')}
        every={t('decide.filter.every_field')}
        value={filter.fieldId}
        choices={fields}
        onChange={(fieldId) => onChange({ ...filter, fieldId })}
      />
      <Choose
        label={t('decide.filter.class')}
        every={t('decide.filter.every_class')}
        value={filter.sensitivityClass}
        choices={SENSITIVITY_CLASSES.map((value) => ({
          value,
          label: t(`sidebar.class.${value}`),
        }))}
        onChange={(sensitivityClass) => onChange({ ...filter, sensitivityClass })}
      />
      <Choose
        label={t('decide.filter.only')}
        every={t('decide.filter.all')}
        value={filter.only}
        choices={ONLY.map((value) => ({ value, label: t(`decide.only.${value}`) }))}
        onChange={(only) => onChange({ ...filter, only })}
      />
      <Button
        size="small"
        isBasic
        disabled={!isNarrowed(filter)}
        onClick={() => onChange({ ...filter, ...NO_NARROWING })}
      >
        {t('decide.filter.clear')}
      </Button>
    </Filters>
  )
}

/** What is chosen stays to be seen, whether or not any request has it now. */
function Choose(props: {
  label: string
  every: string
  value: string
  choices: readonly Choice[]
  onChange: (value: string) => void
}) {
  const { label, every, value, choices, onChange } = props
  const isKnown = value === '' || choices.some((choice) => choice.value === value)
  return (
    <Field>
      <Field.Label>{label}</Field.Label>
      <Select isCompact value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{every}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Select>
    </Field>
  )
}
