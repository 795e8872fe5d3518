/**
 * Taking a value in: the vault first, durably; only then, through the outbox, does Zendesk receive
 * mask and token. The value itself never goes to Zendesk.
 */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { looksMasked } from '../../core/mask.ts'
import { mayTakeIn } from '../../core/policy-decision.ts'
import { findField } from '../../core/protected-field.ts'
import { parseFieldText } from '../../core/token.ts'
import type { TakenIn } from '../../contract/protected-fields.ts'
import { appendValue, currentVersion } from '../../storage/vault.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import { checkFieldType } from '../catalogue.ts'
import type { RequestContext } from '../context.ts'
import { endGrantsOnField } from '../grants/end.ts'
import { drainSoon } from '../outbox/drain.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { freshContext } from '../standing.ts'
import { prepareValue } from '../vault/prepare-value.ts'

/**
 * Stores a new version of a field's value. Grants on the version before end. Refuses what is itself a
 * mask or a token, so that a masked value is never saved over the real one.
 */
export async function takeIn(
  context: RequestContext,
  input: { ticketId: number; fieldId: string; value: string },
): Promise<TakenIn> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { account, database } = ctx
  const field = findField(ctx.policy.fields, input.fieldId)
  const record = { type: 'ticket', id: input.ticketId } as const
  const entry = { actor: actorOf(ctx), record, fields: [input.fieldId] }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'protected_value.refuse' }, code, details)

  if (field === undefined) throw new ScrimError('field_unknown')
  if (ticket === null) return refused('ticket_not_found')
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  const permitted = mayTakeIn(field, ctx.roles, ctx.policy)
  if (!permitted.allowed) return refused(permitted.code)
  const acceptable = checkValue(input.value)
  if (!acceptable.allowed) return refused(acceptable.code)
  const holdable = await checkFieldType(ctx, field)
  if (!holdable.allowed) return refused(holdable.code, holdable)

  const version = (await currentVersion(database.orm, account.id, record, field.id)) + 1
  const value = await prepareValue(ctx, {
    record,
    field,
    version,
    value: input.value,
    source: 'intake',
    customerId: ticket.requesterId,
    createdBy: ctx.person.id,
  })
  await database.transaction(async (tx) => {
    const isMine = await appendValue(tx, account.id, record, value)
    if (!isMine) throw new ScrimError('conflict')
    await endGrantsOnField(tx, ctx, record.id, field.id, version)
    await orderFieldWrite(tx, ctx, { ticketId: record.id, fieldId: field.id })
    await audit(tx, ctx, {
      ...entry,
      action: 'protected_value.take_in',
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: { version },
    })
  })
  drainSoon(ctx)
  return { fieldId: field.id, masked: value.masked, version }
}

/** A value has something in it besides spaces and invisible characters, and is not a mask or a token. */
export function checkValue(value: string): Verdict {
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(value)) return { allowed: false, code: 'value_invalid' }
  const stands = looksMasked(value) || parseFieldText(value) !== null
  return stands ? { allowed: false, code: 'value_is_masked' } : { allowed: true }
}
