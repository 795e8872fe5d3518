/** Taking a link back before the customer has used it. */
import type { ScrimErrorCode } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { mayTakeIn } from '../../core/policy-decision.ts'
import { findField } from '../../core/protected-field.ts'
import type { RevokedIntakeLink } from '../../contract/intake-links.ts'
import { findOpenLinks, revokeLinks } from '../../storage/intake-links.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { freshContext } from '../standing.ts'

/** Whoever may ask the customer may take the question back. A link that has ended is not there. */
export async function revokeIntakeLink(
  context: RequestContext,
  { ticketId, linkId }: { ticketId: number; linkId: string },
): Promise<RevokedIntakeLink> {
  const { ctx, ticket } = await freshContext(context, ticketId)
  const { account, database, policy } = ctx
  const entry = {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: ticketId } as const,
    policyVersion: policy.version,
    data: { linkId },
  }
  const refused = (code: ScrimErrorCode) =>
    refuseAct(ctx, { ...entry, action: 'intake_link.refuse' }, code)

  if (ticket === null) return refused('ticket_not_found')
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  const open = await findOpenLinks(database.orm, account.id, ticketId, ctx.now())
  const link = open.find(({ id }) => id === linkId)
  if (link === undefined) throw new ScrimError('intake_link_not_found')
  const field = findField(policy.fields, link.fieldId)
  const permitted =
    field === undefined
      ? ({ allowed: false, code: 'field_unknown' } as const)
      : mayTakeIn(field, ctx.roles, policy)
  if (!permitted.allowed) return refused(permitted.code)
  await database.transaction(async (tx) => {
    const [ended] = await revokeLinks(tx, account.id, { ticketId, id: linkId }, ctx.now())
    if (ended === undefined) throw new ScrimError('intake_link_not_found')
    await audit(tx, ctx, {
      ...entry,
      fields: [link.fieldId],
      action: 'intake_link.revoke',
      outcome: 'ok',
    })
  })
  return { linkId }
}
