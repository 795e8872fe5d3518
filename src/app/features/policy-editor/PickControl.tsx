/** Lists of things that are named by id: groups, people, custom roles, weekdays; else plain tokens. */
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import Remove from '@zendeskgarden/svg-icons/src/12/x-stroke.svg?react'
import { styled } from 'styled-components'
import { useNamed } from '../../shared/policy-words.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { CheckboxGroup } from './ChoiceControl.tsx'
import { FieldFault } from './FieldNotes.tsx'
import { useForm } from './form-context.ts'
import { Group, Legend, Line, Tags } from './form-layout.ts'
import type { FormNode } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { isList, spellPath } from './json.ts'
import { numberOr } from './NumberControl.tsx'
import { useControl } from './useControl.ts'
import { useFaultSentence } from './useFaultSentence.ts'

const Adder = styled.div`
  flex: 0 1 320px;
  max-width: 320px;
  min-width: 0;
`

type Named = readonly { id: number; name: string }[]

/** Which of Zendesk's lists the ids of a part come from, by the part's name. */
export function useNamesFor(): (name: string) => Named | null {
  const { t } = useTranslation()
  const { directory } = useForm()
  const ticketFields = directory.ticketFields.map(({ id, title, canHoldMask }) => ({
    id,
    name: canHoldMask ? title : t('policy.no_mask', { field: title }),
  }))
  return (name) => {
    if (/groupIds?$/i.test(name)) return directory.groups
    if (/personIds?$/i.test(name)) return directory.people
    if (/zendeskFieldIds?$/i.test(name)) return ticketFields
    return /customRoleIds?$/i.test(name) ? directory.customRoles : null
  }
}

type NumbersNode = Extract<FormNode, { kind: 'numbers' }>

export function NumbersControl({ node, path }: { node: NumbersNode; path: Path }) {
  const control = useControl(path, node)
  const namesFor = useNamesFor()
  const weekdays = useWeekdays()
  const named = useNamed()
  const name = String(path.at(-1))
  if (name === 'days') return <CheckboxGroup {...control} options={weekdays} />
  const names = namesFor(name)
  if (names === null)
    return <TokensControl path={path} node={node} parse={(text) => numberOr(text, false)} />
  const chosen = isList(control.value) ? control.value : []
  return (
    <TagList
      {...control}
      path={path}
      items={chosen.map((id) => (typeof id === 'number' ? named(names, id) : JSON.stringify(id)))}
      onRemove={(at) => control.set(chosen.filter((_, index) => index !== at))}
    >
      <AddNamed
        label={control.label}
        options={names
          .filter(({ id }) => !chosen.includes(id))
          .map(({ id }) => ({ value: String(id), label: named(names, id) }))}
        onAdd={(id) => control.set([...chosen, Number(id)])}
      />
    </TagList>
  )
}

/** ISO 8601: Monday is 1. */
function useWeekdays() {
  const { locale } = useTranslation()
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  // The fifth of January 1970 was a Monday.
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({
    value: day,
    label: name.format(new Date(Date.UTC(1970, 0, 4 + day))),
  }))
}

export function TextsControl(props: { node: Extract<FormNode, { kind: 'texts' }>; path: Path }) {
  const { named } = useForm()
  const control = useControl(props.path, props.node)
  const options = named?.[String(props.path.at(-1))]
  if (options !== undefined) return <CheckboxGroup {...control} options={options} />
  return <TokensControl {...props} isDate={props.node.isDate} parse={(text) => text.trim()} />
}

/** A list that is typed entry by entry. */
function TokensControl(props: {
  node: FormNode
  path: Path
  isDate?: boolean
  parse: (text: string) => Json
}) {
  const { t } = useTranslation()
  const control = useControl(props.path, props.node)
  const [text, setText] = useState('')
  const chosen = isList(control.value) ? control.value : []
  const add = () => {
    if (text.trim() === '') return
    const next = props.parse(text)
    if (!chosen.includes(next)) control.set([...chosen, next])
    setText('')
  }
  return (
    <TagList
      {...control}
      path={props.path}
      items={chosen.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))}
      onRemove={(at) => control.set(chosen.filter((_, index) => index !== at))}
    >
      <Line>
        <Adder>
          <Field>
            <Field.Label hidden>{t('policy.add_to', { list: control.label })}</Field.Label>
            <Input
              isCompact
              type={props.isDate === true ? 'date' : 'text'}
              autoComplete="off"
              value={text}
              onChange={({ target }) => setText(target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                add()
              }}
            />
          </Field>
        </Adder>
        <Button size="small" onClick={add}>
          {t('policy.add')}
        </Button>
      </Line>
    </TagList>
  )
}

export function TagList(props: {
  path: Path
  label: string
  hint: string | undefined
  fault: string | null
  items: readonly string[]
  onRemove: (at: number) => void
  children: ReactNode
}) {
  const { t } = useTranslation()
  const { faults } = useForm()
  const sentenceOf = useFaultSentence()
  const spelled = spellPath(props.path)
  // An entry has no control of its own to stand next to.
  const within = faults.filter(({ path }) => path.startsWith(`${spelled}.`)).map(sentenceOf)
  const all = [props.fault, ...within].filter((one) => one !== null)
  return (
    <Group data-path={spelled}>
      <Legend>{props.label}</Legend>
      {props.hint !== undefined && (
        <Field>
          <Field.Hint>{props.hint}</Field.Hint>
        </Field>
      )}
      {props.items.length === 0 ? (
        <SubtleText>{t('policy.nobody_listed')}</SubtleText>
      ) : (
        <Tags>
          {props.items.map((item, at) => (
            <li key={item}>
              {item}
              <IconButton
                size="small"
                aria-label={t('policy.remove_named', { name: item })}
                onClick={(event) => {
                  // The button goes with its entry; one goes on with the control below.
                  const list = event.currentTarget.closest('fieldset')
                  props.onRemove(at)
                  list?.querySelector<HTMLElement>('select, input')?.focus()
                }}
              >
                <Remove />
              </IconButton>
            </li>
          ))}
        </Tags>
      )}
      {props.children}
      {all.length > 0 && (
        <Field>
          <FieldFault fault={all.join(' ')} />
        </Field>
      )}
    </Group>
  )
}

type Options = readonly { value: string; label: string }[]

/** Picks one more. Garden's select is the browser's own: it has every keyboard and screen reader. */
export function AddNamed(props: {
  label: string
  options?: Options
  groups?: readonly { label: string; options: Options }[]
  onAdd: (value: string) => void
}) {
  const { t } = useTranslation()
  const optionsOf = (options: Options) =>
    options.map(({ value, label }) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))
  const all = [...(props.options ?? []), ...(props.groups ?? []).flatMap(({ options }) => options)]
  if (all.length === 0) return null
  return (
    <Adder>
      <Field>
        <Field.Label hidden>{t('policy.add_to', { list: props.label })}</Field.Label>
        <Select
          isCompact
          value=""
          onChange={({ target }) => {
            if (target.value !== '') props.onAdd(target.value)
          }}
        >
          <option value="">{t('policy.add_one')}</option>
          {optionsOf(props.options ?? [])}
          {(props.groups ?? [])
            .filter(({ options }) => options.length > 0)
            .map(({ label, options }) => (
              <optgroup key={label} label={label}>
                {optionsOf(options)}
              </optgroup>
            ))}
        </Select>
      </Field>
    </Adder>
  )
}
