/** Asking a customer for a value: a link that works once, and that only its address can open. */
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { isSolved } from '../../core/person.ts'
import { mayTakeIn } from '../../core/policy-decision.ts'
import { findField } from '../../core/protected-field.ts'
import type { CreateIntakeLinkInput, CreatedIntakeLink } from '../../contract/intake-links.ts'
import { appendIntakeLink, revokeLinks } from '../../storage/intake-links.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import { checkFieldType } from '../catalogue.ts'
import type { RequestContext } from '../context.ts'
import { freshContext } from '../standing.ts'
import { linkIdOf, newSecret } from './secret.ts'

/**
 * Makes a link for one field of one ticket. Who may take the value down may ask the customer for it. A
 * field has one open link: a new one ends the one before it.
 */
export async function createIntakeLink(
  context: RequestContext,
  input: CreateIntakeLinkInput & { ticketId: number },
): Promise<CreatedIntakeLink> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { account, database, policy } = ctx
  const { ticketId, fieldId, minutes = policy.intake.defaultMinutes } = input
  const field = findField(policy.fields, fieldId)
  const entry = {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: ticketId } as const,
    fields: [fieldId],
    policyVersion: policy.version,
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'intake_link.refuse' }, code, details)

  if (field === undefined) throw new ScrimError('field_unknown')
  if (ticket === null) return refused('ticket_not_found')
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  const verdicts: Verdict[] = [
    mayTakeIn(field, ctx.roles, policy),
    isSolved(ticket) ? { allowed: false, code: 'ticket_solved' } : { allowed: true },
    minutes > policy.intake.maxMinutes
      ? { allowed: false, code: 'duration_too_long', limit: policy.intake.maxMinutes }
      : { allowed: true },
    await checkFieldType(ctx, field),
  ]
  for (const verdict of verdicts) if (!verdict.allowed) return refused(verdict.code, verdict)

  const secret = newSecret()
  const linkId = linkIdOf(secret)
  if (linkId === null) throw new ScrimError('internal')
  const at = ctx.now()
  const expiresAt = new Date(at.getTime() + minutes * 60_000)
  await database.transaction(async (tx) => {
    const ended = await revokeLinks(tx, account.id, { ticketId, fieldId }, at)
    const link = { id: linkId, ticketId, fieldId, createdAt: at, expiresAt }
    await appendIntakeLink(tx, account.id, { ...link, createdBy: ctx.person.id })
    await audit(
      tx,
      ctx,
      ...ended.map((other) => ({
        ...entry,
        action: 'intake_link.revoke' as const,
        outcome: 'ok' as const,
        data: { linkId: other.id, replacedBy: linkId },
      })),
      { ...entry, action: 'intake_link.create', outcome: 'ok', data: { linkId, minutes } },
    )
  })
  return { linkId, fieldId, path: `/intake/${secret}`, expiresInSeconds: minutes * 60 }
}
