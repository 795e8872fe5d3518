/** Erasing one customer's values: who it is, what goes with it, why, and only then the act. */
import { useEffect, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ErasurePreview } from '../../../contract/erasure.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { onlyDigits } from '../../shared/only-digits.ts'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { ErasureForm } from './ErasureForm.tsx'

const Screen = styled.div`
  max-width: 760px;
`

const Intro = styled.p`
  margin: 0;
  line-height: 20px;
`

const LookUp = styled.form`
  display: grid;
  grid-template-columns: minmax(160px, 1fr) minmax(0, 2fr) auto;
  gap: ${({ theme }) => theme.space.sm};
  align-items: start;
  padding: ${({ theme }) => theme.space.sm} 0;
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

const WAYS = ['ticket', 'customer'] as const
type Way = (typeof WAYS)[number]

const previewPath = (way: Way, id: string) => `/erasure-preview?${way}Id=${id}`

export function EraseCustomer() {
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const [way, setWay] = useState<Way>('ticket')
  const [id, setId] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [erased, setErased] = useState<number | null>(null)
  const [looking, look, forget] = useAttempt(async () => {
    const answer = await endpoint.get<ErasurePreview>(previewPath(way, id))
    // Asked without a tag, so it always has a body.
    if (answer.isUnchanged) throw new TypeError('an answer without a body')
    return answer.body
  })
  const fault = wasTried && id === '' ? t('erasure.empty') : null

  const startOver = () => {
    forget()
    setErased(null)
    setWasTried(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    setErased(null)
    if (id !== '' && looking.status !== 'processing') void look()
  }
  if (erased !== null) {
    return (
      <Done
        values={erased}
        onAnother={() => {
          startOver()
          setId('')
        }}
      />
    )
  }
  return (
    <Screen>
      <Intro>{t('erasure.intro')}</Intro>
      <LookUp onSubmit={submit} aria-label={t('erasure.title')} noValidate>
        <Field>
          <Field.Label>{t('erasure.by')}</Field.Label>
          <Select
            isCompact
            value={way}
            onChange={({ target }) => {
              setWay(WAYS.find((each) => each === target.value) ?? 'ticket')
              startOver()
            }}
          >
            {WAYS.map((each) => (
              <option key={each} value={each}>
                {t(`erasure.by_${each}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field>
          <Field.Label>{t(`erasure.by_${way}`)}</Field.Label>
          <Input
            isCompact
            inputMode="numeric"
            autoComplete="off"
            value={id}
            validation={fault === null ? undefined : 'error'}
            onChange={({ target }) => {
              setId(onlyDigits(target.value))
              startOver()
            }}
          />
          {fault === null ? (
            <Field.Hint>{t(`erasure.${way}_hint`)}</Field.Hint>
          ) : (
            <Field.Message validation="error" validationLabel={t('states.error')}>
              {fault}
            </Field.Message>
          )}
        </Field>
        <Button size="small" isPrimary type="submit" disabled={looking.status === 'processing'}>
          {looking.status === 'processing' ? t('erasure.looking') : t('erasure.look')}
        </Button>
      </LookUp>
      {looking.status === 'error' && <ErrorSentence error={looking.error} />}
      {looking.status === 'success' && (
        <ErasureForm
          key={looking.data.customer.id}
          preview={looking.data}
          onErased={setErased}
          onClose={startOver}
        />
      )}
    </Screen>
  )
}

function Done(props: { values: number; onAnother: () => void }) {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  // The form is gone, and with it the button that had the focus.
  useEffect(() => button.current?.focus(), [])
  return (
    <StateMessage
      message={t('erasure.done', { count: props.values })}
      next={t('erasure.done_next')}
    >
      <Button ref={button} isLink onClick={props.onAnother}>
        {t('erasure.another')}
      </Button>
    </StateMessage>
  )
}
