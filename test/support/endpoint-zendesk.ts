/**
 * Zendesk as an endpoint under test meets it: the real directory over the sandbox's REST emulator. A
 * change made here is seen at once, as if the directory's answers had just become too old; a test
 * about their age changes `emulator.state` itself.
 */
import { randomUUID } from 'node:crypto'
import type { AppSettings } from '../../src/core/policy.ts'
import type { Person, Ticket } from '../../src/core/person.ts'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/account.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import type { ZendeskDirectory } from '../../src/zendesk/directory.ts'
import { createZendeskDirectory } from '../../src/zendesk/directory.ts'

export type TestZendesk = {
  directory: ZendeskDirectory
  emulator: RestEmulator
  changePerson(id: number, change: Partial<Person>): void
  removePerson(id: number): void
  changeTicket(id: number, change: Partial<Ticket>): void
  changeSettings(change: Partial<AppSettings>): void
  /** Zendesk cannot be reached until it is up again, and nothing is remembered of it. */
  setDown(isDown: boolean): void
  /** What stands in a ticket field; null when it is empty. */
  fieldText(ticketId: number, fieldId: number): string | null | undefined
  readonly notifications: readonly { event: string; agentId: number | null; body: unknown }[]
}

export const OAUTH = { clientId: 'scrim', clientSecret: 'the-secret-of-the-sandbox' }
/** Above what any test needs: the budget has tests of its own. */
const REQUESTS_PER_MINUTE = 1_000_000

/** The real directory over an emulator, or whatever `send` makes of its calls. */
export function directoryThrough(send: typeof fetch, now: () => Date): ZendeskDirectory {
  return createZendeskDirectory({
    fetch: send,
    baseUrl: API_ORIGIN,
    oauth: OAUTH,
    appId: SANDBOX_ACCOUNT.appId,
    installationId: SANDBOX_ACCOUNT.installationId,
    requestsPerMinute: REQUESTS_PER_MINUTE,
    now,
    elapsed: () => now().getTime(),
  })
}

/** A Zendesk of its own, or another look at `emulator`, which remembers nothing of the first. */
export function openTestZendesk(
  now: () => Date,
  emulator: RestEmulator = createRestEmulator({
    now,
    newId: randomUUID,
    oauth: OAUTH,
    delayMs: 0,
  }),
): TestZendesk {
  const { state } = emulator
  const open = (): ZendeskDirectory =>
    directoryThrough((input, init) => emulator.fetch(new Request(input, init)), now)
  let current = open()
  const forget = (): void => {
    current = open()
  }
  const directory: ZendeskDirectory = {
    person: (id, freshness) => current.person(id, freshness),
    ticket: (id, freshness) => current.ticket(id, freshness),
    people: () => current.people(),
    groups: () => current.groups(),
    customRoles: () => current.customRoles(),
    mayAccessTicket: (person, ticket) => current.mayAccessTicket(person, ticket),
    ticketFieldType: (id) => current.ticketFieldType(id),
    ticketFields: () => current.ticketFields(),
    appSettings: () => current.appSettings(),
    prepareView: (personId) => current.prepareView(personId),
    notify: (message) => current.notify(message),
    forgetTicket: (id) => current.forgetTicket(id),
    get content() {
      return current.content
    },
  }
  const notifications: { event: string; agentId: number | null; body: unknown }[] = []
  emulator.onNotify(({ event, agentId, body }) => notifications.push({ event, agentId, body }))

  return {
    directory,
    emulator,
    changePerson(id, change) {
      const user = byId(state.users, id)
      const { name, email, zendeskRole, roleType, customRoleId, ticketRestriction } = change
      const { isSuspended, isActive, groupIds, organizationId } = change
      Object.assign(
        user,
        given({
          name,
          email,
          role: zendeskRole,
          role_type: roleType,
          custom_role_id: customRoleId,
          ticket_restriction: ticketRestriction,
          suspended: isSuspended,
          active: isActive,
          organization_id: organizationId,
        }),
      )
      if (groupIds !== undefined) {
        const dates = { created_at: user.created_at, updated_at: user.updated_at }
        state.groupMemberships = [
          ...state.groupMemberships.filter((membership) => membership.user_id !== id),
          ...groupIds.map((groupId, index) => ({
            id: id * 1000 + groupId,
            user_id: id,
            group_id: groupId,
            default: index === 0,
            ...dates,
          })),
        ]
      }
      forget()
    },
    removePerson(id) {
      state.users = state.users.filter((user) => user.id !== id)
      state.groupMemberships = state.groupMemberships.filter((each) => each.user_id !== id)
      forget()
    },
    changeTicket(id, change) {
      const { subject, status, requesterId, submitterId, assigneeId, groupId } = change
      const { organizationId, brandId, collaboratorIds, followerIds } = change
      Object.assign(
        byId(state.tickets, id),
        given({
          subject,
          status,
          requester_id: requesterId,
          submitter_id: submitterId,
          assignee_id: assigneeId,
          group_id: groupId,
          organization_id: organizationId,
          brand_id: brandId,
          collaborator_ids: collaboratorIds,
          follower_ids: followerIds,
        }),
      )
      forget()
    },
    changeSettings(change) {
      const { maxMinutes, displaySeconds, isCopyAllowed, minReasonLength } = change
      const { extraProtectedFieldIds, areRevealsPaused } = change
      Object.assign(
        state.installation.settings,
        given({
          max_minutes: maxMinutes,
          display_seconds: displaySeconds,
          allow_copy: isCopyAllowed,
          min_reason_length: minReasonLength,
          extra_protected_field_ids: extraProtectedFieldIds?.join(','),
          pause_all_reveals: areRevealsPaused,
        }),
      )
      forget()
    },
    setDown(isDown) {
      emulator.controls.setHealth(isDown ? 'refused' : 'up')
      forget()
    },
    fieldText: (ticketId, fieldId) =>
      byId(state.tickets, ticketId).custom_fields.find((field) => field.id === fieldId)?.value,
    notifications,
  }
}

function byId<T extends { id: number }>(list: readonly T[], id: number): T {
  const found = list.find((each) => each.id === id)
  if (found === undefined) throw new RangeError(`the sandbox has no ${id}`)
  return found
}

/** The members that are not undefined: what a change does not name stays. */
function given(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
