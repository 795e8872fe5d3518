/** What proposing and reopening share: why, until when, and faults next to their fields. */
import { Field, Input, Textarea } from '@zendeskgarden/react-forms'
import { ScrimError } from '../../../core/errors.ts'
import { useErrorSentence } from '../../shared/ErrorSentence.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** `MAX_FREE_TEXT_LENGTH` of the contract, whose module brings zod along. */
const MAX_WHY_LENGTH = 500

const ABOUT_WHY = ['text_sensitive', 'reason_too_short', 'reason_not_meaningful']

export type FieldName = 'holder' | 'scope' | 'effect' | 'owner' | 'why' | 'until'

/** The field that a refusal is about; null where it is about none. */
export function fieldOf(error: unknown): FieldName | null {
  if (!(error instanceof ScrimError)) return null
  if (ABOUT_WHY.includes(error.code)) return 'why'
  const path = error.details.issues?.[0]?.path
  if (path === 'body.holderId') return 'holder'
  if (path === 'body.ownerId') return 'owner'
  return path === 'body.expiresAt' ? 'until' : null
}

/** A fault of the field as Garden shows it. */
export function FieldFault({ children }: { children: string | undefined }) {
  const { t } = useTranslation()
  if (children === undefined) return null
  return (
    <Field.Message validation="error" validationLabel={t('states.error')}>
      {children}
    </Field.Message>
  )
}

/** The sentence about a field that a refusal names. What is no day yet, or too late, the endpoint knows. */
export function useRefusalOf(error: unknown): (field: FieldName) => string | undefined {
  const { t } = useTranslation()
  const sentenceOf = useErrorSentence()
  return (field) => {
    if (fieldOf(error) !== field) return undefined
    switch (field) {
      case 'holder':
        return t('exceptions.holder_refused')
      case 'owner':
        return t('exceptions.owner_refused')
      case 'until':
        return error instanceof ScrimError && error.code === 'duration_too_long'
          ? t('exceptions.until_late', { count: error.details.limit ?? 0 })
          : t('exceptions.until_past')
      default:
        return sentenceOf(error)
    }
  }
}

type TextProps = { value: string; fault: string | undefined; onChange: (value: string) => void }

export function WhyField({ value, fault, onChange }: TextProps) {
  const { t } = useTranslation()
  return (
    <Field>
      <Field.Label>{t('exceptions.why')}</Field.Label>
      <Textarea
        isCompact
        required
        minRows={2}
        maxRows={6}
        maxLength={MAX_WHY_LENGTH}
        value={value}
        validation={fault === undefined ? undefined : 'error'}
        onChange={(event) => onChange(event.target.value)}
      />
      <FieldFault>{fault}</FieldFault>
    </Field>
  )
}

export function UntilField(props: TextProps & { maxDays: number }) {
  const { value, fault, maxDays, onChange } = props
  const { t } = useTranslation()
  return (
    <Field>
      <Field.Label>{t('exceptions.until')}</Field.Label>
      <Input
        isCompact
        required
        type="date"
        value={value}
        validation={fault === undefined ? undefined : 'error'}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault === undefined ? (
        <Field.Hint>{t('exceptions.until_hint', { count: maxDays })}</Field.Hint>
      ) : (
        <FieldFault>{fault}</FieldFault>
      )}
    </Field>
  )
}
