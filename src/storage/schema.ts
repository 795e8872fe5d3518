/**
 * Every table, once, for both engines. Instants come from the caller's clock and ids from the
 * caller: no `now()` and no `gen_random_uuid()` here. Rows outlive their subjects, so nothing
 * refers to people or tickets by foreign key.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

/** `bytea`; node-postgres answers a Buffer, PGlite a Uint8Array: both become a Uint8Array. */
const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
})
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })
const zendeskId = (name: string) => bigint(name, { mode: 'number' })
/** The Zendesk subdomain. */
const account = () => text('account').notNull()

/** The tip of each account's log; its row lock is what puts entries in an order. */
export const auditLogHeads = pgTable('audit_log_heads', {
  account: text('account').primaryKey(),
  size: bigint('size', { mode: 'number' }).notNull(),
  rootHash: bytes('root_hash').notNull(),
  /** Roots of the complete subtrees, largest first, 32 bytes each (RFC 6962, 2.1). */
  frontier: bytes('frontier').notNull(),
})

export const auditEntries = pgTable(
  'audit_entries',
  {
    account: account(),
    index: bigint('index', { mode: 'number' }).notNull(),
    /** The canonical JSON that the leaf hashes. The columns below repeat parts of it for search. */
    body: text('body').notNull(),
    leafHash: bytes('leaf_hash').notNull(),
    /** Root of the tree that ends with this entry: finds the first wrong entry. */
    rootHash: bytes('root_hash').notNull(),
    at: at('at').notNull(),
    action: text('action').notNull(),
    actorId: zendeskId('actor_id'),
    ticketId: zendeskId('ticket_id'),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.index] }),
    index('audit_entries_ticket').on(t.account, t.ticketId, t.index),
    index('audit_entries_actor').on(t.account, t.actorId, t.index),
    index('audit_entries_action').on(t.account, t.action, t.index),
  ],
)

/** Free text and names behind an entry's salted hashes. A row may be erased; its entry stays. */
export const auditTexts = pgTable(
  'audit_texts',
  {
    account: account(),
    entryIndex: bigint('entry_index', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    salt: bytes('salt').notNull(),
    text: text('text').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.entryIndex, t.name] })],
)

/** The vault, keyed by account, record, field and version. `jwe` is all there is of the value. */
export const protectedValues = pgTable(
  'protected_values',
  {
    account: account(),
    recordType: text('record_type').notNull(),
    recordId: zendeskId('record_id').notNull(),
    fieldId: text('field_id').notNull(),
    version: integer('version').notNull(),
    masked: text('masked').notNull(),
    token: text('token').notNull(),
    jwe: text('jwe').notNull(),
    createdAt: at('created_at').notNull(),
    createdBy: zendeskId('created_by').notNull(),
    /** The key that `jwe` is wrapped under; null in rows from before keys had ids. */
    keyId: text('key_id'),
    /** Keyed hash of the normalized value: equal values of an account have equal ones. */
    fingerprint: text('fingerprint'),
    fingerprintKeyId: text('fingerprint_key_id'),
    /** How it came: `intake`, `field`, `comment`, `attachment`, `note`, `link`, `follow_up`. */
    source: text('source'),
    /** The comment or attachment it was found in. */
    sourceId: zendeskId('source_id'),
    /**
     * What it was taken in as: fingerprint and retention follow its kind. Of values that no catalogue
     * field describes (found in comments, attachments and notes) this is all there is to say.
     */
    kind: text('kind'),
    sensitivityClass: text('sensitivity_class'),
    /** A document's media type; null for text. */
    contentType: text('content_type'),
    /** Whose value it is: the ticket's customer when it was taken in. */
    customerId: zendeskId('customer_id'),
    /** When retention shreds it; null keeps it. */
    retainUntil: at('retain_until'),
    /** When its field was cleared in Zendesk; the value is kept. */
    clearedAt: at('cleared_at'),
    /** When it was shredded: `jwe`, mask and fingerprint are empty from then on. */
    erasedAt: at('erased_at'),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.recordType, t.recordId, t.fieldId, t.version] }),
    uniqueIndex('protected_values_token').on(t.account, t.token),
    index('protected_values_fingerprint').on(t.account, t.fingerprint),
    index('protected_values_key')
      .on(t.account, t.keyId)
      .where(sql`erased_at is null`),
    index('protected_values_fingerprint_key')
      .on(t.account, t.fingerprintKeyId)
      .where(sql`erased_at is null`),
    index('protected_values_customer').on(t.account, t.customerId),
    index('protected_values_retention')
      .on(t.account, t.retainUntil)
      .where(sql`erased_at is null`),
    check(
      'nothing_left_when_erased',
      sql`erased_at is null or (jwe = '' and masked = '' and fingerprint is null)`,
    ),
  ],
)

/** Documents in parts, each sealed under the key that the value's `jwe` holds. */
export const documentParts = pgTable(
  'document_parts',
  {
    account: account(),
    recordType: text('record_type').notNull(),
    recordId: zendeskId('record_id').notNull(),
    fieldId: text('field_id').notNull(),
    version: integer('version').notNull(),
    /** From 0. */
    part: integer('part').notNull(),
    sealed: text('sealed').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'document_parts_pk',
      columns: [t.account, t.recordType, t.recordId, t.fieldId, t.version, t.part],
    }),
    foreignKey({
      name: 'document_parts_value',
      columns: [t.account, t.recordType, t.recordId, t.fieldId, t.version],
      foreignColumns: [
        protectedValues.account,
        protectedValues.recordType,
        protectedValues.recordId,
        protectedValues.fieldId,
        protectedValues.version,
      ],
    }),
  ],
)

/** Keys that a key service wrapped: what it answers opens values, the row alone does not. */
export const wrappingKeys = pgTable(
  'wrapping_keys',
  {
    account: account(),
    keyId: text('key_id').notNull(),
    /** Which service and which of its keys can unwrap it. */
    provider: text('provider').notNull(),
    wrapped: text('wrapped').notNull(),
    /** `values` or `fingerprints`. */
    purpose: text('purpose').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.keyId] })],
)

/** Tries to match what a customer says with a stored value, and searches by value: they are limited. */
export const valueChecks = pgTable(
  'value_checks',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    /** `check` or `find`. */
    act: text('act').notNull(),
    personId: zendeskId('person_id').notNull(),
    /** Of a check: which value. */
    recordId: zendeskId('record_id'),
    fieldId: text('field_id'),
    outcome: text('outcome').notNull(),
    at: at('at').notNull(),
  },
  (t) => [
    index('value_checks_person').on(t.account, t.act, t.personId, t.at),
    index('value_checks_value').on(t.account, t.recordId, t.fieldId, t.at),
  ],
)

/** What Zendesk said has happened, by ids only, until it is worked through. */
export const inbox = pgTable(
  'inbox',
  {
    account: account(),
    /** Zendesk's id of the event, or the sweep's own name for it: each is taken once. */
    id: text('id').notNull(),
    ticketId: zendeskId('ticket_id').notNull(),
    receivedAt: at('received_at').notNull(),
    dueAt: at('due_at').notNull(),
    attempts: integer('attempts').notNull(),
    lastCode: text('last_code'),
    doneAt: at('done_at'),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.id] }),
    index('inbox_due')
      .on(t.account, t.dueAt)
      .where(sql`done_at is null`),
  ],
)

/** Where a walk over Zendesk's tickets stands: the sweep's, or one backfill's with its sums. */
export const ticketWalks = pgTable(
  'ticket_walks',
  {
    account: account(),
    name: text('name').notNull(),
    cursor: text('cursor'),
    sums: jsonb('sums').$type<Record<string, number>>().notNull(),
    startedAt: at('started_at').notNull(),
    movedAt: at('moved_at').notNull(),
    /** Why the last step failed; null when it did not. */
    lastCode: text('last_code'),
    finishedAt: at('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.account, t.name] })],
)

/** Plaintext that Zendesk cannot give up, by category and place: never the text. */
export const residualExposures = pgTable(
  'residual_exposures',
  {
    account: account(),
    ticketId: zendeskId('ticket_id').notNull(),
    /** Such as `field_history`, `sent_email`, `closed_ticket_field`. */
    category: text('category').notNull(),
    /** The field or comment. */
    place: text('place').notNull(),
    kind: text('kind').notNull(),
    foundAt: at('found_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.ticketId, t.category, t.place, t.kind] })],
)

/**
 * Attachments that were looked into without taking anything out: not fetched again with each change of
 * their ticket. Another policy, or a ticket that is marked since, is a reason to look again.
 */
export const attachmentLooks = pgTable(
  'attachment_looks',
  {
    account: account(),
    ticketId: zendeskId('ticket_id').notNull(),
    attachmentId: zendeskId('attachment_id').notNull(),
    policyVersion: integer('policy_version').notNull(),
    /** Whether policy took the ticket's documents whole then. */
    isMarked: boolean('is_marked').notNull(),
    lookedAt: at('looked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.ticketId, t.attachmentId] })],
)

/** One-time links for customers. `id` is the SHA-256 of the link's secret, hex. */
export const intakeLinks = pgTable(
  'intake_links',
  {
    id: text('id').primaryKey(),
    account: account(),
    ticketId: zendeskId('ticket_id').notNull(),
    fieldId: text('field_id').notNull(),
    createdBy: zendeskId('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [index('intake_links_ticket').on(t.account, t.ticketId)],
)

export const revealRequests = pgTable(
  'reveal_requests',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    ticketId: zendeskId('ticket_id').notNull(),
    requesterId: zendeskId('requester_id').notNull(),
    /** The ticket's customer and assignee when it was asked. */
    customerId: zendeskId('customer_id').notNull(),
    assigneeId: zendeskId('assignee_id'),
    reasonCode: text('reason_code').notNull(),
    reasonText: text('reason_text').notNull(),
    minutes: integer('minutes').notNull(),
    state: text('state').notNull(),
    policyVersion: integer('policy_version').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    closedAt: at('closed_at'),
    /** Why it ended without a decision: an error code. */
    endedCode: text('ended_code'),
    /** The lead who looks at it, and until when nobody else may decide. */
    claimedBy: zendeskId('claimed_by'),
    claimedUntil: at('claimed_until'),
    /** The active grant that it asks more time for. */
    extendsGrantId: uuid('extends_grant_id'),
    /** The level that waits began here: the clock of its SLA. */
    levelSince: at('level_since'),
    remindedAt: at('reminded_at'),
    /** When the level that waits was opened to its next circle. */
    escalatedAt: at('escalated_at'),
    /** When the clock has to look at it next; null while nothing is due before its expiry. */
    dueAt: at('due_at'),
    notedAt: at('noted_at'),
    /** Version of the question that the reason text answers. */
    promptVersion: integer('prompt_version'),
    /** The automatic rule that approved it. */
    ruleId: text('rule_id'),
    /** The exception that let it be asked, or approved it. */
    exceptionId: uuid('exception_id'),
    isBreakGlass: boolean('is_break_glass').notNull().default(false),
  },
  (t) => [
    index('reveal_requests_due')
      .on(t.account, t.dueAt)
      .where(sql`state = 'pending' and due_at is not null`),
    unique('reveal_requests_requester').on(t.id, t.requesterId),
    index('reveal_requests_open').on(t.account, t.state, t.createdAt),
    index('reveal_requests_mine').on(t.account, t.requesterId, t.ticketId),
  ],
)

export const revealRequestFields = pgTable(
  'reveal_request_fields',
  {
    requestId: uuid('request_id')
      .notNull()
      .references(() => revealRequests.id),
    fieldId: text('field_id').notNull(),
    version: integer('version').notNull(),
    account: account(),
    requesterId: zendeskId('requester_id').notNull(),
    ticketId: zendeskId('ticket_id').notNull(),
    isPending: boolean('is_pending').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.fieldId] }),
    uniqueIndex('one_pending_request_per_field')
      .on(t.account, t.requesterId, t.ticketId, t.fieldId)
      .where(sql`is_pending`),
  ],
)

/** One row per approver and request; nobody decides on their own, whatever the code above says. */
export const decisions = pgTable(
  'decisions',
  {
    requestId: uuid('request_id').notNull(),
    requesterId: zendeskId('requester_id').notNull(),
    approverId: zendeskId('approver_id').notNull(),
    outcome: text('outcome').notNull(),
    minutes: integer('minutes'),
    /** The approved fields; null for a denial. */
    fieldIds: jsonb('field_ids').$type<string[]>(),
    comment: text('comment'),
    /** Whose power was used: a delegation's; null for the approver's own. */
    onBehalfOf: zendeskId('on_behalf_of'),
    /** Whether its level stood open to the next circle then. */
    isOfNextCircle: boolean('is_of_next_circle').notNull().default(false),
    conditions: jsonb('conditions').$type<{ isOnlyToday?: boolean; uses?: number }>(),
    at: at('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.approverId] }),
    foreignKey({
      columns: [t.requestId, t.requesterId],
      foreignColumns: [revealRequests.id, revealRequests.requesterId],
    }),
    check('no_self_approval', sql`approver_id <> requester_id`),
    check(
      'no_self_approval_by_delegation',
      sql`on_behalf_of is null or (on_behalf_of <> requester_id and on_behalf_of <> approver_id)`,
    ),
  ],
)

export const grants = pgTable(
  'grants',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    requestId: uuid('request_id')
      .notNull()
      .unique()
      .references(() => revealRequests.id),
    ticketId: zendeskId('ticket_id').notNull(),
    requesterId: zendeskId('requester_id').notNull(),
    /** The ticket's assignee at approval: a reassignment ends the grant. */
    assigneeId: zendeskId('assignee_id'),
    state: text('state').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    closedAt: at('closed_at'),
    endedCode: text('ended_code'),
    conditions: jsonb('conditions').$type<{ isOnlyToday?: boolean; uses?: number }>(),
    isBreakGlass: boolean('is_break_glass').notNull().default(false),
  },
  (t) => [
    index('grants_open').on(t.account, t.state, t.expiresAt),
    index('grants_mine').on(t.account, t.requesterId, t.ticketId),
  ],
)

export const grantFields = pgTable(
  'grant_fields',
  {
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grants.id),
    fieldId: text('field_id').notNull(),
    version: integer('version').notNull(),
    usesLeft: integer('uses_left').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.grantId, t.fieldId] }),
    check('uses_left_not_negative', sql`uses_left >= 0`),
  ],
)

/** One row per attempt that consumed a use; `failed` gave it back. */
export const reveals = pgTable(
  'reveals',
  {
    grantId: uuid('grant_id').notNull(),
    attemptId: uuid('attempt_id').notNull(),
    account: account(),
    fieldId: text('field_id').notNull(),
    version: integer('version').notNull(),
    requesterId: zendeskId('requester_id').notNull(),
    customerId: zendeskId('customer_id'),
    sessionId: text('session_id').notNull(),
    state: text('state').notNull(),
    at: at('at').notNull(),
    displayUntil: at('display_until').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.grantId, t.attemptId] }),
    index('reveals_by_person').on(t.account, t.requesterId, t.at),
    index('reveals_by_time').on(t.account, t.at),
  ],
)

/** `id` is the SHA-256 of the session credential, hex: a copy of the table opens nothing. */
export const sessions = pgTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    account: account(),
    userId: zendeskId('user_id').notNull(),
    location: text('location').notNull(),
    createdAt: at('created_at').notNull(),
    renewedAt: at('renewed_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    /** Twelve hours after creation, whatever happens. */
    endsAt: at('ends_at').notNull(),
  },
  (t) => [index('sessions_expiry').on(t.expiresAt)],
)

/** Page credentials already used, by SHA-256, until they would have expired anyway. */
export const usedPageCredentials = pgTable(
  'used_page_credentials',
  { hash: text('hash').primaryKey(), account: account(), expiresAt: at('expires_at').notNull() },
  (t) => [index('used_page_credentials_expiry').on(t.expiresAt)],
)

/** Unauthenticated failures, summed by code and minute until they become one audit entry. */
export const refusalCounts = pgTable(
  'refusal_counts',
  {
    account: account(),
    code: text('code').notNull(),
    minute: at('minute').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.code, t.minute] })],
)

/** Which session has already been recorded as reading which part of the log. */
export const auditLogReads = pgTable(
  'audit_log_reads',
  {
    sessionId: text('session_id').notNull(),
    filter: text('filter').notNull(),
    at: at('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.filter] })],
)

/** Work that follows a commit: at least once, idempotent. Payloads hold ids, masks and tokens only. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    kind: text('kind').notNull(),
    payload: jsonb('payload').notNull(),
    createdAt: at('created_at').notNull(),
    dueAt: at('due_at').notNull(),
    attempts: integer('attempts').notNull(),
    lastCode: text('last_code'),
    doneAt: at('done_at'),
  },
  (t) => [
    index('outbox_due')
      .on(t.account, t.dueAt)
      .where(sql`done_at is null`),
  ],
)

/** The installation's settings as last seen, so that a change is logged once. */
export const seenAppSettings = pgTable('seen_app_settings', {
  account: text('account').primaryKey(),
  settings: jsonb('settings').notNull(),
  seenAt: at('seen_at').notNull(),
})

/** Every version of the policy that somebody drafted. A document never changes once it is submitted. */
export const policyVersions = pgTable(
  'policy_versions',
  {
    account: account(),
    version: integer('version').notNull(),
    /** `draft`, `waiting`, `active`, `superseded`, `rejected`, `withdrawn`. */
    state: text('state').notNull(),
    document: jsonb('document').notNull(),
    /** Its tests: `{ cases: [] }`. */
    cases: jsonb('cases').notNull(),
    comment: text('comment').notNull(),
    /** The version that it was drafted from; null for the first. */
    basedOn: integer('based_on'),
    /** A Zendesk user; null when it came from the command line or the first start. */
    authorId: zendeskId('author_id'),
    /** `operator:NAME` or `system:bootstrap`; null for a person. */
    authorName: text('author_name'),
    createdAt: at('created_at').notNull(),
    submittedBy: zendeskId('submitted_by'),
    submittedAt: at('submitted_at'),
    /** Who consented or rejected. */
    decidedBy: zendeskId('decided_by'),
    decidedAt: at('decided_at'),
    decisionComment: text('decision_comment'),
    activatedAt: at('activated_at'),
    closedAt: at('closed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.version] }),
    uniqueIndex('one_active_policy')
      .on(t.account)
      .where(sql`state = 'active'`),
    uniqueIndex('one_waiting_policy')
      .on(t.account)
      .where(sql`state = 'waiting'`),
    check(
      'no_own_consent',
      sql`state <> 'active' or decided_by is null or (decided_by is distinct from submitted_by and decided_by is distinct from author_id)`,
    ),
  ],
)

/**
 * Who was known to hold which source of a role, and since when. What is first seen after a policy
 * became active waits for a second person.
 */
export const powers = pgTable(
  'powers',
  {
    account: account(),
    personId: zendeskId('person_id').notNull(),
    /** `agent`, `admin`, `group_203`, `custom_role_401`. */
    source: text('source').notNull(),
    /** `confirmed`, `waiting`, `declined`. */
    state: text('state').notNull(),
    firstSeenAt: at('first_seen_at').notNull(),
    /** A person, or null for what was there when a policy became active. */
    decidedBy: zendeskId('decided_by'),
    decidedAt: at('decided_at'),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.personId, t.source] }),
    index('powers_waiting')
      .on(t.account, t.firstSeenAt)
      .where(sql`state = 'waiting'`),
    check('no_own_confirmation', sql`decided_by is null or decided_by <> person_id`),
  ],
)

/** Since when new power waits in an account, and a number that moves with every change of `powers`. */
export const powerBaselines = pgTable('power_baselines', {
  account: text('account').primaryKey(),
  since: at('since').notNull(),
  revision: integer('revision').notNull(),
})

/** Whose approving power somebody else may use, from when until when. */
export const delegations = pgTable(
  'delegations',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    fromId: zendeskId('from_id').notNull(),
    toId: zendeskId('to_id').notNull(),
    startsAt: at('starts_at').notNull(),
    endsAt: at('ends_at').notNull(),
    reason: text('reason').notNull(),
    createdAt: at('created_at').notNull(),
    /** When it was ended early. */
    endedAt: at('ended_at'),
    endedBy: zendeskId('ended_by'),
  },
  (t) => [
    index('delegations_to').on(t.account, t.toId, t.endsAt),
    index('delegations_from').on(t.account, t.fromId, t.endsAt),
    check('delegated_to_another', sql`from_id <> to_id`),
    check('delegation_has_length', sql`starts_at < ends_at`),
  ],
)

/** Reveals without prior approval, and what compliance found of each. */
export const breakGlassUses = pgTable(
  'break_glass_uses',
  {
    requestId: uuid('request_id')
      .primaryKey()
      .references(() => revealRequests.id),
    account: account(),
    grantId: uuid('grant_id').notNull(),
    personId: zendeskId('person_id').notNull(),
    ticketId: zendeskId('ticket_id').notNull(),
    at: at('at').notNull(),
    /** Who would have decided. */
    skippedIds: jsonb('skipped_ids').$type<number[]>().notNull(),
    /** `justified`, `not_justified`, `training_needed`; null while it is not reviewed. */
    outcome: text('outcome'),
    reviewedBy: zendeskId('reviewed_by'),
    reviewedAt: at('reviewed_at'),
    comment: text('comment'),
  },
  (t) => [
    uniqueIndex('one_unreviewed_break_glass')
      .on(t.account, t.personId)
      .where(sql`outcome is null`),
    index('break_glass_at').on(t.account, t.at),
    check('no_own_review', sql`reviewed_by is null or reviewed_by <> person_id`),
  ],
)

/** What one person may besides their roles: one field or one class, until it ends. */
export const exceptions = pgTable(
  'exceptions',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    personId: zendeskId('person_id').notNull(),
    /** One of the two. */
    fieldId: text('field_id'),
    sensitivityClass: text('sensitivity_class'),
    /** Of a field, as it was when it was named: one that became another is not covered. */
    fieldClass: text('field_class'),
    zendeskFieldId: zendeskId('zendesk_field_id'),
    /** `request` or `reveal`. */
    effect: text('effect').notNull(),
    why: text('why').notNull(),
    ownerId: zendeskId('owner_id').notNull(),
    /** `waiting`, `active`, `rejected`, `revoked`, `expired`, `closed`. */
    state: text('state').notNull(),
    createdBy: zendeskId('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    decidedBy: zendeskId('decided_by'),
    decidedAt: at('decided_at'),
    endedAt: at('ended_at'),
    endedBy: zendeskId('ended_by'),
    /** The one that it goes on from. */
    reopens: uuid('reopens'),
  },
  (t) => [
    index('exceptions_of').on(t.account, t.personId, t.state),
    index('exceptions_end').on(t.account, t.state, t.expiresAt),
    check('one_field_or_one_class', sql`(field_id is null) <> (sensitivity_class is null)`),
    check(
      'no_own_exception',
      sql`decided_by is null or (decided_by <> created_by and decided_by <> person_id)`,
    ),
  ],
)

/** The account's circuit breaker: an open row stops every reveal. */
export const circuitBreakers = pgTable(
  'circuit_breakers',
  {
    id: uuid('id').primaryKey(),
    account: account(),
    openedAt: at('opened_at').notNull(),
    /** Reveals that were counted then. */
    count: integer('count').notNull(),
    /** Who had most of them: they do not close it. */
    trippedBy: jsonb('tripped_by').$type<number[]>().notNull().default([]),
    closedAt: at('closed_at'),
    closedBy: zendeskId('closed_by'),
    comment: text('comment'),
  },
  (t) => [
    uniqueIndex('one_open_breaker')
      .on(t.account)
      .where(sql`closed_at is null`),
  ],
)

/** What policy approved by itself for a person on a day: the row that two requests at once meet at. */
export const automaticApprovals = pgTable(
  'automatic_approvals',
  {
    account: account(),
    personId: zendeskId('person_id').notNull(),
    ruleId: text('rule_id').notNull(),
    /** `2026-11-22`, UTC. */
    day: text('day').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.personId, t.ruleId, t.day] })],
)

/** Which instance runs a job that is not to be run twice at once. */
export const jobLeases = pgTable(
  'job_leases',
  {
    account: account(),
    job: text('job').notNull(),
    holder: text('holder').notNull(),
    leasedUntil: at('leased_until').notNull(),
    ranAt: at('ran_at'),
  },
  (t) => [primaryKey({ columns: [t.account, t.job] })],
)
