/** One id of Zendesk's, picked by name. */
import { Field, Select } from '@zendeskgarden/react-forms'
import { useNamed } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { FieldFault } from './FieldNotes.tsx'
import { useForm } from './form-context.ts'
import type { FormNode } from './form-node.ts'
import type { Path } from './json.ts'
import { getAt, isList } from './json.ts'
import { Grid, Group, Legend } from './form-layout.ts'
import { useNamesFor } from './PickControl.tsx'
import { useControl } from './useControl.ts'

export function NamedControl({ node, path }: { node: FormNode; path: Path }) {
  const { t } = useTranslation()
  const namesFor = useNamesFor()
  const { spelled, value, label, hint, fault, set } = useControl(path, node)
  return (
    <Field data-path={spelled}>
      <Field.Label>{label}</Field.Label>
      {hint !== undefined && <Field.Hint>{hint}</Field.Hint>}
      <IdSelect
        names={namesFor(String(path.at(-1))) ?? []}
        value={typeof value === 'number' ? value : null}
        nothing={t('policy.nothing')}
        isFaulty={fault !== null}
        onChange={(id) => set(id ?? (node.isNullable ? null : ''))}
      />
      <FieldFault fault={fault} />
    </Field>
  )
}

/** Two users who are one human being. */
export function PersonPair({ path }: { path: Path }) {
  const { t } = useTranslation()
  const { document, directory, faults, set } = useForm()
  const pair = getAt(document, path)
  const ids = isList(pair) ? pair : []
  const isFaulty = faults.some((fault) => fault.path.startsWith(path.join('.')))
  return (
    <Group data-path={path.join('.')}>
      <Legend>{t('policy.pair')}</Legend>
      <Grid>
        {[0, 1].map((at) => {
          const id = ids[at]
          return (
            <Field key={at}>
              <Field.Label isRegular>
                {t(at === 0 ? 'policy.pair_one' : 'policy.pair_other')}
              </Field.Label>
              <IdSelect
                names={directory.people}
                value={typeof id === 'number' ? id : null}
                nothing={t('policy.nobody')}
                isFaulty={isFaulty}
                onChange={(next) => set([...path, at], next ?? '')}
              />
            </Field>
          )
        })}
      </Grid>
      {isFaulty && (
        <Field>
          <FieldFault fault={t('policy.pair_fault')} />
        </Field>
      )}
    </Group>
  )
}

function IdSelect(props: {
  names: readonly { id: number; name: string }[]
  value: number | null
  nothing: string
  isFaulty: boolean
  onChange: (id: number | null) => void
}) {
  const { names, value } = props
  const named = useNamed()
  const isUnknown = value !== null && !names.some(({ id }) => id === value)
  return (
    <Select
      isCompact
      value={value === null ? '' : String(value)}
      validation={props.isFaulty ? 'error' : undefined}
      onChange={({ target }) => props.onChange(target.value === '' ? null : Number(target.value))}
    >
      <option value="">{props.nothing}</option>
      {isUnknown && <option value={value}>{named(names, value)}</option>}
      {names.map(({ id }) => (
        <option key={id} value={id}>
          {named(names, id)}
        </option>
      ))}
    </Select>
  )
}
