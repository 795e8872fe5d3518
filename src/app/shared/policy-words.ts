/** What the parts of a policy are called, and the words that stand in it. */
import { FIELD_KINDS, SENSITIVITY_CLASSES } from '../../core/protected-field.ts'
import { ROLES } from '../../core/role.ts'
import { useTranslation } from './TranslationProvider.tsx'
import { useKindTitle } from './useKindName.ts'

/** Into a policy, or into its cases; numbers are places in lists. */
export type PolicyPath = readonly (string | number)[]

/** Zendesk's names for the ids in a policy. */
export type PolicyDirectory = {
  people: readonly { id: number; name: string }[]
  groups: readonly { id: number; name: string }[]
  customRoles: readonly { id: number; name: string }[]
}

const isOne = <T extends string>(words: readonly T[], word: string): word is T =>
  words.some((one) => one === word)

/** A role, a class or a kind: called the same wherever it stands. */
const isCommon = (part: string) =>
  isOne(ROLES, part) || isOne(SENSITIVITY_CLASSES, part) || isOne(FIELD_KINDS, part)

export function usePolicyWords() {
  const { t, find, locale } = useTranslation()
  const kindTitle = useKindTitle()
  const asTitle = (text: string) => text.replace(/^./u, (first) => first.toLocaleUpperCase(locale))

  /** A word of the document, such as `masked`, `lead` or `payment_card`. */
  const wordOf = (word: string): string => {
    if (isOne(ROLES, word)) return asTitle(t(`role.${word}`))
    if (isOne(SENSITIVITY_CLASSES, word)) return asTitle(t(`sidebar.class.${word}`))
    if (isOne(FIELD_KINDS, word)) return kindTitle(word)
    return find(`policy.value.${word}`) ?? word
  }

  const keyOf = (path: PolicyPath) =>
    path.filter((part) => typeof part === 'string' && !isCommon(part)).join('.')

  const labelOf = (path: PolicyPath): string => {
    const names = path.filter((part) => typeof part === 'string')
    const last = names.at(-1) ?? ''
    if (isCommon(last)) return wordOf(last)
    const key = keyOf(path)
    return find(`policy.form.${key}`) ?? find(`policy.form.${key}._`) ?? last
  }

  const hintOf = (path: PolicyPath): string | undefined => {
    if (isCommon(String(path.at(-1)))) return undefined
    const key = keyOf(path)
    return find(`policy.form.${key}_hint`) ?? find(`policy.form.${key}._hint`)
  }

  /** "minutes" where a number counts minutes. */
  const unitOf = (path: PolicyPath): string | undefined => {
    const unit = /(?:^|[a-z])(minutes|seconds|days)$/i.exec(lastName(path))?.[1]
    return unit === undefined ? undefined : find(`policy.unit.${unit.toLowerCase()}`)
  }

  return { wordOf, labelOf, hintOf, unitOf }
}

/** `displaySeconds` of `limits.displaySeconds.secret`. */
function lastName(path: PolicyPath): string {
  const own = path.filter((part) => typeof part === 'string' && !isCommon(part))
  return String(own.at(-1) ?? '')
}

/** "Escalation leads (203)"; an id that Zendesk does not know stands alone. */
export function useNamed(): (list: readonly { id: number; name: string }[], id: number) => string {
  const { t } = useTranslation()
  return (list, id) => {
    const name = list.find((one) => one.id === id)?.name
    return name === undefined
      ? t('policy.unknown_id', { id: String(id) })
      : t('policy.named_id', { name, id: String(id) })
  }
}
