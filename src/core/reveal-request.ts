/**
 * A reveal request and its transitions.
 *
 *     pending → approved | denied | withdrawn | expired | ended
 *
 * `ended` is what happens to a request whose ground falls away: the ticket is solved or reassigned,
 * the requester loses the role, the value changes.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Ticket } from './person.ts'
import { isSolved } from './person.ts'
import type { Policy } from './policy.ts'

export type RevealRequestState =
  'pending' | 'approved' | 'denied' | 'withdrawn' | 'expired' | 'ended'

export type RevealRequest = {
  state: RevealRequestState
  requesterId: number
  ticketId: number
  assigneeId: number | null
  reasonCode: string
  minutes: number
  fieldIds: readonly string[]
  expiresAt: Date
}

/** Letters and digits only, lower case: how reasons are compared. */
function essence(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/**
 * Whether a reason says something: a known code, and a text of some length that is neither
 * punctuation, nor the code again, nor one of the person's last ten.
 */
export function checkReason(
  reason: { code: string; text: string },
  recentTexts: readonly string[],
  policy: Pick<Policy, 'reasons' | 'limits'>,
): Verdict<ScrimErrorCode> {
  const known = policy.reasons.find((candidate) => candidate.code === reason.code)
  if (known === undefined) return refuse('reason_code_unknown')
  const text = reason.text.trim()
  if (text.length < policy.limits.minReasonLength) {
    return refuse('reason_too_short', policy.limits.minReasonLength)
  }
  const said = essence(text)
  const isEmpty = said.length < 3 || new Set(said).size < 3
  if (isEmpty || said === essence(known.code) || said === essence(known.label)) {
    return refuse('reason_not_meaningful')
  }
  if (recentTexts.slice(0, 10).some((recent) => essence(recent) === said)) {
    return refuse('reason_repeated')
  }
  return ALLOWED
}

/** Why a pending request no longer stands, or null while it does. Time first, then its ground. */
export function requestEnd(
  request: RevealRequest,
  now: Date,
  ground: { ticket: Ticket | null; canRequesterAsk: boolean },
  policy: Pick<Policy, 'reasons'>,
): { state: 'expired' | 'ended'; code: ScrimErrorCode } | null {
  if (request.state !== 'pending') return null
  if (now >= request.expiresAt) return { state: 'expired', code: 'request_expired' }
  const code = lostGround(request, ground, policy)
  return code === null ? null : { state: 'ended', code }
}

/**
 * What a request and its grant stand on: the ticket is there, unsolved unless the reason is meant for
 * solved tickets, with the same assignee; and the requester may still ask.
 */
export function lostGround(
  from: { assigneeId: number | null; reasonCode: string },
  ground: { ticket: Ticket | null; canRequesterAsk: boolean },
  policy: Pick<Policy, 'reasons'>,
): ScrimErrorCode | null {
  if (ground.ticket === null) return 'ticket_not_found'
  const isForSolved = policy.reasons.some(
    (reason) => reason.code === from.reasonCode && reason.isForSolvedTickets,
  )
  if (isSolved(ground.ticket) && !isForSolved) return 'ticket_solved'
  if (ground.ticket.assigneeId !== from.assigneeId) return 'request_ended'
  if (!ground.canRequesterAsk) return 'role_not_permitted'
  return null
}

/** Whether a decision or a withdrawal may still happen. */
export function mayClose(request: Pick<RevealRequest, 'state' | 'expiresAt'>, now: Date): Verdict {
  if (request.state === 'expired') return refuse('request_expired')
  if (request.state === 'ended') return refuse('request_ended')
  if (request.state !== 'pending') return refuse('request_not_pending')
  return now >= request.expiresAt ? refuse('request_expired') : ALLOWED
}

/** What an approver may grant of a request: no field that was not asked, no minute more. */
export function checkApproval(
  request: Pick<RevealRequest, 'fieldIds' | 'minutes'>,
  approval: { fieldIds?: readonly string[] | undefined; minutes?: number | undefined },
  maxMinutes: number,
): Verdict {
  const fieldIds = approval.fieldIds ?? request.fieldIds
  if (!fieldIds.every((fieldId) => request.fieldIds.includes(fieldId))) {
    return refuse('fields_not_requested')
  }
  const cap = Math.min(request.minutes, maxMinutes)
  return (approval.minutes ?? cap) > cap ? refuse('duration_too_long', cap) : ALLOWED
}
