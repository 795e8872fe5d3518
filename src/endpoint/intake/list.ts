/** The links of a ticket that customers can still use. Their secrets are not here, nor anywhere. */
import { secondsUntil } from '../../core/grant.ts'
import { mayTakeIn } from '../../core/policy-decision.ts'
import { findField } from '../../core/protected-field.ts'
import type { IntakeLinkList } from '../../contract/intake-links.ts'
import { findOpenLinks } from '../../storage/intake-links.ts'
import { VIEW } from '../../zendesk/directory.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'

export async function listIntakeLinks(
  ctx: RequestContext,
  ticketId: number,
): Promise<IntakeLinkList> {
  const { account, database, policy } = ctx
  const ticket = await ctx.zendesk.ticket(ticketId, VIEW)
  const access =
    ticket === null
      ? ({ allowed: false, code: 'ticket_not_found' } as const)
      : await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) {
    const record = { type: 'ticket', id: ticketId } as const
    return refuseAct(ctx, { action: 'request.refuse', actor: actorOf(ctx), record }, access.code)
  }
  const now = ctx.now()
  const [links, nameOf] = await Promise.all([
    findOpenLinks(database.orm, account.id, ticketId, now),
    namesOf(ctx),
  ])
  return {
    links: links.flatMap((link) => {
      const field = findField(policy.fields, link.fieldId)
      if (field === undefined || !mayTakeIn(field, ctx.roles, policy).allowed) return []
      const { id: fieldId, label, kind, sensitivityClass } = field
      return [
        {
          linkId: link.id,
          field: { fieldId, label, kind, sensitivityClass },
          createdBy: nameOf(link.createdBy),
          expiresInSeconds: secondsUntil(link.expiresAt, now),
        },
      ]
    }),
    defaultMinutes: policy.intake.defaultMinutes,
    maxMinutes: policy.intake.maxMinutes,
  }
}
