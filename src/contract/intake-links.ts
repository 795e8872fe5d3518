/** One-time links through which a customer sends a value or a document straight into the vault. */
import { z } from 'zod'
import { fieldId, fieldRef, personRef, remainingSeconds } from './primitives.ts'

/** SHA-256 of the link's secret, in hex: names a link and opens none. */
export const intakeLinkId = z.string().regex(/^[0-9a-f]{64}$/)

export const createIntakeLinkInput = z.strictObject({
  fieldId,
  /** How long it may be used; policy's own time when absent. */
  minutes: z
    .number()
    .int()
    .min(5)
    .max(7 * 24 * 60)
    .optional(),
})

/** The only answer that ever holds the secret: it stands in `path`, below the endpoint's own origin. */
export const createdIntakeLink = z.object({
  linkId: intakeLinkId,
  fieldId,
  path: z.string(),
  expiresInSeconds: remainingSeconds,
})

export const intakeLinkList = z.object({
  links: z.array(
    z.object({
      linkId: intakeLinkId,
      field: fieldRef,
      createdBy: personRef,
      expiresInSeconds: remainingSeconds,
    }),
  ),
  /** What the form offers. */
  defaultMinutes: z.number().int(),
  maxMinutes: z.number().int(),
})

export const revokedIntakeLink = z.object({ linkId: intakeLinkId })

export type CreateIntakeLinkInput = z.infer<typeof createIntakeLinkInput>
export type CreatedIntakeLink = z.infer<typeof createdIntakeLink>
export type IntakeLinkList = z.infer<typeof intakeLinkList>
export type RevokedIntakeLink = z.infer<typeof revokedIntakeLink>
