/** Says on every screen of the desk that all reveals are stopped, and lets compliance end that. */
import { useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import { styled } from 'styled-components'
import type { CircuitBreaker } from '../../../contract/circuit-breaker.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'

const Banner = styled.section`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  margin: ${({ theme }) => theme.space.sm} 0;
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.danger' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.danger' })};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
  line-height: 20px;
  > svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
  }
  > div {
    flex: 1;
    min-width: 0;
  }
  p {
    margin: 0;
  }
`

/** `MAX_FREE_TEXT_LENGTH` of the contract, whose module brings zod along. */
const MAX_COMMENT_LENGTH = 500

export function CircuitBanner({ onClosed }: { onClosed: () => Promise<void> }) {
  const { t, list, when } = useTranslation()
  const [polled] = usePolled<CircuitBreaker>('/circuit-breaker', {
    isActive: useIsActive(),
    secondsUntilNext: () => 60,
  })
  const [isOpen, setIsOpen] = useState(false)
  // What cannot be had now is asked for again; that reveals are stopped is known without it.
  const known = polled.status === 'success' ? polled.data : null
  const opened = known?.opened ?? null
  return (
    <Banner aria-label={t('breaker.title')}>
      <AlertError aria-hidden="true" focusable="false" />
      <div>
        <output>{t('states.circuit_open')}</output>
        {opened !== null && (
          <p>
            {t('breaker.what', {
              count: opened.count,
              names: list(opened.trippedBy.map(({ name }) => name)),
              when: when(opened.at, opened.ageSeconds),
            })}
          </p>
        )}
        {known?.mayClose.allowed === false && (
          <SubtleText>
            {t(
              known.mayClose.code === 'second_person_needed'
                ? 'breaker.not_own'
                : 'breaker.compliance_closes',
            )}
          </SubtleText>
        )}
        {known?.mayClose.allowed === true &&
          (isOpen ? (
            <CloseForm onClosed={onClosed} onCancel={() => setIsOpen(false)} />
          ) : (
            <Button isLink onClick={() => setIsOpen(true)}>
              {t('breaker.close')}
            </Button>
          ))}
      </div>
    </Banner>
  )
}

function CloseForm(props: { onClosed: () => Promise<void>; onCancel: () => void }) {
  const { onClosed, onCancel } = props
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const [comment, setComment] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [closing, close] = useAttempt(async () => {
    await endpoint.send('POST', '/circuit-breaker/close', { comment: comment.trim() })
    await onClosed()
  })
  const isMissing = wasTried && comment.trim() === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (comment.trim() !== '' && closing.status !== 'processing') void close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onCancel()
  }
  return (
    <FormPanel onSubmit={submit} onKeyDown={onKeyDown} aria-label={t('breaker.form')} noValidate>
      <Field>
        <Field.Label>{t('breaker.comment')}</Field.Label>
        <Textarea
          isCompact
          required
          // The form opens by the person's own act, and the keyboard continues there.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          minRows={2}
          maxLength={MAX_COMMENT_LENGTH}
          value={comment}
          validation={isMissing ? 'error' : undefined}
          onChange={(event) => setComment(event.target.value)}
        />
        {isMissing && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {t('breaker.comment_missing')}
          </Field.Message>
        )}
      </Field>
      <SubtleText>{t('breaker.consequence')}</SubtleText>
      {closing.status === 'error' && <ErrorSentence error={closing.error} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={closing.status === 'processing'}>
          {t('breaker.send')}
        </Button>
        <Button size="small" isBasic onClick={onCancel}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
