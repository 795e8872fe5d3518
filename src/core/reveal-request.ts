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
import type { GrantConditions, GrantState } from './grant.ts'
import { grantVerdict } from './grant.ts'
import type { Ticket } from './person.ts'
import { isSolved } from './person.ts'
import type { Policy } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import { essenceOf, isOnePieceRepeated, visibleText } from './reason-text.ts'
import { endOfDay, isWithin } from './working-hours.ts'

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

/**
 * Whether a reason says something: a known code, and a text as `checkReasonText` wants it that is not
 * the code or its label again.
 */
export function checkReason(
  reason: { code: string; text: string },
  recentTexts: readonly string[],
  policy: Pick<Policy, 'reasons' | 'limits'>,
): Verdict<ScrimErrorCode> {
  const known = policy.reasons.find((candidate) => candidate.code === reason.code)
  if (known === undefined) return refuse('reason_code_unknown')
  return checkReasonText(reason.text, recentTexts, policy, known)
}

/**
 * Whether a typed reason says something: a text of some length that is neither punctuation, nor only
 * the words of `known`, nor one piece repeated, nor one of the person's last ten. `recentTexts` come
 * newest first. Invisible characters, case, spacing and look-alike letters make no difference.
 */
export function checkReasonText(
  text: string,
  recentTexts: readonly string[],
  policy: Pick<Policy, 'limits'>,
  known: { code: string; label: string } = { code: '', label: '' },
): Verdict<ScrimErrorCode> {
  const { minReasonLength } = policy.limits
  if (Array.from(visibleText(text)).length < minReasonLength) {
    return refuse('reason_too_short', minReasonLength)
  }
  const said = essenceOf(text)
  // At least half of the shortest reason is letters and digits: dots do not make a word longer.
  if (said.length < minReasonLength / 2 || !saysMoreThan(known, said)) {
    return refuse('reason_not_meaningful')
  }
  if (recentTexts.slice(0, 10).some((recent) => essenceOf(recent) === said)) {
    return refuse('reason_repeated')
  }
  return ALLOWED
}

/** Whether something is left of the text without the reason's own code and label. */
function saysMoreThan(known: { code: string; label: string }, said: string): boolean {
  const own = [known.label, known.code].map(essenceOf).filter((word) => word.length >= 3)
  const rest = own.reduce((left, word) => left.replaceAll(word, ''), said)
  return new Set(rest).size >= 3 && !isOnePieceRepeated(rest)
}

/** Why a pending request no longer stands, or null while it does. Time first, then its ground. */
export function requestEnd(
  request: RevealRequest,
  now: Date,
  ground: { ticket: Ticket | null; canRequesterAsk: boolean },
  policy: Pick<Policy, 'reasons'>,
): { state: 'expired' | 'ended'; code: ScrimErrorCode } | null {
  if (request.state !== 'pending') return null
  if (!(now < request.expiresAt)) return { state: 'expired', code: 'request_expired' }
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
  if (ground.ticket.assigneeId !== from.assigneeId) return 'ticket_reassigned'
  if (!ground.canRequesterAsk) return 'role_not_permitted'
  return null
}

/** Whether a decision or a withdrawal may still happen. */
export function mayClose(request: Pick<RevealRequest, 'state' | 'expiresAt'>, now: Date): Verdict {
  if (request.state === 'expired') return refuse('request_expired')
  if (request.state === 'ended') return refuse('request_ended')
  if (request.state !== 'pending') return refuse('request_not_pending')
  return now < request.expiresAt ? ALLOWED : refuse('request_expired')
}

/** Somebody is looking at the request: nobody else decides until then. */
export type Claim = { personId: number; until: Date }

/** The claim that is in force at `now`. It ends by time, whatever anyone does. */
export function claimAt(
  { claimedBy, claimedUntil }: { claimedBy: number | null; claimedUntil: Date | null },
  now: Date,
): Claim | null {
  if (claimedBy === null || claimedUntil === null || !(now < claimedUntil)) return null
  return { personId: claimedBy, until: claimedUntil }
}

/** Whether a claim lets this person decide. */
export function checkClaim(claim: Claim | null, personId: number): Verdict {
  return claim === null || claim.personId === personId ? ALLOWED : refuse('request_claimed')
}

/** Whether policy lets anybody decide at `now`. */
export function mayDecideAt({ deciding }: Pick<Policy, 'deciding'>, now: Date): Verdict {
  const { hours } = deciding
  return hours === null || isWithin(hours, now) ? ALLOWED : refuse('approver_off_hours')
}

/**
 * Whether an approval needs a comment: because of a class that it gives, or because it was asked or
 * would be given outside the desk's hours.
 */
export function needsComment(
  classes: readonly SensitivityClass[],
  { createdAt }: { createdAt: Date },
  now: Date,
  { deciding, hours }: Pick<Policy, 'deciding' | 'hours'>,
): boolean {
  const { commentFor } = deciding
  if (classes.some((name) => commentFor.classes.includes(name))) return true
  if (!commentFor.offHours || hours === null) return false
  return !isWithin(hours, createdAt) || !isWithin(hours, now)
}

/** The midnight that "only today" means: of the desk, else of those who decide, else of UTC. */
export function midnightOf(now: Date, { deciding, hours }: Pick<Policy, 'deciding' | 'hours'>) {
  return endOfDay(now, (hours ?? deciding.hours)?.timeZone ?? 'UTC')
}

/**
 * What an approver may grant of a request: at least one field, none that was not asked; at least one
 * minute, none more than was asked; at least one use, none more than policy gives.
 */
export function checkApproval(
  request: Pick<RevealRequest, 'fieldIds' | 'minutes'>,
  approval: {
    fieldIds?: readonly string[] | undefined
    minutes?: number | undefined
    conditions?: GrantConditions | undefined
  },
  limits: Pick<Policy['limits'], 'maxMinutes' | 'uses'>,
): Verdict {
  const fieldIds = approval.fieldIds ?? request.fieldIds
  if (fieldIds.length === 0 || !fieldIds.every((fieldId) => request.fieldIds.includes(fieldId))) {
    return refuse('fields_not_requested')
  }
  const cap = Math.min(request.minutes, limits.maxMinutes)
  const minutes = approval.minutes ?? cap
  // Written so that a number that is none is refused.
  if (!(minutes <= cap)) return refuse('duration_too_long', cap)
  const uses = approval.conditions?.uses ?? limits.uses
  if (!(uses <= limits.uses)) return refuse('uses_too_many', limits.uses)
  return minutes > 0 && uses > 0 ? ALLOWED : refuse('bad_input')
}

/**
 * Whether a request may ask for more time of a grant: the requester's own, on the same ticket, still
 * active, and for no field that it does not hold. Somebody else's looks like none.
 */
export function checkExtension(
  request: { requesterId: number; ticketId: number; fieldIds: readonly string[] },
  grant: {
    requesterId: number
    ticketId: number
    state: GrantState
    expiresAt: Date
    fields: readonly { fieldId: string }[]
  } | null,
  now: Date,
): Verdict {
  if (grant === null || grant.requesterId !== request.requesterId) return refuse('grant_not_found')
  const alive = grantVerdict(grant, now)
  if (!alive.allowed) return alive
  const held = grant.fields.map(({ fieldId }) => fieldId)
  const isSame =
    grant.ticketId === request.ticketId && request.fieldIds.every((id) => held.includes(id))
  return isSame ? ALLOWED : refuse('extension_not_possible')
}
