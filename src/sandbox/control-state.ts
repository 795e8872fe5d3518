/** What the control panel shows and changes, and what the sandbox server tells open pages. */

export type ControlState = {
  /** Added to real time everywhere: endpoint, page credentials, Zendesk. */
  clockOffsetMs: number
  /** Zendesk's REST API refuses connections, or rather answers 503 as a load balancer does. */
  isZendeskDown: boolean
  isDatabaseDown: boolean
  /** The endpoint's socket closes every connection. */
  isEndpointDown: boolean
  /** The REST API answers 429 with Retry-After. */
  isZendeskBusy: boolean
  /** How long the REST API takes to answer. */
  delayMs: number
}

export type ControlChange = Partial<ControlState> & {
  /** Moves the clock on from where it is. */
  moveClockMs?: number
}

export const CONTROL_AT_START: Omit<ControlState, 'delayMs'> = {
  clockOffsetMs: 0,
  isZendeskDown: false,
  isDatabaseDown: false,
  isEndpointDown: false,
  isZendeskBusy: false,
}

/** The state with what changes by itself. */
export type ControlView = ControlState & {
  /** The sandbox's own time, ISO 8601. */
  at: string
  /** REST calls of the endpoint since the start, and those in the last minute. */
  restCalls: { total: number; lastMinute: number }
}

/** One person one can be, and one person one can meet. */
export type SandboxUser = {
  id: number
  name: string
  email: string
  role: 'end-user' | 'agent' | 'admin'
  /** What they do, in a few words. */
  title: string
  groups: readonly { id: number; name: string }[]
}

/** What a page needs before it can look like anything: `GET /sandbox/setup`. */
export type SandboxSetup = {
  account: { subdomain: string; name: string }
  app: { appId: number; installationId: number; name: string; version: string }
  /** The other site: where the app's pages come from. */
  endpointUrl: string
  /** People with a seat first, then customers. */
  users: readonly SandboxUser[]
  groups: readonly { id: number; name: string }[]
}

/** What open pages are told. */
export type SandboxEvent =
  | { type: 'control'; control: ControlView }
  | { type: 'ticket_changed'; ticketId: number; byUserId: number | null }
  | { type: 'notification'; event: string; body: unknown; senderId: number }
