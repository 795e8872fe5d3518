/**
 * What a change of policy does to the people there are: who gains and who loses sight of what, and
 * what becomes of open requests and active grants. Pure; who there is and what is open is handed in.
 */
import type { Person } from './person.ts'
import {
  accessTo,
  approvalLevels,
  eligibleApprovers,
  rolesOf,
  withNextCircle,
} from './policy-decision.ts'
import type { Policy } from './policy.ts'
import type { ProtectedField, SensitivityClass } from './protected-field.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { AccessLevel, Role } from './role.ts'
import { ACCESS_LEVELS } from './role.ts'
import { fieldOfValue } from './vaulted-field.ts'
import type { ValueDescription } from './vaulted-field.ts'

/** A request or a grant that the change meets. */
export type OpenAct = {
  id: string
  ticketId: number
  requesterId: number
  /** What a request asks for, or a grant was given for. */
  minutes: number
  fields: readonly ValueDescription[]
  /** Given by an exception or in an emergency: the requester's roles are not what it stands on. */
  isByException?: boolean
}

export type AccessChange = { personId: number; before: AccessLevel; after: AccessLevel }

export type FieldPreview = {
  /** Null for values found in tickets, of which policy knows the class alone. */
  fieldId: string | null
  label: string | null
  sensitivityClass: SensitivityClass
  gains: AccessChange[]
  loses: AccessChange[]
}

export type PolicyPreview = {
  /** Those for which somebody gains or loses: the catalogue's, then what is found in tickets. */
  fields: FieldPreview[]
  roles: { personId: number; gains: Role[]; loses: Role[] }[]
  approvers: { sensitivityClass: SensitivityClass; gains: number[]; loses: number[] }[]
  requests: (Pick<OpenAct, 'id' | 'ticketId' | 'requesterId'> & { effect: 'ends' | 'changes' })[]
  grants: (Pick<OpenAct, 'id' | 'ticketId' | 'requesterId'> & { effect: 'ends' })[]
  consequence: Consequence
}

/** For one clear sentence before somebody agrees: "4 people lose access to Passport; 1 grant ends". */
export type Consequence = {
  peopleGain: number
  peopleLose: number
  /** Labels of the catalogue's fields. */
  fieldsGained: string[]
  fieldsLost: string[]
  requestsEnd: number
  requestsChange: number
  grantsEnd: number
}

/**
 * `before` is what holds now. Roles and access are those that are confirmed: what waits for a
 * confirmation gives nothing before and after.
 */
export function previewPolicy(
  before: Policy,
  after: Policy,
  {
    people,
    requests,
    grants,
  }: {
    people: readonly Person[]
    requests: readonly OpenAct[]
    grants: readonly OpenAct[]
  },
): PolicyPreview {
  const staff = people.map((person): Standing => ({
    person,
    before: rolesOf(person, before),
    after: rolesOf(person, after),
  }))
  const fields = [...catalogueFields(before, after), ...foundClasses()]
    .map((field) => previewField(field, staff, before, after))
    .filter(({ gains, loses }) => gains.length > 0 || loses.length > 0)
  const endingRequests = requests.filter((request) => !mayGoOn(request, staff, after))
  const changing = requests.filter(
    (request) => !endingRequests.includes(request) && isChanged(request, before, after),
  )
  const endingGrants = grants.filter((grant) => !mayGoOn(grant, staff, after))
  const idsOf = (changes: readonly AccessChange[]) => changes.map(({ personId }) => personId)
  const labelsOf = (some: readonly FieldPreview[]) => some.flatMap(({ label }) => label ?? [])
  return {
    fields,
    roles: staff.flatMap(previewRoles),
    approvers: previewApprovers(people, before, after),
    requests: [
      ...endingRequests.map((request) => ({ ...refOf(request), effect: 'ends' as const })),
      ...changing.map((request) => ({ ...refOf(request), effect: 'changes' as const })),
    ],
    grants: endingGrants.map((grant) => ({ ...refOf(grant), effect: 'ends' as const })),
    consequence: {
      peopleGain: new Set(fields.flatMap(({ gains }) => idsOf(gains))).size,
      peopleLose: new Set(fields.flatMap(({ loses }) => idsOf(loses))).size,
      fieldsGained: labelsOf(fields.filter(({ gains }) => gains.length > 0)),
      fieldsLost: labelsOf(fields.filter(({ loses }) => loses.length > 0)),
      requestsEnd: endingRequests.length,
      requestsChange: changing.length,
      grantsEnd: endingGrants.length,
    },
  }
}

type Standing = { person: Person; before: readonly Role[]; after: readonly Role[] }

/** A field as either document has it; undefined where one of them does not. */
type ComparedField = {
  fieldId: string | null
  before: Pick<ProtectedField, 'label' | 'sensitivityClass'> | undefined
  after: Pick<ProtectedField, 'label' | 'sensitivityClass'> | undefined
}

function catalogueFields(before: Policy, after: Policy): ComparedField[] {
  const ids = new Set([...after.fields, ...before.fields].map(({ id }) => id))
  const inCatalogue = ({ fields }: Policy, id: string) => fields.find((field) => field.id === id)
  return [...ids].map((fieldId) => ({
    fieldId,
    before: inCatalogue(before, fieldId),
    after: inCatalogue(after, fieldId),
  }))
}

/** What is found in tickets is in no catalogue: the matrix decides on it by its class. */
function foundClasses(): ComparedField[] {
  return SENSITIVITY_CLASSES.map((sensitivityClass) => {
    const found = { label: '', sensitivityClass }
    return { fieldId: null, before: found, after: found }
  })
}

function previewField(
  { fieldId, before, after }: ComparedField,
  staff: readonly Standing[],
  from: Policy,
  to: Policy,
): FieldPreview {
  const changes = staff.flatMap((standing): AccessChange[] => {
    const had = accessIn(before, standing.before, from)
    const has = accessIn(after, standing.after, to)
    return had === has ? [] : [{ personId: standing.person.id, before: had, after: has }]
  })
  const isGain = (change: AccessChange) =>
    ACCESS_LEVELS.indexOf(change.after) > ACCESS_LEVELS.indexOf(change.before)
  return {
    fieldId,
    label: fieldId === null ? null : (after?.label ?? before?.label ?? null),
    sensitivityClass: after?.sensitivityClass ?? before?.sensitivityClass ?? 'secret',
    gains: changes.filter(isGain),
    loses: changes.filter((change) => !isGain(change)),
  }
}

/** A field that a document does not know is one that nobody sees through Scrim. */
function accessIn(
  field: ComparedField['before'],
  roles: readonly Role[],
  policy: Policy,
): AccessLevel {
  return field === undefined ? 'none' : accessTo(field.sensitivityClass, roles, policy)
}

function previewRoles({ person, before, after }: Standing): PolicyPreview['roles'] {
  const gains = after.filter((role) => !before.includes(role))
  const loses = before.filter((role) => !after.includes(role))
  return gains.length + loses.length === 0 ? [] : [{ personId: person.id, gains, loses }]
}

const SOMEBODY_ELSE = { id: 0, email: null }

function previewApprovers(
  people: readonly Person[],
  before: Policy,
  after: Policy,
): PolicyPreview['approvers'] {
  const approversIn = (policy: Policy, sensitivityClass: SensitivityClass) =>
    new Set(
      policy.approval[sensitivityClass]
        .map(withNextCircle)
        .flatMap((level) => eligibleApprovers(people, SOMEBODY_ELSE, level, policy))
        .map(({ id }) => id),
    )
  return SENSITIVITY_CLASSES.flatMap((sensitivityClass) => {
    const had = approversIn(before, sensitivityClass)
    const have = approversIn(after, sensitivityClass)
    const gains = [...have].filter((id) => !had.has(id))
    const loses = [...had].filter((id) => !have.has(id))
    return gains.length + loses.length === 0 ? [] : [{ sensitivityClass, gains, loses }]
  })
}

/** Whether the requester could still ask for every one of the fields. */
function mayGoOn(
  { requesterId, fields, isByException }: OpenAct,
  staff: readonly Standing[],
  after: Policy,
): boolean {
  const requester = staff.find(({ person }) => person.id === requesterId)
  return fields.every((value) => {
    const field = fieldOfValue(after, value)
    if (isByException === true) return field !== undefined
    const access =
      field === undefined || requester === undefined
        ? 'none'
        : accessTo(field.sensitivityClass, requester.after, after)
    return access === 'request' || access === 'reveal'
  })
}

/** Whether others decide on it, or less can be given of it, than when it was asked. */
function isChanged({ fields, minutes }: OpenAct, before: Policy, after: Policy): boolean {
  const levelsIn = (policy: Policy) => {
    const known = fields.flatMap((value) => fieldOfValue(policy, value) ?? [])
    return JSON.stringify(approvalLevels(known, policy))
  }
  return (
    levelsIn(before) !== levelsIn(after) ||
    minutes > after.limits.maxMinutes ||
    after.limits.uses < before.limits.uses
  )
}

const refOf = ({ id, ticketId, requesterId }: OpenAct) => ({ id, ticketId, requesterId })
