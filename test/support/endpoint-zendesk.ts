/**
 * The sandbox account behind the directory's interface, in memory: what it says is what a test made
 * it say, at once. Stands in until the endpoint's tests run against the REST emulator.
 */
import type { AppSettings } from '../../src/core/policy.ts'
import { NO_APP_SETTINGS } from '../../src/core/policy.ts'
import { ScrimError } from '../../src/core/errors.ts'
import type { Person, Ticket } from '../../src/core/person.ts'
import { SANDBOX_TICKET_FIELDS } from '../../src/sandbox/account.ts'
import {
  SANDBOX_CUSTOMERS,
  SANDBOX_CUSTOM_ROLES,
  SANDBOX_GROUPS,
  SANDBOX_PEOPLE,
} from '../../src/sandbox/people.ts'
import { SANDBOX_TICKETS } from '../../src/sandbox/tickets.ts'
import type { ZendeskDirectory } from '../../src/zendesk/directory.ts'
import { ticketAccess } from '../../src/zendesk/ticket-access.ts'

export type TestZendesk = {
  directory: ZendeskDirectory
  changePerson(id: number, change: Partial<Person>): void
  removePerson(id: number): void
  changeTicket(id: number, change: Partial<Ticket>): void
  changeSettings(change: Partial<AppSettings>): void
  /** Every look-up fails until it is up again. */
  setDown(isDown: boolean): void
  /** What the directory was asked to write into a ticket field. */
  fieldText(ticketId: number, fieldId: number): string | undefined
  readonly notifications: readonly { event: string; agentId?: number }[]
}

export function openTestZendesk(): TestZendesk {
  const people = new Map<number, Person>()
  for (const person of [...SANDBOX_PEOPLE, ...SANDBOX_CUSTOMERS]) {
    const { role, title: _, ...rest } = person
    people.set(person.id, { ...rest, zendeskRole: role, isSuspended: false, isActive: true })
  }
  const tickets = new Map<number, Ticket>(
    SANDBOX_TICKETS.map((ticket) => [
      ticket.id,
      {
        id: ticket.id,
        subject: ticket.subject,
        status: ticket.status,
        requesterId: ticket.requesterId,
        submitterId: ticket.requesterId,
        assigneeId: ticket.assigneeId,
        groupId: ticket.groupId,
        organizationId: ticket.organizationId,
        brandId: null,
        collaboratorIds: ticket.collaboratorIds,
        followerIds: ticket.followerIds,
      },
    ]),
  )
  const texts = new Map<string, string>()
  const notifications: { event: string; agentId?: number }[] = []
  let settings: AppSettings = NO_APP_SETTINGS
  let isDown = false

  const up = <T>(value: T): Promise<T> =>
    isDown ? Promise.reject(new ScrimError('zendesk_unavailable')) : Promise.resolve(value)

  const groups = SANDBOX_GROUPS.map(({ id, name, isPublic }) => ({ id, name, isPublic }))
  const directory: ZendeskDirectory = {
    person: (id) => up(people.get(id) ?? null),
    ticket: (id) => up(tickets.get(id) ?? null),
    people: () => up([...people.values()].filter((person) => person.zendeskRole !== 'end-user')),
    groups: () => up(groups),
    mayAccessTicket: (person, ticket) =>
      up(
        ticketAccess(person, ticket, {
          groups,
          customRoles: SANDBOX_CUSTOM_ROLES,
          brands: 'unrestricted',
        }),
      ),
    ticketFieldType: (id) =>
      up(SANDBOX_TICKET_FIELDS.find((field) => field.id === id)?.type ?? null),
    appSettings: () => up(settings),
    setTicketField: async (ticketId, fieldId, text) => {
      await up(undefined)
      texts.set(`${ticketId}:${fieldId}`, text)
    },
    notify: async ({ event, agentId }) => {
      await up(undefined)
      notifications.push({ event, agentId })
    },
    forgetTicket: () => undefined,
  }
  const change = <T extends object>(map: Map<number, T>, id: number, patch: Partial<T>): void => {
    const before = map.get(id)
    if (before === undefined) throw new RangeError(`the sandbox has no ${id}`)
    map.set(id, { ...before, ...patch })
  }
  return {
    directory,
    changePerson: (id, patch) => change(people, id, patch),
    removePerson: (id) => void people.delete(id),
    changeTicket: (id, patch) => change(tickets, id, patch),
    changeSettings: (patch) => {
      settings = { ...settings, ...patch }
    },
    setDown: (next) => {
      isDown = next
    },
    fieldText: (ticketId, fieldId) => texts.get(`${ticketId}:${fieldId}`),
    notifications,
  }
}
