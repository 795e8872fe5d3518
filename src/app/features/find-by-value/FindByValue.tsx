/** Finds the tickets that hold an exact value. What is typed is compared, never stored. */
import { useState } from 'react'
import type { FormEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ValueSearch } from '../../../contract/value-checks.ts'
import { FIELD_KINDS } from '../../../core/protected-field.ts'
import type { FieldKind } from '../../../core/protected-field.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FieldIcon } from '../../shared/FieldIcon.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { hairline, oneLine, subtleText, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useKindTitle } from '../../shared/useKindName.ts'
import { VALUE_INPUT } from '../../shared/value-input.ts'

/** Verification codes are never stored, so nobody can find one. */
const KINDS = FIELD_KINDS.filter((kind) => kind !== 'card_verification_code')

const Form = styled.form`
  display: grid;
  grid-template-columns: minmax(160px, 1fr) minmax(0, 2fr) auto;
  gap: ${({ theme }) => theme.space.sm};
  /* The button stands beside the inputs, also when a message stands below one. */
  align-items: start;
  max-width: 760px;
  padding: ${({ theme }) => theme.space.sm} 0 ${({ theme }) => theme.space.xs};
  > button {
    margin-top: 24px;
  }
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr);
    > button {
      margin-top: 0;
      justify-self: start;
    }
  }
`

const Section = styled.section`
  margin-top: ${({ theme }) => theme.space.md};
`

const Results = styled.ul`
  margin: ${({ theme }) => theme.space.xs} 0;
  padding: 0;
  max-width: 760px;
  list-style: none;
  li {
    ${hairline}
    padding: ${({ theme }) => theme.space.xs} 0;
  }
`

const Subject = styled.span`
  ${oneLine}
  display: block;
`

const Fields = styled.span`
  ${subtleText}
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `0 ${theme.space.sm}`};
  span {
    display: inline-flex;
    align-items: center;
    gap: ${({ theme }) => theme.space.xxs};
  }
`

export function FindByValue() {
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const kindTitle = useKindTitle()
  const [kind, setKind] = useState<FieldKind>('payment_card')
  const [value, setValue] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [searching, search, clear] = useAttempt(() =>
    endpoint.send<ValueSearch>('POST', '/value-searches', { kind, value }),
  )
  const isEmpty = value.trim() === ''
  const fault = wasTried && isEmpty ? t('find.empty') : null

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (!isEmpty && searching.status !== 'processing') void search()
  }
  return (
    <>
      <Form onSubmit={submit} aria-label={t('find.title')} noValidate>
        <Field>
          <Field.Label>{t('find.kind')}</Field.Label>
          <Select
            isCompact
            value={kind}
            onChange={(event) => {
              setKind(KINDS.find((each) => each === event.target.value) ?? 'other')
              clear()
            }}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {kindTitle(each)}
              </option>
            ))}
          </Select>
        </Field>
        <Field>
          <Field.Label>{t('find.value')}</Field.Label>
          <Input
            isCompact
            value={value}
            {...VALUE_INPUT}
            validation={fault === null ? undefined : 'error'}
            onChange={(event) => {
              setValue(event.target.value)
              setWasTried(false)
              clear()
            }}
          />
          {fault !== null && (
            <Field.Message validation="error" validationLabel={t('states.error')}>
              {fault}
            </Field.Message>
          )}
        </Field>
        <Button size="small" isPrimary type="submit" disabled={searching.status === 'processing'}>
          {searching.status === 'processing' ? t('find.finding') : t('find.find')}
        </Button>
      </Form>
      <SubtleText>{t('find.consequence')}</SubtleText>
      {searching.status === 'error' && <ErrorSentence error={searching.error} />}
      {searching.status === 'success' && <Found found={searching.data} />}
    </>
  )
}

function Found({ found }: { found: ValueSearch }) {
  const { t, fieldLabel } = useTranslation()
  const routeTo = useClientInvoke('routeTo')
  if (found.tickets.length === 0) {
    return <StateMessage message={t('find.none')} next={t('find.none_next')} />
  }
  return (
    <Section aria-label={t('find.results')}>
      <output>{t('find.count', { count: found.tickets.length })}</output>
      <Results>
        {found.tickets.map(({ ticketId, subject, fields }) => (
          <li key={ticketId}>
            <Button isLink onClick={() => void routeTo('ticket', ticketId)}>
              {t('find.open', { ticket: `#${ticketId}` })}
            </Button>
            <Subject dir="auto">{subject}</Subject>
            <Fields>
              {fields.map((field) => (
                <span key={field.fieldId}>
                  <FieldIcon kind={field.kind} />
                  {fieldLabel(field)}
                </span>
              ))}
            </Fields>
          </li>
        ))}
      </Results>
      {!found.isComplete && <SubtleText>{t('find.more')}</SubtleText>}
    </Section>
  )
}
