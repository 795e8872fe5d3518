import { Checkbox, Field, Select } from '@zendeskgarden/react-forms'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { FieldFault, InForce } from './FieldNotes.tsx'
import { Choices, Group, Legend } from './form-layout.ts'
import type { FormNode } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { isList } from './json.ts'
import { useControl } from './useControl.ts'

/** One word of a few. A word that the schema does not know stays in the list until another is picked. */
export function ChoiceControl(props: {
  node: Extract<FormNode, { kind: 'choice' }>
  path: Path
  /** Where a table's headings say what it is, its label is only heard. */
  hasHiddenLabel?: boolean
  label?: string
  set?: (value: Json) => void
}) {
  const { node, path, hasHiddenLabel = false } = props
  const { t } = useTranslation()
  const { wordOf } = usePolicyWords()
  const control = useControl(path, node)
  const { spelled, value, hint, fault, before } = control
  const { label = control.label, set = control.set } = props
  const shown = typeof value === 'string' ? value : ''
  const isStrange = shown !== '' && !node.values.includes(shown)
  return (
    <Field data-path={spelled}>
      <Field.Label hidden={hasHiddenLabel}>{label}</Field.Label>
      {hint !== undefined && !hasHiddenLabel && <Field.Hint>{hint}</Field.Hint>}
      <Select
        isCompact
        value={shown}
        validation={fault === null ? undefined : 'error'}
        onChange={({ target }) => set(target.value === '' ? null : target.value)}
      >
        {(node.isNullable || shown === '') && <option value="">{t('policy.nothing')}</option>}
        {isStrange && <option value={shown}>{shown}</option>}
        {node.values.map((word) => (
          <option key={word} value={word}>
            {wordOf(word)}
          </option>
        ))}
      </Select>
      <FieldFault fault={fault} />
      <InForce before={before} />
    </Field>
  )
}

export function SwitchControl(props: { node: Extract<FormNode, { kind: 'switch' }>; path: Path }) {
  const { spelled, value, label, hint, fault, before, set } = useControl(props.path, props.node)
  return (
    <Field data-path={spelled}>
      <Checkbox checked={value === true} onChange={({ target }) => set(target.checked)}>
        <Field.Label isRegular>{label}</Field.Label>
        {hint !== undefined && <Field.Hint>{hint}</Field.Hint>}
        <FieldFault fault={fault} />
      </Checkbox>
      <InForce before={before} />
    </Field>
  )
}

/** Some of a few words. Words stand in the schema's order, strange ones stay behind. */
export function ChoicesControl(props: {
  node: Extract<FormNode, { kind: 'choices' }>
  path: Path
}) {
  const { node, path } = props
  const { wordOf } = usePolicyWords()
  const control = useControl(path, node)
  return (
    <CheckboxGroup
      {...control}
      options={node.values.map((word) => ({ value: word, label: wordOf(word) }))}
    />
  )
}

type Option = { value: string | number; label: string }

export function CheckboxGroup(props: {
  spelled: string
  label: string
  hint: string | undefined
  fault: string | null
  before: Json | undefined
  value: Json | undefined
  options: readonly Option[]
  set: (value: Json) => void
}) {
  const { options, value, fault, before, set } = props
  const chosen = isList(value) ? value : []
  const toggle = (one: string | number) => {
    const next = chosen.includes(one) ? chosen.filter((each) => each !== one) : [...chosen, one]
    const known = options.map((option) => option.value)
    set([
      ...known.filter((each) => next.includes(each)),
      ...next.filter((each) => !known.some((one) => one === each)),
    ])
  }
  return (
    <Group data-path={props.spelled}>
      <Legend>{props.label}</Legend>
      {props.hint !== undefined && (
        <Field>
          <Field.Hint>{props.hint}</Field.Hint>
        </Field>
      )}
      <Choices>
        {options.map((option) => (
          <Field key={option.value}>
            <Checkbox
              isCompact
              checked={chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
            >
              <Field.Label isRegular>{option.label}</Field.Label>
            </Checkbox>
          </Field>
        ))}
      </Choices>
      {(fault !== null || before !== undefined) && (
        <Field>
          <FieldFault fault={fault} />
          <InForce before={before} />
        </Field>
      )}
    </Group>
  )
}
