/**
 * What the endpoint knows of Zendesk: people, groups, tickets and the installation's settings, each
 * with an age that the caller bounds. What it cannot look up it does not invent: it throws.
 */
import type { Verdict } from '../core/errors.ts'
import type { Person, Ticket } from '../core/person.ts'
import type { AppSettings } from '../core/policy.ts'

/** Who goes first when the request budget runs short: acts, then heartbeats, then masked views. */
export type Priority = 'view' | 'watch' | 'act'

/** How old an answer may be, and how hard to try for a new one. */
export type Freshness = { maxAgeSeconds: number; priority: Priority }

/** Masked views live off the directory snapshot. */
export const VIEW: Freshness = { maxAgeSeconds: 300, priority: 'view' }
/** Heartbeats of an open value. */
export const WATCH: Freshness = { maxAgeSeconds: 15, priority: 'watch' }
/** Requests, decisions and reveals. */
export const ACT: Freshness = { maxAgeSeconds: 5, priority: 'act' }

export type Group = { id: number; name: string; isPublic: boolean }

/**
 * Every method throws `zendesk_unavailable` when Zendesk cannot be reached, answers 5xx or answers
 * something unreadable, and `zendesk_busy` with `retryAfterSeconds` when the request budget is spent
 * or Zendesk says 429.
 */
export type ZendeskDirectory = {
  /** The person with this id, or null when Zendesk has none or deleted them. */
  person(id: number, freshness: Freshness): Promise<Person | null>
  /** The ticket, or null when Zendesk has none. A `view` answer is at most 60 seconds old. */
  ticket(id: number, freshness: Freshness): Promise<Ticket | null>
  /** All agents and administrators, at most five minutes old. */
  people(): Promise<readonly Person[]>
  groups(): Promise<readonly Group[]>
  /** `ticketAccess` with groups and custom roles looked up. */
  mayAccessTicket(person: Person, ticket: Ticket): Promise<Verdict>
  /** `text`, `textarea`, `tagger` …; null when no ticket field has this id. */
  ticketFieldType(fieldId: number): Promise<string | null>
  /** The installation's settings, at most 30 seconds old when Zendesk answers, never over 60. */
  appSettings(): Promise<AppSettings>
  /** Durable in Zendesk when it resolves. `ticket_not_found` when the ticket is gone. */
  setTicketField(ticketId: number, fieldId: number, text: string): Promise<void>
  /** Pushes an event to open instances of the app: a hint to refetch, never data to trust. */
  notify(message: { event: string; body: unknown; agentId?: number }): Promise<void>
  /** Drops what is remembered of a ticket, so that the next look asks Zendesk. */
  forgetTicket(id: number): void
}

export type ZendeskDirectoryDeps = {
  fetch: typeof fetch
  /** `https://{subdomain}.zendesk.com`, no trailing slash. */
  baseUrl: string
  oauth: { clientId: string; clientSecret: string }
  appId: number
  installationId: number
  /** All calls together stay below this: a tenth of the account's plan. */
  requestsPerMinute: number
  now: () => Date
  /** Monotonic milliseconds. */
  elapsed: () => number
}
