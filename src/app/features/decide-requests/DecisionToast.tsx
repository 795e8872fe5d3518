/** Says what was decided. A decision is not undone; an approval can be revoked, and this offers that. */
import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Close, Notification, Title } from '@zendeskgarden/react-notifications'
import { styled } from 'styled-components'
import type { GrantView } from '../../../contract/grants.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { toastOf } from './BulkResults.tsx'
import { approvedFields } from './Standing.tsx'

const STAYS_MS = 12_000

const Place = styled.output`
  position: fixed;
  bottom: ${({ theme }) => theme.space.md};
  inset-inline-end: ${({ theme }) => theme.space.md};
  z-index: 10;
  max-width: calc(100vw - ${({ theme }) => theme.space.md} * 2);
`

export type Decided = {
  request: RevealRequestView
  /** The grant after it was revoked from here. */
  revoked: GrantView | null
}

export function DecisionToast({
  revokeButton,
  ...props
}: {
  decided: Decided
  /** Null for whoever may not revoke. */
  onRevoke: ((grantId: string) => Promise<void>) | null
  onClose: () => void
  revokeButton: RefObject<HTMLButtonElement>
}) {
  const { request, revoked } = props.decided
  const { t, list, fieldLabel } = useTranslation()
  const [revoking, revoke] = useAttempt(async (grantId: string) => props.onRevoke?.(grantId))
  const { onClose } = props
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return undefined
    const timer = setTimeout(onClose, STAYS_MS)
    return () => clearTimeout(timer)
  }, [onClose, isHeld])
  const values = {
    name: request.requester.name,
    fields: list(approvedFields(request).map(fieldLabel)),
  }
  const isApproved = request.state === 'approved' && request.grantId !== null
  // An approval that is not the last is no decision yet, but it was given in somebody's name, too.
  const onBehalfOf = (request.decision ?? request.approvals.at(-1))?.onBehalfOf ?? null
  const text =
    revoked !== null
      ? t('decide.toast.revoked', values)
      : t(`decide.toast.${toastOf(request)}`, values)
  return (
    <Place
      // It does not go while somebody reads it or is on the way to its button.
      onMouseEnter={() => setIsHeld(true)}
      onMouseLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <Notification type={isApproved && revoked === null ? 'success' : 'info'}>
        <Title>{text}</Title>
        {revoked === null && onBehalfOf !== null && (
          <div>{t('decide.toast.on_behalf', { name: onBehalfOf.name })}</div>
        )}
        {isApproved && revoked === null && props.onRevoke !== null && (
          <Button
            ref={revokeButton}
            isLink
            disabled={revoking.status === 'processing'}
            onClick={() => request.grantId !== null && void revoke(request.grantId)}
          >
            {t('decide.toast.revoke')}
          </Button>
        )}
        {revoking.status === 'error' && <ErrorSentence error={revoking.error} />}
        <Close aria-label={t('states.close')} onClick={onClose} />
      </Notification>
    </Place>
  )
}
