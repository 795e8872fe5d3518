/** The protected fields of one ticket as one person may see them, and taking a value in. */
import { z } from 'zod'
import { breakGlassStanding } from './break-glass.ts'
import { WHY_NEXTS, WHY_RULES } from '../core/why.ts'
import { capSpan } from './decision-context.ts'
import { grantView } from './grants.ts'
import {
  accessLevel,
  fieldId,
  fieldRef,
  instant,
  personRef,
  protection,
  remainingSeconds,
  role,
  sensitivityClass,
  verdict,
  zendeskId,
} from './primitives.ts'
import { revealRequestView } from './reveal-requests.ts'

/** Which rule decides for one person and one field, and what they can do: `core/why.ts`. */
export const whyMasked = z.object({
  rule: z.enum(WHY_RULES),
  next: z.enum(WHY_NEXTS),
  /** The exception that gives the access. */
  exception: z.object({ owner: personRef, expiresAt: instant }).optional(),
  /** The automatic rule that fits. */
  label: z.string().optional(),
  /** The cap that is reached. */
  cap: z.object({ per: capSpan, limit: z.number().int(), remainingSeconds }).optional(),
})

/** A level as people read it. */
export const approvalGate = z.object({
  count: z.number().int().min(1),
  roles: z.array(role),
  /** Names of groups; one that Zendesk does not have any more by its number. */
  groups: z.array(z.string()),
})

export const protectedFieldView = fieldRef.extend({
  protection,
  access: accessLevel,
  /** null: nothing is stored, or this person may not see the mask. */
  masked: z.string().nullable(),
  hasValue: z.boolean(),
  /** The media type where the value is a document; null for text, and where nothing is stored. */
  contentType: z.string().nullable(),
  /** When the value was erased for good; absent while there is one or never was. */
  erasedAt: instant.optional(),
  /** May this person ask for it now? Explains the disabled button. */
  mayAsk: verdict,
  /** May this person take a value down for this field? */
  mayTakeIn: verdict,
  why: whyMasked,
})

/** Who may read a restricted note of a class, and after whose decision. */
export const noteClass = z.object({
  sensitivityClass,
  /** These ask, and an approver decides. */
  askers: z.array(role),
  /** These give a reason, and policy itself approves. */
  readers: z.array(role),
  approvers: z.array(role),
  displaySeconds: z.number().int(),
})

export const protectedFieldList = z.object({
  ticketId: zendeskId,
  fields: z.array(protectedFieldView),
  /** My requests on this ticket: pending ones, and those decided in the last hour. */
  requests: z.array(revealRequestView),
  /** My grants on this ticket: active ones, and those that ended in the last hour. */
  grants: z.array(grantView),
  /** My roles, and those of them that nobody has confirmed yet. */
  roles: z.array(role),
  waitingRoles: z.array(role),
  /** The classes on this ticket: who may ask, and the levels that an approval passes, in order. */
  classes: z.array(
    z.object({
      sensitivityClass,
      askers: z.array(role),
      levels: z.array(approvalGate.extend({ people: z.array(personRef) })),
    }),
  ),
  /** What the request form offers. */
  form: z.object({
    reasons: z.array(z.object({ code: z.string(), label: z.string() })),
    maxMinutes: z.number().int(),
    defaultMinutes: z.number().int(),
    minReasonLength: z.number().int(),
    /** Who could approve; where `onDutyAt` is given, from then on. */
    approvers: z.array(personRef),
    /** When somebody may decide next; null while they may. */
    onDutyAt: instant.nullable(),
  }),
  /** The classes that this person may write a restricted note in; none on a closed ticket. */
  noteClasses: z.array(noteClass),
  /** Tickets merged into this one whose values stay there, of those that this person may open. */
  mergedTickets: z.array(z.object({ ticketId: zendeskId })),
  /** Of whom policy names for emergencies; null for everybody else. */
  breakGlass: breakGlassStanding.nullable(),
  areRevealsPaused: z.boolean(),
  /** The account's circuit breaker stopped all reveals. */
  isCircuitOpen: z.boolean(),
})

/** Zendesk ticket fields whose native input the app hides. Hidden is not protected. */
export const nativeFieldList = z.object({ zendeskFieldIds: z.array(zendeskId) })

export const MAX_VALUE_LENGTH = 4096
export const takeInInput = z.strictObject({ value: z.string().min(1).max(MAX_VALUE_LENGTH) })
export const takenIn = z.object({ fieldId, masked: z.string(), version: z.number().int() })

export type WhyMasked = z.infer<typeof whyMasked>
export type ApprovalGate = z.infer<typeof approvalGate>
export type ProtectedFieldView = z.infer<typeof protectedFieldView>
export type ProtectedFieldList = z.infer<typeof protectedFieldList>
export type NativeFieldList = z.infer<typeof nativeFieldList>
export type TakeInInput = z.infer<typeof takeInInput>
export type TakenIn = z.infer<typeof takenIn>
