/** One request with everything a decision takes. Never the value, never its mask. */
import { useId, useState } from 'react'
import type { FormEvent, KeyboardEvent, RefObject } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Checkbox, Field, Select, Textarea } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import Info from '@zendeskgarden/svg-icons/src/16/info-stroke.svg?react'
import { styled } from 'styled-components'
import type { QueuedRevealRequest } from '../../../contract/reveal-requests.ts'
import { ScrimError } from '../../../core/errors.ts'
import { ErrorSentence, useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { fullNames } from '../../shared/people.ts'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { WhyPanel } from '../../shared/WhyPanel.tsx'
import { approvableMinutes, factsOf } from './facts.ts'
import type { Fact } from './facts.ts'

const Pane = styled.section`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  min-width: 0;
  h2 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.lg};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: ${({ theme }) => theme.lineHeights.lg};
    overflow-wrap: anywhere;
  }
  p {
    margin: 0;
  }
`

const Words = styled.blockquote`
  margin: 0;
  border-inline-start: ${({ theme }) => theme.borderWidths.md} solid
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  padding-inline-start: ${({ theme }) => theme.space.sm};
  overflow-wrap: anywhere;
  white-space: pre-wrap;
`

const Facts = styled.ul`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xxs};
  margin: 0;
  padding: 0;
  list-style: none;
`

const FactLine = styled.li<{ $kind: Fact['kind'] }>`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  font-weight: ${({ theme, $kind }) =>
    $kind === 'pause' ? theme.fontWeights.semibold : theme.fontWeights.regular};
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme, $kind }) =>
      getColor({
        theme,
        variable: {
          pause: 'foreground.warning',
          ok: 'foreground.success',
          plain: 'foreground.subtle',
        }[$kind],
      })};
  }
`

const FACT_ICONS = { pause: AlertWarning, ok: CheckCircle, plain: Info }

const Which = styled.fieldset`
  margin: 0;
  border: 0;
  padding: 0;
  legend {
    padding: 0;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`

const Minutes = styled.div`
  width: 112px;
`

const GONE = { allowed: false, code: 'request_not_pending' } as const

export type RequestDetailProps = {
  entry: QueuedRevealRequest
  /** It left the list meanwhile: somebody else was faster, or it ended. */
  isGone: boolean
  /** Since the request's seconds were counted. */
  elapsedSeconds: number
  isDenying: boolean
  onDenying: (isDenying: boolean) => void
  onApprove: (minutes: number | undefined, fieldIds: string[] | undefined) => Promise<void>
  onDeny: (comment: string) => Promise<void>
  approveButton: RefObject<HTMLButtonElement>
}

export function RequestDetail(props: RequestDetailProps) {
  const { approveButton } = props
  const { request, context } = props.entry
  const mayDecide = props.isGone ? GONE : props.entry.mayDecide
  const translation = useTranslation()
  const { t, fieldLabel, list, enumeration, find, duration, when } = translation
  const titleId = useId()
  const minuteOptions = approvableMinutes(request.minutes, context.maxMinutes)
  const [minutes, setMinutes] = useState(minuteOptions.at(-1) ?? request.minutes)
  const [fieldIds, setFieldIds] = useState(request.fields.map((field) => field.fieldId))
  const [isWhyOpen, setIsWhyOpen] = useState(false)
  const [approving, approve] = useAttempt(() =>
    props.onApprove(
      minutes === request.minutes ? undefined : minutes,
      fieldIds.length === request.fields.length ? undefined : fieldIds,
    ),
  )
  const roles = context.requesterRoles.map((role) => t(`role.${role}`))
  const groups = t('decide.groups', {
    names: list(context.requesterGroups),
    count: context.requesterGroups.length,
  })
  const standing = enumeration(context.requesterGroups.length === 0 ? roles : [...roles, groups])
  const age = request.ageSeconds + props.elapsedSeconds
  const isPending = request.state === 'pending'

  return (
    <Pane aria-labelledby={titleId}>
      <div>
        <h2 id={titleId}>
          {t('decide.wants_on', {
            name: request.requester.name,
            fields: list(request.fields.map(fieldLabel)),
            ticket: `#${request.ticketId}`,
          })}
        </h2>
        <SubtleText>
          {standing}
          {context.ticketSubject !== '' &&
            ` · ${t('decide.subject', { subject: context.ticketSubject })}`}
          {` · ${when(request.createdAt, age)}`}
        </SubtleText>
      </div>
      <div>
        <SubtleText>{find(`reasons.${request.reasonCode}`) ?? request.reasonLabel}</SubtleText>
        {request.reasonText !== '' && <Words dir="auto">{request.reasonText}</Words>}
      </div>
      <Facts aria-label={t('decide.facts')}>
        {factsOf(request, context, translation).map(({ kind, text }) => {
          const Icon = FACT_ICONS[kind]
          return (
            <FactLine key={text} $kind={kind}>
              <Icon aria-hidden="true" focusable="false" />
              <span>
                {kind === 'pause' && <VisuallyHidden>{`${t('decide.pause')} `}</VisuallyHidden>}
                {text}
              </span>
            </FactLine>
          )
        })}
      </Facts>
      <SubtleText>
        {t('decide.policy', {
          version: context.policyVersion,
          minutes: duration(context.maxMinutes * 60),
          seconds: duration(context.displaySeconds),
          uses: t('decide.uses', { count: context.uses }),
        })}
      </SubtleText>
      {isPending ? (
        <>
          {request.fields.length > 1 && mayDecide.allowed && (
            <Which>
              <legend>{t('decide.which_fields')}</legend>
              {request.fields.map((field) => (
                <Field key={field.fieldId}>
                  <Checkbox
                    isCompact
                    checked={fieldIds.includes(field.fieldId)}
                    onChange={(event) =>
                      setFieldIds((ids) =>
                        event.target.checked
                          ? [...ids, field.fieldId]
                          : ids.filter((id) => id !== field.fieldId),
                      )
                    }
                  >
                    <Field.Label isRegular>
                      {fieldLabel(field)} · {t(`sidebar.class.${field.sensitivityClass}`)}
                    </Field.Label>
                  </Checkbox>
                </Field>
              ))}
            </Which>
          )}
          <FormButtons>
            <Button
              ref={approveButton}
              size="small"
              isPrimary
              disabled={
                !mayDecide.allowed || approving.status === 'processing' || fieldIds.length === 0
              }
              onClick={() => void approve()}
            >
              {t('decide.approve', { time: duration(minutes * 60) })}
            </Button>
            {minuteOptions.length > 1 && (
              <Minutes>
                <Field>
                  <Field.Label hidden>{t('decide.minutes')}</Field.Label>
                  <Select
                    isCompact
                    disabled={!mayDecide.allowed}
                    value={minutes}
                    onChange={(event) => setMinutes(Number(event.target.value))}
                  >
                    {minuteOptions.map((option) => (
                      <option key={option} value={option}>
                        {duration(option * 60)}
                      </option>
                    ))}
                  </Select>
                </Field>
              </Minutes>
            )}
            <Button
              size="small"
              disabled={!mayDecide.allowed}
              aria-expanded={props.isDenying}
              onClick={() => props.onDenying(!props.isDenying)}
            >
              {t('decide.deny')}
            </Button>
            {!mayDecide.allowed && !props.isGone && (
              <Button isLink aria-expanded={isWhyOpen} onClick={() => setIsWhyOpen(!isWhyOpen)}>
                {t('sidebar.why')}
              </Button>
            )}
          </FormButtons>
          {!mayDecide.allowed && (isWhyOpen || props.isGone) && <WhyPanel why={mayDecide} />}
          {approving.status === 'error' && <ErrorSentence error={approving.error} />}
          {props.isDenying && (
            <DenyForm onDeny={props.onDeny} onClose={() => props.onDenying(false)} />
          )}
          {request.askedOf.length > 0 && (
            <SubtleText>
              {t('decide.asked_of', { names: fullNames(request.askedOf, translation) })}
            </SubtleText>
          )}
        </>
      ) : (
        <Outcome entry={props.entry} />
      )}
    </Pane>
  )
}

function Outcome({ entry }: { entry: QueuedRevealRequest }) {
  const { t, instant, duration } = useTranslation()
  const { state, decision } = entry.request
  return (
    <div>
      <p>
        {decision?.by
          ? t('decide.outcome_by', {
              state: t(`decide.state.${state}`),
              name: decision.by.name,
              time: instant(decision.at),
            })
          : t(`decide.state.${state}`)}
        {decision !== null && decision.minutes !== null && ` · ${duration(decision.minutes * 60)}`}
      </p>
      {decision !== null && decision.comment !== null && decision.comment !== '' && (
        <Words dir="auto">{decision.comment}</Words>
      )}
    </div>
  )
}

function DenyForm(props: { onDeny: (comment: string) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation()
  const sentenceOf = useErrorSentence()
  const [comment, setComment] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const [denying, deny, clearDenying] = useAttempt(() => props.onDeny(comment.trim()))
  const refusal = denying.status === 'error' ? denying.error : null
  const isTextRefused = refusal instanceof ScrimError && refusal.code === 'text_sensitive'
  const textFault =
    wasTried && comment.trim() === ''
      ? t('decide.deny_missing')
      : isTextRefused
        ? sentenceOf(refusal)
        : null
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (comment.trim() !== '' && denying.status !== 'processing') void deny()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') props.onClose()
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      if (event.target instanceof HTMLTextAreaElement) {
        event.preventDefault()
        submit()
      }
    }
  }
  return (
    <FormPanel onSubmit={submit} onKeyDown={onKey} aria-label={t('decide.deny_title')} noValidate>
      <Field>
        <Field.Label>{t('decide.deny_comment')}</Field.Label>
        <Textarea
          isCompact
          minRows={2}
          maxRows={6}
          maxLength={500}
          value={comment}
          // The form opens by the person's own act, and the keyboard continues there.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          validation={textFault === null ? undefined : 'error'}
          onChange={(event) => {
            setComment(event.target.value)
            if (denying.status === 'error') clearDenying()
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
          disabled={denying.status === 'processing'}
        >
          {t('decide.deny_send')}
        </Button>
        <Button size="small" isBasic onClick={props.onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}
