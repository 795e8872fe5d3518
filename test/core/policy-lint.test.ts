/** What is said about a policy that the schema takes, and that nothing is said about the default. */
import { describe, expect, test } from 'vitest'
import { lintPolicy } from '../../src/core/policy-lint.ts'
import type { AccountFacts, LintFinding } from '../../src/core/policy-lint.ts'
import type { Policy } from '../../src/core/policy.ts'
import { policySchema } from '../../src/core/policy.ts'
import {
  BILLING,
  COMPLIANCE,
  HARRIET,
  INGRID,
  LEADS,
  LENA,
  MAYA,
  OMAR,
  POLICY,
  SAM,
  gate,
} from './people-and-policy.ts'

const ACCOUNT: AccountFacts = {
  people: [MAYA, OMAR, LENA, INGRID, SAM, HARRIET],
  groups: [
    { id: LEADS, name: 'Leads' },
    { id: COMPLIANCE, name: 'Compliance' },
  ],
  customRoleIds: [401],
}

type Draft = { -readonly [Key in keyof Policy]: Policy[Key] }
type Row = [
  sentence: string,
  change: (draft: Draft) => void,
  facts: AccountFacts | null,
  expected: LintFinding[],
]

const NOBODY_LEADS = { ...ACCOUNT, people: [MAYA, INGRID, SAM] }

/** The default policy names nobody who may break the glass, and lint says so wherever nobody asks for more. */
const NOBODY_BREAKS: LintFinding = {
  code: 'list_empty',
  severity: 'warning',
  path: 'breakGlass.personIds',
}

const ROWS: Row[] = [
  ['the default policy of an account', () => undefined, ACCOUNT, []],
  ['the default policy without its account', () => undefined, null, []],
  [
    'a gate of a role that nobody is given',
    (draft) => {
      draft.roles.compliance = []
      draft.approval.secret = [gate(1, ['compliance'])]
    },
    null,
    [
      { code: 'role_unheld', severity: 'warning', path: 'roles.compliance' },
      { code: 'gate_unpassable', severity: 'error', path: 'approval.secret' },
    ],
  ],
  [
    'a class that nobody may ask for needs no gate',
    (draft) => {
      draft.roles.compliance = []
      draft.approval.secret = [gate(1, ['compliance'])]
      draft.matrix.frontline.secret = 'masked'
      draft.matrix.lead.secret = 'masked'
    },
    null,
    [
      { code: 'role_unheld', severity: 'warning', path: 'roles.compliance' },
      { code: 'field_unasked', severity: 'warning', path: 'fields.fraud_note' },
    ],
  ],
  [
    'a gate of a role that nobody holds',
    () => undefined,
    NOBODY_LEADS,
    [
      { code: 'role_unheld', severity: 'warning', path: 'roles.lead' },
      ...['confidential', 'restricted', 'secret'].map((name): LintFinding => ({
        code: 'gate_unpassable',
        severity: 'error',
        path: `approval.${name}`,
        personIds: [MAYA.id, INGRID.id],
      })),
    ],
  ],
  [
    'a gate of more people than there are',
    (draft) => (draft.approval.secret = [gate(3, ['lead'])]),
    ACCOUNT,
    [
      {
        code: 'gate_unpassable',
        severity: 'error',
        path: 'approval.secret',
        personIds: [MAYA.id, OMAR.id, LENA.id, INGRID.id],
      },
    ],
  ],
  [
    'an approver whose own requests nobody can approve',
    (draft) => {
      draft.matrix.frontline = { confidential: 'masked', restricted: 'masked', secret: 'request' }
      draft.matrix.lead = { confidential: 'masked', restricted: 'masked', secret: 'request' }
    },
    { ...ACCOUNT, people: [MAYA, OMAR, INGRID] },
    [
      { code: 'field_unasked', severity: 'warning', path: 'fields.card_number' },
      { code: 'field_unasked', severity: 'warning', path: 'fields.phone' },
      { code: 'role_unheld', severity: 'warning', path: 'roles.administrator' },
      { code: 'consent_unpassable', severity: 'error', path: 'roles.administrator' },
      {
        code: 'requester_without_approver',
        severity: 'error',
        path: 'approval.secret',
        personIds: [OMAR.id],
      },
    ],
  ],
  [
    'a field that no role sees',
    (draft) => {
      draft.matrix.frontline.secret = 'none'
      draft.matrix.lead.secret = 'none'
    },
    null,
    [{ code: 'field_unseen', severity: 'warning', path: 'fields.fraud_note' }],
  ],
  [
    'a group whose name exists twice, whatever its case',
    () => undefined,
    { ...ACCOUNT, groups: [...ACCOUNT.groups, { id: 299, name: 'LEADS ' }] },
    [{ code: 'group_name_ambiguous', severity: 'warning', path: 'roles.lead.0' }],
  ],
  [
    'a group and a custom role that Zendesk does not have',
    (draft) => {
      draft.roles.lead.push({ by: 'group', groupId: 298 })
      draft.roles.compliance.push({ by: 'customRole', customRoleId: 402 })
    },
    ACCOUNT,
    [
      { code: 'group_unknown', severity: 'error', path: 'roles.lead.1' },
      { code: 'custom_role_unknown', severity: 'error', path: 'roles.compliance.1' },
    ],
  ],
  [
    'a person who administers and approves',
    () => undefined,
    { ...ACCOUNT, people: [...ACCOUNT.people, { ...SAM, id: 108, groupIds: [LEADS] }] },
    [{ code: 'duties_mixed', severity: 'warning', path: 'roles.administrator', personIds: [108] }],
  ],
  [
    'one source for administering and overseeing',
    (draft) => draft.roles.administrator.push({ by: 'group', groupId: COMPLIANCE }),
    null,
    [{ code: 'duties_mixed', severity: 'warning', path: 'roles.administrator' }],
  ],
  [
    'an empty list, which means nobody',
    (draft) => (draft.search.roles = []),
    null,
    [{ code: 'list_empty', severity: 'warning', path: 'search.roles' }],
  ],
  [
    'one administrator and no compliance: nobody could consent to a change',
    (draft) => (draft.roles.compliance = []),
    ACCOUNT,
    [
      { code: 'role_unheld', severity: 'warning', path: 'roles.compliance' },
      { code: 'consent_unpassable', severity: 'error', path: 'roles.administrator' },
    ],
  ],
  [
    'an administrator and compliance that are one human being',
    (draft) => (draft.samePerson = [[INGRID.id, SAM.id]]),
    ACCOUNT,
    [{ code: 'consent_unpassable', severity: 'error', path: 'roles.administrator' }],
  ],
  [
    'no role to hand decisions over to',
    (draft) => (draft.delegation.toRoles = []),
    null,
    [{ code: 'list_empty', severity: 'warning', path: 'delegation.toRoles' }],
  ],
  [
    'a gate of a group alone, with enough people in it',
    (draft) => (draft.approval.secret = [gate(2, [], { groupIds: [LEADS] })]),
    { ...ACCOUNT, people: [MAYA, OMAR, LENA, { ...LENA, id: 109, email: null }, INGRID, SAM] },
    [],
  ],
  [
    'a gate of groups that Zendesk does not have, or has twice by name',
    (draft) => {
      draft.approval.secret = [
        gate(1, ['lead'], {
          groupIds: [298],
          slaMinutes: 30,
          escalatesTo: { roles: [], groupIds: [COMPLIANCE] },
        }),
      ]
    },
    { ...ACCOUNT, groups: [...ACCOUNT.groups, { id: 299, name: 'compliance' }] },
    [
      { code: 'group_name_ambiguous', severity: 'warning', path: 'roles.compliance.0' },
      { code: 'group_unknown', severity: 'error', path: 'approval.secret.0.groupIds.0' },
      {
        code: 'group_name_ambiguous',
        severity: 'warning',
        path: 'approval.secret.0.escalatesTo.groupIds.0',
      },
    ],
  ],
  [
    'a gate that only its next circle can pass',
    (draft) => {
      draft.roles.compliance = []
      draft.approval.secret = [
        gate(1, ['compliance'], {
          slaMinutes: 30,
          escalatesTo: { roles: ['lead'], groupIds: [] },
        }),
      ]
    },
    null,
    [{ code: 'role_unheld', severity: 'warning', path: 'roles.compliance' }],
  ],
  [
    'a gate whose approvers are one human being',
    (draft) => {
      draft.approval.secret = [gate(2, ['lead'])]
      draft.samePerson = [[OMAR.id, LENA.id]]
    },
    { ...ACCOUNT, people: [MAYA, OMAR, LENA, INGRID, SAM] },
    [
      {
        code: 'gate_unpassable',
        severity: 'error',
        path: 'approval.secret',
        personIds: [MAYA.id, OMAR.id, LENA.id, INGRID.id],
      },
      ...['confidential', 'restricted'].map((name): LintFinding => ({
        code: 'requester_without_approver',
        severity: 'error',
        path: `approval.${name}`,
        personIds: [OMAR.id, LENA.id],
      })),
    ],
  ],
  [
    'an administrator in a group of approvers',
    (draft) => (draft.approval.secret = [gate(1, ['lead'], { groupIds: [BILLING] })]),
    { ...ACCOUNT, groups: [...ACCOUNT.groups, { id: BILLING, name: 'Billing' }] },
    [
      {
        code: 'duties_mixed',
        severity: 'warning',
        path: 'roles.administrator',
        personIds: [SAM.id],
      },
    ],
  ],
  [
    'a rule for hours where policy names none, and one for a class that nobody asks for',
    (draft) => {
      const rule = {
        label: 'By itself',
        roles: ['frontline'],
        isAssigneeOnly: true,
        perPersonPerDay: 5,
        minutes: 10,
      } as const
      draft.matrix.frontline.restricted = 'masked'
      draft.automatic = [
        {
          ...rule,
          id: 'by_day',
          roles: [...rule.roles],
          classes: ['confidential'],
          isWithinHoursOnly: true,
        },
        {
          ...rule,
          id: 'cards',
          roles: [...rule.roles],
          classes: ['restricted'],
          isWithinHoursOnly: false,
        },
        {
          ...rule,
          id: 'phones',
          roles: [...rule.roles],
          classes: ['confidential'],
          isWithinHoursOnly: false,
        },
      ]
    },
    null,
    [
      { code: 'rule_never_fits', severity: 'warning', path: 'automatic.by_day' },
      { code: 'rule_never_fits', severity: 'warning', path: 'automatic.cards' },
    ],
  ],
  [
    'people for emergencies whom Zendesk does not have, and one who reviews emergencies',
    (draft) => (draft.breakGlass.personIds = [OMAR.id, INGRID.id, 999]),
    { ...ACCOUNT, people: [...ACCOUNT.people, { ...INGRID, id: 110, email: null }] },
    [
      {
        code: 'person_unknown',
        severity: 'error',
        path: 'breakGlass.personIds',
        personIds: [999],
      },
      {
        code: 'own_review',
        severity: 'warning',
        path: 'breakGlass.personIds',
        personIds: [INGRID.id],
      },
    ],
  ],
  [
    'an emergency that nobody but its own person could review',
    (draft) => (draft.breakGlass.personIds = [INGRID.id]),
    ACCOUNT,
    [
      {
        code: 'review_unpassable',
        severity: 'error',
        path: 'breakGlass.personIds',
        personIds: [INGRID.id],
      },
    ],
  ],
  [
    'no reason for a solved ticket',
    (draft) => (draft.reasons = draft.reasons.filter((reason) => !reason.isForSolvedTickets)),
    null,
    [{ code: 'reasons_all_end', severity: 'warning', path: 'reasons' }],
  ],
]

const inOrder = (findings: readonly LintFinding[]) =>
  findings.toSorted((a, b) => (a.path + a.code < b.path + b.code ? -1 : 1))

describe('lint', () => {
  test.each(ROWS)('%s', (_, change, facts, expected) => {
    const draft = structuredClone(POLICY) as Draft
    change(draft)
    const found = lintPolicy(policySchema.parse(draft), facts)
    const isNamed = draft.breakGlass.personIds.length > 0
    expect(inOrder(found)).toEqual(inOrder(isNamed ? expected : [...expected, NOBODY_BREAKS]))
  })

  test('sees that somebody with two roles has to stand at the gate where nobody else can', () => {
    const draft = structuredClone(POLICY)
    draft.approval.secret = [gate(1, ['lead']), gate(1, ['compliance'])]
    const both = { ...OMAR, groupIds: [LEADS, COMPLIANCE] }
    const people = [MAYA, both, LENA, SAM]
    const findings = lintPolicy(draft, { ...ACCOUNT, people })
    // Omar and Lena wait for each other's other gate: only Maya's requests can pass.
    expect(findings).toEqual([
      {
        code: 'requester_without_approver',
        severity: 'error',
        path: 'approval.secret',
        personIds: [both.id, LENA.id],
      },
      NOBODY_BREAKS,
    ])
  })
})
