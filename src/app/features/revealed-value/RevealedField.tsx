/** A field that may be shown: Show, the value with its countdown, and Done within reach. */
import { forwardRef, Suspense, useEffect, useId, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { GrantView } from '../../../contract/grants.ts'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { DocumentName } from '../../shared/DocumentName.tsx'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FieldMask } from '../../shared/FieldMask.tsx'
import { FieldRow } from '../../shared/FieldRow.tsx'
import { lazyFeature } from '../../shared/lazy-feature.ts'
import { firstName } from '../../shared/people.ts'
import { subtleText, SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useLateFlag } from '../../shared/useLateFlag.ts'
import { secondsUntil, useTick } from '../../shared/useSeconds.ts'
import { CountdownRing } from './CountdownRing.tsx'
import { DocumentFrame, InTheMiddle } from './DocumentFrame.tsx'
import { ExtensionWaiting } from './ExtensionWaiting.tsx'
import { useRevealedValue } from './useRevealedValue.ts'
import { WatermarkedValue } from './WatermarkedValue.tsx'

const LazyDocumentView = lazyFeature(async () => {
  const { DocumentView } = await import('./DocumentView.tsx')
  return DocumentView
})

const Clock = styled.span`
  display: inline-flex;
  align-items: center;
  gap: ${({ theme }) => theme.space.xxs};
  font-variant-numeric: tabular-nums;
`

const BesideValue = styled.span`
  ${subtleText}
  flex: none;
  line-height: 32px;
`

const WholeReason = styled(SubtleText)`
  padding-top: ${({ theme }) => theme.space.xxs};
  overflow-wrap: anywhere;
  white-space: pre-wrap;
`

/** In the narrowest sidebar, longer values do not fit beside the button, or beside it and the clock. */
const FITS_ONE_LINE = 27
const FITS_WITH_CLOCK = 19
/** Longer reasons are cut there. */
const FITS_BESIDE_APPROVER = 24

export type RevealedFieldProps = {
  field: ProtectedFieldView
  grant: GrantView
  /** When the grant's seconds were counted, on `performance.now()`. */
  receivedAt: number
  sensitivityClass: string
  /** Tells whether this row must stay as it is: a value is on screen or may come back at no cost. */
  onHold: (isHeld: boolean) => void
  onDone: () => void
  announce: (text: string) => void
  /** A request for more time of this grant that waits. */
  extension: RevealRequestView | null
  /** The form that asks for more time. */
  renderMoreTimeForm: (onClose: () => void) => ReactNode
  onWithdrawn: () => void
}

export const RevealedField = forwardRef<HTMLLIElement, RevealedFieldProps>(
  function RevealedField(props, ref) {
    const { field, grant, onHold, announce } = props
    const { endpoint } = useEndpoint()
    const { t, list, clock, duration, time, fieldLabel } = useTranslation()
    const sentenceOf = useErrorSentence()
    const [isReleased, setIsReleased] = useState(false)
    const [isExpanded, setIsExpanded] = useState(false)
    const [isCut, setIsCut] = useState(false)
    const [isReasonOpen, setIsReasonOpen] = useState(false)
    const [isAskingMore, setIsAskingMore] = useState(false)
    const errorId = useId()
    const moreId = useId()
    const isGrantAlive = !isReleased && (grant.state === 'active' || grant.state === 'exhausted')
    const { phase, windowEndsAt, show, mask } = useRevealedValue({
      grantId: grant.id,
      fieldId: field.fieldId,
      sensitivityClass: field.sensitivityClass,
      isGrantAlive,
    })
    // Of text files the lines are shown, where any other value stands.
    const isPicture = field.contentType !== null && field.contentType !== 'text/plain'
    usePreloadedView(isPicture ? field.contentType : null)
    const now = useTick()
    const isHeld = windowEndsAt !== null || phase.name === 'fetching'

    useEffect(() => {
      onHold(isHeld)
      return () => onHold(false)
    }, [isHeld, onHold])

    const shownSeconds = phase.name === 'shown' ? phase.revealed.displayRemainingSeconds : null
    const cause = phase.name === 'masked' ? phase.cause : null
    useEffect(() => {
      if (shownSeconds !== null) {
        announce(t('revealed.announce_shown', { field: fieldLabel(field), count: shownSeconds }))
      } else if (cause !== null) {
        announce(t('revealed.announce_masked', { field: fieldLabel(field) }))
      }
      // Words that change language are not said again.
      // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [shownSeconds, cause, announce, fieldLabel, field])

    const done = async () => {
      setIsReleased(true)
      mask('by_hand')
      await endpoint
        .send('POST', `/grants/${grant.id}/release`, {})
        .catch(() => setIsReleased(false))
      props.onDone()
    }

    const row = {
      ref,
      id: `field-${field.fieldId}`,
      kind: field.kind,
      label: fieldLabel(field),
      sensitivityClass: props.sensitivityClass,
    }
    const fieldName = <VisuallyHidden>{` ${fieldLabel(field)}`}</VisuallyHidden>
    const isExtensible =
      isGrantAlive && grant.state === 'active' && !grant.isBreakGlass && props.extension === null
    const closeMore = () => {
      setIsAskingMore(false)
      document.getElementById(moreId)?.focus()
    }
    const moreTime =
      props.extension === null ? (
        isAskingMore && isExtensible && props.renderMoreTimeForm(closeMore)
      ) : (
        <ExtensionWaiting request={props.extension} onWithdrawn={props.onWithdrawn} />
      )

    if (phase.name === 'shown') {
      const { revealed } = phase
      // The last tick may be older than the value.
      const left = Math.min(revealed.displayRemainingSeconds, secondsUntil(phase.deadline, now))
      const reason = grant.reasonText === '' ? grant.reasonLabel : grant.reasonText
      const approvedBy = grant.isBreakGlass
        ? t('revealed.break_glass')
        : grant.approvedBy.length === 0
          ? t('revealed.by_policy')
          : t('revealed.approved_by', { names: list(grant.approvedBy.map(firstName)) })
      const text = 'value' in revealed ? revealed.value : null
      const isLong = text !== null && (isCut || text.length > FITS_ONE_LINE || text.includes('\n'))
      const isClockBesideValue = text === null || text.length <= FITS_WITH_CLOCK
      const watermark = `${revealed.watermark.name} ${time(revealed.watermark.at)}`
      const countdown = (
        <Clock>
          <span role="timer" aria-label={t('revealed.time_left', { time: duration(left) })}>
            {clock(left)}
          </span>
          <CountdownRing left={left} total={revealed.displaySeconds} />
        </Clock>
      )
      return (
        <FieldRow
          {...row}
          value={
            'document' in revealed ? (
              <DocumentName contentType={revealed.document.contentType} />
            ) : (
              <WatermarkedValue
                kind={field.contentType === null ? field.kind : 'other'}
                value={revealed.value}
                watermark={watermark}
                isCopyAllowed={revealed.isCopyAllowed}
                isExpanded={isExpanded}
                onTruncated={setIsCut}
                label={fieldLabel(field)}
              />
            )
          }
          action={
            <>
              {isClockBesideValue && <BesideValue>{countdown}</BesideValue>}
              <Button size="small" isPrimary onClick={() => void done()}>
                {t('revealed.done')}
                {fieldName}
              </Button>
            </>
          }
          note={reason}
          noteTitle={reason}
          noteToggle={
            reason.length > FITS_BESIDE_APPROVER
              ? { isOpen: isReasonOpen, onToggle: () => setIsReasonOpen(!isReasonOpen) }
              : undefined
          }
          noteEnd={`· ${approvedBy}`}
          noteAction={
            isLong && (
              <Button isLink aria-expanded={isExpanded} onClick={() => setIsExpanded(!isExpanded)}>
                {isExpanded ? t('revealed.less') : t('revealed.all')}
              </Button>
            )
          }
          end={isClockBesideValue ? undefined : countdown}
          under={
            <>
              {isReasonOpen && <WholeReason dir="auto">{reason}</WholeReason>}
              {moreTime}
              {'document' in revealed && (
                <Suspense fallback={<DocumentPlace word={null} />}>
                  <LazyDocumentView
                    document={revealed.document}
                    label={fieldLabel(field)}
                    watermark={watermark}
                    usesLeft={revealed.usesLeft}
                    announce={announce}
                  />
                </Suspense>
              )}
            </>
          }
        />
      )
    }

    const remaining = secondsUntil(props.receivedAt + grant.remainingSeconds * 1000, now)
    const usesLeft = grant.fields.find((other) => other.fieldId === field.fieldId)?.usesLeft ?? 0
    const freeSeconds = windowEndsAt === null ? 0 : secondsUntil(windowEndsAt, now)
    const isLost = phase.name === 'failed'
    const standing =
      freeSeconds > 0
        ? t('revealed.free_again', { time: clock(freeSeconds) })
        : t('revealed.standing', {
            time: duration(remaining),
            uses: t('revealed.uses', { count: usesLeft }),
          })
    const note = isLost
      ? sentenceOf(phase.error)
      : cause === 'unreachable'
        ? `${t('revealed.cause.unreachable')} ${standing}`
        : standing
    return (
      <FieldRow
        {...row}
        value={<FieldMask field={field} />}
        action={
          <Button
            size="small"
            isPrimary
            disabled={phase.name === 'fetching' || !isGrantAlive}
            aria-describedby={isLost ? errorId : undefined}
            onClick={() => void show()}
          >
            {freeSeconds > 0 ? t('revealed.show_again') : t('revealed.show')}
            {fieldName}
          </Button>
        }
        note={
          <span id={errorId} role={isLost ? 'alert' : undefined}>
            {note}
          </span>
        }
        noteTitle={note}
        noteAction={
          isExtensible && (
            <Button
              isLink
              id={moreId}
              aria-expanded={isAskingMore}
              onClick={() => setIsAskingMore(!isAskingMore)}
            >
              {t('revealed.more_time')}
              {fieldName}
            </Button>
          )
        }
        end={
          <Button isLink disabled={!isGrantAlive} onClick={() => void done()}>
            {t('revealed.done')}
            {fieldName}
          </Button>
        }
        under={
          <>
            {moreTime}
            {isPicture && isHeld && (
              <DocumentPlace
                word={
                  isLost
                    ? null
                    : t(phase.name === 'fetching' ? 'document.loading' : 'document.masked')
                }
              />
            )}
          </>
        }
      />
    )
  },
)

/** Where the document was or will be. */
function DocumentPlace({ word }: { word: string | null }) {
  const isLate = useLateFlag()
  return (
    <DocumentFrame>
      <InTheMiddle>{isLate && word}</InTheMiddle>
    </DocumentFrame>
  )
}

/** Fetches what draws a document before it is asked for: its time on screen begins with the answer. */
function usePreloadedView(contentType: string | null): void {
  useEffect(() => {
    if (contentType === null) return
    const preload = async () => {
      await LazyDocumentView.preload()
      if (contentType !== 'application/pdf') return
      const { fetchWorker } = await import('./open-pdf.ts')
      await fetchWorker()
    }
    preload().catch(() => undefined)
  }, [contentType])
}
