/** Where a ticket points to: the tickets merged into it that still have values. */
import type { ProtectedFieldList } from '../../contract/protected-fields.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { findMerged } from '../ingestion/note-merges.ts'

/**
 * Those this person may open. Which tickets were merged is what Zendesk's API said of them when the
 * ticket was last ingested; the browser is not asked.
 */
export async function listMergedTickets(
  ctx: RequestContext,
  ticketId: number,
): Promise<ProtectedFieldList['mergedTickets']> {
  const sources = await findMerged(ctx.database.orm, ctx.account.id, ticketId)
  const shown = await Promise.all(sources.map((sourceId) => isShown(ctx, sourceId)))
  return sources.flatMap((sourceId, at) => (shown[at] === true ? [{ ticketId: sourceId }] : []))
}

async function isShown(ctx: RequestContext, sourceId: number): Promise<boolean> {
  const record = { type: 'ticket', id: sourceId } as const
  const values = await findCurrentValues(ctx.database.orm, ctx.account.id, record)
  if (values.every(({ erasedAt }) => erasedAt !== null)) return false
  const ticket = await ctx.zendesk.ticket(sourceId, VIEW)
  return ticket !== null && (await ctx.zendesk.mayAccessTicket(ctx.person, ticket)).allowed
}
