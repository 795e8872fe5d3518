/** The people, the ticket and the policy that the tables speak of, and random policies. */
import * as fc from 'fast-check'
import type { Person, Ticket } from '../../src/core/person.ts'
import { defaultPolicy } from '../../src/core/policy.ts'
import type { ApprovalLevel, AutomaticRule, Cap, Policy } from '../../src/core/policy.ts'
import { FIELD_KINDS, SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import type { ProtectedField } from '../../src/core/protected-field.ts'
import { ACCESS_LEVELS, ROLES } from '../../src/core/role.ts'
import type { Role } from '../../src/core/role.ts'
import type { ActLevel } from '../../src/detect/detector.ts'
import { CONFIDENCE_LEVELS, DETECTED_KINDS } from '../../src/detect/span.ts'
import type { DetectedKind } from '../../src/detect/span.ts'

export const BILLING = 201
export const LEADS = 203
export const COMPLIANCE = 204

export const CARD_FIELD: ProtectedField = {
  id: 'card_number',
  label: 'Card number',
  kind: 'payment_card',
  sensitivityClass: 'restricted',
  protection: 'vaulted',
  zendeskFieldId: 301,
}
export const PHONE_FIELD: ProtectedField = {
  id: 'phone',
  label: 'Phone',
  kind: 'phone',
  sensitivityClass: 'confidential',
  protection: 'vaulted',
  zendeskFieldId: 303,
}
export const NOTE_FIELD: ProtectedField = {
  id: 'fraud_note',
  label: 'Fraud note',
  kind: 'internal_note',
  sensitivityClass: 'secret',
  protection: 'vaulted',
  zendeskFieldId: 306,
}

export const POLICY: Policy = defaultPolicy({
  leadGroupId: LEADS,
  complianceGroupId: COMPLIANCE,
  fields: [CARD_FIELD, PHONE_FIELD, NOTE_FIELD],
})

const agent: Person = {
  id: 101,
  name: 'Maya Rivera',
  email: 'maya.rivera@example.com',
  zendeskRole: 'agent',
  roleType: 0,
  customRoleId: null,
  ticketRestriction: null,
  isSuspended: false,
  isActive: true,
  groupIds: [BILLING],
  organizationId: null,
}

export const MAYA = agent
export const OMAR: Person = {
  ...agent,
  id: 104,
  name: 'Omar Haddad',
  email: 'omar.haddad@example.com',
  groupIds: [LEADS, BILLING],
}
export const LENA: Person = {
  ...agent,
  id: 105,
  name: 'Lena Fischer',
  email: 'lena.fischer@example.com',
  groupIds: [LEADS],
}
export const INGRID: Person = {
  ...agent,
  id: 106,
  name: 'Ingrid Solberg',
  email: 'ingrid.solberg@example.com',
  groupIds: [COMPLIANCE],
}
export const SAM: Person = {
  ...agent,
  id: 107,
  name: 'Sam Okafor',
  email: 'sam.okafor@example.com',
  zendeskRole: 'admin',
  roleType: 4,
  groupIds: [BILLING],
}
export const HARRIET: Person = {
  ...agent,
  id: 501,
  name: 'Harriet Cole',
  email: 'harriet.cole@example.com',
  zendeskRole: 'end-user',
  roleType: null,
  ticketRestriction: 'requested',
  groupIds: [],
}

export const TICKET: Ticket = {
  id: 4001,
  subject: 'Refund not arrived',
  status: 'open',
  requesterId: 501,
  submitterId: 501,
  assigneeId: MAYA.id,
  groupId: BILLING,
  organizationId: null,
  brandId: null,
  collaboratorIds: [],
  followerIds: [],
}

export const anyRoles = fc.subarray([...ROLES])

/** A level of `count` people of these roles, without a next circle unless told. */
export const gate = (
  count: number,
  roles: Role[],
  more: Partial<ApprovalLevel> = {},
): ApprovalLevel => ({ count, roles, groupIds: [], slaMinutes: null, escalatesTo: null, ...more })

const approvingRoles = ['frontline', 'lead', 'compliance'] as const
const level: fc.Arbitrary<ApprovalLevel> = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  roles: fc.subarray<Role>([...approvingRoles], { minLength: 1 }),
  groupIds: fc.subarray([BILLING, LEADS]),
  slaMinutes: fc.integer({ min: 1, max: 10_080 }),
  escalatesTo: fc.option(
    fc.record({
      roles: fc.subarray<Role>([...approvingRoles], { minLength: 1 }),
      groupIds: fc.subarray([BILLING, LEADS]),
    }),
  ),
})
export const anyLevels = fc.array(level, { minLength: 1, maxLength: 3 })

const access = fc.constantFrom(...ACCESS_LEVELS)
const byClass = <Value>(value: fc.Arbitrary<Value>) =>
  fc.record({ confidential: value, restricted: value, secret: value })
const minutes = fc.integer({ min: 1, max: 120 })

const anyLevelByKind = Object.fromEntries(
  DETECTED_KINDS.map((kind) => [kind, fc.constantFrom(...CONFIDENCE_LEVELS, 'off')]),
) as Record<DetectedKind, fc.Arbitrary<ActLevel>>

const anyRule: fc.Arbitrary<AutomaticRule> = fc.record({
  id: fc.constantFrom('own_ticket', 'day_shift', 'call_back'),
  label: fc.constant('By itself'),
  roles: fc.subarray<Role>(['frontline', 'lead'], { minLength: 1 }),
  classes: fc.subarray<'confidential' | 'restricted'>(['confidential', 'restricted'], {
    minLength: 1,
  }),
  isWithinHoursOnly: fc.boolean(),
  isAssigneeOnly: fc.boolean(),
  perPersonPerDay: fc.integer({ min: 1, max: 100 }),
  minutes,
})

const anyCap: fc.Arbitrary<Cap> = fc.record({
  perHour: fc.option(fc.integer({ min: 1, max: 1000 })),
  perDay: fc.option(fc.integer({ min: 1, max: 10_000 })),
  customersPerDay: fc.option(fc.integer({ min: 1, max: 10_000 })),
})

/** Any policy that the schema takes, over the catalogue above. */
export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  version: fc.integer({ min: 1, max: 1000 }),
  roles: fc.constant(POLICY.roles),
  fields: fc.constant(POLICY.fields),
  matrix: fc.record({
    frontline: byClass(access),
    lead: byClass(access),
    compliance: byClass(access),
    administrator: byClass(fc.constantFrom('none', 'masked')),
  }),
  approval: byClass(anyLevels),
  limits: fc.record({
    maxMinutes: minutes,
    defaultMinutes: minutes,
    uses: fc.integer({ min: 1, max: 20 }),
    displaySeconds: byClass(fc.integer({ min: 5, max: 600 })),
    requestExpiryMinutes: fc.integer({ min: 5, max: 10_080 }),
    minReasonLength: fc.integer({ min: 1, max: 200 }),
    isCopyAllowed: fc.boolean(),
    isDownloadAllowed: fc.boolean(),
    checks: fc.record({
      perMinute: fc.integer({ min: 1, max: 60 }),
      perDay: fc.integer({ min: 1, max: 500 }),
      missesPerPerson: fc.integer({ min: 1, max: 10 }),
      lockMinutes: fc.integer({ min: 5, max: 1440 }),
      missesOfAll: fc.integer({ min: 1, max: 50 }),
      lockAllMinutes: fc.integer({ min: 15, max: 1440 }),
    }),
    searches: fc.record({
      perMinute: fc.integer({ min: 1, max: 60 }),
      perDay: fc.integer({ min: 1, max: 500 }),
    }),
  }),
  reasons: fc.constant(POLICY.reasons),
  detection: fc.record({
    levels: fc.record(anyLevelByKind),
    custom: fc.constant(POLICY.detection.custom),
    saveGuard: fc.record({
      action: fc.constantFrom('off', 'ask'),
      kinds: fc.subarray([...DETECTED_KINDS]),
      maySendWithReason: fc.boolean(),
      whenUnable: fc.constantFrom('block', 'pass'),
    }),
  }),
  intake: fc.record({
    companyName: fc.constantFrom(null, 'Example Ltd'),
    defaultMinutes: fc.integer({ min: 5, max: 60 }),
    maxMinutes: fc.integer({ min: 60, max: 10_080 }),
  }),
  search: fc.record({ roles: fc.subarray<Role>(['frontline', 'lead', 'compliance']) }),
  ingestion: fc.constant(POLICY.ingestion),
  retention: fc.dictionary(
    fc.constantFrom(...FIELD_KINDS),
    fc.option(fc.integer({ min: 1, max: 3653 })),
  ),
  erasure: fc.record({ includesTexts: fc.boolean() }),
  hours: fc.constant(null),
  samePerson: fc.constant([]),
  deciding: fc.record({
    needsTicketAccess: fc.boolean(),
    hours: fc.constant(null),
    claimMinutes: minutes,
    commentFor: fc.record({
      classes: fc.subarray([...SENSITIVITY_CLASSES]),
      offHours: fc.boolean(),
    }),
  }),
  delegation: fc.record({
    toRoles: fc.subarray<Role>([...approvingRoles]),
    maxDays: fc.integer({ min: 1, max: 180 }),
  }),
  automatic: fc.uniqueArray(anyRule, { selector: ({ id }) => id, maxLength: 3 }),
  breakGlass: fc.record({
    personIds: fc.subarray([MAYA.id, OMAR.id, LENA.id]),
    minutes: fc.integer({ min: 1, max: 60 }),
    uses: fc.integer({ min: 1, max: 5 }),
  }),
  caps: fc.record({
    soft: fc.option(anyCap),
    hard: fc.option(anyCap),
    accountPerHour: fc.option(fc.integer({ min: 1, max: 100_000 })),
  }),
  exceptions: fc.record({ maxDays: fc.integer({ min: 1, max: 366 }) }),
  notifications: fc.record({
    internalNoteAfterMinutes: fc.option(fc.integer({ min: 1, max: 10_080 })),
    hasChat: fc.boolean(),
  }),
})
