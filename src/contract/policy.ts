/** Versions of the policy: reading, drafting, checking, submitting and deciding on them. */
import { z } from 'zod'
import { policyCases } from '../core/policy-case.ts'
import { LINT_CODES } from '../core/policy-lint.ts'
import { POLICY_STATES } from '../core/policy-version.ts'
import {
  accessLevel,
  fieldId,
  instant,
  personRef,
  role,
  scrimId,
  sensitivityClass,
  verdict,
  zendeskId,
} from './primitives.ts'

/** Longest document with its cases, in bytes of JSON. */
export const POLICY_BODY_LIMIT_BYTES = 512 * 1024

export const policyVersionNumber = z.number().int().positive().max(1_000_000)
/** The same where it stands in a path. */
export const policyVersionParam = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number)
  .pipe(policyVersionNumber)

export const policyState = z.enum(POLICY_STATES)

export const policyAuthor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('person'), person: personRef }),
  /** Somebody at the command line. */
  z.object({ type: z.literal('operator'), name: z.string() }),
  /** The endpoint's first start. */
  z.object({ type: z.literal('system') }),
])

export const policyVersionSummary = z.object({
  version: policyVersionNumber,
  state: policyState,
  comment: z.string(),
  author: policyAuthor,
  createdAt: instant,
  /** The active version that it was begun from; null when there was none. */
  basedOn: policyVersionNumber.nullable(),
  /** Whether another version became active since: it can no longer be submitted nor consented to. */
  isOutdated: z.boolean(),
  submittedBy: personRef.nullable(),
  submittedAt: instant.nullable(),
  /** Who consented or rejected; null for a version that only narrowed. */
  decidedBy: personRef.nullable(),
  decidedAt: instant.nullable(),
  decisionComment: z.string().nullable(),
  activatedAt: instant.nullable(),
  closedAt: instant.nullable(),
})

export const listPolicyVersionsQuery = z.strictObject({
  /** Keyset: versions with a smaller number. Absent means from the newest. */
  before: policyVersionParam.optional(),
})

export const policyVersionList = z.object({
  /** Newest first, at most 50. */
  versions: z.array(policyVersionSummary),
  nextBefore: policyVersionNumber.nullable(),
  /** Null until the founders consent to the first one: everybody sees masks at most until then. */
  active: policyVersionNumber.nullable(),
  /** The version that waits for a second person. */
  waiting: policyVersionNumber.nullable(),
  /** Who proposes and who consents until there is an active version; null afterwards, and when nobody was named. */
  founders: z.object({ first: personRef, second: personRef }).nullable(),
  mayDraft: verdict,
})

/** As `comparePolicies` of core finds it. A side that is absent holds nothing there. */
export const policyChange = z.object({
  path: z.string(),
  direction: z.enum(['widens', 'narrows', 'neither']),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
})

export const lintFinding = z.object({
  code: z.enum(LINT_CODES),
  severity: z.enum(['error', 'warning']),
  path: z.string(),
  /** Whom it is about, at most 20. */
  people: z.array(personRef),
  peopleCount: z.number().int(),
})

const outcome = policyCases.shape.cases.element.shape.expect

export const policyCaseResult = z.object({
  name: z.string(),
  isPassed: z.boolean(),
  expected: outcome,
  found: outcome,
})

const accessChange = z.object({ person: personRef, before: accessLevel, after: accessLevel })

/** What the change does to the people there are, to open requests and to active grants. */
export const policyPreview = z.object({
  /** Fields for which somebody gains or loses, in the catalogue's order; then what is found in tickets. */
  fields: z.array(
    z.object({
      /** Null for values found in tickets, of which policy knows the class alone. */
      fieldId: fieldId.nullable(),
      label: z.string().nullable(),
      sensitivityClass,
      gainCount: z.number().int(),
      loseCount: z.number().int(),
      /** At most 100 of each. */
      gains: z.array(accessChange),
      loses: z.array(accessChange),
    }),
  ),
  /** Whose roles change, at most 200. */
  roles: z.array(z.object({ person: personRef, gains: z.array(role), loses: z.array(role) })),
  rolesCount: z.number().int(),
  /** Who may decide on requests for a class, and could not, or no longer may. */
  approvers: z.array(
    z.object({
      sensitivityClass,
      gains: z.array(personRef),
      loses: z.array(personRef),
    }),
  ),
  /** `ends`: its ground is lost; `changes`: it goes on under other levels or limits. Those that stay are left out. */
  requests: z.array(
    z.object({
      requestId: scrimId,
      ticketId: zendeskId,
      requester: personRef,
      effect: z.enum(['ends', 'changes']),
    }),
  ),
  grants: z.array(
    z.object({
      grantId: scrimId,
      ticketId: zendeskId,
      requester: personRef,
      effect: z.literal('ends'),
    }),
  ),
  /** For one clear sentence. */
  consequence: z.object({
    peopleGain: z.number().int(),
    peopleLose: z.number().int(),
    /** Labels of catalogue fields, each once. */
    fieldsGained: z.array(z.string()),
    fieldsLost: z.array(z.string()),
    requestsEnd: z.number().int(),
    requestsChange: z.number().int(),
    grantsEnd: z.number().int(),
  }),
})

/** Everything that is to be known of a document before somebody submits it or consents to it. */
export const policyAnalysis = z.object({
  /** What the schema refuses, by path (`document.limits.maxMinutes`, `cases.0.name`); then the rest is empty. */
  issues: z.array(z.object({ path: z.string(), rule: z.string() })),
  /** The active version it is compared with; null before the first, when everybody sees masks at most. */
  comparedWith: policyVersionNumber.nullable(),
  changes: z.array(policyChange),
  /** Whether a second person has to consent. */
  isWidening: z.boolean(),
  findings: z.array(lintFinding),
  cases: z.array(policyCaseResult),
  preview: policyPreview.nullable(),
})

export const policyVersionView = policyVersionSummary.extend({
  /** A policy document; parse it with `policySchema`. */
  document: z.record(z.string(), z.unknown()),
  cases: policyCases.shape.cases,
  /** Null for versions whose time is over. */
  analysis: policyAnalysis.nullable(),
  mayEdit: verdict,
  maySubmit: verdict,
  mayDecide: verdict,
  mayWithdraw: verdict,
})

/** Lists no deeper than any document nests, so that nothing below walks further. */
const MAX_DEPTH = 12

function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth < MAX_DEPTH && Object.values(value).every((member) => isShallow(member, depth + 1))
}

const anyDocument = z
  .record(z.string(), z.unknown())
  .refine((value) => isShallow(value), 'too deep')
const anyCases = z
  .array(z.record(z.string(), z.unknown()))
  .max(500)
  .refine((value) => isShallow(value), 'too deep')

const comment = z.string().max(1000)

/** The document's own `version` is not looked at: the endpoint gives the number. */
export const draftPolicyInput = z.strictObject({
  document: anyDocument,
  cases: anyCases,
  comment: comment.min(1),
  /** The version that was active when one began; null when there was none. */
  basedOn: policyVersionNumber.nullable(),
})

export const checkPolicyInput = z.strictObject({ document: anyDocument, cases: anyCases })

export const policyActInput = z.strictObject({ comment: comment.optional() })
/** Who refuses says why. */
export const rejectPolicyInput = z.strictObject({ comment: comment.min(1) })

/** What an editor offers to choose from. */
export const policyFacts = z.object({
  people: z.array(personRef),
  groups: z.array(z.object({ id: zendeskId, name: z.string() })),
  customRoles: z.array(z.object({ id: zendeskId, name: z.string() })),
  ticketFields: z.array(
    z.object({
      id: zendeskId,
      title: z.string(),
      /** Whether a field of its type can hold a mask and a token. */
      canHoldMask: z.boolean(),
    }),
  ),
})

export type PolicyVersionSummaryView = z.infer<typeof policyVersionSummary>
export type PolicyVersionList = z.infer<typeof policyVersionList>
export type PolicyVersionView = z.infer<typeof policyVersionView>
export type PolicyAnalysis = z.infer<typeof policyAnalysis>
export type PolicyPreview = z.infer<typeof policyPreview>
export type PolicyFacts = z.infer<typeof policyFacts>
export type DraftPolicyInput = z.infer<typeof draftPolicyInput>
export type CheckPolicyInput = z.infer<typeof checkPolicyInput>
