/** How people are named where space is short. */
import type { PersonRef } from '../../contract/primitives.ts'
import type { Translation } from './translation.ts'

export function firstName(person: PersonRef): string {
  return person.name.split(' ')[0] ?? person.name
}

/** "Omar and Lena"; from four on "Omar, Lena and 2 more". */
export function namesInShort(people: readonly PersonRef[], translation: Translation): string {
  if (people.length <= 3) return translation.list(people.map(firstName))
  const more = translation.t('sidebar.more_people', { count: people.length - 2 })
  return translation.list([...people.slice(0, 2).map(firstName), more])
}

export function fullNames(people: readonly PersonRef[], translation: Translation): string {
  return translation.list(people.map((person) => person.name))
}
