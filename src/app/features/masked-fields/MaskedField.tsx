/** A protected field at rest: its mask, the way to ask for it, and why it is hidden. */
import { forwardRef } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import { FieldMask } from '../../shared/FieldMask.tsx'
import { FieldRow } from '../../shared/FieldRow.tsx'
import { firstName } from '../../shared/people.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Translation } from '../../shared/translation.ts'
import type { MaskedFieldWhyProps } from './MaskedFieldWhy.tsx'
import { useClassLabel } from './useClassLabel.ts'
import { useWhy } from './useWhy.tsx'

const Nothing = styled.span`
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`

/** Looks pressed while its form is open, and closes it. */
const AskButton = styled(Button)`
  &&[aria-expanded='true'] {
    border-color: ${({ theme }) => getColor({ theme, variable: 'border.default' })};
    background: ${({ theme }) => getColor({ theme, variable: 'background.recessed' })};
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
  }
`

export type MaskedFieldProps = MaskedFieldWhyProps & {
  isAsking: boolean
  onAsk: () => void
  under?: ReactNode
}

/** The last thing that happened, while it explains why the mask is back. */
function noteOf(props: MaskedFieldProps, { t }: Translation): string | undefined {
  const { lastRequest, lastGrant, field } = props
  if (lastRequest?.state === 'denied') {
    const by = lastRequest.decision?.by
    return by ? t('sidebar.denied_by', { name: firstName(by) }) : t('sidebar.denied')
  }
  if (lastRequest?.state === 'expired') return t('sidebar.request_expired')
  if (lastRequest?.state === 'ended') return t('sidebar.request_ended')
  if (lastGrant !== null && lastGrant.state !== 'active') {
    return t(`sidebar.grant.${lastGrant.state}`)
  }
  if (!field.mayAsk.allowed && field.hasValue) return t('sidebar.cannot_ask')
  return undefined
}

/** Why nothing of the value stands there. */
function emptyWord({ hasValue, erasedAt }: ProtectedFieldView) {
  if (erasedAt !== undefined) return 'sidebar.erased'
  return hasValue ? 'sidebar.no_mask' : 'sidebar.no_value'
}

export const MaskedField = forwardRef<HTMLLIElement, MaskedFieldProps>(
  function MaskedField(props, ref) {
    const { field } = props
    const translation = useTranslation()
    const { t, fieldLabel } = translation
    const id = `field-${field.fieldId}`
    const note = noteOf(props, translation)
    const why = useWhy(props)
    const isAskable = field.hasValue && field.protection === 'vaulted'
    return (
      <FieldRow
        ref={ref}
        id={id}
        kind={field.kind}
        label={fieldLabel(field)}
        sensitivityClass={useClassLabel(field)}
        value={
          field.masked === null ? (
            <Nothing>{t(emptyWord(field))}</Nothing>
          ) : (
            <FieldMask field={field} />
          )
        }
        action={
          isAskable && (
            <AskButton
              size="small"
              id={`ask-${field.fieldId}`}
              disabled={!field.mayAsk.allowed}
              aria-expanded={props.isAsking}
              aria-describedby={id}
              onClick={props.onAsk}
            >
              {t('sidebar.ask')}
            </AskButton>
          )
        }
        note={note}
        noteTitle={note}
        noteAction={why.button}
        under={
          <>
            {why.panel}
            {props.under}
          </>
        }
      />
    )
  },
)
