/** What a change of policy does: wider waits for a second person, so nothing wider may pass as narrower. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparePolicies, isWidening } from '../../src/core/policy-change.ts'
import type { Direction } from '../../src/core/policy-change.ts'
import { accessTo, openLevel, rolesOf } from '../../src/core/policy-decision.ts'
import type { AutomaticRule, Policy } from '../../src/core/policy.ts'
import { policySchema } from '../../src/core/policy.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { ACCESS_LEVELS } from '../../src/core/role.ts'
import type { WorkingHours } from '../../src/core/working-hours.ts'
import {
  anyLevels,
  anyPolicy,
  anyRoles,
  CARD_FIELD,
  HARRIET,
  INGRID,
  LENA,
  MAYA,
  OMAR,
  POLICY,
  SAM,
  gate,
} from './people-and-policy.ts'

type Draft = { -readonly [Key in keyof Policy]: Policy[Key] }
type Case = [sentence: string, change: (draft: Draft) => void, path: string, direction: Direction]

/** What the schema makes of a changed copy: a case that it refuses says nothing. */
function changed(change: (draft: Draft) => void): Policy {
  const draft = structuredClone(POLICY) as Draft
  change(draft)
  return policySchema.parse(draft)
}

const OWN_TICKET_RULE: AutomaticRule = {
  id: 'own_ticket',
  label: 'The assignee, by day',
  roles: ['frontline'],
  classes: ['confidential'],
  isWithinHoursOnly: true,
  isAssigneeOnly: true,
  perPersonPerDay: 5,
  minutes: 15,
}

const OFFICE_HOURS: WorkingHours = {
  timeZone: 'Europe/Berlin',
  weekly: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
  holidays: [],
}

const CASES: Case[] = [
  [
    'a group that may stand at a gate, too',
    (draft) => (draft.approval.secret = [gate(1, ['lead'], { groupIds: [777] })]),
    'approval.secret',
    'widens',
  ],
  [
    'a next circle for what is not answered',
    (draft) =>
      (draft.approval.secret = [
        gate(1, ['lead'], { slaMinutes: 30, escalatesTo: { roles: ['compliance'], groupIds: [] } }),
      ]),
    'approval.secret',
    'widens',
  ],
  [
    'approvers who need not see the ticket',
    (draft) => (draft.deciding = { ...draft.deciding, needsTicketAccess: false }),
    'deciding.needsTicketAccess',
    'widens',
  ],
  [
    'hours in which one may decide',
    (draft) => (draft.deciding = { ...draft.deciding, hours: OFFICE_HOURS }),
    'deciding.hours',
    'narrows',
  ],
  [
    'a comment with each approval of a class',
    (draft) =>
      (draft.deciding = {
        ...draft.deciding,
        commentFor: { classes: ['secret'], offHours: false },
      }),
    'deciding.commentFor.classes.secret',
    'narrows',
  ],
  [
    'more people to delegate to',
    (draft) => (draft.delegation = { ...draft.delegation, toRoles: ['lead', 'compliance'] }),
    'delegation.toRoles.compliance',
    'widens',
  ],
  [
    'a rule that approves by itself',
    (draft) => (draft.automatic = [OWN_TICKET_RULE]),
    'automatic.own_ticket',
    'widens',
  ],
  [
    'somebody who may break the glass',
    (draft) => (draft.breakGlass = { ...draft.breakGlass, personIds: [104] }),
    'breakGlass.personIds.104',
    'widens',
  ],
  [
    'no hard cap a day',
    (draft) =>
      (draft.caps = { ...draft.caps, hard: { perHour: 30, perDay: null, customersPerDay: 50 } }),
    'caps.hard.perDay',
    'widens',
  ],
  [
    'shorter exceptions',
    (draft) => (draft.exceptions = { maxDays: 30 }),
    'exceptions.maxDays',
    'narrows',
  ],
  [
    'a chat tool that is told',
    (draft) => (draft.notifications = { ...draft.notifications, hasChat: true }),
    'notifications.hasChat',
    'widens',
  ],
  [
    'hours of the desk that decide nothing',
    (draft) => (draft.hours = OFFICE_HOURS),
    'hours',
    'neither',
  ],
  [
    'another group of leads',
    (draft) => draft.roles.lead.push({ by: 'group', groupId: 999 }),
    'roles.lead.group_999',
    'widens',
  ],
  [
    'a role that nobody is given any more',
    (draft) => draft.roles.lead.pop(),
    'roles.lead.group_203',
    'narrows',
  ],
  [
    'masks for whoever saw nothing',
    (draft) => (draft.matrix.compliance.secret = 'masked'),
    'matrix.compliance.secret',
    'widens',
  ],
  [
    'approval by policy itself instead of by a lead',
    (draft) => (draft.matrix.lead.restricted = 'reveal'),
    'matrix.lead.restricted',
    'widens',
  ],
  [
    'asking taken from frontline agents',
    (draft) => (draft.matrix.frontline.secret = 'masked'),
    'matrix.frontline.secret',
    'narrows',
  ],
  [
    'a second lead',
    (draft) => (draft.approval.secret = [gate(2, ['lead'])]),
    'approval.secret',
    'narrows',
  ],
  [
    'a second gate',
    (draft) => (draft.approval.secret = [gate(1, ['lead']), gate(1, ['compliance'])]),
    'approval.secret',
    'narrows',
  ],
  [
    'another role at the same gate',
    (draft) => (draft.approval.secret = [gate(1, ['lead', 'compliance'])]),
    'approval.secret',
    'widens',
  ],
  [
    'two of another role in place of one lead',
    (draft) => (draft.approval.secret = [gate(2, ['compliance'])]),
    'approval.secret',
    'widens',
  ],
  ['a longer grant', (draft) => (draft.limits.maxMinutes = 60), 'limits.maxMinutes', 'widens'],
  ['fewer uses', (draft) => (draft.limits.uses = 1), 'limits.uses', 'narrows'],
  [
    'two users who are one person',
    (draft) => draft.samePerson.push([105, 104]),
    'samePerson.104_105',
    'narrows',
  ],
  [
    'a shorter reason',
    (draft) => (draft.limits.minReasonLength = 3),
    'limits.minReasonLength',
    'widens',
  ],
  ['copying', (draft) => (draft.limits.isCopyAllowed = true), 'limits.isCopyAllowed', 'widens'],
  [
    'a shorter lock after misses',
    (draft) => (draft.limits.checks.lockMinutes = 5),
    'limits.checks.lockMinutes',
    'widens',
  ],
  [
    'a field that leaves the catalogue',
    (draft) => draft.fields.pop(),
    'fields.fraud_note',
    'widens',
  ],
  [
    'a field that joins it',
    (draft) => draft.fields.push({ ...CARD_FIELD, id: 'second_card', zendeskFieldId: 388 }),
    'fields.second_card',
    'narrows',
  ],
  [
    'a value that goes back to Zendesk',
    (draft) => (draft.fields[0] = { ...CARD_FIELD, protection: 'hidden' }),
    'fields.card_number.protection',
    'widens',
  ],
  [
    'a value that is kept no more',
    (draft) => (draft.fields[0] = { ...CARD_FIELD, protection: 'destroyed' }),
    'fields.card_number.protection',
    'narrows',
  ],
  [
    'another Zendesk field',
    (draft) => (draft.fields[0] = { ...CARD_FIELD, zendeskFieldId: 399 }),
    'fields.card_number.zendeskFieldId',
    'widens',
  ],
  [
    'a higher class',
    (draft) => (draft.fields[0] = { ...CARD_FIELD, sensitivityClass: 'secret' }),
    'fields.card_number.sensitivityClass',
    'narrows',
  ],
  [
    'a lower class',
    (draft) => (draft.fields[0] = { ...CARD_FIELD, sensitivityClass: 'confidential' }),
    'fields.card_number.sensitivityClass',
    'widens',
  ],
  [
    'a field’s name',
    (draft) => (draft.fields[0] = { ...CARD_FIELD, label: 'Card' }),
    'fields.card_number.label',
    'neither',
  ],
  [
    'a reason that may be used on solved tickets',
    (draft) => (draft.reasons[0] = { ...POLICY.reasons[0], isForSolvedTickets: true } as never),
    'reasons.identity_check.isForSolvedTickets',
    'widens',
  ],
  [
    'detection that acts later',
    (draft) => (draft.detection.levels.payment_card = 'certain'),
    'detection.levels.payment_card',
    'widens',
  ],
  [
    'detection that acts sooner',
    (draft) => (draft.detection.levels.payment_card = 'possible'),
    'detection.levels.payment_card',
    'narrows',
  ],
  [
    'a save guard that lets pass what it cannot look at',
    (draft) => (draft.detection.saveGuard.whenUnable = 'pass'),
    'detection.saveGuard.whenUnable',
    'widens',
  ],
  [
    'findings that stay where they are',
    (draft) =>
      (draft.ingestion.handling = { ...draft.ingestion.handling, bank_account: 'ignored' }),
    'ingestion.handling.bank_account',
    'widens',
  ],
  [
    'findings kept under a lower class',
    (draft) => (draft.ingestion.sensitivityClass = { bank_account: 'confidential' }),
    'ingestion.sensitivityClass.bank_account',
    'widens',
  ],
  [
    'notes that nobody looks at',
    (draft) => (draft.ingestion.internalNotes = false),
    'ingestion.internalNotes',
    'widens',
  ],
  [
    'attachments that nobody looks into',
    (draft) => (draft.ingestion.attachments.isScanned = false),
    'ingestion.attachments.isScanned',
    'widens',
  ],
  [
    'tickets whose documents are taken whole',
    (draft) => (draft.ingestion.attachments.documents.tags = ['identity_check']),
    'ingestion.attachments.documents.tags.identity_check',
    'narrows',
  ],
  [
    'frontline agents who search by value',
    (draft) => draft.search.roles.push('frontline'),
    'search.roles.frontline',
    'widens',
  ],
  ['an end to keeping', (draft) => (draft.retention = { phone: 30 }), 'retention.phone', 'narrows'],
  [
    'erasing that leaves texts',
    (draft) => (draft.erasure.includesTexts = false),
    'erasure.includesTexts',
    'widens',
  ],
  [
    'the name customers read',
    (draft) => (draft.intake = { ...draft.intake, companyName: 'Example Ltd' }),
    'intake.companyName',
    'neither',
  ],
]

/** Other people or another field are no narrower on the way back. */
const NEITHER_IS_NARROWER = new Set([
  'two of another role in place of one lead',
  'another Zendesk field',
])

test('hours of the desk widen where a rule asks for them', () => {
  const before = changed((draft) => (draft.automatic = [OWN_TICKET_RULE]))
  const after = { ...before, hours: OFFICE_HOURS }
  expect(comparePolicies(before, after)).toMatchObject([{ path: 'hours', direction: 'widens' }])
})

describe('one change', () => {
  test.each(CASES)('%s', (_, change, path, direction) => {
    const changes = comparePolicies(POLICY, changed(change))
    expect(changes.map((found) => [found.path, found.direction])).toEqual([[path, direction]])
  })

  test('and its way back go in opposite directions', () => {
    const back = CASES.map(([sentence, change]) => [
      sentence,
      comparePolicies(changed(change), POLICY).map((found) => [found.path, found.direction]),
    ])
    const opposite = { widens: 'narrows', narrows: 'widens', neither: 'neither' }
    expect(back).toEqual(
      CASES.map(([sentence, , path, direction]) => [
        sentence,
        [[path, NEITHER_IS_NARROWER.has(sentence) ? 'widens' : opposite[direction]]],
      ]),
    )
  })

  test('to a class that the matrix gives to more people is none that narrows', () => {
    const generous = changed((draft) => (draft.matrix.compliance.secret = 'request'))
    const moved = structuredClone(generous)
    moved.fields[0] = { ...CARD_FIELD, sensitivityClass: 'secret' }
    expect(comparePolicies(generous, moved)).toMatchObject([{ direction: 'widens' }])
  })
})

/** Every leaf of a document with its path. */
function leavesOf(node: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof node !== 'object' || node === null) return [path]
  const keys = Array.isArray(node) ? [...node.keys()] : Object.keys(node)
  return keys.flatMap((key) => leavesOf(Reflect.get(node, key), [...path, key]))
}

function withLeaf(policy: Policy, path: readonly (string | number)[]): Policy {
  const copy = structuredClone(policy)
  const last = path.at(-1) ?? ''
  const parent = path.slice(0, -1).reduce<object>((node, key) => Reflect.get(node, key), copy)
  const value: unknown = Reflect.get(parent, last)
  const other =
    last === 'escalatesTo'
      ? { roles: ['compliance'], groupIds: [] }
      : typeof value === 'number'
        ? value + 1
        : typeof value === 'boolean'
          ? !value
          : `${value}x`
  Reflect.set(parent, last, other)
  return copy
}

test('whatever differs is a change, wherever it stands', () => {
  const document = changed((draft) => {
    draft.retention = { phone: 30 }
    draft.automatic = [OWN_TICKET_RULE]
    draft.detection.custom = [
      {
        id: 'customer_code',
        label: 'Customer code',
        kind: 'other',
        pattern: 'KD-[0-9]{6}',
        example: 'KD-123456',
        confidence: 'likely',
      },
    ]
  })
  const unseen = leavesOf(document).filter(
    (path) => comparePolicies(document, withLeaf(document, path)).length === 0,
  )
  expect(unseen).toEqual([['version']])
  expect(comparePolicies(document, structuredClone(document))).toEqual([])
})

describe('what is not called wider is not wider', () => {
  const people = [MAYA, OMAR, LENA, INGRID, SAM, HARRIET]
  // Independent policies are hardly ever narrower than each other: these differ in one cell.
  const anyClass = fc.constantFrom(...SENSITIVITY_CLASSES)
  const otherAccess = fc
    .tuple(anyPolicy, anyPolicy, fc.constantFrom('frontline', 'lead', 'compliance'), anyClass)
    .map(([before, other, role, sensitivityClass]) => {
      const after = structuredClone(before)
      after.matrix[role][sensitivityClass] = other.matrix[role][sensitivityClass]
      return { before, after }
    })
  const otherLevels = fc
    .tuple(anyPolicy, anyLevels, anyClass)
    .map(([before, levels, sensitivityClass]) => {
      const after = structuredClone(before)
      after.approval[sensitivityClass] = levels
      return { before, after }
    })

  test('nobody sees more of any class', () => {
    fc.assert(
      fc.property(otherAccess, ({ before, after }) => {
        fc.pre(!isWidening(comparePolicies(before, after)))
        const seenBy = (policy: Policy) =>
          people.flatMap((person) =>
            SENSITIVITY_CLASSES.map((sensitivityClass) =>
              ACCESS_LEVELS.indexOf(accessTo(sensitivityClass, rolesOf(person, policy), policy)),
            ),
          )
        const was = seenBy(before)
        expect(seenBy(after).filter((level, at) => level > (was[at] ?? 0))).toEqual([])
      }),
    )
  })

  test('whoever approves now could have approved before', () => {
    const approvers = fc.array(anyRoles, { maxLength: 6 })
    fc.assert(
      fc.property(otherLevels, approvers, ({ before, after }, rolesOfEach) => {
        fc.pre(!isWidening(comparePolicies(before, after)))
        const group = rolesOfEach.map((roles, id) => ({ id, roles }))
        const passed = (policy: Policy) =>
          SENSITIVITY_CLASSES.filter(
            (name) => openLevel(policy.approval[name], group, policy) === null,
          )
        expect(passed(before)).toEqual(expect.arrayContaining(passed(after)))
      }),
    )
  })
})
