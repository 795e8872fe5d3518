/** A change of policy in words: which part, by its names on screen, and from what to what. */
import type { PolicyAnalysis } from '../../../contract/policy.ts'
import type { PolicyDirectory } from '../../shared/policy-words.ts'
import { useNamed, usePolicyWords } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

type Change = PolicyAnalysis['changes'][number]

/** Lists whose entries a path names by id. */
const ENTRIES = ['fields', 'reasons', 'automatic', 'custom']

type Thing = Readonly<Record<string, unknown>>

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type ChangeWords = {
  title: string
  /** "30 → 15 minutes", "added". */
  values: string
}

/** `documents` are what entries are looked up in, the newest first. */
export function useChangeWords(
  documents: readonly unknown[],
  directory: PolicyDirectory,
): (change: Change) => ChangeWords {
  const { t } = useTranslation()
  const titleOf = usePathTitle(documents, directory)
  const valueOf = usePolicyValue(directory)
  return (change) => {
    const { path, before, after } = change
    const title = titleOf(path, before ?? after)
    if (before === undefined) return { title, values: t('policy.change.added') }
    if (after === undefined) return { title, values: t('policy.change.removed') }
    const from = valueOf(before, path)
    const to = valueOf(after, path)
    return { title, values: t('policy.change.from_to', { from, to }) }
  }
}

/** "Who sees what › Lead › Secret". */
export function usePathTitle(documents: readonly unknown[], directory: PolicyDirectory) {
  const { t } = useTranslation()
  const { labelOf, wordOf } = usePolicyWords()
  const named = useNamed()
  const sourceOf = useSourceWords(directory)

  return (path: string, member?: unknown): string => {
    const parts = path.split('.')
    const names: string[] = []
    const crumbs = parts.map((part, at) => {
      const parent = names.at(-1) ?? ''
      if (parts[0] === 'roles' && at === 2) return sourceOf(member) ?? part
      if (parent.endsWith('groupIds')) return named(directory.groups, Number(part))
      if (parent.endsWith('personIds')) return named(directory.people, Number(part))
      if (parent === 'samePerson') {
        return part
          .split('_')
          .map((id) => named(directory.people, Number(id)))
          .join(' = ')
      }
      if (/^\d+$/.test(part)) return t('policy.nth', { number: Number(part) + 1 })
      const entry = ENTRIES.includes(parent)
        ? entryLabel(documents, parts.slice(0, at), part)
        : null
      if (entry !== null) return entry
      names.push(part)
      return wordOf(part) === part ? labelOf(names) : wordOf(part)
    })
    return crumbs.join(' › ')
  }
}

/** What an entry calls itself, wherever it still is. */
function entryLabel(
  documents: readonly unknown[],
  list: readonly string[],
  id: string,
): string | null {
  for (const document of documents) {
    let at: unknown = document
    for (const part of list) at = isThing(at) ? at[part] : undefined
    const entries: readonly unknown[] = Array.isArray(at) ? at : []
    const entry = entries.find((one) => isThing(one) && (one['id'] ?? one['code']) === id)
    if (isThing(entry) && typeof entry['label'] === 'string') return entry['label']
  }
  return list.length > 0 ? id : null
}

/** Who holds a role by this; undefined for what is no such source. */
function useSourceWords(directory: PolicyDirectory): (source: unknown) => string | undefined {
  const { t } = useTranslation()
  const named = useNamed()
  return (source) => {
    if (!isThing(source)) return undefined
    const { by, zendeskRole, groupId, customRoleId } = source
    if (by === 'zendeskRole' && (zendeskRole === 'agent' || zendeskRole === 'admin')) {
      return t(`policy.source.${zendeskRole}`)
    }
    if (by === 'group') {
      return t('policy.source.group', { name: named(directory.groups, Number(groupId)) })
    }
    return t('policy.source.custom_role', {
      name: named(directory.customRoles, Number(customRoleId)),
    })
  }
}

/** A value of the document in words; what has none stands as the document spells it. */
function usePolicyValue(directory: PolicyDirectory): (value: unknown, path: string) => string {
  const { t, number, list } = useTranslation()
  const { wordOf, unitOf } = usePolicyWords()
  const levelsOf = useLevelWords(directory)
  const valueOf = (value: unknown, path: string): string => {
    if (value === null || value === undefined || value === '') return t('policy.nothing')
    if (typeof value === 'boolean') return t(value ? 'policy.yes' : 'policy.no')
    if (typeof value === 'string') return wordOf(value)
    if (typeof value === 'number') {
      const unit = unitOf(path.split('.'))
      return unit === undefined ? number(value) : `${number(value)} ${unit}`
    }
    if (path.startsWith('approval.')) return levelsOf(value)
    if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
      return value.length === 0 ? t('policy.nothing') : list(value.map((one) => valueOf(one, path)))
    }
    if (isThing(value) && typeof value['timeZone'] === 'string') {
      return t('policy.hours_in', { zone: value['timeZone'] })
    }
    return JSON.stringify(value)
  }
  return valueOf
}

/** "1 of Lead, then 2 of Escalation leads (203)". */
function useLevelWords(directory: PolicyDirectory): (levels: unknown) => string {
  const { t, locale } = useTranslation()
  const { wordOf } = usePolicyWords()
  const named = useNamed()
  const either = new Intl.ListFormat(locale, { type: 'disjunction' })
  const peopleOf = (circle: Thing) => {
    const { roles, groupIds } = circle
    return either.format([
      ...(Array.isArray(roles) ? roles.map((role) => wordOf(String(role))) : []),
      ...(Array.isArray(groupIds) ? groupIds.map((id) => named(directory.groups, Number(id))) : []),
    ])
  }
  return (levels) => {
    if (!Array.isArray(levels)) return JSON.stringify(levels)
    const words = levels.filter(isThing).map((level) => {
      const { count, slaMinutes, escalatesTo } = level
      const own = t('policy.level_words', { count: Number(count), who: peopleOf(level) })
      return isThing(escalatesTo)
        ? t('policy.level_escalates', {
            level: own,
            minutes: Number(slaMinutes),
            who: peopleOf(escalatesTo),
          })
        : own
    })
    return words.join(t('policy.level_then'))
  }
}
