/** Letting a draft go out as it is, for a reason that stays on record. */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkReasonText } from '../../core/reveal-request.ts'
import type { SaveGuardPass, SaveGuardPassInput } from '../../contract/save-guard.ts'
import { findAuditEntries } from '../../storage/audit-log.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { freshContext } from '../standing.ts'

/** How many of the person's reasons a new one is compared with. */
const COMPARED_REASONS = 10

/**
 * Logs that this person sends what the guard found, and why. The browser holds the draft and keeps
 * the pass to it: what is certain here is the record, written before anything is let through.
 */
export async function passSaveGuard(
  context: RequestContext,
  input: SaveGuardPassInput & { ticketId: number },
): Promise<SaveGuardPass> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { policy } = ctx
  const kinds = [...new Set(input.kinds)].toSorted()
  const entry = {
    actor: actorOf(ctx),
    record: { type: 'ticket' as const, id: input.ticketId },
    policyVersion: policy.version,
    data: { kinds, count: input.count, isPublic: input.isPublic },
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'save_guard.refuse' }, code, details)

  if (ticket === null) return refused('ticket_not_found')
  const verdicts: Verdict[] = [
    await ctx.zendesk.mayAccessTicket(ctx.person, ticket),
    maySend(policy.detection.saveGuard.maySendWithReason),
    checkFreeText(ctx, input.reasonText),
    checkReasonText(input.reasonText, await recentReasons(ctx), policy),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, verdict)
  }
  const id = ctx.newId()
  await ctx.database.transaction((tx) =>
    audit(tx, ctx, {
      ...entry,
      action: 'save_guard.pass',
      outcome: 'ok',
      data: { ...entry.data, passId: id },
      texts: { reason: visibleText(input.reasonText) },
    }),
  )
  return { id }
}

function maySend(isAllowed: boolean): Verdict {
  return isAllowed ? { allowed: true } : { allowed: false, code: 'save_guard_pass_not_allowed' }
}

/** This person's reasons for earlier passes, newest first. */
async function recentReasons(ctx: RequestContext): Promise<string[]> {
  const entries = await findAuditEntries(ctx.database.orm, ctx.account.id, {
    action: 'save_guard.pass',
    actorId: ctx.person.id,
    limit: COMPARED_REASONS,
  })
  return entries.flatMap(({ texts }) => texts.map(({ text }) => text))
}
