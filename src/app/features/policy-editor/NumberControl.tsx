import { Field, Input } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { FieldFault, InForce } from './FieldNotes.tsx'
import { Line } from './form-layout.ts'
import type { FormNode } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { useControl } from './useControl.ts'

const Short = styled.div`
  flex: 0 1 112px;
`

const Bounds = styled.span`
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  font-size: ${({ theme }) => theme.fontSizes.md};
  line-height: 20px;
`

type NumberNode = Extract<FormNode, { kind: 'number' }>

/** A whole number with its bounds and its unit. What is none stays as it was typed, and is a fault. */
export function NumberControl(props: {
  node: NumberNode
  path: Path
  /** Where a table's headings say what it is, its label is only heard. */
  hasHiddenLabel?: boolean
  label?: string
  set?: (value: Json) => void
}) {
  const { node, path, hasHiddenLabel = false } = props
  const { t, number } = useTranslation()
  const control = useControl(path, node)
  const { spelled, value, unit, fault, before } = control
  const { label = control.label, set = control.set } = props
  const { min, max } = node
  const range =
    min === null || max === null
      ? null
      : t(node.isNullable ? 'policy.bounds_or_none' : 'policy.bounds', {
          from: number(min),
          to: number(max),
        })
  const bounds = [range, unit].filter((one) => typeof one === 'string').join(' ')
  const hint = hasHiddenLabel ? undefined : control.hint
  return (
    <Field data-path={spelled}>
      <Field.Label hidden={hasHiddenLabel}>{label}</Field.Label>
      {hint !== undefined && (
        <Field.Hint>
          {hint}
          <VisuallyHidden> {bounds}</VisuallyHidden>
        </Field.Hint>
      )}
      <Line>
        <Short>
          <Input
            isCompact
            inputMode="numeric"
            autoComplete="off"
            value={value === null || value === undefined ? '' : String(value)}
            validation={fault === null ? undefined : 'error'}
            onChange={({ target }) => set(numberOr(target.value, node.isNullable))}
          />
        </Short>
        {bounds !== '' &&
          (hint === undefined ? (
            <Field.Hint>{bounds}</Field.Hint>
          ) : (
            <Bounds aria-hidden="true">{bounds}</Bounds>
          ))}
      </Line>
      <FieldFault fault={fault} />
      <InForce before={before} />
    </Field>
  )
}

/** The number that was typed; else the text itself, and null for nothing where that is allowed. */
export function numberOr(text: string, isNullable: boolean): Json {
  const trimmed = text.trim()
  if (trimmed === '' && isNullable) return null
  return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : text
}
