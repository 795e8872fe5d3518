/** Where a version stands, in a word with its colour. */
import { Tag } from '@zendeskgarden/react-tags'
import type { PolicyState } from '../../../core/policy-version.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const HUES: Partial<Record<PolicyState, string>> = {
  active: 'green',
  waiting: 'yellow',
  draft: 'blue',
}

export function VersionState({ state }: { state: PolicyState }) {
  const { t } = useTranslation()
  const hue = HUES[state]
  return <Tag {...(hue === undefined ? {} : { hue })}>{t(`policy.state.${state}`)}</Tag>
}
