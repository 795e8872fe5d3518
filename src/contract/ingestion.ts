/** What ingestion has still to do, what it gave up, and what it cannot undo. */
import { z } from 'zod'
import { FIELD_KINDS } from '../core/protected-field.ts'
import { EXPOSURE_CATEGORIES } from '../core/residual-exposure.ts'
import {
  fieldKind,
  instant,
  remainingSeconds,
  scrimId,
  zendeskId,
  zendeskIdParam,
} from './primitives.ts'

export const exposureCategory = z.enum(EXPOSURE_CATEGORIES)

export const residualExposure = z.object({
  ticketId: zendeskId,
  category: exposureCategory,
  /** A field of the catalogue, `comment_<id>` or `attachment_<id>`. */
  place: z.string(),
  /** What the catalogue calls the field; null for every other place. */
  label: z.string().nullable(),
  kind: z.enum(FIELD_KINDS),
  foundAt: instant,
})

/** What a list or an export of residual exposures is narrowed to. */
const exposureFilter = {
  category: exposureCategory.optional(),
  kind: fieldKind.optional(),
}

export const listResidualExposuresQuery = z.strictObject({
  ...exposureFilter,
  ticketId: zendeskIdParam.optional(),
  /** `nextAfter` of the page before. Absent means from the newest ticket. */
  after: z
    .string()
    .regex(/^[1-9]\d{0,15}:[a-z_]{1,32}:[a-z0-9_]{1,64}:[a-z_]{1,32}$/)
    .optional(),
})

export const residualExposureList = z.object({
  /** By ticket, the newest first, a hundred at a time. */
  exposures: z.array(residualExposure),
  nextAfter: z.string().nullable(),
  /** All of them, whatever the filter; only with the first page. */
  counts: z.array(
    z.object({ category: exposureCategory, kind: fieldKind, count: z.number().int().positive() }),
  ),
})

export const exportResidualExposuresInput = z.strictObject({
  ...exposureFilter,
  ticketId: zendeskId.optional(),
})

export const residualExposureExport = z.object({
  /** RFC 4180, UTF-8 with a byte order mark, a header first; no cell is a formula. */
  csv: z.string(),
  rows: z.number().int().min(0),
  /** False when there are more than an export holds: narrow the filter. */
  isComplete: z.boolean(),
})

/** Working through an event, or an order to write into a ticket. */
export const ingestionWork = z.enum([
  'event',
  'redact_comment',
  'redact_attachment',
  'write_field',
  'mask_text',
  'add_note',
])

export const ingestionStatus = z.object({
  /** Events that were not worked through yet, and orders that were not done yet. */
  waiting: z.array(
    z.object({
      work: ingestionWork,
      /** Why the last try failed; null before the first. */
      code: z.string().nullable(),
      count: z.number().int().positive(),
      oldestAt: instant,
      ageSeconds: remainingSeconds,
      /** Until the next try of any of them. */
      remainingSeconds,
    }),
  ),
  /** Orders that trying again by itself cannot help. */
  givenUp: z.object({
    count: z.number().int().min(0),
    /** The newest, at most 50. */
    newest: z.array(
      z.object({
        id: scrimId,
        work: ingestionWork.exclude(['event']),
        ticketId: zendeskId,
        code: z.string(),
        at: instant,
        ageSeconds: remainingSeconds,
      }),
    ),
    /** Whether I may have them tried again. */
    mayRetry: z.boolean(),
  }),
  webhook: z.object({
    /** `missing`: tickets change of which no webhook tells. `quiet`: nothing says so. */
    standing: z.enum(['arriving', 'quiet', 'missing']),
    /** Null when none came within a day. */
    lastAt: instant.nullable(),
    ageSeconds: remainingSeconds.nullable(),
    /** Tickets that the sweep found changed well after the last webhook. */
    unannounced: z.number().int().min(0),
  }),
  sweep: z.object({
    /** Null before it looked for the first time. */
    lastAt: instant.nullable(),
    ageSeconds: remainingSeconds.nullable(),
    /** Why it found out nothing; null when it did. */
    code: z.string().nullable(),
  }),
})

export const MOST_RETRIES = 50

export const retryIngestionInput = z.strictObject({
  /** Of what was given up. */
  ids: z.array(scrimId).min(1).max(MOST_RETRIES),
})
/** Fewer than were named when somebody else was faster. */
export const ingestionRetry = z.object({ retried: z.number().int().min(0) })

export type ResidualExposureView = z.infer<typeof residualExposure>
export type ResidualExposureList = z.infer<typeof residualExposureList>
export type ExportResidualExposuresInput = z.infer<typeof exportResidualExposuresInput>
export type ResidualExposureExport = z.infer<typeof residualExposureExport>
export type IngestionStatus = z.infer<typeof ingestionStatus>
export type RetryIngestionInput = z.infer<typeof retryIngestionInput>
export type IngestionRetry = z.infer<typeof ingestionRetry>
