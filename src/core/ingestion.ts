/** What policy does with sensitive values that arrive in tickets by themselves. */
import { z } from 'zod'
import { DETECTED_KINDS } from '../detect/span.ts'
import type { DetectedKind } from '../detect/span.ts'
import { CONTACT_DATA } from './detection.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { SensitivityClass } from './protected-field.ts'

const kind = z.enum(DETECTED_KINDS)

/**
 * `vaulted`: kept in the vault, then redacted. `destroyed`: redacted and kept nowhere. `ignored`: left
 * where it is.
 */
export const HANDLINGS = ['vaulted', 'destroyed', 'ignored'] as const
export type Handling = (typeof HANDLINGS)[number]

export const ingestionSection = z
  .strictObject({
    /** Comments that the customer sees, and what the customer writes. */
    publicComments: z.boolean(),
    internalNotes: z.boolean(),
    /** Ticket fields of the catalogue. */
    fields: z.boolean(),
    /** A kind that is not listed is vaulted. */
    handling: z.partialRecord(kind, z.enum(HANDLINGS)),
    /** A kind that is not listed is restricted. */
    sensitivityClass: z.partialRecord(kind, z.enum(SENSITIVITY_CLASSES)),
  })
  // PCI DSS 3.3.1: not kept after authorization, not even encrypted.
  .refine(({ handling }) => handling.card_verification_code !== 'vaulted', {
    path: ['handling', 'card_verification_code'],
    message: 'card verification codes are never stored',
  })

export type IngestionPolicy = z.infer<typeof ingestionSection>

/** Redacting is for good, and without contact data nobody could be called back: that stays. */
export const DEFAULT_INGESTION: IngestionPolicy = {
  publicComments: true,
  internalNotes: true,
  fields: true,
  handling: Object.fromEntries(CONTACT_DATA.map((name) => [name, 'ignored'])),
  sensitivityClass: {},
}

/** What becomes of a finding of this kind in a comment. */
export function handlingOf(policy: { ingestion: IngestionPolicy }, found: DetectedKind): Handling {
  const chosen = policy.ingestion.handling[found]
  return chosen ?? (found === 'card_verification_code' ? 'destroyed' : 'vaulted')
}

/** The class that a finding of this kind is kept under. */
export function classOfFinding(
  policy: { ingestion: IngestionPolicy },
  found: DetectedKind,
): SensitivityClass {
  return policy.ingestion.sensitivityClass[found] ?? 'restricted'
}
