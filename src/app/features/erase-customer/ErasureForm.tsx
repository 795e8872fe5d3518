/**
 * What an erasure would do, and the act itself. It cannot be undone, so it takes a reason and the
 * customer's id, typed: two clicks alone erase nothing.
 */
import { useEffect, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Textarea } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import { styled } from 'styled-components'
import type { CustomerErasureView, ErasurePreview } from '../../../contract/erasure.ts'
import { ScrimError } from '../../../core/errors.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { onlyDigits } from '../../shared/only-digits.ts'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { subtleText, SubtleText } from '../../shared/surface.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useConsequence } from './useConsequence.ts'

/** `MAX_FREE_TEXT_LENGTH` of the contract, whose module brings zod along. */
const MAX_REASON_LENGTH = 500
/** One call erases hundreds of values, each in a transaction of its own. */
const ERASE_TIMEOUT_MS = 120_000

const TEXT_REFUSALS = ['reason_too_short', 'reason_not_meaningful', 'text_sensitive']

const Panel = styled(FormPanel)`
  max-width: 560px;
  h2 {
    margin: 0;
    outline: none;
    font-size: ${({ theme }) => theme.fontSizes.lg};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: ${({ theme }) => theme.lineHeights.lg};
  }
  p {
    margin: 0;
    line-height: 20px;
  }
`

const Consequence = styled.p`
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

const Left = styled.p`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.warning' })};
  }
`

const Tickets = styled.ul`
  ${subtleText}
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `0 ${theme.space.sm}`};
  margin: 0;
  padding: 0;
  list-style: none;
`

export function ErasureForm(props: {
  preview: ErasurePreview
  /** With how many values are gone, when none is left. */
  onErased: (values: number) => void
  onClose: () => void
}) {
  const { preview, onErased, onClose } = props
  const { customer, values, ticketCount, tickets, exposures } = preview
  const { endpoint } = useEndpoint()
  const { t, number } = useTranslation()
  const sentenceOf = useErrorSentence()
  const consequenceOf = useConsequence()
  const [reasonText, setReasonText] = useState('')
  const [typedId, setTypedId] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [erasedSoFar, setErasedSoFar] = useState(0)
  const [erasing, erase, clear] = useAttempt(async () => {
    const path = `/customers/${customer.id}/erasure`
    const body = { reasonText: reasonText.trim() }
    let erased = erasedSoFar
    for (let remaining = 1; remaining > 0;) {
      const sums = await endpoint.send<CustomerErasureView>('POST', path, body, {
        timeoutMs: ERASE_TIMEOUT_MS,
      })
      erased += sums.values
      remaining = sums.remaining
      setErasedSoFar(erased)
    }
    onErased(erased)
  })
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  const title =
    customer.name === null
      ? t('erasure.nameless', { id: String(customer.id) })
      : t('erasure.customer', { name: customer.name, id: String(customer.id) })
  if (values === 0) {
    return (
      <>
        <SubtleText>{title}</SubtleText>
        <StateMessage message={t('erasure.nothing')} next={t('erasure.nothing_next')} />
      </>
    )
  }

  const isBusy = erasing.status === 'processing'
  const isReasonMissing = reasonText.trim() === ''
  const isConfirmed = typedId === String(customer.id)
  const refusal = erasing.status === 'error' ? erasing.error : null
  const isTextRefused = refusal instanceof ScrimError && TEXT_REFUSALS.includes(refusal.code)
  const reasonFault =
    wasTried && isReasonMissing
      ? t('erasure.reason_empty')
      : isTextRefused
        ? sentenceOf(refusal)
        : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (!isBusy && !isReasonMissing && isConfirmed) void erase()
  }

  return (
    <Panel onSubmit={submit} aria-label={title} noValidate>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <Consequence>{consequenceOf(preview)}</Consequence>
      <div>
        <SubtleText>{t('erasure.on_tickets')}</SubtleText>
        <Tickets>
          {tickets.map((ticket) => (
            <li key={ticket.ticketId}>
              <TicketLink ticketId={ticket.ticketId} />{' '}
              {t('erasure.values', { count: ticket.values })}
            </li>
          ))}
          {ticketCount > tickets.length && (
            <li>{t('erasure.more_tickets', { count: ticketCount - tickets.length })}</li>
          )}
        </Tickets>
      </div>
      {exposures > 0 && (
        <Left>
          <AlertWarning aria-hidden="true" focusable="false" />
          {t('erasure.exposures', { count: exposures })}
        </Left>
      )}
      <Field>
        <Field.Label>{t('erasure.reason')}</Field.Label>
        <Field.Hint>{t('erasure.reason_hint')}</Field.Hint>
        <Textarea
          isCompact
          minRows={2}
          maxRows={6}
          maxLength={MAX_REASON_LENGTH}
          value={reasonText}
          validation={reasonFault === null ? undefined : 'error'}
          onChange={({ target }) => {
            setReasonText(target.value)
            if (refusal !== null) clear()
          }}
        />
        {reasonFault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {reasonFault}
          </Field.Message>
        )}
      </Field>
      <Field>
        <Field.Label>{t('erasure.confirm', { id: String(customer.id) })}</Field.Label>
        <Input
          isCompact
          inputMode="numeric"
          autoComplete="off"
          value={typedId}
          validation={wasTried && !isConfirmed ? 'error' : undefined}
          onChange={({ target }) => setTypedId(onlyDigits(target.value))}
        />
        {wasTried && !isConfirmed && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {t('erasure.confirm_wrong')}
          </Field.Message>
        )}
      </Field>
      {refusal !== null && !isTextRefused && (
        <div>
          <ErrorSentence error={refusal} />
          <SubtleText>{t('erasure.resume')}</SubtleText>
        </div>
      )}
      {erasedSoFar > 0 && (
        <SubtleText as="output">
          {t('erasure.progress', {
            done: number(erasedSoFar),
            all: number(Math.max(values, erasedSoFar)),
          })}
        </SubtleText>
      )}
      <FormButtons>
        <Button size="small" isPrimary isDanger type="submit" disabled={isBusy}>
          {isBusy ? t('erasure.erasing') : t('erasure.erase', { count: values - erasedSoFar })}
        </Button>
        <Button size="small" isBasic disabled={isBusy} onClick={onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </Panel>
  )
}
