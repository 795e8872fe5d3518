/** What ingestion has still to do, and what it cannot undo. */
import { z } from 'zod'
import { FIELD_KINDS } from '../core/protected-field.ts'
import { EXPOSURE_CATEGORIES } from '../core/residual-exposure.ts'
import { instant, zendeskId } from './primitives.ts'

export const exposureCategory = z.enum(EXPOSURE_CATEGORIES)

export const residualExposure = z.object({
  ticketId: zendeskId,
  category: exposureCategory,
  /** A field of the catalogue, or `comment_<id>`. */
  place: z.string(),
  kind: z.enum(FIELD_KINDS),
  foundAt: instant,
})

export const listResidualExposuresQuery = z.strictObject({
  /** `nextAfter` of the page before. Absent means from the first ticket. */
  after: z
    .string()
    .regex(/^[1-9]\d{0,15}:[a-z_]{1,32}:[a-z0-9_]{1,64}:[a-z_]{1,32}$/)
    .optional(),
})

export const residualExposureList = z.object({
  /** By ticket, a hundred at a time. */
  exposures: z.array(residualExposure),
  nextAfter: z.string().nullable(),
})

export const ingestionStatus = z.object({
  /** Events that were not worked through yet, and orders to redact or write that were not done yet. */
  waiting: z.array(
    z.object({
      work: z.enum(['event', 'redact_comment', 'replace_field', 'write_field']),
      /** Why the last try failed; null before the first. */
      code: z.string().nullable(),
      count: z.number().int().positive(),
      oldestAt: instant,
    }),
  ),
})

export type ResidualExposureList = z.infer<typeof residualExposureList>
export type IngestionStatus = z.infer<typeof ingestionStatus>
