/** Where somebody stands with the caps before they are shown anything: what asking is told. */
import type { CapReached } from '../../core/rate-cap.ts'
import { CAP_DAY_MS, capReached } from '../../core/rate-cap.ts'
import { isBreakerOpen } from '../../storage/circuit-breakers.ts'
import { findRevealsOf, findUnspentFields } from '../../storage/counted-reveals.ts'
import type { Queryable } from '../../storage/database.ts'
import type { RequestContext } from '../context.ts'

export type CapStanding = {
  /** Everybody's reveals are stopped. */
  isCircuitOpen: boolean
  /** Policy approves nothing by itself any more: a lead has to look. */
  soft: CapReached | null
  /** Nothing more is shown for now. */
  hard: CapReached | null
}

type CapDeps = Pick<RequestContext, 'account' | 'policy' | 'now'>

/**
 * Of one human being, by all their users, and one customer. What policy approved by itself and nobody
 * has looked at yet counts for the soft cap, too. Without `tx`'s lock on the log it is a first look: the
 * reveal itself counts again.
 */
export async function capStandingOf(
  db: Queryable,
  ctx: CapDeps,
  personIds: readonly number[],
  customerId: number,
): Promise<CapStanding> {
  const { account, policy } = ctx
  const { soft, hard, accountPerHour } = policy.caps
  const now = ctx.now()
  const isCircuitOpen = accountPerHour !== null && (await isBreakerOpen(db, account.id))
  if (soft === null && hard === null) return { isCircuitOpen, soft: null, hard: null }
  const since = new Date(now.getTime() - CAP_DAY_MS)
  const shown = await findRevealsOf(db, account.id, personIds, since)
  const unspent = soft === null ? [] : await findUnspentFields(db, account.id, personIds, now)
  return {
    isCircuitOpen,
    soft: capReached(soft, [...shown, ...unspent], customerId, now),
    hard: capReached(hard, shown, customerId, now),
  }
}

/** Whether the breaker stopped all reveals. An account whose policy sets no bound has none. */
export async function isCircuitOpen(
  ctx: Pick<RequestContext, 'account' | 'policy' | 'database'>,
): Promise<boolean> {
  return (
    ctx.policy.caps.accountPerHour !== null &&
    (await isBreakerOpen(ctx.database.orm, ctx.account.id))
  )
}

type AskedFor = { id: string; requesterId: number; customerId: number }

/** Which soft cap the requester of each request has reached by now, by the request's id. */
export async function softCapsOn(
  db: Queryable,
  ctx: CapDeps,
  requests: readonly AskedFor[],
): Promise<Map<string, Pick<CapReached, 'per' | 'limit'>>> {
  const { soft } = ctx.policy.caps
  const reached = new Map<string, Pick<CapReached, 'per' | 'limit'>>()
  if (soft === null || requests.length === 0) return reached
  const now = ctx.now()
  const since = new Date(now.getTime() - CAP_DAY_MS)
  const personIds = [...new Set(requests.map(({ requesterId }) => requesterId))]
  const shown = await findRevealsOf(db, ctx.account.id, personIds, since)
  for (const { id, requesterId, customerId } of requests) {
    const own = shown.filter(({ personId }) => personId === requesterId)
    const found = capReached(soft, own, customerId, now)
    if (found !== null) reached.set(id, { per: found.per, limit: found.limit })
  }
  return reached
}
