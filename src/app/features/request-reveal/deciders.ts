/** Who decides on what is about to be asked: one line of words, and the label of the button. */
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import type { PersonRef } from '../../../contract/primitives.ts'
import { SENSITIVITY_CLASSES } from '../../../core/protected-field.ts'
import { firstName, fullNames } from '../../shared/people.ts'
import type { Translation } from '../../shared/translation.ts'
import { levelWords } from '../../shared/why-words.ts'

export type Deciders = {
  /** Policy approves all of it at once. */
  isByPolicy: boolean
  /** Who could approve at the first level. */
  people: readonly PersonRef[]
  levels: ProtectedFieldList['classes'][number]['levels']
}

/** Fields of several classes pass at least the levels of the most sensitive one. */
export function decidersOf(
  { fields, classes, form }: ProtectedFieldList,
  fieldIds: readonly string[],
): Deciders {
  const asked = fields.filter((field) => fieldIds.includes(field.fieldId))
  const highest = SENSITIVITY_CLASSES.findLast((each) =>
    asked.some((field) => field.sensitivityClass === each),
  )
  const levels = classes.find((each) => each.sensitivityClass === highest)?.levels ?? []
  return {
    isByPolicy: asked.length > 0 && asked.every(({ why }) => why.next === 'give_reason'),
    people: levels[0]?.people ?? (asked.length === 0 ? form.approvers : []),
    levels,
  }
}

export function decisionWords(
  { isByPolicy, people, levels }: Deciders,
  onDutyAt: string | null,
  translation: Translation,
): string {
  const { t, instant } = translation
  if (isByPolicy) return t('request.by_policy')
  if (people.length === 0) return t('request.no_approver')
  const names = shortened(people, translation)
  const who =
    onDutyAt === null
      ? t('request.approvers', { names })
      : t('request.off_duty', { names, time: instant(onDutyAt) })
  const isSimple = levels.length <= 1 && (levels[0]?.count ?? 1) === 1
  return isSimple
    ? who
    : `${who} ${t('request.levels', { levels: levelWords(levels, translation) })}`
}

/** Says who will be asked, as far as a button has room for it. */
export function sendLabel({ isByPolicy, people }: Deciders, { t, list }: Translation): string {
  if (isByPolicy || people.length === 0) return t('request.send')
  return people.length > 2
    ? t('request.send_to_many', { count: people.length })
    : t('request.send_to', { names: list(people.map(firstName)) })
}

function shortened(people: readonly PersonRef[], translation: Translation): string {
  if (people.length <= 3) return fullNames(people, translation)
  const more = translation.t('sidebar.more_people', { count: people.length - 2 })
  return translation.list([...people.slice(0, 2).map((person) => person.name), more])
}
