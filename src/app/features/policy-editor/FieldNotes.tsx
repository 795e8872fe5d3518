/** Under a control: what is wrong with it, and what holds now where that is something else. */
import { Field } from '@zendeskgarden/react-forms'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { Before } from './form-layout.ts'
import type { Json } from './json.ts'

export function FieldFault({ fault }: { fault: string | null }) {
  const { t } = useTranslation()
  if (fault === null) return null
  return (
    <Field.Message validation="error" validationLabel={t('states.error')}>
      {fault}
    </Field.Message>
  )
}

export function InForce({ before }: { before: Json | undefined }) {
  const { t, number, list } = useTranslation()
  const { wordOf } = usePolicyWords()
  if (before === undefined) return null
  const spelled = spell(before)
  return spelled === null ? null : <Before>{t('policy.in_force', { value: spelled })}</Before>

  function spell(value: Json): string | null {
    if (value === null || value === '') return t('policy.nothing')
    if (typeof value === 'number') return number(value)
    if (typeof value === 'boolean') return t(value ? 'policy.yes' : 'policy.no')
    if (typeof value === 'string') return wordOf(value)
    if (!Array.isArray(value)) return null
    if (value.length === 0) return t('policy.nothing')
    const words = value.filter((one): one is string => typeof one === 'string')
    return words.length === value.length ? list(words.map(wordOf)) : null
  }
}
