/** One exception: what it says, who stands behind it, and what one can do about it. */
import { useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import type { ExceptionView, ReopenExceptionInput } from '../../../contract/exceptions.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { endOfDay } from '../../shared/days.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { ReviewActs, ReviewHead, ReviewNote, ReviewTime } from '../../shared/review-list.ts'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { UntilField, WhyField, fieldOf, useRefusalOf } from './form-fields.tsx'
import { useExceptionWords } from './useExceptionWords.ts'

type Act = 'consent' | 'reject' | 'revoke' | 'close'
type Asked = Act | 'reopen' | null

export function ExceptionItem(props: {
  exception: ExceptionView
  maxDays: number
  onChanged: (text: string) => Promise<void>
}) {
  const { exception, maxDays, onChanged } = props
  const { endpoint } = useEndpoint()
  const { t, instant } = useTranslation()
  const wordsOf = useExceptionWords()
  const { holder, state, decided, ended } = exception
  const [asked, setAsked] = useState<Asked>(null)
  const path = (act: Asked) => `/exceptions/${exception.id}/${act}`
  const said = (act: Act | 'reopen') => t(`exceptions.said.${act}`, { name: holder.name })
  const [doing, perform, clear] = useAttempt(async (act: Act) => {
    const shown = act === 'consent' ? { expiresAt: exception.expiresAt } : {}
    await endpoint.send('POST', path(act), shown)
    setAsked(null)
    await onChanged(said(act))
  })
  const reopen = async (input: ReopenExceptionInput) => {
    await endpoint.send('POST', path('reopen'), input)
    setAsked(null)
    await onChanged(said('reopen'))
  }
  const ask = (act: Asked) => {
    setAsked(act)
    clear()
  }
  const close = () => ask(null)
  const time = state === 'active' || state === 'waiting' ? exception.expiresAt : ended?.at
  return (
    <li>
      <ReviewHead>
        <h3>{t('exceptions.of', { name: holder.name, what: wordsOf(exception.scope) })}</h3>
        <ReviewTime>
          {t(`exceptions.state.${state}`, { time: instant(time ?? exception.expiresAt) })}
        </ReviewTime>
      </ReviewHead>
      <p>
        {t(`exceptions.may.${exception.effect}`)} <q dir="auto">{exception.why}</q>
      </p>
      <ReviewNote>
        {[
          t('exceptions.owned_by', { name: exception.owner.name }),
          t('exceptions.proposed_by', { name: exception.author.name }),
          ...(decided === null
            ? []
            : [
                t(state === 'rejected' ? 'exceptions.rejected_by' : 'exceptions.consented_by', {
                  name: decided.by.name,
                }),
              ]),
          ...(ended?.by ? [t('exceptions.ended_by', { name: ended.by.name })] : []),
          ...(exception.requests > 0
            ? [t('exceptions.decided', { count: exception.requests })]
            : []),
        ].join(' ')}
      </ReviewNote>
      {!exception.isCovering && state !== 'closed' && <p>{t('exceptions.outdated')}</p>}
      <ReviewActs>
        {asked === null ? (
          <Choices exception={exception} onAsk={ask} />
        ) : asked === 'reopen' ? (
          <ReopenForm exception={exception} maxDays={maxDays} onSend={reopen} onClose={close} />
        ) : (
          <>
            <p>{consequenceOf(asked)}</p>
            <FormButtons>
              <Button
                size="small"
                isPrimary
                isDanger={asked === 'reject' || asked === 'revoke'}
                // It opened by the person's own act, and the keyboard continues there.
                // eslint-disable-next-line jsx-a11y/no-autofocus
                autoFocus
                disabled={doing.status === 'processing'}
                onClick={() => void perform(asked)}
              >
                {t(`exceptions.acts.${asked}`)}
                <VisuallyHidden>{` ${holder.name}`}</VisuallyHidden>
              </Button>
              <Button size="small" isBasic onClick={close}>
                {t('request.cancel')}
              </Button>
            </FormButtons>
            {doing.status === 'error' && <ErrorSentence error={doing.error} />}
          </>
        )}
      </ReviewActs>
    </li>
  )

  function consequenceOf(act: Act): string {
    const words = {
      name: holder.name,
      what: wordsOf(exception.scope),
      time: instant(exception.expiresAt),
    }
    return act === 'consent'
      ? t(`exceptions.consent_to.${exception.effect}`, words)
      : t(`exceptions.${act}_consequence`, words)
  }
}

function Choices({ exception, onAsk }: { exception: ExceptionView; onAsk: (act: Asked) => void }) {
  const { t } = useTranslation()
  const { holder, state, mayConsent } = exception
  const choice = (act: Exclude<Asked, null>, isDanger = false) => (
    <Button
      key={act}
      size="small"
      isBasic={isDanger}
      isDanger={isDanger}
      onClick={() => onAsk(act)}
    >
      {t(`exceptions.acts.${act}`)}
      <VisuallyHidden>{` ${holder.name}`}</VisuallyHidden>
    </Button>
  )
  switch (state) {
    case 'waiting':
      return (
        <>
          {!mayConsent.allowed && <ReviewNote>{t('exceptions.own')}</ReviewNote>}
          <FormButtons>
            {mayConsent.allowed
              ? [choice('consent'), choice('reject', true)]
              : choice('revoke', true)}
          </FormButtons>
        </>
      )
    case 'active':
      return <FormButtons>{choice('revoke', true)}</FormButtons>
    case 'expired':
      return <FormButtons>{[choice('reopen'), choice('close')]}</FormButtons>
    case 'revoked':
      return <FormButtons>{choice('reopen')}</FormButtons>
    case 'rejected':
    case 'closed':
      return null
  }
}

function ReopenForm(props: {
  exception: ExceptionView
  maxDays: number
  onSend: (input: ReopenExceptionInput) => Promise<void>
  onClose: () => void
}) {
  const { exception, maxDays, onSend, onClose } = props
  const { t } = useTranslation()
  const [why, setWhy] = useState(exception.why)
  const [until, setUntil] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [sending, send] = useAttempt(onSend)
  const expiresAt = endOfDay(until)
  const refusal = sending.status === 'error' ? sending.error : null
  const refusalOf = useRefusalOf(refusal)
  const whyFault = why.trim() === '' ? t('exceptions.why_missing') : undefined
  const untilFault = expiresAt === null ? t('exceptions.until_missing') : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (whyFault !== undefined || expiresAt === null || sending.status === 'processing') return
    void send({ why: why.trim(), expiresAt: expiresAt.toISOString() })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={onKeyDown}
      aria-label={t('exceptions.reopen_form', { name: exception.holder.name })}
      noValidate
    >
      <WhyField
        value={why}
        fault={refusalOf('why') ?? (wasTried ? whyFault : undefined)}
        onChange={setWhy}
      />
      <UntilField
        value={until}
        maxDays={maxDays}
        fault={refusalOf('until') ?? (wasTried ? untilFault : undefined)}
        onChange={setUntil}
      />
      <SubtleText>{t('exceptions.consequence.open')}</SubtleText>
      {refusal !== null && fieldOf(refusal) === null && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={sending.status === 'processing'}>
          {t('exceptions.acts.reopen')}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
