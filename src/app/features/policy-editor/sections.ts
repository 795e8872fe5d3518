/** How the parts of a policy are put together on screen. */

export const SECTIONS = {
  roles: ['roles', 'samePerson'],
  fields: ['fields'],
  matrix: ['matrix'],
  approval: ['approval', 'deciding'],
  limits: ['limits', 'caps'],
  hours: ['hours'],
  reasons: ['reasons'],
  automatic: ['automatic'],
  emergencies: ['breakGlass', 'exceptions'],
  delegation: ['delegation'],
  notifications: ['notifications'],
  detection: ['detection'],
  ingestion: ['ingestion'],
  keeping: ['search', 'intake', 'retention', 'erasure'],
} as const satisfies Record<string, readonly string[]>

export type Section = keyof typeof SECTIONS | 'more'

/** The endpoint numbers the versions. */
const NOT_EDITED = ['version']

/** Each section with its parts; what the schema has and none of them names stands in `more`. */
export function sectionsOf(
  parts: readonly string[],
): readonly (readonly [Section, readonly string[]])[] {
  const named: readonly string[] = [...Object.values(SECTIONS).flat(), ...NOT_EDITED]
  const more = parts.filter((part) => !named.includes(part))
  const sections = Object.entries(SECTIONS).map(
    ([section, keys]) => [section as Section, keys.filter((key) => parts.includes(key))] as const,
  )
  return [...sections, ['more', more] as const].filter(([, keys]) => keys.length > 0)
}

/** Where a fault is shown; the first section has those of the whole. */
export function sectionOf(path: string): Section {
  const [part = ''] = path.split('.')
  const found = Object.entries(SECTIONS).find(([, keys]) => keys.some((key) => key === part))
  return found === undefined ? 'more' : (found[0] as Section)
}
