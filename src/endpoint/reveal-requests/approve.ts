/** Approving a reveal request: in whole or in part, as asked or shorter, with conditions. */
import { ScrimError } from '../../core/errors.ts'
import { atNewLevel, nextStepAt } from '../../core/escalation.ts'
import { grantEndUnder, strictest } from '../../core/grant.ts'
import type { GrantConditions } from '../../core/grant.ts'
import { levelsPassed } from '../../core/policy-decision.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkApproval, midnightOf, needsComment } from '../../core/reveal-request.ts'
import type { AuditActor } from '../../audit/entry.ts'
import type {
  ApproveRevealRequestInput,
  RevealRequestView,
} from '../../contract/reveal-requests.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import type { Queryable } from '../../storage/database.ts'
import { closeGrant, createGrant } from '../../storage/grants.ts'
import type { StoredDecision, StoredRequest } from '../../storage/reveal-requests.ts'
import { appendDecision, closeRequest, continueRequest } from '../../storage/reveal-requests.ts'
import { isCircuitOpen } from '../caps/standing.ts'
import { audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { announceRequest, notifyRequester } from '../outbox/notify.ts'
import { classesOf } from './approvers.ts'
import type { Passage } from './approvers.ts'
import type { StillStanding } from './decision.ts'
import { asDomain, decisionGround, lentBy } from './decision.ts'
import { getRequestView } from './get.ts'

/**
 * Records the approval; the one that passes the last level makes the grant, whose clock starts now.
 * Of two approvals at the same instant that only one is needed of, the other is refused.
 */
export async function approveRevealRequest(
  context: RequestContext,
  requestId: string,
  input: ApproveRevealRequestInput,
): Promise<RevealRequestView> {
  const ground = await decisionGround(context, requestId)
  const { ctx, request, ticket, entry, refused } = ground
  const { policy } = ctx
  if (policy.areRevealsPaused) return refused('reveals_paused')
  // The grant's clock would run while nothing can be shown.
  if (await isCircuitOpen(ctx)) return refused('circuit_open')
  const fits = checkApproval(asDomain(request), input, policy.limits)
  if (!fits.allowed) return refused(fits.code, fits)
  const text = checkFreeText(ctx, input.comment ?? '')
  if (!text.allowed) return refused(text.code, text)

  const minutes = input.minutes ?? Math.min(request.minutes, policy.limits.maxMinutes)
  const fields = request.fields.filter(({ fieldId }) => input.fieldIds?.includes(fieldId) ?? true)
  const fieldIds = fields.map(({ fieldId }) => fieldId)
  const comment = visibleText(input.comment ?? '') || null
  const conditions = conditionsOf(input)
  const classes = classesOf(ctx, { fields }).map(({ sensitivityClass }) => sensitivityClass)
  if (comment === null && needsComment(classes, request, ctx.now(), policy)) {
    return refused('comment_required')
  }
  const standing = await ctx.database.transaction(async (tx): Promise<StillStanding> => {
    const still = await ground.still(tx)
    if (still.is !== 'standing') return still
    const { power, passage, decisions } = still
    const at = ctx.now()
    const decision = {
      requestId: request.id,
      requesterId: request.requesterId,
      approverId: ctx.person.id,
      outcome: 'approve' as const,
      minutes,
      fieldIds,
      comment,
      onBehalfOf: power.onBehalfOf?.id ?? null,
      isOfNextCircle: power.isOfNextCircle === true,
      conditions,
      at,
    }
    const agreed = agreedOn(request, [...decisions, decision])
    // Approvals that agree on no field would approve nothing.
    if (agreed.fields.length === 0) return { is: 'refused', code: 'fields_not_requested' }
    if (!(await appendDecision(tx, decision))) return { is: 'refused', code: 'decision_exists' }
    const entries: AuditDraft[] = [
      {
        ...entry,
        action: 'reveal_request.approve',
        outcome: 'ok',
        fields: fieldIds,
        data: { ...lentBy(power), minutes, ...conditions },
        ...(comment === null ? {} : { texts: { comment } }),
      },
    ]
    const approvers = [...passage.approvers, power]
    const passed = levelsPassed(passage.levels, approvers, policy)
    if (passed === passage.levels.length) {
      const approval = { ...agreed, actor: entry.actor, assigneeId: ticket.assigneeId }
      entries.push(...(await makeGrant(tx, ctx, request, agreed.fields, approval)))
      await announceRequest(tx, ctx, request, 'approved')
    } else {
      await waitOn(tx, ctx, request, { passage, passed, at })
      await announceRequest(tx, ctx, request, 'next_level')
    }
    // Last, because a reveal locks its grant first and the log then.
    await audit(tx, ctx, ...entries)
    return still
  })
  if (standing.is === 'again') return approveRevealRequest(context, requestId, input)
  if (standing.is === 'refused') return refused(standing.code)
  drainSoon(ctx)
  return getRequestView(ctx, request.id)
}

/** What the approver asks of the grant, or null where it is nothing. */
function conditionsOf({ conditions }: ApproveRevealRequestInput): GrantConditions | null {
  const { isOnlyToday = false, uses } = conditions ?? {}
  if (!isOnlyToday && uses === undefined) return null
  return {
    ...(isOnlyToday ? { isOnlyToday } : {}),
    ...(uses === undefined ? {} : { uses }),
  }
}

function isNewLevel(ctx: RequestContext, passage: Passage, passed: number): boolean {
  return passed > levelsPassed(passage.levels, passage.approvers, ctx.policy)
}

/** The request goes on waiting: for more people of the same level, or for the next level's. */
async function waitOn(
  tx: Queryable,
  ctx: RequestContext,
  request: StoredRequest,
  { passage, passed, at }: { passage: Passage; passed: number; at: Date },
): Promise<void> {
  const level = passage.levels[passed]
  if (level === undefined || !isNewLevel(ctx, passage, passed)) {
    return continueRequest(tx, ctx.account.id, request.id, null)
  }
  const waiting = atNewLevel(request, at)
  await continueRequest(tx, ctx.account.id, request.id, {
    levelSince: at,
    remindedAt: null,
    escalatedAt: null,
    dueAt: nextStepAt(waiting, level, ctx.policy),
  })
}

type Agreement = Pick<StoredDecision, 'outcome' | 'fieldIds' | 'minutes' | 'conditions'>

/** What every approver agreed to: the fields that none left out, the fewest minutes, all conditions. */
function agreedOn(request: StoredRequest, decisions: readonly Agreement[]) {
  const approvals = decisions.filter(({ outcome }) => outcome === 'approve')
  return {
    fields: request.fields.filter((field) =>
      approvals.every((approval) => approval.fieldIds?.includes(field.fieldId)),
    ),
    minutes: Math.min(request.minutes, ...approvals.flatMap(({ minutes }) => minutes ?? [])),
    conditions: strictest(approvals.map(({ conditions }) => conditions)),
  }
}

export type Approval = {
  minutes: number
  actor: AuditActor
  assigneeId: number | null
  conditions?: GrantConditions
}

/**
 * Turns a request into a grant, inside the transaction of the act that approved it, and answers the
 * entries about it, for the caller to append when all rows are changed. The grant that it extends ends.
 */
export async function makeGrant(
  tx: Queryable,
  ctx: RequestContext,
  request: Pick<StoredRequest, 'id' | 'ticketId' | 'requesterId'> & {
    extendsGrantId?: string | null
  },
  fields: readonly { fieldId: string; version: number }[],
  { minutes, actor, assigneeId, conditions = {} }: Approval,
): Promise<AuditDraft[]> {
  const { account, policy } = ctx
  const at = ctx.now()
  const isClosed = await closeRequest(tx, account.id, request.id, { state: 'approved', at })
  if (!isClosed) throw new ScrimError('request_not_pending')
  const about = {
    actor,
    outcome: 'ok' as const,
    record: { type: 'ticket', id: request.ticketId } as const,
    requestId: request.id,
    policyVersion: policy.version,
  }
  const entries: AuditDraft[] = []
  const extended = request.extendsGrantId ?? null
  if (extended !== null) {
    const end = { state: 'ended', at, endedCode: 'grant_extended' } as const
    const ended = await closeGrant(tx, account.id, extended, end)
    // One that ended by itself meanwhile has its own entry.
    if (ended !== null) {
      const code = 'grant_extended'
      entries.push({ ...about, action: 'grant.end', code, fields: ended, grantId: extended })
    }
  }
  const grantId = ctx.newId()
  const uses = Math.min(policy.limits.uses, conditions.uses ?? policy.limits.uses)
  await createGrant(tx, account.id, {
    id: grantId,
    requestId: request.id,
    ticketId: request.ticketId,
    requesterId: request.requesterId,
    assigneeId,
    createdAt: at,
    expiresAt: grantEndUnder(conditions, at, minutes, midnightOf(at, policy)),
    conditions: Object.keys(conditions).length === 0 ? null : conditions,
    fields: fields.map((field) => ({ ...field, usesLeft: uses })),
  })
  await notifyRequester(tx, ctx, request)
  entries.push({
    ...about,
    action: 'grant.create',
    fields: fields.map((field) => field.fieldId),
    grantId,
    data: { minutes, uses, ...(extended === null ? {} : { extendsGrantId: extended }) },
  })
  return entries
}
