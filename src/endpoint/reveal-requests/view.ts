/** Stored requests as the contract shows them. */
import { secondsUntil } from '../../core/grant.ts'
import { approvalLevels } from '../../core/policy-decision.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { ValueDescription } from '../../core/vaulted-field.ts'
import type { FieldRef, PersonRef } from '../../contract/primitives.ts'
import type { RevealRequestView } from '../../contract/reveal-requests.ts'
import { findGrantIds } from '../../storage/grants.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findDecisions } from '../../storage/reveal-requests.ts'
import { VIEW } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'
import { approversFor } from './approvers.ts'

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
  const [decisions, grantIds, nameOf] = await Promise.all([
    findDecisions(ctx.database.orm, ids),
    findGrantIds(ctx.database.orm, ids),
    namesOf(ctx),
  ])
  const now = ctx.now()
  return Promise.all(
    requests.map(async (request) => {
      const decision = decisions.findLast((candidate) => candidate.requestId === request.id)
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
        expiresInSeconds: request.state === 'pending' ? secondsUntil(request.expiresAt, now) : 0,
        askedOf: request.state === 'pending' ? await askedOf(ctx, request) : [],
        decision:
          request.closedAt === null || request.state === 'pending'
            ? null
            : {
                by: decision === undefined ? null : nameOf(decision.approverId),
                at: request.closedAt.toISOString(),
                comment: decision?.comment ?? null,
                minutes: decision?.minutes ?? null,
              },
        grantId: grantIds.get(request.id) ?? null,
      }
    }),
  )
}

/** The people who can decide now. Nobody when the ticket or the requester is gone. */
async function askedOf(ctx: RequestContext, request: StoredRequest) {
  const [requester, ticket] = await Promise.all([
    ctx.zendesk.person(request.requesterId, VIEW),
    ctx.zendesk.ticket(request.ticketId, VIEW),
  ])
  const fields = request.fields.map((field) => fieldRefOf(ctx, field))
  const [level] = approvalLevels(fields, ctx.policy)
  if (requester === null || ticket === null || level === undefined) return []
  const approvers = await approversFor(ctx, requester, ticket, level)
  return approvers.map(({ id, name }) => ({ id, name }))
}
