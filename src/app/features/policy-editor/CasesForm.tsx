/** The cases of a policy as a form, each with what comes of it as the policy stands. */
import AlertError from '@zendeskgarden/svg-icons/src/12/alert-error-stroke.svg?react'
import Check from '@zendeskgarden/svg-icons/src/12/check-circle-stroke.svg?react'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { PolicyAnalysis, PolicyFacts } from '../../../contract/policy.ts'
import { policyCases } from '../../../core/policy-case.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { FormProvider } from './form-context.ts'
import { Stack } from './form-layout.ts'
import { formOf } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { getAt, isList, isObject } from './json.ts'
import { NodeControl } from './NodeControl.tsx'
import type { EditedDocument } from './useDocument.ts'

const FORM = formOf(policyCases)

const Result = styled.span<{ $isPassed: boolean }>`
  display: inline-flex;
  align-items: center;
  gap: ${({ theme }) => theme.space.xxs};
  color: ${({ theme, $isPassed }) =>
    getColor({ theme, variable: $isPassed ? 'foreground.success' : 'foreground.danger' })};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 20px;
`

export function CasesForm(props: {
  document: EditedDocument
  /** The policy that is being edited. */
  policy: Json | null
  facts: PolicyFacts
  /** In the order of the cases; fewer while some are no cases yet. */
  results: PolicyAnalysis['cases']
}) {
  const { document, policy, facts, results } = props
  const { t } = useTranslation()
  const node = FORM.kind === 'object' ? FORM.parts['cases'] : undefined
  const noteOf = (path: Path) => {
    const at = path.at(-1)
    const result = path.length === 2 && typeof at === 'number' ? results[at] : undefined
    if (result === undefined) return null
    const Icon = result.isPassed ? Check : AlertError
    return (
      <Result $isPassed={result.isPassed}>
        <Icon aria-hidden="true" focusable="false" />
        {t(result.isPassed ? 'policy.cases.passes' : 'policy.cases.fails')}
      </Result>
    )
  }
  if (document.value === null || node === undefined) return null
  return (
    <FormProvider
      value={{
        document: document.value,
        base: null,
        faults: document.faults,
        directory: facts,
        named: {
          fieldIds: namedIn(policy, 'fields', 'id'),
          reasonCode: namedIn(policy, 'reasons', 'code'),
        },
        noteOf,
        set: document.set,
        remove: document.remove,
      }}
    >
      <Stack>
        <SubtleText>{t('policy.cases.hint')}</SubtleText>
        <NodeControl node={node} path={['cases']} />
      </Stack>
    </FormProvider>
  )
}

/** What a list of the policy holds, by its own names. */
function namedIn(policy: Json | null, list: string, key: string) {
  const entries = getAt(policy ?? undefined, [list])
  return (isList(entries) ? entries : []).flatMap((entry) => {
    const value = isObject(entry) ? entry[key] : undefined
    const label = isObject(entry) ? entry['label'] : undefined
    if (typeof value !== 'string') return []
    return [{ value, label: typeof label === 'string' && label !== '' ? label : value }]
  })
}
