/** Where a pending request stands: who looks at it, who approved, whose turn it is. */
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import Clock from '@zendeskgarden/svg-icons/src/16/clock-stroke.svg?react'
import UserCircle from '@zendeskgarden/svg-icons/src/16/user-circle-stroke.svg?react'
import UserGroup from '@zendeskgarden/svg-icons/src/16/user-group-stroke.svg?react'
import { styled } from 'styled-components'
import type { FieldRef, PersonRef } from '../../../contract/primitives.ts'
import type { QueuedRevealRequest, RevealRequestView } from '../../../contract/reveal-requests.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { fullNames } from '../../shared/people.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Translation } from '../../shared/translation.ts'
import { useAttempt } from '../../shared/useAttempt.ts'

const Lines = styled.ul`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xxs};
  margin: 0;
  padding: 0;
  list-style: none;
  li {
    display: flex;
    gap: ${({ theme }) => theme.space.xs};
    line-height: 20px;
  }
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`

const HOUR_SECONDS = 3600

/** The claim that still holds, and the seconds it has left. */
export function claimOf(
  { claim }: RevealRequestView,
  elapsedSeconds: number,
): { by: PersonRef; secondsLeft: number } | null {
  const secondsLeft = claim === null ? 0 : claim.remainingSeconds - elapsedSeconds
  return claim === null || secondsLeft <= 0 ? null : { by: claim.by, secondsLeft }
}

/** What of a request was approved; all that was asked until somebody approves less. */
export function approvedFields({ fields, decision }: RevealRequestView): FieldRef[] {
  const ids = decision?.fieldIds ?? null
  return ids === null ? fields : fields.filter(({ fieldId }) => ids.includes(fieldId))
}

/** "Omar Haddad for Lena Fischer", or just the name. */
export function deciderName(
  by: { by: PersonRef | null; onBehalfOf: PersonRef | null },
  { t }: Translation,
): string {
  const name = by.by?.name ?? ''
  return by.onBehalfOf === null ? name : t('decide.name_for', { name, other: by.onBehalfOf.name })
}

export function Standing(props: {
  entry: QueuedRevealRequest
  viewer: PersonRef
  elapsedSeconds: number
  onRelease: () => Promise<void>
}) {
  const { request, onBehalfOf, mayDecide } = props.entry
  const translation = useTranslation()
  const { t, list, duration } = translation
  const [releasing, release] = useAttempt(props.onRelease)
  const claim = claimOf(request, props.elapsedSeconds)
  const isMine = claim?.by.id === props.viewer.id
  const { approvals, approvalsNeeded } = request
  return (
    <Lines aria-label={t('decide.standing')}>
      {claim !== null && (
        <li>
          <Clock aria-hidden="true" focusable="false" />
          <span>
            {isMine
              ? t('decide.claimed_by_me', { time: duration(claim.secondsLeft) })
              : t('decide.claimed_by', {
                  name: claim.by.name,
                  time: duration(claim.secondsLeft),
                })}{' '}
            {isMine && (
              <Button
                isLink
                disabled={releasing.status === 'processing'}
                onClick={() => void release()}
              >
                {t('decide.release')}
              </Button>
            )}
          </span>
        </li>
      )}
      {releasing.status === 'error' && (
        <li>
          <ErrorSentence error={releasing.error} />
        </li>
      )}
      {onBehalfOf !== null && mayDecide.allowed && (
        <li>
          <UserCircle aria-hidden="true" focusable="false" />
          <span>{t('decide.on_behalf', { name: onBehalfOf.name })}</span>
        </li>
      )}
      {(approvals.length > 0 || approvalsNeeded > 1) && (
        <li>
          <UserCircle aria-hidden="true" focusable="false" />
          <span>
            {t('decide.approvals', { count: approvals.length, all: approvalsNeeded })}
            {approvals.length > 0 &&
              ` ${list(approvals.map((approval) => deciderName(approval, translation)))}`}
          </span>
        </li>
      )}
      {(request.askedOf.length > 0 || request.isEscalated) && (
        <li>
          <UserGroup aria-hidden="true" focusable="false" />
          <span>
            {[
              request.isEscalated && t('decide.escalated'),
              request.askedOf.length > 0 &&
                t('decide.asked_of', { names: fullNames(request.askedOf, translation) }),
            ]
              .filter(Boolean)
              .join(' ')}
          </span>
        </li>
      )}
      <li>
        <Clock aria-hidden="true" focusable="false" />
        <span>{whatTimeDoes(request, props.elapsedSeconds, translation).join(' ')}</span>
      </li>
    </Lines>
  )
}

/** What happens by itself when nobody decides. */
function whatTimeDoes(
  request: RevealRequestView,
  elapsedSeconds: number,
  { t, duration, instant }: Translation,
): string[] {
  const { onDuty, escalation, remindedAt, expiresInSeconds } = request
  const inOrAt = ({ at, remainingSeconds }: NonNullable<typeof escalation>) => {
    const left = Math.max(0, remainingSeconds - elapsedSeconds)
    return left < HOUR_SECONDS ? t('decide.in', { time: duration(left) }) : instant(at)
  }
  return [
    onDuty !== null && t('decide.on_duty', { time: inOrAt(onDuty) }),
    remindedAt !== null && t('decide.reminded', { time: instant(remindedAt) }),
    escalation !== null && t('decide.escalates', { time: inOrAt(escalation) }),
    t('decide.expires', { time: duration(Math.max(0, expiresInSeconds - elapsedSeconds)) }),
  ].filter((sentence) => sentence !== false)
}
