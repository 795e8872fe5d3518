/**
 * The control for a part of the document, chosen by what the schema takes there. Parts of parts come
 * back here, which is why objects, lists and maps stand in one file.
 */
import { useRef, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Checkbox, Field, Select } from '@zendeskgarden/react-forms'
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import Chevron from '@zendeskgarden/svg-icons/src/16/chevron-down-stroke.svg?react'
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { hairline, subtleText, SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { ChoiceControl, ChoicesControl, SwitchControl } from './ChoiceControl.tsx'
import { FieldFault } from './FieldNotes.tsx'
import { useForm } from './form-context.ts'
import { Grid, Group, Inset, Legend, Stack, Wide } from './form-layout.ts'
import type { FormNode } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { isList, isObject, spellPath } from './json.ts'
import { MatrixControl } from './MatrixControl.tsx'
import { NamedControl, PersonPair } from './NamedControl.tsx'
import { NumberControl } from './NumberControl.tsx'
import { NumbersControl, TextsControl, useNamesFor } from './PickControl.tsx'
import { RoleSourcesControl } from './RoleSourcesControl.tsx'
import { TextControl } from './TextControl.tsx'
import { useControl } from './useControl.ts'
import { useEntryName } from './useEntryName.ts'

type NodeOf<Kind extends FormNode['kind']> = Extract<FormNode, { kind: Kind }>

export function NodeControl({ node, path }: { node: FormNode; path: Path }) {
  const namesFor = useNamesFor()
  if (path[0] === 'roles' && path.length === 2)
    return <RoleSourcesControl node={node} path={path} />
  switch (node.kind) {
    case 'number':
      return namesFor(String(path.at(-1))) === null ? (
        <NumberControl node={node} path={path} />
      ) : (
        <NamedControl node={node} path={path} />
      )
    case 'switch':
      return <SwitchControl node={node} path={path} />
    case 'choice':
      return <ChoiceControl node={node} path={path} />
    case 'choices':
      return <ChoicesControl node={node} path={path} />
    case 'text':
      return <TextControl node={node} path={path} />
    case 'texts':
      return <TextsControl node={node} path={path} />
    case 'numbers':
      return <NumbersControl node={node} path={path} />
    case 'pair':
      return <PersonPair path={path} />
    case 'entries':
      return <EntriesControl node={node} path={path} />
    case 'map':
      return <MapControl node={node} path={path} />
    case 'object':
      return <ObjectControl node={node} path={path} />
    case 'either':
      return path.at(-1) === 'expect' ? (
        <ExpectControl node={node} path={path} />
      ) : (
        <DocumentOnly path={path} node={node} />
      )
    case 'variants':
    case 'unknown':
      return <DocumentOnly path={path} node={node} />
  }
}

/** What no form is for. It stays in the document, untouched. */
function DocumentOnly({ path, node }: { path: Path; node: FormNode }) {
  const { t } = useTranslation()
  const { spelled, label } = useControl(path, node)
  return <SubtleText data-path={spelled}>{t('policy.document_only', { part: label })}</SubtleText>
}

/** Numbers of one line, such as the seconds of each class, stand in one. */
const isPlain = (node: FormNode) => ['number', 'choice', 'text'].includes(node.kind)

/** What a part that was off begins with: hours with what most desks have, where the browser stands. */
function whenSet(node: NodeOf<'object'>, path: Path): Json {
  if (path.at(-1) !== 'hours') return node.whenSet
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return {
    timeZone,
    weekly: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
    holidays: [],
  }
}

function ObjectControl({ node, path }: { node: NodeOf<'object'>; path: Path }) {
  const { t, find } = useTranslation()
  const { spelled, value, label, hint, fault, set } = useControl(path, node)
  if (path.length === 1 && path[0] === 'matrix') return <MatrixControl node={node} path={path} />
  const isOff = node.isNullable && (value === null || value === undefined)
  if (value !== undefined && value !== null && !isObject(value)) {
    return <DocumentOnly node={node} path={path} />
  }
  const toggle = node.isNullable && (
    <Field>
      <Checkbox
        checked={!isOff}
        onChange={({ target }) => set(target.checked ? whenSet(node, path) : null)}
      >
        <Field.Label isRegular={path.length > 1}>
          {find(`policy.form.${spelled}._set`) ?? label}
        </Field.Label>
        {hint !== undefined && <Field.Hint>{hint}</Field.Hint>}
        <FieldFault fault={fault} />
      </Checkbox>
    </Field>
  )
  if (isOff) return <div data-path={spelled}>{toggle}</div>
  const content = <Parts node={node} path={path} />
  // An entry's own line has its name.
  if (typeof path.at(-1) === 'number') {
    return (
      <Stack>
        {content}
        {fault !== null && <PartFault fault={fault} />}
      </Stack>
    )
  }
  // A section's heading says already what a part of the document's first level is.
  if (path.length <= 1 && !node.isNullable) {
    return (
      <Stack data-path={spelled}>
        {content}
        {fault !== null && <PartFault fault={fault} />}
      </Stack>
    )
  }
  const Frame = path.length > 2 || node.isNullable ? Inset : Group
  return (
    <div data-path={spelled}>
      {toggle}
      <Frame aria-label={node.isNullable ? t('policy.part', { part: label }) : undefined}>
        {!node.isNullable && <Legend>{label}</Legend>}
        <Stack>
          {!node.isNullable && hint !== undefined && <SubtleText>{hint}</SubtleText>}
          {content}
          {!node.isNullable && fault !== null && <PartFault fault={fault} />}
        </Stack>
      </Frame>
    </div>
  )
}

function PartFault({ fault }: { fault: string }) {
  return (
    <Field>
      <FieldFault fault={fault} />
    </Field>
  )
}

/** What names an entry, and how many it takes, stands before all else. */
const FIRST = ['name', 'label', 'count']

const inOrder = (parts: Readonly<Record<string, FormNode>>) =>
  Object.entries(parts).toSorted(
    ([one], [other]) => Number(FIRST.includes(other)) - Number(FIRST.includes(one)),
  )

/** Runs of short controls share a grid; what needs room gets a line of its own. */
function Parts({ node, path }: { node: NodeOf<'object'>; path: Path }) {
  const runs: { isPlain: boolean; keys: string[] }[] = []
  for (const [key, part] of inOrder(node.parts)) {
    const last = runs.at(-1)
    if (last?.isPlain === true && isPlain(part)) last.keys.push(key)
    else runs.push({ isPlain: isPlain(part), keys: [key] })
  }
  return (
    <Stack>
      {runs.map(({ isPlain: isGrid, keys }) => {
        const controls = keys.map((key) => {
          const part = node.parts[key]
          return part === undefined ? null : (
            <NodeControl key={key} node={part} path={[...path, key]} />
          )
        })
        const [key] = keys
        const only = keys.length === 1 && key !== undefined ? node.parts[key] : undefined
        if (only?.kind === 'text') return <Wide key={key}>{controls}</Wide>
        return isGrid ? (
          <Grid key={keys[0]}>{controls}</Grid>
        ) : (
          <Stack key={keys[0]}>{controls}</Stack>
        )
      })}
    </Stack>
  )
}

const Settings = styled.table`
  border-collapse: collapse;
  width: 100%;
  max-width: 560px;
  th,
  td {
    ${hairline}
    padding: ${({ theme }) => `${theme.space.xxs} 0`};
    line-height: 20px;
    text-align: start;
    vertical-align: middle;
  }
  th {
    padding-inline-end: ${({ theme }) => theme.space.sm};
    font-weight: ${({ theme }) => theme.fontWeights.regular};
    overflow-wrap: anywhere;
  }
  td {
    width: 50%;
  }
`

/** One control a key. A key without a value of its own keeps to what the schema says of such. */
function MapControl({ node, path }: { node: NodeOf<'map'>; path: Path }) {
  const { labelOf, wordOf } = usePolicyWords()
  const { spelled, value, label, hint, fault } = useControl(path, node)
  const { remove } = useForm()
  if (value !== undefined && !isObject(value)) return <DocumentOnly node={node} path={path} />
  return (
    <Group data-path={spelled}>
      {path.length === 1 ? (
        <VisuallyHidden as="legend">{label}</VisuallyHidden>
      ) : (
        <>
          <Legend>{label}</Legend>
          {hint !== undefined && <SubtleText>{hint}</SubtleText>}
        </>
      )}
      <Settings>
        <tbody>
          {node.keys.map((key) => (
            <tr key={key}>
              <th scope="row">{wordOf(key)}</th>
              <td>
                <MapCell
                  node={node.isPartial ? { ...node.each, isNullable: true } : node.each}
                  path={[...path, key]}
                  label={`${labelOf(path)}: ${wordOf(key)}`}
                  onClear={() => remove([...path, key])}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </Settings>
      {fault !== null && <PartFault fault={fault} />}
    </Group>
  )
}

function MapCell(props: { node: FormNode; path: Path; label: string; onClear: () => void }) {
  const { node, path, label } = props
  const { set } = useForm()
  const own = { set: (value: Json) => (value === null ? props.onClear() : set(path, value)) }
  if (node.kind === 'choice') {
    return <ChoiceControl node={node} path={path} hasHiddenLabel label={label} {...own} />
  }
  if (node.kind === 'number') {
    return <NumberControl node={node} path={path} hasHiddenLabel label={label} {...own} />
  }
  return <NodeControl node={node} path={path} />
}

const Rows = styled.ol`
  margin: 0;
  padding: 0;
  list-style: none;
`

const Row = styled.li`
  ${hairline}
  padding: ${({ theme }) => theme.space.xs} 0;
  min-width: 0;
`

const RowHead = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
`

const RowName = styled.div`
  flex: 1 1 160px;
  min-width: 0;
  line-height: 20px;
  overflow-wrap: anywhere;
  strong {
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  span {
    ${subtleText}
    display: block;
  }
`

const RowBody = styled.div`
  padding: ${({ theme }) => `${theme.space.xs} 0`};
`

/** Each class of approval in a frame of its own: they look alike. */
const Framed = styled(Group)<{ $isFramed: boolean }>`
  ${({ theme, $isFramed }) =>
    $isFramed &&
    css`
      border: ${theme.borders.sm} ${getColor({ theme, variable: 'border.default' })};
      border-radius: ${theme.borderRadii.md};
      padding: ${theme.space.sm};
      > legend {
        padding: 0 ${theme.space.xxs};
      }
    `}
`

const AddLine = styled.div`
  padding-top: ${({ theme }) => theme.space.xs};
`

const Faulty = styled.span`
  display: inline-flex;
  flex: none;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
`

/** Entries that say little by themselves stay open; the others open one by one. */
const ALWAYS_OPEN = ['approval', 'hours', 'samePerson', 'deciding']

/** `level` is one word for the levels of each class. */
const kindOfEntry = (path: Path) =>
  path[0] === 'approval' || path.at(-1) === 'approvalFrom' ? 'level' : String(path.at(-1))

/** Levels are passed in order, and of rules the first that fits counts. */
const ORDERED = ['approval', 'automatic']

/** With the entry one place further up. */
const swapped = (entries: readonly Json[], at: number): Json[] =>
  entries.map((entry, index) => {
    if (index === at - 1) return entries[at] ?? null
    return index === at ? (entries[at - 1] ?? null) : entry
  })

function EntriesControl({ node, path }: { node: NodeOf<'entries'>; path: Path }) {
  const { t, find } = useTranslation()
  const { faults, noteOf, remove, set } = useForm()
  const { spelled, value, label, hint, fault } = useControl(path, node)
  const nameOf = useEntryName(path)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const frame = useRef<HTMLDivElement>(null)
  const isOrdered = ORDERED.includes(String(path[0]))
  const isAlwaysOpen = ALWAYS_OPEN.includes(String(path[0])) || path.at(-1) === 'approvalFrom'
  const entries = isList(value) ? value : []
  const isFull = node.most !== null && entries.length >= node.most
  if (value !== undefined && !isList(value)) return <DocumentOnly node={node} path={path} />
  const toggle = (at: number) => {
    const next = new Set(open)
    if (!next.delete(at)) next.add(at)
    setOpen(next)
  }
  // What had the focus is gone, or is not what one goes on with.
  const focusNext = (selector: string) =>
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(selector)?.focus())
  const drop = (at: number) => {
    remove([...path, at])
    focusNext('[data-add]')
    setOpen(new Set([...open].filter((one) => one !== at).map((one) => (one > at ? one - 1 : one))))
  }
  const add = () => {
    set([...path, entries.length], node.item.initial)
    setOpen(new Set([...open, entries.length]))
    const entry = `[data-path="${spellPath([...path, entries.length])}"]`
    focusNext(`${entry} :is(input, select, textarea)`)
  }
  const isHeadless = path.length === 1
  const content = (
    <>
      {hint !== undefined && !isHeadless && <SubtleText>{hint}</SubtleText>}
      {entries.length === 0 && <SubtleText>{t('policy.none_listed')}</SubtleText>}
      <Rows>
        {entries.map((entry, at) => {
          const own = [...path, at]
          const name = nameOf(entry, at)
          const isFaulty = faults.some((one) => `${one.path}.`.startsWith(`${spellPath(own)}.`))
          const isOpen = isAlwaysOpen || open.has(at)
          return (
            // Entries have no identity but their place; the document is the only state they have.
            // eslint-disable-next-line react/no-array-index-key
            <Row key={at} data-path={spellPath(own)}>
              <RowHead>
                {isFaulty && (
                  <Faulty>
                    <AlertError aria-hidden="true" focusable="false" />
                    <VisuallyHidden>{t('states.error')}</VisuallyHidden>
                  </Faulty>
                )}
                <RowName>
                  <strong>{name.title}</strong>
                  {!isOpen && name.about !== '' && <span>{name.about}</span>}
                </RowName>
                {noteOf?.(own)}
                {!isAlwaysOpen && (
                  <Button size="small" isBasic aria-expanded={isOpen} onClick={() => toggle(at)}>
                    {t(isOpen ? 'policy.fold' : 'policy.edit')}
                    <VisuallyHidden>: {name.title}</VisuallyHidden>
                    <Button.EndIcon isRotated={isOpen}>
                      <Chevron />
                    </Button.EndIcon>
                  </Button>
                )}
                {isOrdered && at > 0 && (
                  <Button size="small" isBasic onClick={() => set(path, swapped(entries, at))}>
                    {t('policy.move_up')}
                    <VisuallyHidden>: {name.title}</VisuallyHidden>
                  </Button>
                )}
                <Button
                  size="small"
                  isBasic
                  isDanger
                  disabled={entries.length <= node.least}
                  onClick={() => drop(at)}
                >
                  {t('policy.remove')}
                  <VisuallyHidden>: {name.title}</VisuallyHidden>
                </Button>
              </RowHead>
              {isOpen && (
                <RowBody>
                  <NodeControl node={node.item} path={own} />
                </RowBody>
              )}
            </Row>
          )
        })}
      </Rows>
      <AddLine>
        <Button size="small" data-add="" disabled={isFull} onClick={add}>
          {find(`policy.add_what.${kindOfEntry(path)}`) ?? t('policy.add_entry', { list: label })}
        </Button>
      </AddLine>
      {fault !== null && <PartFault fault={fault} />}
    </>
  )
  return isHeadless ? (
    <div data-path={spelled} ref={frame}>
      {content}
    </div>
  ) : (
    <Framed data-path={spelled} $isFramed={path[0] === 'approval'}>
      <Legend>{label}</Legend>
      <div ref={frame}>{content}</div>
    </Framed>
  )
}

const EXPECTED = ['none', 'masked', 'allowed', 'approval', 'refused'] as const

/** What a case expects: a word, levels of approval, or a refusal by its code. */
function ExpectControl({ node, path }: { node: NodeOf<'either'>; path: Path }) {
  const { t } = useTranslation()
  const { spelled, value, label, fault, set } = useControl(path, node)
  const optionWith = (key: string) =>
    node.options.flatMap((option) => {
      const part = option.kind === 'object' ? option.parts[key] : undefined
      return part === undefined ? [] : [part]
    })[0]
  const levels = optionWith('approvalFrom')
  const codes = optionWith('refused')
  const chosen = isObject(value)
    ? 'refused' in value
      ? 'refused'
      : 'approval'
    : EXPECTED.find((word) => word === value)
  const choose = (next: string) => {
    if (next === 'approval') set({ approvalFrom: levels?.initial ?? [] })
    else if (next === 'refused') set({ refused: codes?.initial ?? '' })
    else set(next)
  }
  return (
    <Stack data-path={spelled}>
      <Wide>
        <Field>
          <Field.Label>{label}</Field.Label>
          <Select
            isCompact
            value={chosen ?? ''}
            validation={fault === null ? undefined : 'error'}
            onChange={({ target }) => choose(target.value)}
          >
            {chosen === undefined && <option value="">{t('policy.nothing')}</option>}
            {EXPECTED.map((word) => (
              <option key={word} value={word}>
                {t(`policy.expect.${word}`)}
              </option>
            ))}
          </Select>
          <FieldFault fault={fault} />
        </Field>
      </Wide>
      {chosen === 'approval' && levels !== undefined && (
        <NodeControl node={levels} path={[...path, 'approvalFrom']} />
      )}
      {chosen === 'refused' && codes !== undefined && (
        <NodeControl node={codes} path={[...path, 'refused']} />
      )}
    </Stack>
  )
}
