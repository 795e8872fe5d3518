/** An emergency as it is stored: its request, its grant, its use and their entries, or nothing of it. */
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import { grantEnd } from '../../core/grant.ts'
import type { Ticket } from '../../core/person.ts'
import { visibleText } from '../../core/reason-text.ts'
import type { BreakGlassInput } from '../../contract/break-glass.ts'
import { appendBreakGlassUse, markBreakGlass } from '../../storage/break-glass-uses.ts'
import type { Queryable } from '../../storage/database.ts'
import { createGrant } from '../../storage/grants.ts'
import { closeRequest, createRequest } from '../../storage/reveal-requests.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { announceRequest, notifyOfReviews } from '../outbox/notify.ts'

/** What somebody else may have done between the look and the transaction. */
export const LOST_RACES: readonly ScrimErrorCode[] = [
  'break_glass_unreviewed',
  'request_exists',
  'request_not_pending',
]

/** Undoes everything by throwing one of `LOST_RACES`. */
export async function writeEmergency(
  tx: Queryable,
  ctx: RequestContext,
  act: {
    input: BreakGlassInput
    ticket: Ticket
    pending: StoredRequest | null
    /** The fields, and of each the version that is shown. */
    asked: readonly { fieldId: string; version: number }[]
    skipped: readonly number[]
    told: readonly number[]
  },
): Promise<{ requestId: string; grantId: string }> {
  const { input, ticket, pending, asked, skipped } = act
  const { breakGlass, version: policyVersion } = ctx.policy
  const account = ctx.account.id
  const at = ctx.now()
  const [requestId, grantId] = [pending?.id ?? ctx.newId(), ctx.newId()]
  const expiresAt = grantEnd(at, breakGlass.minutes)
  const reason = { reasonCode: input.reasonCode, reasonText: visibleText(input.reasonText) }
  if (pending === null) {
    const isNew = await createRequest(tx, account, {
      ...reason,
      id: requestId,
      ticketId: ticket.id,
      requesterId: ctx.person.id,
      customerId: ticket.requesterId,
      assigneeId: ticket.assigneeId,
      minutes: breakGlass.minutes,
      policyVersion,
      createdAt: at,
      expiresAt,
      isBreakGlass: true,
      fields: asked,
    })
    if (!isNew) throw new ScrimError('request_exists')
  } else {
    await markBreakGlass(tx, account, requestId, reason)
  }
  if (!(await closeRequest(tx, account, requestId, { state: 'approved', at }))) {
    throw new ScrimError('request_not_pending')
  }
  await createGrant(tx, account, {
    id: grantId,
    requestId,
    ticketId: ticket.id,
    requesterId: ctx.person.id,
    assigneeId: ticket.assigneeId,
    createdAt: at,
    expiresAt,
    isBreakGlass: true,
    fields: asked.map((field) => ({ ...field, usesLeft: breakGlass.uses })),
  })
  const use = { requestId, grantId, personId: ctx.person.id, ticketId: ticket.id, at }
  if (!(await appendBreakGlassUse(tx, account, { ...use, skippedIds: [...skipped] }))) {
    throw new ScrimError('break_glass_unreviewed')
  }
  // Without the ticket, which compliance may not be able to open.
  await notifyOfReviews(tx, ctx, act.told)
  await announceRequest(tx, ctx, { id: requestId, ticketId: ticket.id }, 'break_glass')
  const entry = {
    actor: actorOf(ctx),
    outcome: 'ok' as const,
    record: { type: 'ticket', id: ticket.id } as const,
    fields: asked.map(({ fieldId }) => fieldId),
    requestId,
    policyVersion,
  }
  const { minutes, uses } = breakGlass
  await audit(
    tx,
    ctx,
    ...(pending === null
      ? [
          {
            ...entry,
            action: 'reveal_request.create' as const,
            data: { reasonCode: reason.reasonCode, minutes },
          },
        ]
      : []),
    {
      ...entry,
      action: 'break_glass.invoke',
      grantId,
      data: {
        reasonCode: reason.reasonCode,
        isEscalated: pending !== null,
        skippedApproverIds: skipped.map(String),
      },
      texts: { reason: reason.reasonText },
    },
    { ...entry, action: 'grant.create', grantId, data: { minutes, uses } },
  )
  return { requestId, grantId }
}
