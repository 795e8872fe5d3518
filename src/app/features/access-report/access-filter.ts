/** What the report is narrowed to, kept in the address so that a view of it can be passed on. */
import type { SensitivityClass } from '../../../core/protected-field.ts'
import { SENSITIVITY_CLASSES } from '../../../core/protected-field.ts'
import { onlyDigits } from '../../shared/only-digits.ts'

export type AccessFilter = {
  sensitivityClass: SensitivityClass | ''
  /** Instead of the roles: what this one person sees. */
  personId: string
}

export const NO_FILTER: AccessFilter = { sensitivityClass: '', personId: '' }

export const classOf = (text: string | null): SensitivityClass | '' =>
  SENSITIVITY_CLASSES.find((each) => each === text) ?? ''

/** `#access?class=secret&person=101` */
export function parseAccessFilter(hash: string): AccessFilter {
  const [place, query] = hash.replace(/^#/, '').split('?')
  if (place !== 'access') return NO_FILTER
  const parameters = new URLSearchParams(query)
  return {
    sensitivityClass: classOf(parameters.get('class')),
    personId: onlyDigits(parameters.get('person') ?? ''),
  }
}

export function formatAccessFilter({ sensitivityClass, personId }: AccessFilter): string {
  const given = Object.entries({ class: sensitivityClass, person: personId }).filter(
    ([, value]) => value !== '',
  )
  return given.length === 0 ? '#access' : `#access?${new URLSearchParams(given).toString()}`
}
