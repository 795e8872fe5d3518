/** Every way a grant ends that is not its requester's word. */
import { standsForBreakGlass } from '../../core/break-glass.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import { accessOf, mayAsk } from '../../core/exception.ts'
import type { GrantState } from '../../core/grant.ts'
import { rolesOf } from '../../core/policy-decision.ts'
import type { EffectivePolicy } from '../../core/policy.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { ValueDescription } from '../../core/vaulted-field.ts'
import type { Person, Ticket } from '../../core/person.ts'
import { lostGround } from '../../core/reveal-request.ts'
import type { AuditAction, AuditActor } from '../../audit/entry.ts'
import type { Queryable } from '../../storage/database.ts'
import type { StoredGrant } from '../../storage/grants.ts'
import { closeGrant, findActiveGrantsOn } from '../../storage/grants.ts'
import { audit, systemActor } from '../audit.ts'
import type { ActDeps, EndpointDeps } from '../context.ts'
import type { Exemption } from '../exceptions/access.ts'
import { notifyRequester } from '../outbox/notify.ts'

type GrantRef = Pick<StoredGrant, 'id' | 'requestId' | 'ticketId' | 'requesterId' | 'policyVersion'>

const ACTIONS: Record<Exclude<GrantState, 'active'>, AuditAction> = {
  expired: 'grant.expire',
  exhausted: 'grant.exhaust',
  released: 'grant.release',
  revoked: 'grant.revoke',
  ended: 'grant.end',
}

export type GrantEnding = {
  state: Exclude<GrantState, 'active'>
  actor: AuditActor
  code?: ScrimErrorCode
  texts?: Record<string, string>
}

/**
 * Ends an active grant and writes its entry; the value under it leaves the screen at its next
 * heartbeat. False when it had ended before: nothing is written then.
 */
export async function endGrant(
  tx: Queryable,
  deps: ActDeps,
  grant: GrantRef,
  end: GrantEnding,
): Promise<boolean> {
  return (await endGrants(tx, deps, [grant], end)) === 1
}

/**
 * Ends each grant that is still active; answers how many. All rows are changed before the first entry
 * is appended: a reveal locks its grant and then the log, and the same order here avoids a deadlock.
 */
export async function endGrants(
  tx: Queryable,
  deps: ActDeps,
  grants: readonly GrantRef[],
  end: GrantEnding,
): Promise<number> {
  const to = {
    state: end.state,
    at: deps.now(),
    ...(end.code === undefined ? {} : { endedCode: end.code }),
  }
  const ended: { grant: GrantRef; fields: string[] }[] = []
  // In the order of ids, as every other transaction that locks several grants.
  const inOrder = [...grants].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const grant of inOrder) {
    const fields = await closeGrant(tx, deps.account.id, grant.id, to)
    if (fields !== null) ended.push({ grant, fields })
  }
  for (const { grant } of ended) await notifyRequester(tx, deps, grant)
  const entries = ended.map(({ grant, fields }) => ({
    action: ACTIONS[end.state],
    actor: end.actor,
    outcome: 'ok' as const,
    ...(end.code === undefined ? {} : { code: end.code }),
    ...(end.texts === undefined ? {} : { texts: end.texts }),
    record: { type: 'ticket', id: grant.ticketId } as const,
    fields,
    requestId: grant.requestId,
    grantId: grant.id,
    policyVersion: grant.policyVersion,
  }))
  if (entries.length > 0) await audit(tx, deps, ...entries)
  return ended.length
}

/** Ends a grant whose ground fell away (`groundLost`), in a transaction of its own. */
export async function endWithoutGround(
  deps: Pick<EndpointDeps, 'account' | 'database' | 'now' | 'newId'>,
  grant: GrantRef,
  code: ScrimErrorCode,
): Promise<void> {
  const end = { state: 'ended', actor: systemActor('policy'), code } as const
  await deps.database.transaction((tx) => endGrant(tx, deps, grant, end))
}

/** Ends the grants that were given for an older version of a field. */
export async function endGrantsOnField(
  tx: Queryable,
  deps: ActDeps,
  ticketId: number,
  fieldId: string,
  newVersion: number,
): Promise<void> {
  const outdated = await findActiveGrantsOn(tx, deps.account.id, {
    record: { type: 'ticket', id: ticketId },
    fieldId,
    version: newVersion - 1,
  })
  await endGrants(tx, deps, outdated, {
    state: 'ended',
    actor: systemActor('policy'),
    code: 'grant_ended',
  })
}

/** Why the ground under a grant fell away, or null. `person` is its requester. */
export function groundLost(
  grant: Pick<StoredGrant, 'assigneeId' | 'reasonCode' | 'isBreakGlass'>,
  fields: readonly ValueDescription[],
  found: { ticket: Ticket | null; person: Person | null; exemption: Exemption },
  policy: EffectivePolicy,
): ScrimErrorCode | null {
  const { ticket, person, exemption } = found
  const canRequesterAsk = grant.isBreakGlass
    ? mayStillBreakGlass(person, fields, policy)
    : canAsk(person, fields, policy, exemption)
  const code = lostGround(grant, { ticket, canRequesterAsk }, policy)
  return code === 'role_not_permitted' && exemption.exceptionId !== null ? 'exception_ended' : code
}

/** An emergency's ground is not the right to ask: its person is named, and sees the masks. */
function mayStillBreakGlass(
  person: Person | null,
  values: readonly ValueDescription[],
  policy: EffectivePolicy,
): boolean {
  if (person === null) return false
  const fields = values.map((value) => fieldOfValue(policy, value))
  return (
    fields.every((field) => field !== undefined) &&
    standsForBreakGlass(person, rolesOf(person, policy), fields, policy).allowed
  )
}

/**
 * Whether the person's roles still reach every one of the fields, by the exception that decided it where
 * one did: what it gave ends with it. A pause is not a lost role.
 */
export function canAsk(
  person: Person | null,
  fields: readonly ValueDescription[],
  policy: EffectivePolicy,
  { exceptionId, exceptions, now }: Exemption,
): boolean {
  if (person === null) return false
  const roles = rolesOf(person, policy)
  if (exceptionId !== null && !exceptions.some(({ id }) => id === exceptionId)) return false
  return fields.every((value) => {
    const field = fieldOfValue(policy, value)
    if (field === undefined) return false
    const access = accessOf({ id: person.id, roles }, field, policy, exceptions, now)
    return mayAsk(access, { areRevealsPaused: false }).allowed
  })
}
