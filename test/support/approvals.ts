/** Deciding, claiming and delegating as calls. */
import { revealRequestList } from '../../src/contract/reveal-requests.ts'
import type { Queue, QueuedRevealRequest } from '../../src/contract/reveal-requests.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import type { Role } from '../../src/core/role.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Answer, Caller } from './endpoint.ts'

export function deny(by: Caller, requestId: string, comment = 'Ask the provider first') {
  return by.post(`/api/reveal-requests/${requestId}/deny`, { comment })
}

export function claim(by: Caller, requestId: string): Promise<Answer> {
  return by.post(`/api/reveal-requests/${requestId}/claim`)
}

export function unclaim(by: Caller, requestId: string): Promise<Answer> {
  return by.post(`/api/reveal-requests/${requestId}/release`)
}

/** For a week from the clock's start on, unless told otherwise. */
export function delegate(by: Caller, toId: number, change: object = {}): Promise<Answer> {
  return by.post('/api/delegations', {
    toId,
    startsAt: '2026-11-23T10:00:00.000Z',
    endsAt: '2026-11-30T10:00:00.000Z',
    reasonText: 'Away at a conference this week',
    ...change,
  })
}

export async function queueOf(
  by: Caller,
  queue: Queue = 'pending',
): Promise<readonly QueuedRevealRequest[]> {
  const answer = await by.get(`/api/reveal-requests?queue=${queue}`)
  return answer.as(revealRequestList).requests
}

/** A level of `count` people of these roles, or whatever else is told. */
export const gate = (
  count: number,
  roles: Role[],
  more: Partial<ApprovalLevel> = {},
): ApprovalLevel => ({ count, roles, groupIds: [], slaMinutes: null, escalatesTo: null, ...more })

/** The sandbox's policy with these levels for every class, and whatever else is told. */
export const policyWith = (levels: ApprovalLevel[], more: Partial<Policy> = {}): Policy => ({
  ...sandboxPolicy,
  approval: { confidential: levels, restricted: levels, secret: levels },
  ...more,
})
