/** What the save guard met and what the agent did about it: kinds and numbers, never a text. */
import type { Verdict } from '../../core/errors.ts'
import type { SaveGuardStop, SaveGuardStopInput } from '../../contract/save-guard.ts'
import { VIEW } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'

/** Logs one act at the guard, as the browser reports it. It opens nothing, so recent answers do. */
export async function recordSaveGuardStop(
  ctx: RequestContext,
  input: SaveGuardStopInput & { ticketId: number },
): Promise<SaveGuardStop> {
  const ticket = await ctx.zendesk.ticket(input.ticketId, VIEW)
  const verdict: Verdict =
    ticket === null
      ? { allowed: false, code: 'ticket_not_found' }
      : await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  const entry = {
    actor: actorOf(ctx),
    record: { type: 'ticket' as const, id: input.ticketId },
    policyVersion: ctx.policy.version,
    data: {
      kinds: [...new Set(input.kinds)].toSorted(),
      count: input.count,
      isPublic: input.isPublic,
    },
  }
  if (!verdict.allowed) {
    return refuseAct(ctx, { ...entry, action: 'save_guard.refuse' }, verdict.code)
  }
  const isUnchecked = input.act === 'block_unchecked' || input.act === 'pass_unchecked'
  await ctx.database.transaction((tx) =>
    audit(tx, ctx, {
      ...entry,
      action: `save_guard.${input.act}`,
      outcome: isUnchecked ? 'failed' : 'ok',
    }),
  )
  return { isLogged: true }
}
