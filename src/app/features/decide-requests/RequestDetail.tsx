/** One request with everything a decision takes. Never the value, never its mask. */
import { useId, useState } from 'react'
import type { RefObject } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import Info from '@zendeskgarden/svg-icons/src/16/info-stroke.svg?react'
import { styled } from 'styled-components'
import type { PersonRef } from '../../../contract/primitives.ts'
import type {
  ApproveRevealRequestInput,
  QueuedRevealRequest,
  RevealRequestView,
} from '../../../contract/reveal-requests.ts'
import type { ScrimErrorCode, Verdict } from '../../../core/errors.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { WhyPanel } from '../../shared/WhyPanel.tsx'
import { ApproveForm } from './ApproveForm.tsx'
import { DenyForm } from './DenyForm.tsx'
import { factsOf } from './facts.ts'
import type { Fact } from './facts.ts'
import { approvedFields, claimOf, deciderName, Standing } from './Standing.tsx'

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

const GONE = { allowed: false, code: 'request_not_pending' } as const

export type RequestDetailProps = {
  entry: QueuedRevealRequest
  viewer: PersonRef
  /** It left the list meanwhile: somebody else was faster, or it ended. */
  isGone: boolean
  /** Since the request's seconds were counted. */
  elapsedSeconds: number
  /** Requests on the same ticket that wait for this person, this one included. */
  onSameTicket: number
  isDenying: boolean
  onDenying: (isDenying: boolean) => void
  onApprove: (input: ApproveRevealRequestInput) => Promise<void>
  onDeny: (comment: string) => Promise<void>
  onClaim: () => Promise<void>
  onRelease: () => Promise<void>
  onAllOfTicket: () => void
  approveButton: RefObject<HTMLButtonElement>
}

export function RequestDetail(props: RequestDetailProps) {
  const { request, context } = props.entry
  const mayDecide = props.isGone ? GONE : props.entry.mayDecide
  const translation = useTranslation()
  const { t, fieldLabel, list, enumeration, find, duration, when } = translation
  const titleId = useId()
  const roles = context.requesterRoles.map((role) => t(`role.${role}`))
  const groups = t('decide.groups', {
    names: list(context.requesterGroups),
    count: context.requesterGroups.length,
  })
  const standing = enumeration(context.requesterGroups.length === 0 ? roles : [...roles, groups])
  const age = request.ageSeconds + props.elapsedSeconds
  const facts = factsOf(request, context, translation, props.elapsedSeconds)

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
        {facts.map(({ kind, text }) => {
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
      {request.state === 'pending' ? (
        <Waiting {...props} mayDecide={mayDecide} />
      ) : (
        <Outcome request={request} />
      )}
    </Pane>
  )
}

function Waiting(props: RequestDetailProps & { mayDecide: Verdict<ScrimErrorCode> }) {
  const { mayDecide, isGone } = props
  const { request } = props.entry
  const { t, number } = useTranslation()
  const [isWhyOpen, setIsWhyOpen] = useState(false)
  const [claiming, claim] = useAttempt(props.onClaim)
  const isClaimed = claimOf(request, props.elapsedSeconds) !== null
  return (
    <>
      {!isGone && (
        <Standing
          entry={props.entry}
          viewer={props.viewer}
          elapsedSeconds={props.elapsedSeconds}
          onRelease={props.onRelease}
        />
      )}
      <ApproveForm
        entry={props.entry}
        mayDecide={mayDecide.allowed}
        onApprove={props.onApprove}
        approveButton={props.approveButton}
        otherButtons={
          <>
            <Button
              size="small"
              disabled={!mayDecide.allowed}
              aria-expanded={props.isDenying}
              onClick={() => props.onDenying(!props.isDenying)}
            >
              {t('decide.deny')}
            </Button>
            {mayDecide.allowed && !isClaimed && (
              <Button
                size="small"
                isBasic
                disabled={claiming.status === 'processing'}
                onClick={() => void claim()}
              >
                {t('decide.claim')}
              </Button>
            )}
            {mayDecide.allowed && props.onSameTicket > 1 && (
              <Button size="small" isBasic onClick={props.onAllOfTicket}>
                {t('decide.all_of_ticket', {
                  count: number(props.onSameTicket),
                  ticket: `#${request.ticketId}`,
                })}
              </Button>
            )}
            {!mayDecide.allowed && !isGone && (
              <Button isLink aria-expanded={isWhyOpen} onClick={() => setIsWhyOpen(!isWhyOpen)}>
                {t('sidebar.why')}
              </Button>
            )}
          </>
        }
      />
      {!mayDecide.allowed && isWhyOpen && <WhyPanel why={mayDecide} />}
      {isGone && (
        <WhyPanel why={{ reason: t('decide.gone_reason'), next: t('decide.gone_next') }} />
      )}
      {claiming.status === 'error' && <ErrorSentence error={claiming.error} />}
      {props.isDenying && mayDecide.allowed && (
        <DenyForm onDeny={props.onDeny} onClose={() => props.onDenying(false)} />
      )}
    </>
  )
}

function Outcome({ request }: { request: RevealRequestView }) {
  const translation = useTranslation()
  const { t, instant, duration, list, fieldLabel } = translation
  const { state, decision } = request
  const approved = approvedFields(request)
  const conditions = [
    approved.length < request.fields.length &&
      t('decide.only_fields', { fields: list(approved.map(fieldLabel)) }),
    decision !== null && decision.minutes !== null && duration(decision.minutes * 60),
    decision?.conditions?.uses !== undefined &&
      t('decide.uses', { count: decision.conditions.uses }),
    decision?.conditions?.isOnlyToday === true && t('decide.only_today'),
  ].filter((condition) => condition !== false)
  return (
    <div>
      <p>
        {[
          decision?.by
            ? t('decide.outcome_by', {
                state: t(`decide.state.${state}`),
                name: deciderName(decision, translation),
                time: instant(decision.at),
              })
            : t(`decide.state.${state}`),
          ...conditions,
        ].join(' · ')}
      </p>
      {decision !== null && decision.comment !== null && decision.comment !== '' && (
        <Words dir="auto">{decision.comment}</Words>
      )}
    </div>
  )
}
