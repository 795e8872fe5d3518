/** Who may see what, as it is effective now: of roles, and of one person. Never a value, never a mask. */
import { z } from 'zod'
import { WHY_RULES } from '../core/why.ts'
import { approvalGate, whyMasked } from './protected-fields.ts'
import {
  accessLevel,
  fieldId,
  fieldKind,
  instant,
  personRef,
  protection,
  role,
  sensitivityClass,
  zendeskId,
  zendeskIdParam,
} from './primitives.ts'

const count = z.number().int().min(0)

/** A field of the catalogue; `fieldId` null is whatever is found in tickets and vaulted in this class. */
export const reportedField = z.object({
  fieldId: fieldId.nullable(),
  label: z.string(),
  kind: fieldKind.nullable(),
  sensitivityClass,
  protection,
})

/** What Zendesk's app settings make tighter than the policy; null where they do not. */
export const tightening = z.object({
  areRevealsPaused: z.boolean(),
  maxMinutes: z.number().int().nullable(),
  displaySeconds: z.number().int().nullable(),
  minReasonLength: z.number().int().nullable(),
  isCopyForbidden: z.boolean(),
})

export const accessReport = z.object({
  policyVersion: z.number().int(),
  at: instant,
  tightening,
  /** The circuit breaker stopped all reveals. */
  isBreakerOpen: z.boolean(),
  /** How many people hold each role, and for how many more it waits for a confirmation. */
  roles: z.array(z.object({ role, people: count, waiting: count })),
  fields: z.array(
    reportedField.extend({
      cells: z.array(
        z.object({
          role,
          access: accessLevel,
          rule: z.enum(WHY_RULES),
          /** Labels of automatic rules that may approve it for this role. */
          automatic: z.array(z.string()),
        }),
      ),
      /** The levels that an approval passes, and how many people could stand at each. */
      levels: z.array(approvalGate.extend({ people: count })),
      displaySeconds: z.number().int(),
      /** People with an exception for it. */
      exceptions: z.array(
        z.object({
          holder: personRef,
          effect: accessLevel,
          owner: personRef,
          expiresAt: instant,
        }),
      ),
    }),
  ),
  maxMinutes: z.number().int(),
  uses: z.number().int(),
  /** May I have it as a file? */
  mayExport: z.boolean(),
})

/** People by a part of their name; an empty one names nobody. */
export const findPeopleQuery = z.strictObject({ name: z.string().trim().min(1).max(80) })

export const reportedPerson = z.object({
  person: personRef,
  roles: z.array(role),
  waitingRoles: z.array(role),
  groups: z.array(z.string()),
})

/** By name, at most twenty. */
export const reportedPeople = z.object({
  people: z.array(reportedPerson),
  isComplete: z.boolean(),
})

export const personParam = z.strictObject({ personId: zendeskIdParam })

export const personAccess = reportedPerson.extend({
  policyVersion: z.number().int(),
  fields: z.array(
    reportedField.extend({
      access: accessLevel,
      why: whyMasked,
      levels: z.array(approvalGate),
    }),
  ),
})

export const exportAccessInput = z.strictObject({
  by: z.enum(['role', 'person']),
  /** Only this person; not who asks. */
  reportedPersonId: zendeskId.optional(),
  sensitivityClass: sensitivityClass.optional(),
})

export const accessExport = z.object({
  /** RFC 4180, UTF-8 with a byte order mark, a header first; no cell is a formula. */
  csv: z.string(),
  rows: count,
  /** False when there are more than an export holds. */
  isComplete: z.boolean(),
})

export type ReportedField = z.infer<typeof reportedField>
export type AccessReport = z.infer<typeof accessReport>
export type ReportedPerson = z.infer<typeof reportedPerson>
export type ReportedPeople = z.infer<typeof reportedPeople>
export type PersonAccess = z.infer<typeof personAccess>
export type ExportAccessInput = z.infer<typeof exportAccessInput>
export type AccessExport = z.infer<typeof accessExport>
