/** Whether reveals that are about to be shown are within what policy allows, counted at that moment. */
import type { ScrimErrorDetails } from '../../core/errors.ts'
import type { CapReached, Caps } from '../../core/rate-cap.ts'
import { CAP_DAY_MS, admitReveals, trippers } from '../../core/rate-cap.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import { lastClosedAt, openBreaker } from '../../storage/circuit-breakers.ts'
import { countByPerson, countReveals } from '../../storage/counted-reveals.ts'
import type { Queryable } from '../../storage/database.ts'
import type { UseToTake } from '../../storage/reveals.ts'
import { systemActor } from '../audit.ts'
import type { ActDeps } from '../context.ts'

const HOUR_MS = 60 * 60 * 1000

type UseWithin = UseToTake & { personIds: readonly number[]; caps: Caps }

/** What a caller is told of a cap: how many, and when again. */
export function detailsOf(
  refusal: { code: 'circuit_open' } | ({ code: 'reveal_cap_reached' } & CapReached),
): ScrimErrorDetails {
  if (refusal.code === 'circuit_open') return {}
  const { limit, retryAfterSeconds } = refusal
  return { limit, retryAfterSeconds }
}

/** Whether there is anything to count. */
export function hasCaps({ hard, accountPerHour }: Caps): boolean {
  return hard !== null || accountPerHour !== null
}

/**
 * Admits each use or says why not. Call it behind the lock on the log's head, with the uses recorded.
 * `more` opens the breaker where that is due, and answers the entry of it: call it once those that are
 * not admitted are taken back.
 */
export async function admitUses(tx: Queryable, deps: ActDeps, uses: readonly UseWithin[]) {
  const { account } = deps
  const now = deps.now().getTime()
  const hourAgo = new Date(now - HOUR_MS)
  const counted = await countReveals(tx, account.id, {
    personIds: [...new Set(uses.flatMap(({ personIds }) => personIds))],
    since: new Date(now - CAP_DAY_MS),
    hourAgo,
    most: Math.max(0, ...uses.map(({ caps }) => caps.accountPerHour ?? 0)),
    but: uses.map(({ attemptId }) => attemptId),
  })
  const { admissions, opensAt } = admitReveals(uses, counted)
  const more = async (): Promise<AuditDraft[]> =>
    opensAt === null ? [] : openCircuit(tx, deps, opensAt, hourAgo)
  return { admissions, more }
}

async function openCircuit(
  tx: Queryable,
  deps: ActDeps,
  count: number,
  hourAgo: Date,
): Promise<AuditDraft[]> {
  const { account } = deps
  const closedAt = await lastClosedAt(tx, account.id)
  const since = closedAt !== null && closedAt > hourAgo ? closedAt : hourAgo
  const trippedBy = trippers(await countByPerson(tx, account.id, since))
  const breaker = { id: deps.newId(), openedAt: deps.now(), count, trippedBy }
  if (!(await openBreaker(tx, account.id, breaker))) return []
  return [
    {
      action: 'circuit_breaker.open',
      actor: systemActor('policy'),
      outcome: 'ok',
      data: { breakerId: breaker.id, count, trippedBy: trippedBy.map(String) },
    },
  ]
}
