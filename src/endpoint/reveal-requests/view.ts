/** Stored requests as the contract shows them. */
import { escalationMarks, nextDecidingAt } from '../../core/escalation.ts'
import { secondsUntil } from '../../core/grant.ts'
import { levelsPassed } from '../../core/policy-decision.ts'
import { claimAt } from '../../core/reveal-request.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { ValueDescription } from '../../core/vaulted-field.ts'
import type { FieldRef, PersonRef } from '../../contract/primitives.ts'
import type { RevealRequestView } from '../../contract/reveal-requests.ts'
import { findGrantIds } from '../../storage/grants.ts'
import type { StoredDecision, StoredRequest } from '../../storage/reveal-requests.ts'
import { findDecisions } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { asWaiting } from '../escalation/waiting.ts'
import { namesOf } from '../standing.ts'
import { approversOf, benchOf, passageOf } from './approvers.ts'
import type { Bench, Passage } from './approvers.ts'

/** What a stored value belongs to; a field that left the catalogue keeps its id as label. */
export function fieldRefOf(ctx: Pick<RequestContext, 'policy'>, value: ValueDescription): FieldRef {
  const field = fieldOfValue(ctx.policy, value)
  return {
    fieldId: value.fieldId,
    label: field?.label ?? value.fieldId,
    kind: field?.kind ?? 'other',
    sensitivityClass: field?.sensitivityClass ?? 'secret',
    ...(field === undefined || field.place === null ? {} : { place: field.place }),
  }
}

/** The same for people who know notes by their author: `written` says who, and when. */
export function namedFieldRefOf(
  ctx: Pick<RequestContext, 'policy' | 'now'>,
  value: ValueDescription,
  nameOf: (id: number) => PersonRef,
): FieldRef {
  const ref = fieldRefOf(ctx, value)
  const { createdBy, createdAt } = value
  if (ref.place?.in !== 'note' || !createdBy || !createdAt) return ref
  const at = createdAt.toISOString()
  const ageSeconds = secondsUntil(ctx.now(), createdAt)
  return { ...ref, written: { by: nameOf(createdBy), at, ageSeconds } }
}

/** The label of a reason code, or the code itself when policy no longer knows it. */
export function reasonLabelOf(ctx: Pick<RequestContext, 'policy'>, code: string): string {
  return ctx.policy.reasons.find((reason) => reason.code === code)?.label ?? code
}

/** Views in the order given. */
export async function requestViews(
  ctx: RequestContext,
  requests: readonly StoredRequest[],
): Promise<RevealRequestView[]> {
  if (requests.length === 0) return []
  const ids = requests.map((request) => request.id)
  const [decisions, grantIds, nameOf, people, bench] = await Promise.all([
    findDecisions(ctx.database.orm, ids),
    findGrantIds(ctx.database.orm, ids),
    namesOf(ctx),
    ctx.zendesk.people(),
    requests.some(({ state }) => state === 'pending') ? benchOf(ctx) : [],
  ])
  const byId = new Map(people.map((person) => [person.id, person]))
  const now = ctx.now()
  const named = (id: number | null) => (id === null ? null : nameOf(id))
  return Promise.all(
    requests.map(async (request) => {
      const its = decisions.filter((candidate) => candidate.requestId === request.id)
      // What was approved before a request ended by itself decided nothing.
      const isDecided = request.state === 'approved' || request.state === 'denied'
      const decision = isDecided ? its.at(-1) : undefined
      const passage = passageOf(ctx, request, its, (id) => byId.get(id))
      const isPending = request.state === 'pending'
      const claim = isPending ? claimAt(request, now) : null
      return {
        id: request.id,
        ticketId: request.ticketId,
        fields: request.fields.map((field) => namedFieldRefOf(ctx, field, nameOf)),
        requester: nameOf(request.requesterId),
        reasonCode: request.reasonCode,
        reasonLabel: reasonLabelOf(ctx, request.reasonCode),
        reasonText: request.reasonText,
        minutes: request.minutes,
        state: request.state,
        createdAt: request.createdAt.toISOString(),
        ageSeconds: secondsUntil(now, request.createdAt),
        expiresInSeconds: isPending ? secondsUntil(request.expiresAt, now) : 0,
        askedOf: isPending ? await askedOf(ctx, request, passage, bench) : [],
        decision:
          request.closedAt === null || isPending
            ? null
            : {
                by: decision === undefined ? null : nameOf(decision.approverId),
                at: request.closedAt.toISOString(),
                comment: decision?.comment ?? null,
                minutes: decision?.minutes ?? null,
                fieldIds: approvedFieldIds(request, its),
                onBehalfOf: named(decision?.onBehalfOf ?? null),
                conditions: decision?.conditions ?? null,
              },
        approvals: its
          .filter(({ outcome }) => outcome === 'approve')
          .map(({ approverId, onBehalfOf, at }) => ({
            by: nameOf(approverId),
            onBehalfOf: named(onBehalfOf),
            at: at.toISOString(),
          })),
        approvalsNeeded: passage.levels.reduce((sum, { count }) => sum + count, 0),
        claim:
          claim === null
            ? null
            : { by: nameOf(claim.personId), remainingSeconds: secondsUntil(claim.until, now) },
        isEscalated: isPending && passage.isLate,
        escalation: isPending ? soon(escalationOf(ctx, request, passage), now) : null,
        remindedAt: isPending ? (request.remindedAt?.toISOString() ?? null) : null,
        onDuty: isPending ? soon(nextDecidingAt(ctx.policy, now), now) : null,
        extendsGrantId: request.extendsGrantId,
        automatic: automaticOf(ctx, request, its),
        grantId: grantIds.get(request.id) ?? null,
      }
    }),
  )
}

function soon(at: Date | null, now: Date) {
  return at === null ? null : { at: at.toISOString(), remainingSeconds: secondsUntil(at, now) }
}

/** What every approver agreed to, in the request's order. */
function approvedFieldIds(request: StoredRequest, its: readonly StoredDecision[]) {
  const approvals = its.filter(({ outcome }) => outcome === 'approve')
  if (request.state !== 'approved' || approvals.length === 0) return null
  return request.fields
    .map(({ fieldId }) => fieldId)
    .filter((id) => approvals.every(({ fieldIds }) => fieldIds?.includes(id) ?? true))
}

/** When the level that waits opens to its next circle, if the request waits that long. */
function escalationOf(ctx: RequestContext, request: StoredRequest, passage: Passage): Date | null {
  const level = passage.levels[levelsPassed(passage.levels, passage.approvers, ctx.policy)]
  if (passage.isLate || level === undefined) return null
  const { escalate } = escalationMarks(asWaiting(request), level, ctx.policy)
  return escalate !== null && escalate < request.expiresAt ? escalate : null
}

/** What policy approved by itself: nobody decided, and nobody broke the glass. */
function automaticOf(
  ctx: Pick<RequestContext, 'policy'>,
  { state, isBreakGlass, ruleId }: StoredRequest,
  its: readonly StoredDecision[],
): RevealRequestView['automatic'] {
  if (state !== 'approved' || isBreakGlass || its.length > 0) return null
  const rule = ctx.policy.automatic.find(({ id }) => id === ruleId)
  return { ruleId, label: rule?.label ?? ruleId }
}

/** The people who can decide now. Nobody when the ticket or the requester is gone. */
async function askedOf(
  ctx: RequestContext,
  request: StoredRequest,
  passage: Passage,
  bench: Bench,
) {
  const [requester, ticket] = await Promise.all([
    ctx.zendesk.person(request.requesterId, VIEW),
    ctx.zendesk.ticket(request.ticketId, VIEW),
  ])
  if (requester === null || ticket === null) return []
  const approvers = await approversOf(ctx, { requester, ticket, passage }, bench)
  return approvers.map(({ id, name }) => ({ id, name }))
}
