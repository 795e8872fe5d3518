/** Approving a reveal request: in whole or in part, as asked or shorter. */
import { ScrimError } from '../../core/errors.ts'
import { grantEnd } from '../../core/grant.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkApproval, mayClose } from '../../core/reveal-request.ts'
import type { AuditActor } from '../../audit/entry.ts'
import type {
  ApproveRevealRequestInput,
  RevealRequestView,
} from '../../contract/reveal-requests.ts'
import type { Queryable } from '../../storage/database.ts'
import { createGrant } from '../../storage/grants.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import {
  appendDecision,
  closeRequest,
  findDecisions,
  findRequest,
} from '../../storage/reveal-requests.ts'
import { audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyRequester } from '../outbox/notify.ts'
import { asDomain, decisionGround, fieldIdsOf, levelOf } from './decision.ts'
import { getRequestView } from './get.ts'

/**
 * Records the approval; the one that passes the last level makes the grant, whose clock starts now.
 * Of two approvals at the same instant one makes the grant, the other gets `request_not_pending`.
 */
export async function approveRevealRequest(
  context: RequestContext,
  requestId: string,
  input: ApproveRevealRequestInput,
): Promise<RevealRequestView> {
  const { ctx, request, ticket, entry, refused } = await decisionGround(context, requestId)
  if (ctx.policy.areRevealsPaused) return refused('reveals_paused')
  const fits = checkApproval(asDomain(request), input, ctx.policy.limits.maxMinutes)
  if (!fits.allowed) return refused(fits.code, fits)
  const text = checkFreeText(ctx, input.comment ?? '')
  if (!text.allowed) return refused(text.code, text)

  const minutes = input.minutes ?? Math.min(request.minutes, ctx.policy.limits.maxMinutes)
  const fieldIds = fieldIdsOf(request).filter((id) => input.fieldIds?.includes(id) ?? true)
  const comment = visibleText(input.comment ?? '') || null
  // The directory may ask Zendesk: warm it now, because no network call is made under a lock.
  await ctx.zendesk.people()
  const isMine = await ctx.database.transaction(async (tx) => {
    const locked = await findRequest(tx, ctx.account.id, request.id, true)
    if (locked === undefined || !mayClose(locked, ctx.now()).allowed) return false
    const decision = {
      requestId: request.id,
      requesterId: request.requesterId,
      approverId: ctx.person.id,
      outcome: 'approve' as const,
      minutes,
      fieldIds,
      comment,
      at: ctx.now(),
    }
    if (!(await appendDecision(tx, decision))) return false
    await audit(tx, ctx, {
      ...entry,
      action: 'reveal_request.approve',
      outcome: 'ok',
      fields: fieldIds,
      data: { minutes },
      ...(comment === null ? {} : { texts: { comment } }),
    })
    if ((await levelOf(ctx, request, tx)) === null) {
      const approved = await approvedByAll(tx, request)
      await grantRequest(tx, ctx, request, approved.fields, {
        minutes: approved.minutes,
        actor: entry.actor,
        assigneeId: ticket.assigneeId,
      })
    }
    return true
  })
  if (!isMine) return refused('request_not_pending')
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}

/** What every approver agreed to: the fields that none left out, for the fewest minutes. */
async function approvedByAll(tx: Queryable, request: StoredRequest) {
  const approvals = (await findDecisions(tx, [request.id])).filter(
    (decision) => decision.outcome === 'approve',
  )
  const fields = request.fields.filter((field) =>
    approvals.every((approval) => approval.fieldIds?.includes(field.fieldId)),
  )
  const minutes = Math.min(request.minutes, ...approvals.flatMap(({ minutes: its }) => its ?? []))
  // Approvals that agree on no field approve nothing.
  if (fields.length === 0) throw new ScrimError('fields_not_requested')
  return { fields, minutes }
}

/** Turns a request into a grant, inside the transaction of the act that approved it. */
export async function grantRequest(
  tx: Queryable,
  ctx: RequestContext,
  request: { id: string; ticketId: number; requesterId: number },
  fields: readonly { fieldId: string; version: number }[],
  approval: { minutes: number; actor: AuditActor; assigneeId: number | null },
): Promise<void> {
  const at = ctx.now()
  const isClosed = await closeRequest(tx, ctx.account.id, request.id, { state: 'approved', at })
  if (!isClosed) throw new ScrimError('request_not_pending')
  const grantId = ctx.newId()
  await createGrant(tx, ctx.account.id, {
    id: grantId,
    requestId: request.id,
    ticketId: request.ticketId,
    requesterId: request.requesterId,
    assigneeId: approval.assigneeId,
    createdAt: at,
    expiresAt: grantEnd(at, approval.minutes),
    fields: fields.map((field) => ({ ...field, usesLeft: ctx.policy.limits.uses })),
  })
  await notifyRequester(tx, ctx, request)
  await audit(tx, ctx, {
    action: 'grant.create',
    actor: approval.actor,
    outcome: 'ok',
    record: { type: 'ticket', id: request.ticketId },
    fields: fields.map((field) => field.fieldId),
    requestId: request.id,
    grantId,
    policyVersion: ctx.policy.version,
    data: { minutes: approval.minutes, uses: ctx.policy.limits.uses },
  })
}
