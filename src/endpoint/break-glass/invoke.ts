/** Breaking the glass: a value now, without anybody's approval, and everybody who was skipped is told. */
import { mayBreakGlass } from '../../core/break-glass.ts'
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { ALLOWED, ScrimError, refuse } from '../../core/errors.ts'
import type { Ticket } from '../../core/person.ts'
import {
  approvalLevels,
  mayAskOnTicket,
  orPowerWaits,
  rolesOf,
} from '../../core/policy-decision.ts'
import { checkReason, mayClose } from '../../core/reveal-request.ts'
import { fieldOfValue, placeOf } from '../../core/vaulted-field.ts'
import type { VaultedField } from '../../core/vaulted-field.ts'
import type { BreakGlassInput, BrokenGlass } from '../../contract/break-glass.ts'
import { findRecentReasons, findRequest } from '../../storage/reveal-requests.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { getGrantView } from '../grants/get.ts'
import { drainSoon } from '../outbox/drain.ts'
import { approversFor } from '../reveal-requests/approvers.ts'
import { hasValue } from '../reveal-requests/create.ts'
import { getRequestView } from '../reveal-requests/get.ts'
import { freshContext, namesOf } from '../standing.ts'
import { isReviewDue } from './standing.ts'
import { LOST_RACES, writeEmergency } from './write.ts'

/**
 * Makes a request and its grant at once, or ends a pending request of one's own that cannot wait. The
 * grant is short, one has to say why, and there is no next time before compliance has looked at it.
 */
export async function invokeBreakGlass(
  context: RequestContext,
  input: BreakGlassInput,
): Promise<BrokenGlass> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { account, database, policy } = ctx
  const db = database.orm
  const record = { type: 'ticket', id: input.ticketId } as const
  const fieldIds = [...new Set(input.fieldIds)]
  const entry = {
    actor: actorOf(ctx),
    record,
    fields: fieldIds,
    policyVersion: policy.version,
    ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'break_glass.refuse' }, code, details)

  const [values, recent, isDue, pending] = await Promise.all([
    findCurrentValues(db, account.id, record),
    findRecentReasons(db, account.id, ctx.person.id),
    isReviewDue(ctx),
    ownRequest(ctx, input.requestId),
  ])
  const fields = fieldIds.map((fieldId) => {
    const value = values.find((candidate) => candidate.fieldId === fieldId)
    if (value === undefined && placeOf(fieldId) !== null) return undefined
    return fieldOfValue(policy, value ?? { fieldId, kind: null, sensitivityClass: null })
  })
  if (!fields.every((field) => field !== undefined)) throw new ScrimError('field_unknown')
  if (ticket === null) return refused('ticket_not_found')
  const mayWith = (roles: RequestContext['roles']) =>
    mayBreakGlass(ctx.person, roles, fields, isDue, policy)
  const reason = { code: input.reasonCode, text: input.reasonText }
  const verdicts: Verdict[] = [
    await ctx.zendesk.mayAccessTicket(ctx.person, ticket),
    orPowerWaits(mayWith(ctx.roles), mayWith(ctx.seenRoles)),
    ...fields.map((field) => hasValue(field, values)),
    pending === null ? ALLOWED : mayEscalate(pending, input, ctx.now()),
    checkFreeText(ctx, input.reasonText),
    // What was asked with the same words before is what cannot wait any longer.
    checkReason(reason, pending === null ? recent : [], policy),
    mayAskOnTicket(ticket, input.reasonCode, policy),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, verdict)
  }
  const asked = fieldIds.map((fieldId) => ({
    fieldId,
    version: values.find((value) => value.fieldId === fieldId)?.version ?? 0,
  }))
  const { skipped, told } = await skippedPeople(ctx, ticket, fields)
  try {
    const made = await database.transaction((tx) =>
      writeEmergency(tx, ctx, { input, ticket, pending, asked, skipped, told }),
    )
    drainSoon(ctx)
    const [request, grant, nameOf] = await Promise.all([
      getRequestView(ctx, made.requestId),
      getGrantView(ctx, made.grantId),
      namesOf(ctx),
    ])
    return { request, grant, skipped: skipped.map(nameOf) }
  } catch (error) {
    if (error instanceof ScrimError && LOST_RACES.includes(error.code)) return refused(error.code)
    throw error
  }
}

/** The request that is to be escalated. Somebody else's looks like none. */
async function ownRequest(
  ctx: RequestContext,
  requestId: string | undefined,
): Promise<StoredRequest | null> {
  if (requestId === undefined) return null
  const request = await findRequest(ctx.database.orm, ctx.account.id, requestId)
  if (request === undefined || request.requesterId !== ctx.person.id) {
    throw new ScrimError('request_not_found')
  }
  return request
}

/** Whether a request can go on as an emergency: it waits, and asks for the same on the same ticket. */
function mayEscalate(request: StoredRequest, input: BreakGlassInput, now: Date): Verdict {
  if (request.ticketId !== input.ticketId) return refuse('fields_not_requested')
  const asked = request.fields.map((field) => field.fieldId)
  if (!input.fieldIds.every((fieldId) => asked.includes(fieldId))) {
    return refuse('fields_not_requested')
  }
  return mayClose(request, now)
}

/** Everybody who could have decided at any level, and those who are told of it besides: compliance. */
async function skippedPeople(
  ctx: RequestContext,
  ticket: Ticket,
  fields: readonly VaultedField[],
): Promise<{ skipped: number[]; told: number[] }> {
  const levels = approvalLevels(fields, ctx.policy)
  const [byLevel, people] = await Promise.all([
    Promise.all(levels.map((level) => approversFor(ctx, ctx.person, ticket, level))),
    ctx.zendesk.people(),
  ])
  const skipped = [...new Set(byLevel.flat().map(({ id }) => id))]
  const reviewers = people.filter((person) => rolesOf(person, ctx.policy).includes('compliance'))
  return { skipped, told: [...skipped, ...reviewers.map(({ id }) => id)] }
}
