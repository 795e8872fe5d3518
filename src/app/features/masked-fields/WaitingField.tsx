/** A field that somebody has been asked about: how long ago, whom, and the way back. */
import { forwardRef } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { FieldMask } from '../../shared/FieldMask.tsx'
import { FieldRow } from '../../shared/FieldRow.tsx'
import { subtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useTick } from '../../shared/useSeconds.ts'
import { askedSentence } from './asked-sentence.ts'
import type { MaskedFieldWhyProps } from './MaskedFieldWhy.tsx'
import { useClassLabel } from './useClassLabel.ts'
import { useWhy } from './useWhy.tsx'

const Status = styled.span`
  ${subtleText}
  flex: none;
  font-variant-numeric: tabular-nums;
  line-height: 32px;
`

export type WaitingFieldProps = Pick<MaskedFieldWhyProps, 'field' | 'list'> & {
  request: RevealRequestView
  /** When the request's seconds were counted, on `performance.now()`. */
  receivedAt: number
  onWithdrawn: () => void
  under?: ReactNode
}

export const WaitingField = forwardRef<HTMLLIElement, WaitingFieldProps>(
  function WaitingField(props, ref) {
    const { field, request } = props
    const { endpoint } = useEndpoint()
    const translation = useTranslation()
    const { t, fieldLabel, duration } = translation
    const now = useTick()
    const why = useWhy({ field, list: props.list, lastRequest: null, lastGrant: null })
    const [withdrawing, withdraw] = useAttempt(async () => {
      await endpoint.send('POST', `/reveal-requests/${request.id}/withdraw`, {})
      props.onWithdrawn()
    })
    const elapsed = Math.max(0, Math.floor((now - props.receivedAt) / 1000))
    const age = request.ageSeconds + elapsed
    const asked = askedSentence(request, elapsed, translation)
    return (
      <FieldRow
        ref={ref}
        id={`field-${field.fieldId}`}
        kind={field.kind}
        label={fieldLabel(field)}
        sensitivityClass={useClassLabel(field)}
        value={<FieldMask field={field} />}
        action={
          <Status>
            {age < 60 ? t('sidebar.waiting') : t('sidebar.waiting_for', { time: duration(age) })}
          </Status>
        }
        {...(withdrawing.status === 'error' ? { note: t('sidebar.withdraw_failed') } : asked)}
        noteAction={why.button}
        under={
          <>
            {why.panel}
            {props.under}
          </>
        }
        end={
          <Button
            isLink
            disabled={withdrawing.status === 'processing'}
            onClick={() => void withdraw()}
          >
            {t('sidebar.withdraw')}
            <VisuallyHidden>{` ${fieldLabel(field)}`}</VisuallyHidden>
          </Button>
        }
      />
    )
  },
)
