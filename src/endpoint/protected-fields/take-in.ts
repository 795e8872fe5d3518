/**
 * Taking a value in: the vault first, durably; only then, through the outbox, does Zendesk receive
 * mask and token. The value itself never goes to Zendesk.
 */
import { isUploadable, mayBeDocument } from '../../core/document.ts'
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { looksMasked } from '../../core/mask.ts'
import { mayTakeIn } from '../../core/policy-decision.ts'
import type { ProtectedField } from '../../core/protected-field.ts'
import { findField } from '../../core/protected-field.ts'
import { parseFieldText } from '../../core/token.ts'
import type { TakenIn } from '../../contract/protected-fields.ts'
import { appendDocument } from '../../storage/documents.ts'
import { currentVersion } from '../../storage/vault.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import { checkFieldType } from '../catalogue.ts'
import type { RequestContext } from '../context.ts'
import { sniffType } from '../documents/sniff.ts'
import { endGrantsOnField } from '../grants/end.ts'
import { drainSoon } from '../outbox/drain.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import { freshContext } from '../standing.ts'
import type { GivenDocument, GivenValue } from '../vault/prepare-given.ts'
import { prepareGiven } from '../vault/prepare-given.ts'

type Where = { ticketId: number; fieldId: string }

/** Takes down what was typed or pasted. */
export function takeIn(ctx: RequestContext, input: Where & { value: string }): Promise<TakenIn> {
  return takeInGiven(ctx, input, { value: input.value })
}

/** Takes down a file, where a document may stand for the value: a scan or photo, by its own bytes. */
export function takeInDocument(
  ctx: RequestContext,
  input: Where & { bytes: Uint8Array },
): Promise<TakenIn> {
  const { bytes } = input
  const contentType = sniffType(bytes) ?? UNKNOWN_TYPE
  return takeInGiven(ctx, input, { document: { bytes, contentType } })
}

/** RFC 2046, 4.5.1. */
const UNKNOWN_TYPE = 'application/octet-stream'

/**
 * Stores a new version of a field's value. Grants on the version before end. Refuses what is itself a
 * mask or a token, so that a masked value is never saved over the real one.
 */
async function takeInGiven(
  context: RequestContext,
  { ticketId, fieldId }: Where,
  given: GivenValue,
): Promise<TakenIn> {
  const { ctx, ticket } = await freshContext(context, ticketId)
  const { account, database } = ctx
  const field = findField(ctx.policy.fields, fieldId)
  const record = { type: 'ticket', id: ticketId } as const
  const entry = { actor: actorOf(ctx), record, fields: [fieldId] }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'protected_value.refuse' }, code, details)

  if (field === undefined) throw new ScrimError('field_unknown')
  if (ticket === null) return refused('ticket_not_found')
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  const permitted = mayTakeIn(field, ctx.roles, ctx.policy)
  if (!permitted.allowed) return refused(permitted.code)
  const acceptable = 'document' in given ? checkDocument(field, given) : checkValue(given.value)
  if (!acceptable.allowed) return refused(acceptable.code)
  const holdable = await checkFieldType(ctx, field)
  if (!holdable.allowed) return refused(holdable.code, holdable)

  const version = (await currentVersion(database.orm, account.id, record, field.id)) + 1
  const prepared = await prepareGiven(ctx, given, {
    record,
    field,
    version,
    source: 'intake',
    customerId: ticket.requesterId,
    createdBy: ctx.person.id,
  })
  const { contentType, masked } = prepared.value
  await database.transaction(async (tx) => {
    const isMine = await appendDocument(tx, account.id, record, prepared)
    if (!isMine) throw new ScrimError('conflict')
    await endGrantsOnField(tx, ctx, record.id, field.id, version)
    await orderFieldWrite(tx, ctx, { ticketId: record.id, fieldId: field.id })
    await audit(tx, ctx, {
      ...entry,
      action: 'protected_value.take_in',
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: { version, ...(contentType === null ? {} : { contentType }) },
    })
  })
  drainSoon(ctx)
  return { fieldId: field.id, masked, version }
}

function checkDocument(
  field: ProtectedField,
  { document: { bytes, contentType } }: GivenDocument,
): Verdict {
  if (bytes.byteLength === 0) return { allowed: false, code: 'value_invalid' }
  const isAcceptable = mayBeDocument(field.kind) && isUploadable(contentType)
  return isAcceptable ? { allowed: true } : { allowed: false, code: 'media_type_unsupported' }
}

/** A value has something in it besides spaces and invisible characters, and is not a mask or a token. */
export function checkValue(value: string): Verdict {
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(value)) return { allowed: false, code: 'value_invalid' }
  const stands = looksMasked(value) || parseFieldText(value) !== null
  return stands ? { allowed: false, code: 'value_is_masked' } : { allowed: true }
}
