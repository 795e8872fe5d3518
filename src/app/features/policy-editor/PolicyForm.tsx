/** The policy as a form: one section at a time, each with the number of its faults. */
import { useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { Field, Select } from '@zendeskgarden/react-forms'
import AlertError from '@zendeskgarden/svg-icons/src/12/alert-error-stroke.svg?react'
import { focusStyles, getColor, mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { DocumentForm } from './form-context.ts'
import { FormProvider } from './form-context.ts'
import { Stack } from './form-layout.ts'
import type { FormNode } from './form-node.ts'
import { NodeControl } from './NodeControl.tsx'
import type { Section } from './sections.ts'
import { sectionOf, sectionsOf } from './sections.ts'

const Panes = styled.div`
  display: grid;
  grid-template-columns: 168px minmax(0, 1fr);
  gap: ${({ theme }) => theme.space.md};
  align-items: start;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr);
    gap: ${({ theme }) => theme.space.sm};
  }
`

const List = styled.nav`
  position: sticky;
  top: ${({ theme }) => theme.space.sm};
  display: flex;
  flex-direction: column;
  gap: 2px;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    display: none;
  }
`

const Narrow = styled.div`
  display: none;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    display: block;
  }
`

const Pick = styled.button<{ $isCurrent: boolean }>`
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: ${({ theme }) => theme.space.xxs};
  border: 0;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme, $isCurrent }) =>
    $isCurrent
      ? getColor({
          theme,
          variable: 'background.primaryEmphasis',
          transparency: theme.opacity[100],
        })
      : 'transparent'};
  cursor: pointer;
  padding: ${({ theme }) => `6px ${theme.space.xs}`};
  color: inherit;
  font: inherit;
  font-weight: ${({ theme, $isCurrent }) =>
    $isCurrent ? theme.fontWeights.semibold : theme.fontWeights.regular};
  line-height: 20px;
  text-align: start;
  overflow-wrap: anywhere;
  hyphens: auto;
  &:hover {
    background: ${({ theme }) =>
      getColor({
        theme,
        variable: 'background.primaryEmphasis',
        transparency: theme.opacity[100],
      })};
  }
  ${({ theme }) => focusStyles({ theme, inset: true })}
`

const Count = styled.span`
  display: inline-flex;
  flex: none;
  align-items: center;
  gap: 2px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  font-variant-numeric: tabular-nums;
`

const Part = styled.section`
  min-width: 0;
  & + & {
    margin-top: ${({ theme }) => theme.space.lg};
  }
  > h3 {
    margin: 0;
    outline: none;
    font-size: ${({ theme }) => theme.fontSizes.lg};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: ${({ theme }) => theme.lineHeights.lg};
    overflow-wrap: anywhere;
  }
  > p {
    margin: 0;
    max-width: 640px;
  }
  > div {
    margin-top: ${({ theme }) => theme.space.sm};
  }
`

export function PolicyForm(props: {
  form: DocumentForm
  node: FormNode
  section: Section
  onSection: (section: Section) => void
}) {
  const { form, node, section } = props
  const { t, number } = useTranslation()
  const { labelOf, hintOf } = usePolicyWords()
  const content = useRef<HTMLDivElement>(null)
  const parts = node.kind === 'object' ? node.parts : {}
  const sections = sectionsOf(Object.keys(parts))
  const keys = sections.find(([name]) => name === section)?.[1] ?? []
  const faultsIn = (name: Section) => form.faults.filter(({ path }) => sectionOf(path) === name)
  const moveBy = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll('button')]
    const at = buttons.findIndex((button) => button === document.activeElement)
    buttons[(at + step + buttons.length) % buttons.length]?.focus()
  }
  return (
    <FormProvider value={form}>
      <Panes>
        <List aria-label={t('policy.sections')} onKeyDown={moveBy}>
          {sections.map(([name]) => {
            const faults = faultsIn(name).length
            return (
              <Pick
                key={name}
                type="button"
                $isCurrent={name === section}
                aria-current={name === section ? 'true' : undefined}
                onClick={() => props.onSection(name)}
              >
                {t(`policy.section.${name}`)}
                {faults > 0 && (
                  <Count>
                    <AlertError aria-hidden="true" focusable="false" />
                    <span aria-hidden="true">{number(faults)}</span>
                    <VisuallyHidden>{t('policy.faults', { count: faults })}</VisuallyHidden>
                  </Count>
                )}
              </Pick>
            )
          })}
        </List>
        <Narrow>
          <Field>
            <Field.Label>{t('policy.sections')}</Field.Label>
            <Select
              isCompact
              value={section}
              onChange={({ target }) => {
                const next = sections.find(([name]) => name === target.value)
                if (next !== undefined) props.onSection(next[0])
              }}
            >
              {sections.map(([name]) => {
                const faults = faultsIn(name).length
                return (
                  <option key={name} value={name}>
                    {faults === 0
                      ? t(`policy.section.${name}`)
                      : t('policy.section_faults', {
                          section: t(`policy.section.${name}`),
                          count: faults,
                        })}
                  </option>
                )
              })}
            </Select>
          </Field>
        </Narrow>
        <div ref={content}>
          {keys.map((key) => {
            const part = parts[key]
            const hint = hintOf([key])
            if (part === undefined) return null
            return (
              <Part key={key} aria-label={labelOf([key])}>
                <h3>{labelOf([key])}</h3>
                {hint !== undefined && !part.isNullable && <SubtleText>{hint}</SubtleText>}
                <Stack>
                  <NodeControl node={part} path={[key]} />
                </Stack>
              </Part>
            )
          })}
        </div>
      </Panes>
    </FormProvider>
  )
}
