/** What a page knows at first paint, and what the person who looks may do. */
import { z } from 'zod'
import { errorCode, personRef, role } from './primitives.ts'

export const LOCATIONS = ['ticket_sidebar', 'nav_bar', 'background'] as const
export const location = z.enum(LOCATIONS)

/**
 * The JSON data block (`<script type="application/json" id="scrim-page">`) of a served page. The app
 * reads it once and removes it. `session` is null when the page credential was refused.
 */
export const pageData = z.object({
  location,
  session: z.object({ credential: z.string(), expiresInSeconds: z.number().int() }).nullable(),
  refusal: errorCode.nullable(),
})

/** `GET /api/me` */
export const me = z.object({
  person: personRef,
  roles: z.array(role),
  /** Those that nobody has confirmed yet. */
  waitingRoles: z.array(role),
  mayDecide: z.boolean(),
  mayReadAuditLog: z.boolean(),
  mayRevoke: z.boolean(),
  mayFindByValue: z.boolean(),
  mayReadExposures: z.boolean(),
  mayErase: z.boolean(),
  mayReadAccess: z.boolean(),
  mayReadPolicy: z.boolean(),
  mayReadPowers: z.boolean(),
  maySeeBreakGlass: z.boolean(),
  areRevealsPaused: z.boolean(),
  /** The account's circuit breaker stopped all reveals. */
  isCircuitOpen: z.boolean(),
  mayManageExceptions: z.boolean(),
})

export type Location = z.infer<typeof location>
export type PageData = z.infer<typeof pageData>
export type Me = z.infer<typeof me>
