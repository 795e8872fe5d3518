/**
 * A merge copies a comment into another ticket and no field: the values stay where they are, and the
 * log of the other ticket points there.
 */
import { findAuditEntries } from '../../storage/audit-log.ts'
import type { Queryable } from '../../storage/database.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import type { ContentComment } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'

/** More merges into one ticket than anybody makes. */
const MOST_MERGES = 100

/** One entry for each merged ticket that has values. Answers how many were new. */
export async function noteMerges(
  deps: EndpointDeps,
  ticketId: number,
  comments: readonly ContentComment[],
): Promise<number> {
  const sources = new Set(comments.flatMap(({ mergedFrom }) => mergedFrom))
  sources.delete(ticketId)
  if (sources.size === 0) return 0
  const { account, database } = deps
  const noted = new Set(await findMerged(database.orm, account.id, ticketId))
  let count = 0
  for (const sourceId of sources) {
    if (noted.has(sourceId)) continue
    const known = await findKnownValues(database.orm, account.id, { type: 'ticket', id: sourceId })
    const kept = known.filter(({ erasedAt }) => erasedAt === null)
    if (kept.length === 0 || !(await isConfirmed(deps, sourceId))) continue
    await database.transaction((tx) =>
      audit(tx, deps, {
        action: 'ticket.merge',
        actor: systemActor('ingestion'),
        outcome: 'ok',
        record: { type: 'ticket', id: ticketId },
        fields: [...new Set(kept.map(({ fieldId }) => fieldId))],
        policyVersion: deps.policy.version,
        data: { sourceTicketId: sourceId },
      }),
    )
    count += 1
  }
  return count
}

/** The tickets with values that were merged into this one, newest merge first. */
export async function findMerged(
  db: Queryable,
  account: string,
  ticketId: number,
): Promise<number[]> {
  const filter = { action: 'ticket.merge', ticketId, limit: MOST_MERGES } as const
  const entries = await findAuditEntries(db, account, filter)
  return entries.flatMap(({ body }) => {
    // The body is the canonical JSON of an entry of ours.
    const { data } = JSON.parse(body) as { data?: { sourceTicketId?: number } }
    return data?.sourceTicketId === undefined ? [] : [data.sourceTicketId]
  })
}

/** Zendesk closes what it merges, and a merge cannot be undone. */
async function isConfirmed(deps: EndpointDeps, sourceId: number): Promise<boolean> {
  return (await deps.zendesk.content.ticket(sourceId))?.isClosed === true
}
