/**
 * What an approval yields, and every way it ends.
 *
 *     active → expired | exhausted | released | revoked | ended
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'

export type GrantState = 'active' | 'expired' | 'exhausted' | 'released' | 'revoked' | 'ended'

/** The code that each ended state answers with. */
const END_CODES: Record<Exclude<GrantState, 'active'>, ScrimErrorCode> = {
  expired: 'grant_expired',
  exhausted: 'grant_exhausted',
  released: 'grant_released',
  revoked: 'grant_revoked',
  ended: 'grant_ended',
}

/**
 * The state at `now`: an active grant past its end is expired, whether or not anyone noticed. So is
 * one whose end is no instant at all.
 */
export function grantStateAt(grant: { state: GrantState; expiresAt: Date }, now: Date): GrantState {
  return grant.state === 'active' && !(now < grant.expiresAt) ? 'expired' : grant.state
}

/** Whether the grant is alive at `now`, and if not, what ended it; a newer one is worth a word. */
export function grantVerdict(
  grant: { state: GrantState; expiresAt: Date; endedCode?: string | null },
  now: Date,
): Verdict {
  const state = grantStateAt(grant, now)
  if (state === 'active') return ALLOWED
  const isExtended = state === 'ended' && grant.endedCode === 'grant_extended'
  return refuse(isExtended ? 'grant_extended' : END_CODES[state])
}

/** When a grant that starts at `start` ends. */
export function grantEnd(start: Date, minutes: number): Date {
  return new Date(start.getTime() + minutes * 60_000)
}

/** What an approver may ask of a grant besides its fields and its minutes. */
export type GrantConditions = {
  /** It ends at midnight at the latest. */
  isOnlyToday?: boolean
  /** Uses of each field, fewer than policy gives. */
  uses?: number
}

/** What all of them ask together. */
export function strictest(conditions: readonly (GrantConditions | null)[]): GrantConditions {
  const uses = conditions.flatMap((each) => each?.uses ?? [])
  return {
    ...(conditions.some((each) => each?.isOnlyToday === true) ? { isOnlyToday: true } : {}),
    ...(uses.length === 0 ? {} : { uses: Math.min(...uses) }),
  }
}

/** When a grant under these conditions ends; `midnight` is the end of the day in which it starts. */
export function grantEndUnder(
  { isOnlyToday }: GrantConditions,
  start: Date,
  minutes: number,
  midnight: Date,
): Date {
  const end = grantEnd(start, minutes)
  return isOnlyToday === true && midnight < end ? midnight : end
}

/** Until when a value may stand on screen: its display time, but never beyond the grant. */
export function displayEnd(shownAt: Date, displaySeconds: number, grantExpiresAt: Date): Date {
  return new Date(Math.min(shownAt.getTime() + displaySeconds * 1000, grantExpiresAt.getTime()))
}

/** Whole seconds from `now` to `end`, rounded down, never negative; 0 when either is no instant. */
export function secondsUntil(end: Date, now: Date): number {
  return Math.max(0, Math.floor((end.getTime() - now.getTime()) / 1000)) || 0
}
