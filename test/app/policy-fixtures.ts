/** A policy's versions as the endpoint answers them. People and groups are the sandbox's. */
import type {
  PolicyAnalysis,
  PolicyFacts,
  PolicyVersionList,
  PolicyVersionSummaryView,
  PolicyVersionView,
} from '../../src/contract/policy.ts'
import type { PolicyCase } from '../../src/core/policy-case.ts'
import type { Policy } from '../../src/core/policy.ts'
import { defaultPolicy } from '../../src/core/policy.ts'

export const SAM = { id: 107, name: 'Sam Okafor' }
export const INGRID = { id: 106, name: 'Ingrid Solberg' }

export const policyFacts: PolicyFacts = {
  people: [
    { id: 101, name: 'Maya Rivera' },
    { id: 104, name: 'Omar Haddad' },
    { id: 105, name: 'Lena Fischer' },
    INGRID,
    SAM,
  ],
  groups: [
    { id: 201, name: 'Billing' },
    { id: 203, name: 'Escalation leads' },
    { id: 204, name: 'Compliance' },
  ],
  customRoles: [{ id: 401, name: 'Team lead' }],
  ticketFields: [
    { id: 301, title: 'Card number', canHoldMask: true },
    { id: 309, title: 'Amount', canHoldMask: false },
  ],
}

export const activePolicy: Policy = {
  ...defaultPolicy({
    leadGroupId: 203,
    complianceGroupId: 204,
    fields: [
      {
        id: 'card_number',
        label: 'Card number',
        kind: 'payment_card',
        sensitivityClass: 'restricted',
        protection: 'vaulted',
        zendeskFieldId: 301,
      },
    ],
  }),
  version: 14,
}

export const agentAsks: PolicyCase = {
  name: 'An agent needs one lead for a card',
  who: { zendeskRole: 'agent', groupIds: [201], customRoleId: null, isSuspended: false },
  what: { fieldIds: ['card_number'] },
  when: { ticketStatus: 'open', reasonCode: null, minutes: null },
  expect: { approvalFrom: [{ count: 1, roles: ['lead'], groupIds: [] }] },
}

const summary: PolicyVersionSummaryView = {
  version: 14,
  state: 'active',
  comment: 'Passports take two leads',
  author: { type: 'person', person: SAM },
  createdAt: '2026-11-10T09:00:00.000Z',
  basedOn: 13,
  isOutdated: false,
  submittedBy: SAM,
  submittedAt: '2026-11-10T09:30:00.000Z',
  decidedBy: INGRID,
  decidedAt: '2026-11-10T10:00:00.000Z',
  decisionComment: null,
  activatedAt: '2026-11-10T10:00:00.000Z',
  closedAt: null,
}

export const noAnalysis: PolicyAnalysis = {
  issues: [],
  comparedWith: 14,
  changes: [],
  isWidening: false,
  findings: [],
  cases: [],
  preview: null,
}

const refused = { allowed: false, code: 'role_not_permitted' } as const

export const activeVersion: PolicyVersionView = {
  ...summary,
  document: activePolicy,
  cases: [agentAsks],
  analysis: noAnalysis,
  mayEdit: refused,
  maySubmit: refused,
  mayDecide: refused,
  mayWithdraw: refused,
}

/** Longer grants for everybody who may ask. */
export const wideningAnalysis: PolicyAnalysis = {
  ...noAnalysis,
  isWidening: true,
  changes: [{ path: 'limits.maxMinutes', direction: 'widens', before: 30, after: 60 }],
  findings: [
    {
      code: 'duties_mixed',
      severity: 'warning',
      path: 'roles.administrator',
      people: [SAM],
      peopleCount: 1,
    },
  ],
  cases: [
    {
      name: agentAsks.name,
      isPassed: true,
      expected: agentAsks.expect,
      found: agentAsks.expect,
    },
  ],
  preview: {
    fields: [],
    roles: [],
    rolesCount: 0,
    approvers: [],
    requests: [],
    grants: [],
    consequence: {
      peopleGain: 0,
      peopleLose: 0,
      fieldsGained: [],
      fieldsLost: [],
      requestsEnd: 0,
      requestsChange: 0,
      grantsEnd: 0,
    },
  },
}

export const draftVersion: PolicyVersionView = {
  ...activeVersion,
  version: 15,
  state: 'draft',
  comment: 'Longer grants for refunds',
  createdAt: '2026-11-20T09:00:00.000Z',
  basedOn: 14,
  submittedBy: null,
  submittedAt: null,
  decidedBy: null,
  decidedAt: null,
  activatedAt: null,
  document: { ...activePolicy, limits: { ...activePolicy.limits, maxMinutes: 60 } },
  analysis: wideningAnalysis,
  mayEdit: { allowed: true },
  maySubmit: { allowed: true },
  mayWithdraw: { allowed: true },
}

export const waitingVersion: PolicyVersionView = {
  ...draftVersion,
  state: 'waiting',
  submittedBy: SAM,
  submittedAt: '2026-11-20T09:10:00.000Z',
  mayEdit: { allowed: false, code: 'policy_not_draft' },
  maySubmit: { allowed: false, code: 'policy_not_draft' },
}

export function listOf(...versions: readonly PolicyVersionView[]): PolicyVersionList {
  return {
    versions: versions.map(
      ({
        document: _document,
        cases: _cases,
        analysis: _analysis,
        mayEdit: _mayEdit,
        maySubmit: _maySubmit,
        mayDecide: _mayDecide,
        mayWithdraw: _mayWithdraw,
        ...own
      }) => own,
    ),
    nextBefore: null,
    active: 14,
    waiting: versions.find(({ state }) => state === 'waiting')?.version ?? null,
    founders: null,
    mayDraft: { allowed: true },
  }
}
