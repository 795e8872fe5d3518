/** Small schemas that several messages share. */
import { z } from 'zod'
import { SCRIM_ERROR_CODES } from '../core/errors.ts'
import { FIELD_KINDS, PROTECTIONS, SENSITIVITY_CLASSES } from '../core/protected-field.ts'
import { ACCESS_LEVELS, ROLES } from '../core/role.ts'

/** Ids that Scrim makes: UUIDs, lower case. */
export const scrimId = z.uuid().toLowerCase()
/** Ids that Zendesk makes: positive integers that a double can hold. */
export const zendeskId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
/** The same id where it stands in a path. */
export const zendeskIdParam = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
  .pipe(zendeskId)
export const fieldId = z.string().regex(/^[a-z0-9_]{1,64}$/)
/** An instant, ISO 8601 in UTC. */
export const instant = z.iso.datetime()
/** Whole seconds from the moment the answer was made. Never negative. */
export const remainingSeconds = z.number().int().min(0)

export const errorCode = z.enum(SCRIM_ERROR_CODES)
export const role = z.enum(ROLES)
export const accessLevel = z.enum(ACCESS_LEVELS)
export const fieldKind = z.enum(FIELD_KINDS)
export const protection = z.enum(PROTECTIONS)
export const sensitivityClass = z.enum(SENSITIVITY_CLASSES)

/** Whether something may be done, and if not, why. */
export const verdict = z.discriminatedUnion('allowed', [
  z.object({ allowed: z.literal(true) }),
  z.object({ allowed: z.literal(false), code: errorCode, limit: z.number().optional() }),
])

/** A person as other people see them. */
export const personRef = z.object({ id: zendeskId, name: z.string() })

/** Where in a ticket a value was found; the app makes its label of kind and place. */
export const place = z.discriminatedUnion('in', [
  z.object({ in: z.literal('comment'), id: zendeskId, number: z.number().int().positive() }),
  z.object({ in: z.literal('attachment'), id: zendeskId }),
  z.object({ in: z.literal('note'), number: z.number().int().positive() }),
  z.object({ in: z.literal('subject'), number: z.number().int().positive() }),
  z.object({ in: z.literal('field'), id: zendeskId, number: z.number().int().positive() }),
])

/** Who wrote a restricted note, and when. */
export const written = z.object({ by: personRef, at: instant, ageSeconds: remainingSeconds })

/** What is known of a field without its value. */
export const fieldRef = z.object({
  fieldId,
  /** The catalogue's; the id again where `place` is given. */
  label: z.string(),
  kind: fieldKind,
  sensitivityClass,
  /** Absent for fields of the catalogue. */
  place: place.optional(),
  /** Of restricted notes only. */
  written: written.optional(),
})

/** RFC 9457 problem details. `title` is the code, for machines and logs; the app translates it. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: errorCode,
  retryAfterSeconds: z.number().optional(),
  limit: z.number().optional(),
  issues: z.array(z.object({ path: z.string(), rule: z.string() })).optional(),
  kinds: z.array(z.string()).optional(),
  /** With `field_type_unsupported`: the ticket field to add and to protect instead. */
  companion: z.object({ title: z.string(), type: z.literal('text') }).optional(),
})
export type Problem = z.infer<typeof problem>
export type PersonRef = z.infer<typeof personRef>
export type Place = z.infer<typeof place>
export type FieldRef = z.infer<typeof fieldRef>
