/** One thing that was found: its kind and mask, how sure and why, and what one can do with it. */
import { forwardRef, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Select } from '@zendeskgarden/react-forms'
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import { FieldIcon } from '../../shared/FieldIcon.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { Masked } from '../../shared/Masked.tsx'
import { hairline, SubtleText, subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Finding } from './findings.ts'
import { maskOf } from './findings.ts'
import { GuardFault } from './GuardFault.tsx'

const Item = styled.li`
  ${hairline}
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xs};
  padding: ${({ theme }) => theme.space.sm} 0;
  ${({ theme }) => focusStyles({ theme, inset: true })}
`

const Heading = styled.div`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  svg {
    flex: none;
    margin-top: 2px;
  }
  h3 {
    flex: 1;
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
`

const Sureness = styled.span`
  ${subtleText}
  flex: none;
  line-height: 20px;
`

const Why = styled.div`
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
  p {
    margin: 0;
  }
`

const MaskLine = styled.div`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  align-items: center;
  div {
    flex: 1;
    min-width: 0;
  }
`

const Question = styled.fieldset`
  margin: 0;
  border: 0;
  min-width: 0;
  padding: 0;
  p {
    margin: 0 0 ${({ theme }) => theme.space.xs};
  }
`

/** WCAG 2.2, 2.5.8: a target of 24 pixels. */
const WhyButton = styled(Button)`
  && {
    flex: none;
    min-height: 24px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
    font-size: ${({ theme }) => theme.fontSizes.sm};
  }
  &&:hover {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.primary' })};
  }
`

export type FindingItemProps = {
  id: string
  finding: Finding
  isPublic: boolean
  /** null while they are not known. */
  fields: readonly ProtectedFieldView[] | null
  /** Where it may go, empty ones first. */
  places: readonly (ProtectedFieldView & { isEmpty: boolean })[]
  /** The only finding: its first act is the panel's accent. */
  isOnly: boolean
  isBusy: boolean
  working: boolean
  error: unknown
  onMove: (fieldId: string) => void
  onMask: () => void
}

export const FindingItem = forwardRef<HTMLLIElement, FindingItemProps>(
  function FindingItem(props, ref) {
    const { finding, places, isBusy, isOnly } = props
    const { t, locale } = useTranslation()
    const [isWhyOpen, setIsWhyOpen] = useState(false)
    const [isReplacing, setIsReplacing] = useState(false)
    const [chosenId, setChosenId] = useState<string | null>(null)
    const moveButton = useRef<HTMLButtonElement>(null)
    const place = places.find(({ fieldId }) => fieldId === chosenId) ?? places[0]
    const noun = t(`kinds.${finding.kind}`)
    const kind = noun.charAt(0).toLocaleUpperCase(locale) + noun.slice(1)
    const closeQuestion = () => {
      setIsReplacing(false)
      requestAnimationFrame(() => moveButton.current?.focus())
    }
    const onQuestionKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      closeQuestion()
    }
    const move = () => {
      if (place === undefined) return
      if (place.isEmpty) props.onMove(place.fieldId)
      else setIsReplacing(true)
    }
    return (
      <Item ref={ref} tabIndex={-1} aria-labelledby={`${props.id} ${props.id}-mask`}>
        <Heading>
          <FieldIcon kind={finding.kind} />
          <h3 id={props.id}>{kind}</h3>
          <Sureness>{t(`save_guard.confidence.${finding.confidence}`)}</Sureness>
        </Heading>
        <MaskLine>
          <div id={`${props.id}-mask`}>
            <Masked kind={finding.kind} masked={maskOf(finding, props.fields ?? [])} />
          </div>
          <WhyButton
            isLink
            aria-expanded={isWhyOpen}
            aria-label={t('save_guard.why_of', { kind })}
            onClick={() => setIsWhyOpen(!isWhyOpen)}
          >
            {t('sidebar.why')}
          </WhyButton>
        </MaskLine>
        {isWhyOpen && <WhyNote finding={finding} />}
        {places.length > 1 && (
          <Field>
            <Field.Label>{t('save_guard.field')}</Field.Label>
            <Select
              isCompact
              value={place?.fieldId}
              disabled={isBusy}
              onChange={(event) => {
                setChosenId(event.target.value)
                setIsReplacing(false)
              }}
            >
              {places.map(({ fieldId, label, isEmpty }) => (
                <option key={fieldId} value={fieldId}>
                  {t(isEmpty ? 'save_guard.field_empty' : 'save_guard.field_taken', {
                    field: label,
                  })}
                </option>
              ))}
            </Select>
          </Field>
        )}
        {!isReplacing && (
          <SubtleText>
            {t(props.isPublic ? 'save_guard.in_reply' : 'save_guard.in_note', {
              count: finding.places,
            })}{' '}
            {consequence(props, place, t)}
          </SubtleText>
        )}
        {isReplacing && place !== undefined ? (
          <Question aria-label={t('save_guard.replace')} onKeyDown={onQuestionKey}>
            <p>{t('save_guard.replace_question', { field: place.label })}</p>
            <FormButtons>
              <Button
                size="small"
                isDanger
                // The question opens by the person's own act, and the keyboard continues there.
                // eslint-disable-next-line jsx-a11y/no-autofocus
                autoFocus
                disabled={isBusy}
                onClick={() => {
                  setIsReplacing(false)
                  props.onMove(place.fieldId)
                }}
              >
                {t('save_guard.replace')}
              </Button>
              <Button size="small" isBasic onClick={closeQuestion}>
                {t('save_guard.keep')}
              </Button>
            </FormButtons>
          </Question>
        ) : (
          <FormButtons>
            {place !== undefined && (
              <Button
                ref={moveButton}
                size="small"
                isPrimary={isOnly}
                disabled={isBusy}
                onClick={move}
              >
                {props.working ? t('save_guard.working') : t('save_guard.move')}
              </Button>
            )}
            <Button
              size="small"
              isBasic={place !== undefined}
              isPrimary={isOnly && place === undefined}
              disabled={isBusy}
              onClick={props.onMask}
            >
              {t('save_guard.mask')}
            </Button>
          </FormButtons>
        )}
        {props.error !== null && <GuardFault error={props.error} />}
      </Item>
    )
  },
)

type Translate = ReturnType<typeof useTranslation>['t']

/** What becomes of it, before one acts. */
function consequence(
  { finding, fields }: FindingItemProps,
  place: (ProtectedFieldView & { isEmpty: boolean }) | undefined,
  t: Translate,
): string {
  if (finding.kind === 'card_verification_code') return t('save_guard.never_stored')
  if (fields === null) return t('save_guard.fields_unknown')
  if (place === undefined) return t('save_guard.no_field')
  return t(place.isEmpty ? 'save_guard.goes_to' : 'save_guard.would_replace', {
    field: place.label,
  })
}

function WhyNote({ finding: { confidence, why } }: { finding: Finding }) {
  const { t } = useTranslation()
  return (
    <Why role="note">
      <p>{t(`save_guard.because.${confidence}`)}</p>
      {why.check !== undefined && (
        <p>{t('save_guard.because.check', { check: why.check.replaceAll('_', ' ') })}</p>
      )}
      {why.context !== undefined && <p>{t('save_guard.because.context')}</p>}
      <SubtleText>{t('save_guard.because.rule', { rule: why.rule })}</SubtleText>
    </Why>
  )
}
