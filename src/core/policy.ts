/**
 * The policy document: who holds which role, what each role may see of each sensitivity class, what
 * an approval takes and how far a grant goes.
 */
import { z } from 'zod'
import { checkCustomDetector } from '../detect/custom-check.ts'
import type { CustomDetectorCode } from '../detect/custom-check.ts'
import { DEFAULT_LEVELS } from '../detect/detector.ts'
import { DEFAULT_GUARDED_KINDS, detectionSection } from './detection.ts'
import { DEFAULT_INGESTION, ingestionSection } from './ingestion.ts'
import { FIELD_KINDS, PROTECTIONS, SENSITIVITY_CLASSES } from './protected-field.ts'
import type { FieldKind, SensitivityClass } from './protected-field.ts'
import { ACCESS_LEVELS, ROLES } from './role.ts'
import type { Role } from './role.ts'
import { placeOf } from './vaulted-field.ts'
import { workingHours } from './working-hours.ts'

const zendeskId = z.number().int().positive()

/** How a Zendesk standing becomes a role. Groups by id, because a group's name may exist twice. */
const roleSource = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('zendeskRole'), zendeskRole: z.enum(['agent', 'admin']) }),
  z.strictObject({ by: z.literal('group'), groupId: zendeskId }),
  z.strictObject({ by: z.literal('customRole'), customRoleId: zendeskId }),
])

const protectedField = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]{1,64}$/),
  label: z.string().min(1).max(120),
  kind: z.enum(FIELD_KINDS),
  sensitivityClass: z.enum(SENSITIVITY_CLASSES),
  protection: z.enum(PROTECTIONS),
  zendeskFieldId: zendeskId,
})

const perClass = <Schema extends z.ZodType>(schema: Schema) =>
  z.strictObject({ confidential: schema, restricted: schema, secret: schema })

const accessByClass = perClass(z.enum(ACCESS_LEVELS))

/** Who may stand at a gate: whoever holds one of the roles or is in one of the groups. */
const circle = z.strictObject({
  roles: z.array(z.enum(ROLES)).default([]),
  groupIds: z.array(zendeskId).default([]),
})

const hasSomebody = ({ roles, groupIds }: z.infer<typeof circle>): boolean =>
  roles.length > 0 || groupIds.length > 0

/** One gate: `count` distinct people of its circle. Levels are passed in order. */
const approvalLevel = circle
  .extend({
    count: z.number().int().min(1).max(5),
    /** Unanswered for so long it opens to `escalatesTo`, too; null waits for its own people alone. */
    slaMinutes: z
      .number()
      .int()
      .min(1)
      .max(7 * 24 * 60)
      .nullable()
      .default(null),
    escalatesTo: circle.refine(hasSomebody, 'somebody').nullable().default(null),
  })
  .refine(hasSomebody, 'a gate that names nobody is passed by nobody')
  .refine(({ slaMinutes, escalatesTo }) => escalatesTo === null || slaMinutes !== null, {
    path: ['slaMinutes'],
    message: 'a level that escalates says when',
  })

const ruleId = z.string().regex(/^[a-z0-9_]{1,40}$/)

/** Approves by itself what all of it fits. `secret` is never among the classes. */
const automaticRule = z.strictObject({
  id: ruleId,
  label: z.string().min(1).max(80),
  roles: z.array(z.enum(ROLES)).min(1),
  classes: z.array(z.enum(['confidential', 'restricted'])).min(1),
  /** Only within `hours`; where policy names none it never fits. */
  isWithinHoursOnly: z.boolean(),
  isAssigneeOnly: z.boolean(),
  /** What it approves for one person a day (UTC). */
  perPersonPerDay: z.number().int().min(1).max(100),
  minutes: z.number().int().min(1).max(120),
})

/** So many reveals of one person; null sets no bound. */
const cap = z.strictObject({
  perHour: z.number().int().min(1).max(1000).nullable(),
  perDay: z.number().int().min(1).max(10_000).nullable(),
  customersPerDay: z.number().int().min(1).max(10_000).nullable(),
})

const DEFAULT_DECIDING = {
  needsTicketAccess: true,
  hours: null,
  claimMinutes: 10,
  commentFor: { classes: [], offHours: false },
}

const DEFAULT_CAPS = {
  soft: { perHour: 10, perDay: 30, customersPerDay: 15 },
  hard: { perHour: 30, perDay: 100, customersPerDay: 50 },
  accountPerHour: 500,
}

const DEFAULT_DELEGATION: { toRoles: Role[]; maxDays: number } = { toRoles: ['lead'], maxDays: 30 }
const DEFAULT_BREAK_GLASS = { personIds: [], minutes: 10, uses: 1 }
const DEFAULT_EXCEPTIONS = { maxDays: 90 }
const DEFAULT_NOTIFICATIONS = { internalNoteAfterMinutes: null, hasChat: false }

const reason = z.strictObject({
  code: z.string().regex(/^[a-z0-9_]{1,40}$/),
  label: z.string().min(1).max(60),
  /** Whether the code may be used on a solved or closed ticket. */
  isForSolvedTickets: z.boolean(),
})

const DEFAULT_CHECKS = {
  perMinute: 10,
  perDay: 60,
  missesPerPerson: 5,
  lockMinutes: 15,
  missesOfAll: 10,
  lockAllMinutes: 60,
}
const DEFAULT_SEARCHES = { perMinute: 5, perDay: 50 }

/** A check is a guess that is answered: the bounds keep the shortest values from being guessed. */
const checkLimits = z
  .strictObject({
    /** A person's tries at all values together. */
    perMinute: z.number().int().min(1).max(60),
    perDay: z.number().int().min(1).max(500),
    /** So many misses of one person within the minutes lock one value for them, for as long. */
    missesPerPerson: z.number().int().min(1).max(10),
    lockMinutes: z.number().int().min(5).max(1440),
    /** The same for everybody's misses together, and for everybody. */
    missesOfAll: z.number().int().min(1).max(50),
    lockAllMinutes: z.number().int().min(15).max(1440),
  })
  .default(DEFAULT_CHECKS)

/** A person's searches by value. */
const searchLimits = z
  .strictObject({
    perMinute: z.number().int().min(1).max(60),
    perDay: z.number().int().min(1).max(500),
  })
  .default(DEFAULT_SEARCHES)

const DEFAULT_INTAKE = { companyName: null, defaultMinutes: 24 * 60, maxMinutes: 3 * 24 * 60 }

/** A week: what a customer has not answered by then is asked again. */
const MAX_LINK_MINUTES = 7 * 24 * 60

/** Ten years: what has to be kept longer is kept until somebody erases it. */
const MAX_RETENTION_DAYS = 3653

const policyShape = z.strictObject({
  version: z.number().int().positive(),
  roles: z.strictObject({
    frontline: z.array(roleSource),
    lead: z.array(roleSource),
    compliance: z.array(roleSource),
    administrator: z.array(roleSource),
  }),
  /** Users of Zendesk that are one human being, in pairs; equal e-mail addresses are paired by themselves. */
  samePerson: z
    .array(z.tuple([zendeskId, zendeskId]).refine(([one, other]) => one !== other, 'two users'))
    .default([]),
  fields: z.array(protectedField),
  matrix: z.strictObject({
    frontline: accessByClass,
    lead: accessByClass,
    compliance: accessByClass,
    administrator: accessByClass,
  }),
  approval: perClass(z.array(approvalLevel).min(1)),
  limits: z.strictObject({
    maxMinutes: z.number().int().min(1).max(120),
    defaultMinutes: z.number().int().min(1).max(120),
    uses: z.number().int().min(1).max(20),
    displaySeconds: perClass(z.number().int().min(5).max(600)),
    requestExpiryMinutes: z
      .number()
      .int()
      .min(5)
      .max(7 * 24 * 60),
    minReasonLength: z.number().int().min(1).max(200),
    isCopyAllowed: z.boolean(),
    /** Whether a revealed document may be saved as a file. */
    isDownloadAllowed: z.boolean().default(false),
    checks: checkLimits,
    searches: searchLimits,
  }),
  /** How approvers decide. */
  deciding: z
    .strictObject({
      /** Whether an approver has to be able to open the ticket. */
      needsTicketAccess: z.boolean(),
      /** When one may decide, and what a request's expiry and its levels' SLA count; null is always. */
      hours: workingHours.nullable(),
      /** How long a claim keeps others from deciding. */
      claimMinutes: z.number().int().min(1).max(120),
      /** Approvals that need a comment. */
      commentFor: z.strictObject({
        classes: z.array(z.enum(SENSITIVITY_CLASSES)),
        /** Outside `hours` of the desk. */
        offHours: z.boolean(),
      }),
    })
    .default(DEFAULT_DECIDING),
  /** To whom one who decides may hand that over while away. An empty list means nobody. */
  delegation: z
    .strictObject({
      toRoles: z.array(z.enum(ROLES)),
      maxDays: z.number().int().min(1).max(180),
    })
    .default(DEFAULT_DELEGATION),
  /** Rules that approve by themselves; the first that fits does. */
  automatic: z.array(automaticRule).max(20).default([]),
  /** Reveals without prior approval, reviewed afterwards. An empty list means nobody. */
  breakGlass: z
    .strictObject({
      personIds: z.array(zendeskId).max(50),
      minutes: z.number().int().min(1).max(60),
      uses: z.number().int().min(1).max(5),
    })
    .default(DEFAULT_BREAK_GLASS),
  /** Reveals per person: from `soft` on a lead has to approve, from `hard` on they are refused. */
  caps: z
    .strictObject({
      soft: cap.nullable(),
      hard: cap.nullable(),
      /** Everybody's reveals within an hour that open the circuit breaker. */
      accountPerHour: z.number().int().min(1).max(100_000).nullable(),
    })
    .default(DEFAULT_CAPS),
  exceptions: z
    .strictObject({ maxDays: z.number().int().min(1).max(366) })
    .default(DEFAULT_EXCEPTIONS),
  notifications: z
    .strictObject({
      /** A private note on the ticket when nobody answered for so long; null writes none. */
      internalNoteAfterMinutes: z
        .number()
        .int()
        .min(1)
        .max(7 * 24 * 60)
        .nullable(),
      /** Whether the chat webhook that the endpoint is configured with is told. */
      hasChat: z.boolean(),
    })
    .default(DEFAULT_NOTIFICATIONS),
  reasons: z.array(reason).min(1),
  /** When the desk works; null says nothing about that. A request from outside is marked as such. */
  hours: workingHours.nullable().default(null),
  detection: detectionSection,
  /** A policy from before there was ingestion gets its safe defaults. */
  ingestion: ingestionSection.default(DEFAULT_INGESTION),
  /** Who may find tickets by a value. Each of them only finds what they may open. */
  search: z
    .strictObject({ roles: z.array(z.enum(ROLES)) })
    .default({ roles: ['lead', 'compliance'] }),
  /** Links through which customers type a value into the vault themselves. */
  intake: z
    .strictObject({
      /** Who asks, in words that customers know; null says the address of the help centre. */
      companyName: z.string().min(1).max(80).nullable(),
      defaultMinutes: z.number().int().min(5).max(MAX_LINK_MINUTES),
      maxMinutes: z.number().int().min(5).max(MAX_LINK_MINUTES),
    })
    .default(DEFAULT_INTAKE),
  /**
   * Days after which a value of a kind is erased, counted from when it was taken in. null, like a kind
   * that is not listed, keeps it. A change holds for values that are taken in from then on.
   */
  retention: z
    .partialRecord(z.enum(FIELD_KINDS), z.number().int().min(1).max(MAX_RETENTION_DAYS).nullable())
    .default({}),
  erasure: z
    .strictObject({
      /** Whether erasing a customer also erases what people wrote about their reveal requests. */
      includesTexts: z.boolean(),
    })
    .default({ includesTexts: true }),
})

/** What to do about a custom detector that is refused. Never quotes it. */
const CUSTOM_DETECTOR_FAULTS = {
  pattern_syntax: 'the pattern is no regular expression with the flag u',
  pattern_unsafe:
    'the pattern is unsafe: use characters, classes, ?, {n}, {n,m} and groups of plain texts, 128 ' +
    'characters at most, and nothing that may match one text in many ways',
  pattern_empty: 'the pattern matches fewer than four characters or white space alone',
  example_not_matched: 'the pattern does not match the whole example',
} as const satisfies Record<CustomDetectorCode, string>

function isDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}

/**
 * The document, refused where it contradicts itself: two entries for one Zendesk field would let a
 * `secret` value be asked for as a `confidential` one.
 */
export const policySchema = policyShape
  .refine(({ fields }) => isDistinct(fields.map((field) => field.id)), {
    path: ['fields'],
    message: 'field ids are distinct',
  })
  .refine(({ fields }) => fields.every((field) => placeOf(field.id) === null), {
    path: ['fields'],
    message: 'ids such as comment_1_1, attachment_1 and note_1 are for values found in tickets',
  })
  .refine(({ fields }) => isDistinct(fields.map((field) => field.zendeskFieldId)), {
    path: ['fields'],
    message: 'a Zendesk field is protected once',
  })
  .refine(({ reasons }) => isDistinct(reasons.map((entry) => entry.code)), {
    path: ['reasons'],
    message: 'reason codes are distinct',
  })
  // Separation of duties: who configures neither reveals nor approves by that role.
  .refine(
    ({ matrix }) =>
      SENSITIVITY_CLASSES.every((sensitivityClass) =>
        ['none', 'masked'].includes(matrix.administrator[sensitivityClass]),
      ),
    { path: ['matrix', 'administrator'], message: 'administrators see masks at most' },
  )
  .refine(
    ({ approval }) =>
      SENSITIVITY_CLASSES.every((sensitivityClass) =>
        approval[sensitivityClass].every(
          ({ roles, escalatesTo }) =>
            ![...roles, ...(escalatesTo?.roles ?? [])].includes('administrator'),
        ),
      ),
    { path: ['approval'], message: 'administrators do not approve' },
  )
  .refine(({ delegation }) => !delegation.toRoles.includes('administrator'), {
    path: ['delegation', 'toRoles'],
    message: 'administrators do not approve',
  })
  .refine(
    ({ automatic }) =>
      automatic.every(
        ({ roles }) => !roles.includes('administrator') && !roles.includes('compliance'),
      ),
    { path: ['automatic'], message: 'rules approve for frontline agents and leads' },
  )
  .refine(({ automatic }) => isDistinct(automatic.map((rule) => rule.id)), {
    path: ['automatic'],
    message: 'ids of rules are distinct',
  })
  .refine(({ intake }) => intake.defaultMinutes <= intake.maxMinutes, {
    path: ['intake', 'defaultMinutes'],
    message: 'a link lasts no longer than the longest',
  })
  .refine(({ search }) => !search.roles.includes('administrator'), {
    path: ['search', 'roles'],
    message: 'administrators do not search by value',
  })
  .refine(({ detection }) => isDistinct(detection.custom.map((detector) => detector.id)), {
    path: ['detection', 'custom'],
    message: 'ids of custom detectors are distinct',
  })
  .superRefine(({ detection }, ctx) => {
    for (const [at, detector] of detection.custom.entries()) {
      const check = checkCustomDetector(detector)
      if (check.ok) continue
      const part = check.code === 'example_not_matched' ? 'example' : 'pattern'
      ctx.addIssue({
        code: 'custom',
        path: ['detection', 'custom', at, part],
        message: CUSTOM_DETECTOR_FAULTS[check.code],
      })
    }
  })

export type Policy = z.infer<typeof policySchema>
export type RoleSource = z.infer<typeof roleSource>
export type ApprovalLevel = z.infer<typeof approvalLevel>
export type Circle = z.infer<typeof circle>
export type AutomaticRule = z.infer<typeof automaticRule>
export type Cap = z.infer<typeof cap>
export type Reason = z.infer<typeof reason>

const DAY_MS = 24 * 60 * 60 * 1000

/** When retention erases a value of this kind that is taken in at `at`; null keeps it. */
export function retainUntil(
  policy: Pick<Policy, 'retention'>,
  kind: FieldKind,
  at: Date,
): Date | null {
  const days = policy.retention[kind] ?? null
  return days === null ? null : new Date(at.getTime() + days * DAY_MS)
}

/**
 * What an administrator set on the app's installation in Zendesk. Each setting can only tighten the
 * policy; null means "not set".
 */
export type AppSettings = {
  maxMinutes: number | null
  displaySeconds: number | null
  /** Only `false` has an effect. */
  isCopyAllowed: boolean | null
  minReasonLength: number | null
  extraProtectedFieldIds: readonly number[]
  areRevealsPaused: boolean
}

export const NO_APP_SETTINGS: AppSettings = {
  maxMinutes: null,
  displaySeconds: null,
  isCopyAllowed: null,
  minReasonLength: null,
  extraProtectedFieldIds: [],
  areRevealsPaused: false,
}

/** A policy with the installation's settings applied. */
export type EffectivePolicy = Policy & {
  areRevealsPaused: boolean
  /** Native ticket fields that are hidden besides the catalogue's. Hidden is not protected. */
  extraHiddenFieldIds: readonly number[]
}

/** A limit in whole units, or `fallback` where the setting is missing or no number. */
function wholeOr(fallback: number, setting: number | null): number {
  return setting === null || Number.isNaN(setting) ? fallback : Math.floor(setting)
}

/**
 * The tighter of policy and app settings, setting by setting. Never wider than `policy`, and still
 * within the bounds of the schema: a setting below them counts as the tightest that is possible.
 */
export function tighten(policy: Policy, settings: AppSettings): EffectivePolicy {
  const { limits } = policy
  const displaySeconds = Object.fromEntries(
    SENSITIVITY_CLASSES.map((sensitivityClass) => {
      const own = limits.displaySeconds[sensitivityClass]
      return [sensitivityClass, Math.min(own, Math.max(5, wholeOr(own, settings.displaySeconds)))]
    }),
  ) as Record<SensitivityClass, number>
  const maxMinutes = Math.min(
    limits.maxMinutes,
    Math.max(1, wholeOr(limits.maxMinutes, settings.maxMinutes)),
  )
  return {
    ...policy,
    limits: {
      ...limits,
      maxMinutes,
      defaultMinutes: Math.min(limits.defaultMinutes, maxMinutes),
      displaySeconds,
      minReasonLength: Math.max(
        limits.minReasonLength,
        Math.min(200, wholeOr(limits.minReasonLength, settings.minReasonLength)),
      ),
      isCopyAllowed: limits.isCopyAllowed && settings.isCopyAllowed !== false,
      // Who may copy nothing saves nothing.
      isDownloadAllowed: limits.isDownloadAllowed && settings.isCopyAllowed !== false,
    },
    areRevealsPaused: settings.areRevealsPaused,
    extraHiddenFieldIds: settings.extraProtectedFieldIds,
  }
}

/**
 * The least-privilege policy that a new account starts with. Frontline agents see masks and may ask,
 * one lead approves, compliance and administrators see masks at most. Nothing listed means `none`.
 */
export function defaultPolicy(account: {
  leadGroupId: number
  complianceGroupId: number
  fields: Policy['fields']
}): Policy {
  const oneLead: ApprovalLevel[] = [
    { count: 1, roles: ['lead'], groupIds: [], slaMinutes: null, escalatesTo: null },
  ]
  return {
    version: 1,
    roles: {
      frontline: [{ by: 'zendeskRole', zendeskRole: 'agent' }],
      lead: [{ by: 'group', groupId: account.leadGroupId }],
      compliance: [{ by: 'group', groupId: account.complianceGroupId }],
      administrator: [{ by: 'zendeskRole', zendeskRole: 'admin' }],
    },
    samePerson: [],
    fields: account.fields,
    matrix: {
      frontline: { confidential: 'request', restricted: 'request', secret: 'request' },
      lead: { confidential: 'request', restricted: 'request', secret: 'request' },
      compliance: { confidential: 'masked', restricted: 'masked', secret: 'none' },
      administrator: { confidential: 'none', restricted: 'none', secret: 'none' },
    },
    approval: { confidential: oneLead, restricted: oneLead, secret: oneLead },
    limits: {
      maxMinutes: 30,
      defaultMinutes: 15,
      uses: 3,
      displaySeconds: { confidential: 120, restricted: 60, secret: 30 },
      requestExpiryMinutes: 8 * 60,
      minReasonLength: 10,
      isCopyAllowed: false,
      isDownloadAllowed: false,
      checks: DEFAULT_CHECKS,
      searches: DEFAULT_SEARCHES,
    },
    reasons: [
      { code: 'identity_check', label: 'Identity check', isForSolvedTickets: false },
      { code: 'refund', label: 'Refund or payment', isForSolvedTickets: false },
      { code: 'call_back', label: 'Call back', isForSolvedTickets: false },
      { code: 'legal', label: 'Legal request', isForSolvedTickets: true },
      { code: 'other', label: 'Something else', isForSolvedTickets: false },
    ],
    detection: {
      levels: { ...DEFAULT_LEVELS },
      custom: [],
      saveGuard: {
        action: 'ask',
        kinds: DEFAULT_GUARDED_KINDS,
        maySendWithReason: true,
        whenUnable: 'block',
      },
    },
    deciding: DEFAULT_DECIDING,
    delegation: DEFAULT_DELEGATION,
    automatic: [],
    breakGlass: DEFAULT_BREAK_GLASS,
    caps: DEFAULT_CAPS,
    exceptions: DEFAULT_EXCEPTIONS,
    notifications: DEFAULT_NOTIFICATIONS,
    hours: null,
    search: { roles: ['lead', 'compliance'] },
    intake: DEFAULT_INTAKE,
    ingestion: DEFAULT_INGESTION,
    retention: {},
    erasure: { includesTexts: true },
  }
}
