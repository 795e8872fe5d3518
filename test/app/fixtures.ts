/** One fixture a state, as the endpoint answers it. People, labels and ids are the sandbox's. */
import type { AuditEntryList, AuditEntryView } from '../../src/contract/audit-entries.ts'
import { countParts, partRange } from '../../src/core/document.ts'
import type { GrantView, RevealedDocument, RevealedText } from '../../src/contract/grants.ts'
import type { ProtectedFieldList, ProtectedFieldView } from '../../src/contract/protected-fields.ts'
import type { DecisionContext } from '../../src/contract/decision-context.ts'
import type {
  QueuedRevealRequest,
  RevealRequestList,
  RevealRequestView,
} from '../../src/contract/reveal-requests.ts'
import type { Me } from '../../src/contract/session.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'

export const maya = { id: 101, name: 'Maya Rivera' }
export const tomas = { id: 102, name: 'Tomás Vidal' }
export const omar = { id: 104, name: 'Omar Haddad' }
export const lena = { id: 105, name: 'Lena Fischer' }

/** A documentation number (Ofcom), a test card and the ICAO specimen: published, nobody's. */
export const PHONE = '+44 20 7946 0958'

const field = (
  of: Pick<ProtectedFieldView, 'fieldId' | 'label' | 'kind' | 'sensitivityClass' | 'masked'>,
): ProtectedFieldView => ({
  ...of,
  protection: 'vaulted',
  access: 'request',
  hasValue: of.masked !== null,
  contentType: null,
  mayAsk: of.masked === null ? { allowed: false, code: 'field_empty' } : { allowed: true },
  mayTakeIn: { allowed: true },
  why: { rule: 'levels', next: 'ask' },
})

export const cardField = field({
  fieldId: 'card_number',
  label: 'Card number',
  kind: 'payment_card',
  sensitivityClass: 'restricted',
  masked: '•••• •••• •••• 4242',
})
export const passportField = field({
  fieldId: 'passport',
  label: 'Passport',
  kind: 'identity_document',
  sensitivityClass: 'secret',
  masked: '••••••••',
})
export const phoneField = field({
  fieldId: 'phone',
  label: 'Phone',
  kind: 'phone',
  sensitivityClass: 'confidential',
  masked: '••••••••58',
})
export const emptyField = field({
  fieldId: 'iban',
  label: 'IBAN',
  kind: 'bank_account',
  sensitivityClass: 'restricted',
  masked: null,
})

export const requestPending: RevealRequestView = {
  id: '00000000-0000-4000-8000-000000000001',
  ticketId: 4001,
  fields: [passportField],
  requester: maya,
  reasonCode: 'identity_check',
  reasonLabel: 'Identity check',
  reasonText: 'Compare the passport with the photo that the customer sent',
  minutes: 15,
  state: 'pending',
  createdAt: '2026-11-20T14:00:00.000Z',
  ageSeconds: 190,
  expiresInSeconds: 28_610,
  askedOf: [omar, lena],
  decision: null,
  approvals: [],
  approvalsNeeded: 1,
  claim: null,
  isEscalated: false,
  escalation: null,
  remindedAt: null,
  onDuty: null,
  extendsGrantId: null,
  automatic: null,
  grantId: null,
}

export const requestDenied: RevealRequestView = {
  ...requestPending,
  id: '00000000-0000-4000-8000-000000000002',
  state: 'denied',
  askedOf: [],
  decision: {
    by: omar,
    at: '2026-11-20T14:02:00.000Z',
    comment: 'The photo is enough here',
    minutes: null,
    fieldIds: null,
    onBehalfOf: null,
    conditions: null,
  },
}

export const requestApproved: RevealRequestView = {
  ...requestPending,
  id: '00000000-0000-4000-8000-000000000003',
  fields: [phoneField],
  reasonCode: 'call_back',
  reasonLabel: 'Call back',
  reasonText: 'To call back about the outage',
  state: 'approved',
  askedOf: [],
  decision: {
    by: omar,
    at: '2026-11-20T14:01:00.000Z',
    comment: null,
    minutes: 15,
    fieldIds: ['phone'],
    onBehalfOf: null,
    conditions: null,
  },
  approvals: [{ by: omar, onBehalfOf: null, at: '2026-11-20T14:01:00.000Z' }],
  grantId: '00000000-0000-4000-8000-0000000000a1',
}

export const grantActive: GrantView = {
  id: '00000000-0000-4000-8000-0000000000a1',
  requestId: requestApproved.id,
  ticketId: 4001,
  requester: maya,
  approvedBy: [omar],
  isBreakGlass: false,
  reasonLabel: 'Call back',
  reasonText: 'To call back about the outage',
  fields: [{ ...phoneField, usesLeft: 3 }],
  state: 'active',
  expiresAt: '2026-11-20T14:16:00.000Z',
  remainingSeconds: 840,
}

export const revealedPhone: RevealedText = {
  grantId: grantActive.id,
  attemptId: '00000000-0000-4000-8000-0000000000b1',
  fieldId: 'phone',
  value: PHONE,
  displayRemainingSeconds: 120,
  displaySeconds: 120,
  usesLeft: 2,
  isCopyAllowed: false,
  watermark: { name: maya.name, at: '2026-11-20T14:03:00.000Z' },
}

export const scanField = (contentType: string): ProtectedFieldView => ({
  ...passportField,
  contentType,
})

export const grantOnScan: GrantView = {
  ...grantActive,
  id: '00000000-0000-4000-8000-0000000000a2',
  fields: [{ ...passportField, usesLeft: 3 }],
}

/** One part of a document, as the endpoint answers it. */
export function documentAnswer(
  bytes: Uint8Array,
  of: { contentType?: string; part?: number; isDownloadAllowed?: boolean } = {},
): RevealedDocument {
  const { contentType = 'application/pdf', part = 0, isDownloadAllowed = false } = of
  const { value: _, ...common } = revealedPhone
  const { start, end } = partRange(bytes.length, part)
  return {
    ...common,
    grantId: grantOnScan.id,
    fieldId: passportField.fieldId,
    displayRemainingSeconds: 30,
    displaySeconds: 30,
    document: {
      contentType,
      size: bytes.length,
      parts: countParts(bytes.length),
      part,
      data: Buffer.from(bytes.subarray(start, end)).toString('base64'),
      isDownloadAllowed,
    },
  }
}

/** One lead approves, as the default policy has it. */
const oneLead = { count: 1, roles: ['lead' as const], groups: [], people: [omar, lena] }

export const listMasked: ProtectedFieldList = {
  ticketId: 4001,
  fields: [cardField, passportField, phoneField, emptyField],
  requests: [],
  grants: [],
  form: {
    reasons: [
      { code: 'identity_check', label: 'Identity check' },
      { code: 'refund', label: 'Refund or payment' },
      { code: 'call_back', label: 'Call back' },
      { code: 'legal', label: 'Legal request' },
      { code: 'other', label: 'Something else' },
    ],
    maxMinutes: 30,
    defaultMinutes: 15,
    minReasonLength: 10,
    approvers: [omar, lena],
    onDutyAt: null,
  },
  roles: ['frontline'],
  waitingRoles: [],
  classes: SENSITIVITY_CLASSES.map((sensitivityClass) => ({
    sensitivityClass,
    askers: ['frontline', 'lead'],
    levels: [oneLead],
  })),
  noteClasses: [
    {
      sensitivityClass: 'confidential',
      askers: ['frontline', 'lead'],
      readers: [],
      approvers: ['lead'],
      displaySeconds: 120,
    },
    {
      sensitivityClass: 'restricted',
      askers: ['frontline'],
      readers: ['lead'],
      approvers: ['lead'],
      displaySeconds: 60,
    },
    {
      sensitivityClass: 'secret',
      askers: [],
      readers: ['lead'],
      approvers: ['lead'],
      displaySeconds: 30,
    },
  ],
  mergedTickets: [],
  breakGlass: null,
  areRevealsPaused: false,
  isCircuitOpen: false,
}

export const listPending: ProtectedFieldList = { ...listMasked, requests: [requestPending] }
export const listDenied: ProtectedFieldList = { ...listMasked, requests: [requestDenied] }
export const listGranted: ProtectedFieldList = {
  ...listMasked,
  requests: [requestApproved],
  grants: [grantActive],
}
export const listMixed: ProtectedFieldList = {
  ...listMasked,
  requests: [requestPending, requestApproved],
  grants: [grantActive],
}
export const listRevoked: ProtectedFieldList = {
  ...listGranted,
  grants: [{ ...grantActive, state: 'revoked', remainingSeconds: 0 }],
}
export const listExhausted: ProtectedFieldList = {
  ...listGranted,
  grants: [{ ...grantActive, state: 'exhausted', fields: [{ ...phoneField, usesLeft: 0 }] }],
}
export const listNothing: ProtectedFieldList = {
  ...listMasked,
  fields: [emptyField],
}
export const listSolved: ProtectedFieldList = {
  ...listMasked,
  fields: [{ ...cardField, mayAsk: { allowed: false, code: 'ticket_solved' } }],
}
export const listPaused: ProtectedFieldList = {
  ...listMasked,
  fields: [{ ...cardField, mayAsk: { allowed: false, code: 'reveals_paused' } }],
  areRevealsPaused: true,
}

export const contextCalm: DecisionContext = {
  requesterRoles: ['frontline'],
  requesterGroups: ['Billing'],
  ticketSubject: 'Refund not arrived',
  ticketStatus: 'open',
  isAssignee: true,
  isPowerWaiting: false,
  revealsToday: 1,
  revealsThirtyDays: 12,
  peers: { people: 4, medianToday: 2, medianThirtyDays: 14 },
  isFirstForCustomer: true,
  isWithinHours: null,
  similarReasons: { own: 0, otherPeople: 0 },
  shown: [{ fieldId: 'card_number', displaySeconds: 60, isDocument: false }],
  isCopyAllowed: false,
  isDownloadAllowed: false,
  exception: null,
  automaticRule: null,
  softCap: null,
  extension: null,
  isBreakGlass: false,
  hasOpenBreakGlass: false,
  policyVersion: 14,
  displaySeconds: 30,
  uses: 3,
  maxMinutes: 15,
}

export const queuedMaya: QueuedRevealRequest = {
  request: {
    ...requestPending,
    fields: [cardField],
    reasonCode: 'refund',
    reasonLabel: 'Refund or payment',
    reasonText: 'Customer disputes the last four, need to compare with the bank.',
    ageSeconds: 130,
  },
  context: contextCalm,
  mayDecide: { allowed: true },
  onBehalfOf: null,
  needsComment: false,
}

export const queuedTomas: QueuedRevealRequest = {
  request: {
    ...requestPending,
    id: '00000000-0000-4000-8000-000000000004',
    ticketId: 4002,
    requester: tomas,
    fields: [passportField, phoneField],
    ageSeconds: 540,
  },
  context: {
    ...contextCalm,
    ticketSubject: 'Identity check for a new card',
    isAssignee: false,
    revealsToday: 4,
    isFirstForCustomer: false,
    isWithinHours: false,
  },
  mayDecide: { allowed: true },
  onBehalfOf: null,
  needsComment: false,
}

export const queuedOwn: QueuedRevealRequest = {
  ...queuedMaya,
  request: { ...queuedMaya.request, requester: omar },
  mayDecide: { allowed: false, code: 'self_approval' },
  onBehalfOf: null,
  needsComment: false,
}

export const queueOfTwo: RevealRequestList = {
  queue: 'needs_me',
  counts: { needsMe: 2, pending: 3 },
  requests: [queuedMaya, queuedTomas],
}

export const queueEmpty: RevealRequestList = {
  queue: 'needs_me',
  counts: { needsMe: 0, pending: 0 },
  requests: [],
}

export const meLead: Me = {
  person: omar,
  roles: ['frontline', 'lead'],
  waitingRoles: [],
  mayDecide: true,
  mayReadAuditLog: false,
  mayRevoke: true,
  mayFindByValue: true,
  mayReadExposures: false,
  mayErase: false,
  mayReadAccess: true,
  mayReadPowers: false,
  mayReadPolicy: false,
  maySeeBreakGlass: true,
  areRevealsPaused: false,
  isCircuitOpen: false,
  mayManageExceptions: false,
}
export const meCompliance: Me = {
  ...meLead,
  roles: ['compliance'],
  mayDecide: false,
  mayReadAuditLog: true,
  mayReadExposures: true,
  mayErase: true,
  mayReadPowers: true,
}
export const meAdministrator: Me = {
  ...meLead,
  person: { id: 107, name: 'Sam Okafor' },
  roles: ['administrator'],
  mayDecide: false,
  mayRevoke: false,
  mayFindByValue: false,
  mayReadExposures: true,
  mayReadPowers: true,
}
export const meFrontline: Me = {
  ...meLead,
  person: maya,
  roles: ['frontline'],
  mayReadPolicy: false,
  maySeeBreakGlass: false,
  mayDecide: false,
  mayRevoke: false,
  mayFindByValue: false,
  mayReadAccess: false,
}

const entry = (
  index: number,
  action: string,
  more: Partial<AuditEntryView> = {},
): AuditEntryView => ({
  index,
  at: '2026-11-20T14:03:00.000Z',
  action,
  actor: { type: 'person', person: maya },
  outcome: 'ok',
  code: null,
  ticketId: 4001,
  fields: [{ fieldId: 'phone', label: 'Phone' }],
  location: null,
  kinds: [],
  requestId: requestApproved.id,
  grantId: grantActive.id,
  policyVersion: 14,
  texts: {},
  leafHash: '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9',
  ...more,
})

export const logPage: AuditEntryList = {
  entries: [
    entry(12, 'grant.reveal'),
    entry(11, 'reveal_request.approve', { actor: { type: 'person', person: omar }, grantId: null }),
    entry(10, 'reveal_request.create', { texts: { reason: 'To call back about the outage' } }),
    entry(9, 'grant.reveal_refuse', { outcome: 'refused', code: 'grant_expired' }),
    entry(8, 'session.start', {
      ticketId: null,
      fields: [],
      location: 'nav_bar',
      requestId: null,
      grantId: null,
    }),
    entry(7, 'grant.expire', { actor: { type: 'system', name: 'clock' } }),
    entry(6, 'grant.end', {
      actor: { type: 'system', name: 'zendesk' },
      code: 'ticket_reassigned',
    }),
  ],
  nextBefore: 6,
  people: [tomas, maya, omar],
  treeSize: 13,
  rootHash: 'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35',
}
