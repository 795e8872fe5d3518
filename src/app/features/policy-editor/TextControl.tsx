import { useId } from 'react'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { FieldFault, InForce } from './FieldNotes.tsx'
import { useForm } from './form-context.ts'
import type { FormNode } from './form-node.ts'
import type { Path } from './json.ts'
import { useControl } from './useControl.ts'

type TextNode = Extract<FormNode, { kind: 'text' }>

/** Ids, codes and patterns are no prose: nothing corrects them, and they read from left to right. */
const CODES = ['id', 'code', 'pattern', 'timeZone']

const TIME_ZONES: readonly string[] = Intl.supportedValuesOf('timeZone')

export function TextControl({ node, path }: { node: TextNode; path: Path }) {
  const { spelled, value, label, hint, fault, before, set } = useControl(path, node)
  const { named } = useForm()
  const zones = useId()
  const name = String(path.at(-1))
  const options = named?.[name]
  if (options !== undefined) return <NamedText node={node} path={path} options={options} />
  const isCode = CODES.includes(name)
  const isZone = name === 'timeZone'
  return (
    <Field data-path={spelled}>
      <Field.Label>{label}</Field.Label>
      {hint !== undefined && <Field.Hint>{hint}</Field.Hint>}
      <Input
        isCompact
        type={node.isTime ? 'time' : 'text'}
        autoComplete="off"
        {...(isCode ? { dir: 'ltr', spellCheck: false, autoCapitalize: 'off' } : {})}
        {...(isZone ? { list: zones } : {})}
        value={
          typeof value === 'string'
            ? value
            : value === null || value === undefined
              ? ''
              : JSON.stringify(value)
        }
        validation={fault === null ? undefined : 'error'}
        onChange={({ target }) => set(node.isNullable && target.value === '' ? null : target.value)}
      />
      {isZone && (
        <datalist id={zones}>
          {TIME_ZONES.map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </datalist>
      )}
      <FieldFault fault={fault} />
      <InForce before={before} />
    </Field>
  )
}

/** A text that names something of the policy. What the policy does not have stays until changed. */
function NamedText(props: {
  node: TextNode
  path: Path
  options: readonly { value: string; label: string }[]
}) {
  const { node, path, options } = props
  const { t } = useTranslation()
  const { spelled, value, label, hint, fault, set } = useControl(path, node)
  const shown = typeof value === 'string' ? value : ''
  const isStrange = shown !== '' && !options.some((option) => option.value === shown)
  return (
    <Field data-path={spelled}>
      <Field.Label>{label}</Field.Label>
      {hint !== undefined && <Field.Hint>{hint}</Field.Hint>}
      <Select
        isCompact
        value={shown}
        validation={fault === null ? undefined : 'error'}
        onChange={({ target }) => set(target.value === '' ? null : target.value)}
      >
        <option value="">{t('policy.any')}</option>
        {isStrange && <option value={shown}>{shown}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
      <FieldFault fault={fault} />
    </Field>
  )
}
