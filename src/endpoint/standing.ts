/** Who a person is right now, as Zendesk says, and the roles that follow. */
import type { ScrimErrorCode } from '../core/errors.ts'
import { ScrimError } from '../core/errors.ts'
import { isSamePerson } from '../core/person.ts'
import type { Person, Ticket } from '../core/person.ts'
import { rolesOf, seenRolesOf } from '../core/policy-decision.ts'
import type { Policy } from '../core/policy.ts'
import type { Role } from '../core/role.ts'
import type { PersonRef } from '../contract/primitives.ts'
import type { Freshness } from '../zendesk/directory.ts'
import { ACT, VIEW, WATCH } from '../zendesk/directory.ts'
import type { EndpointDeps, RequestContext } from './context.ts'

/** `seenRoles` hold those that wait for a confirmation, too. */
export type Standing = { person: Person; roles: readonly Role[]; seenRoles: readonly Role[] }

/** Why a person may not use Scrim at all, or null when they may. */
export function barred(person: Person | null): ScrimErrorCode | null {
  if (person === null) return 'person_unknown'
  if (person.isSuspended || !person.isActive) return 'person_suspended'
  return person.zendeskRole === 'end-user' ? 'person_not_agent' : null
}

/** What the person may, and what they would once all their power is confirmed. */
export function rolesIn(person: Person, policy: Policy): Omit<Standing, 'person'> {
  return { roles: rolesOf(person, policy), seenRoles: seenRolesOf(person, policy) }
}

/** The person behind an id with their roles. Throws the code of `barred`. */
export async function standingOf(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
  personId: number,
  freshness: Freshness,
): Promise<Standing> {
  const person = await deps.zendesk.person(personId, freshness)
  const code = barred(person)
  if (person === null || code !== null) throw new ScrimError(code ?? 'person_unknown')
  return { person, ...rolesIn(person, deps.policy) }
}

/**
 * The context of an act: the person and the ticket, each at most five seconds old. Fetched before any
 * transaction, so that no network call is made under a database lock.
 */
export async function freshContext(
  ctx: RequestContext,
  ticketId: number,
): Promise<{ ctx: RequestContext; ticket: Ticket | null }> {
  const [standing, ticket] = await Promise.all([
    standingOf(ctx, ctx.session.userId, ACT),
    ctx.zendesk.ticket(ticketId, ACT),
  ])
  return { ctx: { ...ctx, ...standing }, ticket }
}

/**
 * A look that watches an open value or a queue: recent when the budget allows, what masked views see
 * when it is spent. Any other failure is thrown: not knowing closes.
 */
export async function watched<Found>(
  look: (freshness: Freshness) => Promise<Found>,
): Promise<Found> {
  try {
    return await look(WATCH)
  } catch (error) {
    if (error instanceof ScrimError && error.code === 'zendesk_busy') return look(VIEW)
    throw error
  }
}

/**
 * The users of Zendesk that are one human being with this one, themselves first, as policy and e-mail
 * addresses say: what is counted for one of them is counted for all.
 */
export async function usersOf(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
  person: Pick<Person, 'id' | 'email'>,
): Promise<number[]> {
  const people = await deps.zendesk.people()
  const others = people.filter(
    (other) => other.id !== person.id && isSamePerson(other, person, deps.policy.samePerson),
  )
  return [person.id, ...others.map(({ id }) => id)]
}

/** Names for ids, from the directory's snapshot; an unknown id is named by its number. */
export async function namesOf(
  deps: Pick<EndpointDeps, 'zendesk'>,
): Promise<(id: number) => PersonRef> {
  const names = new Map((await deps.zendesk.people()).map((person) => [person.id, person.name]))
  return (id) => ({ id, name: names.get(id) ?? `#${id}` })
}
