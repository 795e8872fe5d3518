/**
 * What time does to a request that waits: a reminder at half of its level's SLA, the next circle at the
 * SLA, a note on the ticket, and its end. All of it is counted in the hours in which approvers decide,
 * so nothing falls due at night that nobody could answer.
 */
import type { ApprovalLevel, Policy } from './policy.ts'
import { addDutyMinutes, isWithin, nextOnDuty } from './working-hours.ts'

type Rules = Pick<Policy, 'deciding'>

/** Where a pending request stands. All but `expiresAt` and `notedAt` belong to the level that waits. */
export type WaitingRequest = {
  /** When the level that waits began to: the request was asked, or the level before was passed. */
  levelSince: Date
  remindedAt: Date | null
  escalatedAt: Date | null
  /** When the note was left; once a request. */
  notedAt: Date | null
  createdAt: Date
  expiresAt: Date
}

/** What the clock does to a request besides ending it. */
export type EscalationStep = 'remind' | 'escalate' | 'note'

type Timed = Pick<ApprovalLevel, 'slaMinutes' | 'escalatesTo'>

/**
 * When so many minutes have passed in which somebody could have decided; minutes of any time where
 * policy restricts none. null when they do not pass within a year of breaks.
 */
export function afterDecidingMinutes(
  { deciding }: Rules,
  from: Date,
  minutes: number,
): Date | null {
  return deciding.hours === null
    ? new Date(from.getTime() + minutes * 60_000)
    : addDutyMinutes(deciding.hours, from, minutes)
}

/** When a request that is asked at `at` ends by itself. Hours that never come hold nothing open. */
export function requestExpiry(policy: Pick<Policy, 'deciding' | 'limits'>, at: Date): Date {
  const minutes = policy.limits.requestExpiryMinutes
  return afterDecidingMinutes(policy, at, minutes) ?? new Date(at.getTime() + minutes * 60_000)
}

/** When somebody may decide next; null while they may, and when no hours come within a year. */
export function nextDecidingAt(policy: Rules, at: Date): Date | null {
  const { hours } = policy.deciding
  return hours === null || isWithin(hours, at) ? null : nextOnDuty(hours, at)
}

/** When each step falls due; null for one that never does. A level without an SLA has none of its own. */
export function escalationMarks(
  request: Pick<WaitingRequest, 'levelSince' | 'createdAt'>,
  level: Timed,
  policy: Pick<Policy, 'deciding' | 'notifications'>,
): Record<EscalationStep, Date | null> {
  const after = (from: Date, minutes: number | null) =>
    minutes === null ? null : afterDecidingMinutes(policy, from, minutes)
  const sla = level.slaMinutes
  return {
    remind: after(request.levelSince, sla === null ? null : sla / 2),
    escalate: after(request.levelSince, level.escalatesTo === null ? null : sla),
    note: after(request.createdAt, policy.notifications.internalNoteAfterMinutes),
  }
}

/** What has not happened yet. Who is asked next is not reminded of what they were just told. */
function isOpen(request: WaitingRequest, step: EscalationStep): boolean {
  if (step === 'note') return request.notedAt === null
  if (request.escalatedAt !== null) return false
  return step === 'escalate' || request.remindedAt === null
}

const STEPS = ['escalate', 'remind', 'note'] as const satisfies EscalationStep[]

/** What has to be done to a pending request now, in this order. Nothing once its time is over. */
export function stepsDue(
  request: WaitingRequest,
  level: Timed,
  policy: Pick<Policy, 'deciding' | 'notifications'>,
  now: Date,
): EscalationStep[] {
  if (!(now < request.expiresAt)) return []
  const marks = escalationMarks(request, level, policy)
  const due = STEPS.filter((step) => {
    const mark = marks[step]
    return mark !== null && mark <= now && isOpen(request, step)
  })
  return due.includes('escalate') ? due.filter((step) => step !== 'remind') : due
}

/** When the clock has to look at a pending request next; null when nothing is due before its end. */
export function nextStepAt(
  request: WaitingRequest,
  level: Timed,
  policy: Pick<Policy, 'deciding' | 'notifications'>,
): Date | null {
  const marks = escalationMarks(request, level, policy)
  const times = STEPS.flatMap((step) => {
    const mark = marks[step]
    return mark === null || !isOpen(request, step) ? [] : [mark.getTime()]
  }).filter((time) => time < request.expiresAt.getTime())
  return times.length === 0 ? null : new Date(Math.min(...times))
}

/** A request as it stands after a step. */
export function afterSteps(
  request: WaitingRequest,
  steps: readonly EscalationStep[],
  at: Date,
): WaitingRequest {
  return {
    ...request,
    remindedAt: steps.includes('remind') ? at : request.remindedAt,
    escalatedAt: steps.includes('escalate') ? at : request.escalatedAt,
    notedAt: steps.includes('note') ? at : request.notedAt,
  }
}

/** A request whose next level begins to wait, or that was just asked. */
export function atNewLevel<Request extends Pick<WaitingRequest, 'createdAt' | 'expiresAt'>>(
  request: Request & { notedAt?: Date | null },
  at: Date,
): Request & WaitingRequest {
  const notedAt = request.notedAt ?? null
  return { ...request, notedAt, levelSince: at, remindedAt: null, escalatedAt: null }
}
