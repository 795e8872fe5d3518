/**
 * What a change of policy does, piece by piece: does it widen what anybody may see, ask, decide or
 * keep, or narrow it? A version that widens anything waits for a second person. What cannot be shown
 * to be narrower counts as wider.
 */
import type { ActLevel } from '../detect/detector.ts'
import type { DetectedKind } from '../detect/span.ts'
import { CONFIDENCE_LEVELS } from '../detect/span.ts'
import { DEFAULT_INGESTION, handlingOf } from './ingestion.ts'
import type { Handling } from './ingestion.ts'
import { isAtLeast } from './policy-decision.ts'
import type { ApprovalLevel, AutomaticRule, Cap, Policy, RoleSource } from './policy.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { FieldKind, Protection, SensitivityClass } from './protected-field.ts'
import { ACCESS_LEVELS, ROLES } from './role.ts'
import type { Role } from './role.ts'

/** `neither`: words and names that decide nothing. */
export type Direction = 'widens' | 'narrows' | 'neither'

export type PolicyChange = {
  /** Into the document, ids in place of positions: `fields.card_number.sensitivityClass`. */
  path: string
  direction: Direction
  /** As the document spells it; undefined where there is nothing. */
  before: unknown
  after: unknown
}

/** Everything that differs, in the document's order. The version itself is no change. */
export function comparePolicies(before: Policy, after: Policy): PolicyChange[] {
  return partsOf({ before, after })(before, after, '')
}

/**
 * What becomes of the cases that a version has to pass. One that is dropped or written otherwise holds
 * nobody to it any more, so that widens; each by its place, because names are texts.
 */
export function compareCases(
  before: readonly unknown[],
  after: readonly unknown[],
): PolicyChange[] {
  const isIn = (list: readonly unknown[], one: unknown) => list.some((other) => isEqual(one, other))
  return [
    ...before.flatMap((one, at): PolicyChange[] =>
      isIn(after, one)
        ? []
        : [{ path: `cases.${at}`, direction: 'widens', before: one, after: undefined }],
    ),
    ...after.flatMap((one, at): PolicyChange[] =>
      isIn(before, one)
        ? []
        : [{ path: `cases.${at}`, direction: 'narrows', before: undefined, after: one }],
    ),
  ]
}

/** Whether a second person has to agree. */
export function isWidening(changes: readonly PolicyChange[]): boolean {
  return changes.some(({ direction }) => direction === 'widens')
}

type Compare<T> = (before: T, after: T, path: string) => PolicyChange[]

const opposite = (direction: Direction): Direction =>
  direction === 'widens' ? 'narrows' : direction === 'narrows' ? 'widens' : 'neither'

/** Keys stand in any order: a database does not keep it. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, sortKeys) === JSON.stringify(b, sortKeys)
}

function sortKeys(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value
}

/** Any difference goes in one direction. */
const anyChange =
  (direction: Direction): Compare<unknown> =>
  (before, after, path) =>
    isEqual(before, after) ? [] : [{ path, direction, before, after }]

const nothing: Compare<unknown> = () => []

/** Each key by its own comparison; the type sees to it that none is forgotten. */
const parts =
  <T extends object>(by: { [Key in keyof Required<T>]: Compare<T[Key]> }): Compare<T> =>
  (before, after, path) =>
    (Object.keys(by) as (keyof T & string)[]).flatMap((key) =>
      by[key](before[key], after[key], path === '' ? key : `${path}.${key}`),
    )

/** A number or a switch of which more goes in `direction`. */
const more =
  (direction: Direction): Compare<number | boolean> =>
  (before, after, path) =>
    before === after
      ? []
      : [{ path, direction: after > before ? direction : opposite(direction), before, after }]

/** A word of a scale; further along goes in `direction`. */
const further =
  <T extends string>(scale: readonly T[], direction: Direction): Compare<T> =>
  (before, after, path) =>
    before === after
      ? []
      : [
          {
            path,
            direction:
              scale.indexOf(after) > scale.indexOf(before) ? direction : opposite(direction),
            before,
            after,
          },
        ]

/** A list whose order says nothing; each member more goes in `direction`. */
const members =
  <T>(direction: Direction, nameOf: (member: T) => string): Compare<readonly T[]> =>
  (before, after, path) => [
    ...without(before, after, nameOf).map((member) => ({
      path: `${path}.${nameOf(member)}`,
      direction: opposite(direction),
      before: member,
      after: undefined,
    })),
    ...without(after, before, nameOf).map((member) => ({
      path: `${path}.${nameOf(member)}`,
      direction,
      before: undefined,
      after: member,
    })),
  ]

function without<T>(list: readonly T[], other: readonly T[], nameOf: (member: T) => string): T[] {
  const names = new Set(other.map(nameOf))
  return list.filter((member) => !names.has(nameOf(member)))
}

/** A list of things with ids: those of both sides by `each`, the others by `direction`. */
const entries =
  <T>(direction: Direction, idOf: (entry: T) => string, each: Compare<T>): Compare<readonly T[]> =>
  (before, after, path) => [
    ...members(direction, idOf)(before, after, path),
    ...before.flatMap((entry) => {
      const same = after.find((other) => idOf(other) === idOf(entry))
      return same === undefined ? [] : each(entry, same, `${path}.${idOf(entry)}`)
    }),
  ]

/** A record in which a key that is missing stands for a value. */
const settings =
  <Key extends string, Value>(missing: (key: Key) => Value, each: Compare<Value>) =>
  (
    before: { readonly [K in Key]?: Value | undefined },
    after: { readonly [K in Key]?: Value | undefined },
    path: string,
  ): PolicyChange[] => {
    // Records of the document hold no other keys: the schema is strict.
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Key[]
    return keys.flatMap((key) =>
      each(before[key] ?? missing(key), after[key] ?? missing(key), `${path}.${key}`),
    )
  }

const nameOfSource = (source: RoleSource): string => {
  switch (source.by) {
    case 'zendeskRole':
      return source.zendeskRole
    case 'group':
      return `group_${source.groupId}`
    case 'customRole':
      return `custom_role_${source.customRoleId}`
  }
}

const roleSources = members('widens', nameOfSource)

const perClass = <T>(each: Compare<T>) =>
  parts<{ confidential: T; restricted: T; secret: T }>({
    confidential: each,
    restricted: each,
    secret: each,
  })

const access = perClass(further(ACCESS_LEVELS, 'widens'))

/** Whether each level of `weaker` has one of its own in `stronger`, in order, that asks no less. */
function asksNoLess(stronger: readonly ApprovalLevel[], weaker: readonly ApprovalLevel[]): boolean {
  let from = 0
  return weaker.every((level) => {
    const at = stronger.findIndex(
      (candidate, position) => position >= from && isAtLeast(candidate, level),
    )
    from = at + 1
    return at !== -1
  })
}

const approvalLevels: Compare<readonly ApprovalLevel[]> = (before, after, path) =>
  isEqual(before, after)
    ? []
    : [{ path, direction: asksNoLess(after, before) ? 'narrows' : 'widens', before, after }]

/** From acting least to acting most. */
const ACT_LEVELS = ['off', ...CONFIDENCE_LEVELS.toReversed()] as const
/** From safest to least safe. */
const HANDLINGS_BY_CAUTION = ['destroyed', 'vaulted', 'ignored'] as const satisfies Handling[]
const PROTECTIONS_BY_CAUTION = ['destroyed', 'vaulted', 'hidden'] as const satisfies Protection[]

/** Whether nobody gains by a value's moving from one class to another, each in its own policy. */
function isNoGain(
  from: { policy: Policy; sensitivityClass: SensitivityClass },
  to: { policy: Policy; sensitivityClass: SensitivityClass },
): boolean {
  const rankOf = ({ policy, sensitivityClass }: typeof from, role: Role) =>
    ACCESS_LEVELS.indexOf(policy.matrix[role][sensitivityClass])
  return (
    SENSITIVITY_CLASSES.indexOf(to.sensitivityClass) >=
      SENSITIVITY_CLASSES.indexOf(from.sensitivityClass) &&
    ROLES.every((role) => rankOf(to, role) <= rankOf(from, role)) &&
    to.policy.limits.displaySeconds[to.sensitivityClass] <=
      from.policy.limits.displaySeconds[from.sensitivityClass] &&
    asksNoLess(to.policy.approval[to.sensitivityClass], from.policy.approval[from.sensitivityClass])
  )
}

/** A higher class narrows only where the matrix and the levels give it less. */
const classIn =
  (policies: { before: Policy; after: Policy }): Compare<SensitivityClass> =>
  (before, after, path) => {
    if (before === after) return []
    const from = { policy: policies.before, sensitivityClass: before }
    const to = { policy: policies.after, sensitivityClass: after }
    return [{ path, direction: isNoGain(from, to) ? 'narrows' : 'widens', before, after }]
  }

const upTo = more('widens')
const atLeast = more('narrows')

/** A bound that may be missing: higher widens, and null is none. */
const atMost: Compare<number | null> = (before, after, path) =>
  before === after
    ? []
    : [{ path, direction: bound(after) > bound(before) ? 'widens' : 'narrows', before, after }]

const bound = (limit: number | null): number => limit ?? Number.POSITIVE_INFINITY

type Deciding = Policy['deciding']

const UNCAPPED: Cap = { perHour: null, perDay: null, customersPerDay: null }

const cap: Compare<Cap | null> = (before, after, path) =>
  parts<Cap>({ perHour: atMost, perDay: atMost, customersPerDay: atMost })(
    before ?? UNCAPPED,
    after ?? UNCAPPED,
    path,
  )

/** Hours that are set where there were none narrow; of other hours nothing is known. */
const decidingHours: Compare<Deciding['hours']> = (before, after, path) =>
  anyChange(before === null ? 'narrows' : 'widens')(before, after, path)

/** Hours decide only for rules that ask for them, and where they spare a comment. */
const deskHours = ({ before, after }: { before: Policy; after: Policy }): Compare<unknown> => {
  const decides = ({ automatic, deciding }: Policy) =>
    deciding.commentFor.offHours || automatic.some((rule) => rule.isWithinHoursOnly)
  return anyChange(decides(before) || decides(after) ? 'widens' : 'neither')
}

type Attachments = Policy['ingestion']['attachments']

const NOTHING_LISTED = { ...DEFAULT_INGESTION, handling: {} }

/** What becomes of a kind that the section does not list. */
const unlistedHandling = (kind: DetectedKind): Handling =>
  handlingOf({ ingestion: NOTHING_LISTED }, kind)

function partsOf(policies: { before: Policy; after: Policy }): Compare<Policy> {
  const sensitivityClass = classIn(policies)
  return parts<Policy>({
    version: nothing,
    roles: parts<Policy['roles']>({
      frontline: roleSources,
      lead: roleSources,
      compliance: roleSources,
      administrator: roleSources,
    }),
    samePerson: members('narrows', (pair) => pair.toSorted((one, other) => one - other).join('_')),
    // A field that leaves the catalogue is protected no more.
    fields: entries(
      'narrows',
      ({ id }) => id,
      parts<Policy['fields'][number]>({
        id: nothing,
        label: anyChange('neither'),
        // The kind chooses the mask, and another mask may show more.
        kind: anyChange('widens'),
        sensitivityClass,
        protection: further(PROTECTIONS_BY_CAUTION, 'widens'),
        zendeskFieldId: anyChange('widens'),
      }),
    ),
    matrix: parts<Policy['matrix']>({
      frontline: access,
      lead: access,
      compliance: access,
      administrator: access,
    }),
    approval: perClass(approvalLevels),
    limits: parts<Policy['limits']>({
      maxMinutes: upTo,
      defaultMinutes: upTo,
      uses: upTo,
      displaySeconds: perClass(upTo),
      requestExpiryMinutes: upTo,
      minReasonLength: atLeast,
      isCopyAllowed: upTo,
      isDownloadAllowed: upTo,
      checks: parts<Policy['limits']['checks']>({
        perMinute: upTo,
        perDay: upTo,
        missesPerPerson: upTo,
        lockMinutes: atLeast,
        missesOfAll: upTo,
        lockAllMinutes: atLeast,
      }),
      searches: parts<Policy['limits']['searches']>({ perMinute: upTo, perDay: upTo }),
    }),
    reasons: entries(
      'widens',
      ({ code }) => code,
      parts<Policy['reasons'][number]>({
        code: nothing,
        label: anyChange('neither'),
        isForSolvedTickets: upTo,
      }),
    ),
    hours: deskHours(policies),
    deciding: parts<Deciding>({
      needsTicketAccess: atLeast,
      hours: decidingHours,
      claimMinutes: anyChange('neither'),
      commentFor: parts<Deciding['commentFor']>({
        classes: members('narrows', (name) => name),
        offHours: atLeast,
      }),
    }),
    delegation: parts<Policy['delegation']>({
      toRoles: members('widens', (role) => role),
      maxDays: upTo,
    }),
    automatic: entries(
      'widens',
      ({ id }) => id,
      parts<AutomaticRule>({
        id: nothing,
        label: anyChange('neither'),
        roles: members('widens', (role) => role),
        classes: members('widens', (name) => name),
        isWithinHoursOnly: atLeast,
        isAssigneeOnly: atLeast,
        perPersonPerDay: upTo,
        minutes: upTo,
      }),
    ),
    breakGlass: parts<Policy['breakGlass']>({
      personIds: members('widens', String),
      minutes: upTo,
      uses: upTo,
    }),
    caps: parts<Policy['caps']>({ soft: cap, hard: cap, accountPerHour: atMost }),
    exceptions: parts<Policy['exceptions']>({ maxDays: upTo }),
    notifications: parts<Policy['notifications']>({
      internalNoteAfterMinutes: anyChange('neither'),
      // What is asked for leaves the account then, if only by its field's name.
      hasChat: upTo,
    }),
    detection: parts<Policy['detection']>({
      levels: settings<DetectedKind, ActLevel>(() => 'off', further(ACT_LEVELS, 'narrows')),
      custom: entries(
        'narrows',
        ({ id }: Policy['detection']['custom'][number]) => id,
        anyChange('widens'),
      ),
      saveGuard: parts<Policy['detection']['saveGuard']>({
        action: further(['off', 'ask'], 'narrows'),
        kinds: members('narrows', (kind) => kind),
        maySendWithReason: upTo,
        whenUnable: further(['block', 'pass'], 'widens'),
      }),
    }),
    ingestion: parts<Policy['ingestion']>({
      publicComments: atLeast,
      internalNotes: atLeast,
      fields: atLeast,
      subjects: atLeast,
      otherFields: atLeast,
      attachments: parts<Attachments>({
        isScanned: atLeast,
        documents: parts<Attachments['documents']>({
          isEveryTicket: atLeast,
          formIds: members('narrows', String),
          tags: members('narrows', (tag) => tag),
        }),
        // As a field's: the kind chooses the mask.
        kind: anyChange('widens'),
        sensitivityClass,
      }),
      handling: settings<DetectedKind, Handling>(
        unlistedHandling,
        further(HANDLINGS_BY_CAUTION, 'widens'),
      ),
      sensitivityClass: settings<DetectedKind, SensitivityClass>(
        () => 'restricted',
        sensitivityClass,
      ),
    }),
    search: parts<Policy['search']>({ roles: members('widens', (role) => role) }),
    intake: parts<Policy['intake']>({
      companyName: anyChange('neither'),
      defaultMinutes: upTo,
      maxMinutes: upTo,
    }),
    retention: settings<FieldKind, number | null>(() => null, atMost),
    erasure: parts<Policy['erasure']>({ includesTexts: atLeast }),
  })
}
