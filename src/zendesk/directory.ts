/**
 * What the endpoint knows of Zendesk: people, groups, tickets and the installation's settings, each
 * with an age that the caller bounds. What it cannot look up it does not invent: it throws.
 */
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { Verdict } from '../core/errors.ts'
import type { Person, Ticket } from '../core/person.ts'
import type { AppSettings } from '../core/policy.ts'
import { createAnswerAges, shareAnswer } from './answer-age.ts'
import { parseAppSettings } from './app-settings.ts'
import type { RequestBudget } from './budget.ts'
import { createRequestBudget } from './budget.ts'
import { createPersonLookup } from './person-lookup.ts'
import {
  brandAgentResource,
  customRoleOf,
  customRoleResource,
  groupOf,
  groupResource,
  installationResource,
  ticketFieldOf,
  ticketFieldResource,
} from './resources.ts'
import { createRestClient } from './rest-client.ts'
import type { RestAnswer, RestClient } from './rest-client.ts'
import { ticketAccess } from './ticket-access.ts'
import type { BrandMemberships, CustomRole } from './ticket-access.ts'
import type { TicketContent } from './ticket-content.ts'
import { createTicketContent } from './ticket-content.ts'
import { createTicketLookup } from './ticket-lookup.ts'

/** Who goes first when the request budget runs short: acts, then heartbeats, then masked views. */
export type Priority = 'view' | 'watch' | 'act'

/** How old an answer may be, and how hard to try for a new one. */
export type Freshness = { maxAgeSeconds: number; priority: Priority }

/** Masked views live off the directory snapshot. */
export const VIEW: Freshness = { maxAgeSeconds: 300, priority: 'view' }
/** Heartbeats of an open value. Up to 60 seconds old while the budget is spent. */
export const WATCH: Freshness = { maxAgeSeconds: 15, priority: 'watch' }
/** Requests, decisions and reveals. */
export const ACT: Freshness = { maxAgeSeconds: 5, priority: 'act' }

export type Group = { id: number; name: string; isPublic: boolean }
/** `type` is Zendesk's: `text`, `textarea`, `tagger` … */
export type TicketField = { id: number; title: string; type: string }

/**
 * Every method throws `zendesk_unavailable` when Zendesk cannot be reached, answers 5xx or answers
 * something unreadable, and `zendesk_busy` with `retryAfterSeconds` when the request budget is spent
 * or Zendesk says 429.
 */
export type ZendeskDirectory = {
  /** The person with this id, or null when Zendesk has none. Deleted people are not `isActive`. */
  person(id: number, freshness: Freshness): Promise<Person | null>
  /**
   * The ticket, or null when Zendesk has none. A `view` answer is at most 60 seconds old; up to 300
   * while the budget is spent.
   */
  ticket(id: number, freshness: Freshness): Promise<Ticket | null>
  /** All agents and administrators, at most five minutes old. */
  people(): Promise<readonly Person[]>
  groups(): Promise<readonly Group[]>
  /** None on plans without custom roles. At most two minutes old. */
  customRoles(): Promise<readonly { id: number; name: string }[]>
  /**
   * `ticketAccess` with groups and custom roles at most two minutes old, brand memberships at most five.
   * Person and ticket are as fresh as the caller asked for them.
   */
  mayAccessTicket(person: Person, ticket: Ticket): Promise<Verdict>
  /** `text`, `textarea`, `tagger` …; null when no ticket field has this id. */
  ticketFieldType(fieldId: number): Promise<string | null>
  /** At most five minutes old. */
  ticketFields(): Promise<readonly TicketField[]>
  /** The installation's settings, at most 30 seconds old when Zendesk answers, never over 60. */
  appSettings(): Promise<AppSettings>
  /**
   * Begins to look up, all at once, what this person's first masked view will ask for. What fails here
   * that view is told.
   */
  prepareView(personId: number): void
  /** Pushes an event to open instances of the app: a hint to refetch, never data to trust. */
  notify(message: { event: string; body: unknown; agentId?: number }): Promise<void>
  /** Drops what is remembered of a ticket, so that the next look asks Zendesk. */
  forgetTicket(id: number): void
  /** What stands in tickets, within the same budget. */
  content: TicketContent
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
  /** Instead of one that serves people first; `requestsPerMinute` is then not looked at. */
  budget?: RequestBudget
  now: () => Date
  /** Monotonic milliseconds. */
  elapsed: () => number
}

const MAX_ACCOUNT_AGE_SECONDS = 120
const MAX_DIRECTORY_AGE_SECONDS = 300
const MAX_SETTINGS_AGE_SECONDS = 30
/** Past this age settings may have been tightened without us, so everything closes. */
const MAX_UNREACHED_SETTINGS_AGE_SECONDS = 60

/** The directory of one account. Keeps its answers in memory, and no value among them. */
export function createZendeskDirectory(deps: ZendeskDirectoryDeps): ZendeskDirectory {
  const ages = createAnswerAges(deps)
  const rest = createRestClient({ ...deps, budget: deps.budget ?? createRequestBudget(deps) })
  const people = createPersonLookup(rest, ages)
  const tickets = createTicketLookup(rest, ages)
  const groups = shareAnswer(() => readGroups(rest), ages, MAX_ACCOUNT_AGE_SECONDS)
  const customRoles = shareAnswer(() => readCustomRoles(rest), ages, MAX_ACCOUNT_AGE_SECONDS)
  const brands = shareAnswer(() => readBrands(rest), ages, MAX_DIRECTORY_AGE_SECONDS)
  const ticketFields = shareAnswer(() => readTicketFields(rest), ages, MAX_DIRECTORY_AGE_SECONDS)
  let lastSettings: { settings: AppSettings; at: ReturnType<typeof ages.stamp> } | null = null
  const settings = shareAnswer(
    async () => {
      const at = ages.stamp()
      const answer = await readSettings(rest, deps.installationId)
      lastSettings = { settings: answer, at }
      return answer
    },
    ages,
    MAX_SETTINGS_AGE_SECONDS,
  )

  return {
    person: people.find,
    ticket: tickets.find,
    people: people.all,
    groups,
    customRoles,
    async mayAccessTicket(person, ticket) {
      const [knownGroups, knownRoles, knownBrands] = await Promise.all([
        groups(),
        customRoles(),
        brands(),
      ])
      return ticketAccess(person, ticket, {
        groups: knownGroups,
        customRoles: knownRoles,
        brands: knownBrands,
      })
    },
    async ticketFieldType(fieldId) {
      return (await ticketFields()).get(fieldId)?.type ?? null
    },
    async ticketFields() {
      return [...(await ticketFields()).values()]
    },
    async appSettings() {
      try {
        return await settings()
      } catch (error) {
        if (
          lastSettings !== null &&
          ages.seconds(lastSettings.at) <= MAX_UNREACHED_SETTINGS_AGE_SECONDS
        ) {
          return lastSettings.settings
        }
        throw error instanceof ScrimError && error.code === 'zendesk_busy'
          ? new ScrimError('zendesk_unavailable', error.details)
          : error
      }
    },
    prepareView(personId) {
      const looks = [people.find(personId, VIEW), settings(), groups(), customRoles(), brands()]
      for (const look of looks) look.catch(() => undefined)
    },
    async notify({ event, body, agentId }) {
      const answer = await rest.write(
        'POST',
        '/api/v2/apps/notify',
        {
          app_id: deps.appId,
          event,
          body: typeof body === 'string' ? body : JSON.stringify(body),
          ...(agentId === undefined ? {} : { agent_id: agentId }),
        },
        z.unknown(),
        'watch',
      )
      expectOk(answer)
    },
    forgetTicket: tickets.forget,
    content: createTicketContent(rest),
  }
}

function expectOk<T>(answer: RestAnswer<T>): T {
  if (answer.status !== 'ok') throw new ScrimError('zendesk_unavailable')
  return answer.body
}

async function readGroups(rest: RestClient): Promise<Group[]> {
  const found = await rest.readAll('/api/v2/groups', 'groups', groupResource, 'act')
  return expectOk(found)
    .filter((group) => group.deleted !== true)
    .map(groupOf)
}

/** Plans without custom roles answer 404: then nobody has one. */
async function readCustomRoles(rest: RestClient): Promise<(CustomRole & { name: string })[]> {
  const schema = z.object({ custom_roles: z.array(customRoleResource) })
  const found = await rest.read('/api/v2/custom_roles', schema, 'act')
  return found.status === 'absent' ? [] : expectOk(found).custom_roles.map(customRoleOf)
}

/** Only administrators may ask for brand memberships; plans without brand memberships answer 404. */
async function readBrands(rest: RestClient): Promise<BrandMemberships> {
  const found = await rest.readAll(
    '/api/v2/brand_agents',
    'brand_agents',
    brandAgentResource,
    'act',
  )
  if (found.status === 'absent') return 'unrestricted'
  if (found.status === 'forbidden') return 'unknown'
  const brandIdsOf = new Map<number, Set<number>>()
  for (const { user_id: userId, brand_id: brandId } of expectOk(found)) {
    brandIdsOf.set(userId, (brandIdsOf.get(userId) ?? new Set()).add(brandId))
  }
  return { known: true, brandIdsOf }
}

async function readTicketFields(rest: RestClient): Promise<Map<number, TicketField>> {
  const path = '/api/v2/ticket_fields'
  const found = await rest.readAll(path, 'ticket_fields', ticketFieldResource, 'view')
  return new Map(expectOk(found).map((field) => [field.id, ticketFieldOf(field)]))
}

async function readSettings(rest: RestClient, installationId: number): Promise<AppSettings> {
  const path = `/api/v2/apps/installations/${installationId}`
  const { settings, enabled } = expectOk(await rest.read(path, installationResource, 'act'))
  return parseAppSettings(settings, enabled !== false)
}
