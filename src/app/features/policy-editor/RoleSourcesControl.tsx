/** Who holds a role: Zendesk's roles, groups and custom roles, by name and id. */
import { useNamed } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useForm } from './form-context.ts'
import type { FormNode } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { isList, isObject } from './json.ts'
import { AddNamed, TagList } from './PickControl.tsx'
import { useControl } from './useControl.ts'

const ZENDESK_ROLES = ['agent', 'admin'] as const

export function RoleSourcesControl({ node, path }: { node: FormNode; path: Path }) {
  const { t } = useTranslation()
  const { directory } = useForm()
  const control = useControl(path, node)
  const sourceWords = useSourceWords()
  const named = useNamed()
  const sources = isList(control.value) ? control.value : []
  const has = (source: Json) =>
    sources.some((one) => JSON.stringify(one) === JSON.stringify(source))
  const optionsOf = (options: readonly { source: Json; label: string }[]) =>
    options
      .filter(({ source }) => !has(source))
      .map(({ source, label }) => ({ value: JSON.stringify(source), label }))
  return (
    <TagList
      {...control}
      path={path}
      items={sources.map(sourceWords)}
      onRemove={(at) => control.set(sources.filter((_, index) => index !== at))}
    >
      <AddNamed
        label={control.label}
        groups={[
          {
            label: t('policy.source.zendesk_roles'),
            options: optionsOf(
              ZENDESK_ROLES.map((zendeskRole) => ({
                source: { by: 'zendeskRole', zendeskRole },
                label: t(`policy.source.${zendeskRole}`),
              })),
            ),
          },
          {
            label: t('policy.source.groups'),
            options: optionsOf(
              directory.groups.map(({ id }) => ({
                source: { by: 'group', groupId: id },
                label: named(directory.groups, id),
              })),
            ),
          },
          {
            label: t('policy.source.custom_roles'),
            options: optionsOf(
              directory.customRoles.map(({ id }) => ({
                source: { by: 'customRole', customRoleId: id },
                label: named(directory.customRoles, id),
              })),
            ),
          },
        ]}
        // What was picked is one of the options above.
        onAdd={(source) => control.set([...sources, JSON.parse(source) as Json])}
      />
    </TagList>
  )
}

/** "Group Escalation leads (203)". */
function useSourceWords(): (source: Json) => string {
  const { t } = useTranslation()
  const { directory } = useForm()
  const named = useNamed()
  return (source) => {
    if (!isObject(source)) return JSON.stringify(source)
    const { by, zendeskRole, groupId, customRoleId } = source
    if (by === 'zendeskRole' && (zendeskRole === 'agent' || zendeskRole === 'admin')) {
      return t(`policy.source.${zendeskRole}`)
    }
    if (by === 'group' && typeof groupId === 'number') {
      return t('policy.source.group', { name: named(directory.groups, groupId) })
    }
    if (by === 'customRole' && typeof customRoleId === 'number') {
      return t('policy.source.custom_role', { name: named(directory.customRoles, customRoleId) })
    }
    return JSON.stringify(source)
  }
}
