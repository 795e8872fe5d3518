/** Asking for a reveal. */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { atNewLevel, nextStepAt, requestExpiry } from '../../core/escalation.ts'
import type { Person, Ticket } from '../../core/person.ts'
import {
  accessTo,
  approvalLevels,
  canPassAll,
  mayAskFor,
  mayAskOnTicket,
  orPowerWaits,
  rolesOf,
} from '../../core/policy-decision.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkReason } from '../../core/reveal-request.ts'
import { fieldOfValue, placeOf } from '../../core/vaulted-field.ts'
import type { VaultedField } from '../../core/vaulted-field.ts'
import type { CreateRevealRequestInput, RevealRequestView } from '../../contract/reveal-requests.ts'
import { createRequest, findRecentReasons } from '../../storage/reveal-requests.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import type { StoredValue } from '../../storage/vault.ts'
import { actorOf, audit, refuseAct, systemActor } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { announceRequest } from '../outbox/notify.ts'
import { freshContext } from '../standing.ts'
import { grantRequest } from './approve.ts'
import { approversFor } from './approvers.ts'
import { getRequestView } from './get.ts'

/**
 * Creates a pending request, tells who can decide, and logs it. Where policy gives the requester's
 * roles `reveal` on every asked field, policy itself approves it: same path, same log.
 */
export async function createRevealRequest(
  context: RequestContext,
  input: CreateRevealRequestInput,
): Promise<RevealRequestView> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { account, database, policy } = ctx
  const record = { type: 'ticket', id: input.ticketId } as const
  const fieldIds = [...new Set(input.fieldIds)]
  const entry = { actor: actorOf(ctx), record, fields: fieldIds, policyVersion: policy.version }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'reveal_request.refuse' }, code, details)

  const values = await findCurrentValues(database.orm, account.id, record)
  const fields = fieldIds.map((fieldId) => {
    const value = values.find((candidate) => candidate.fieldId === fieldId)
    // Without a value there is a field only if the catalogue has it: places come with their values.
    if (value === undefined && placeOf(fieldId) !== null) return undefined
    return fieldOfValue(policy, value ?? { fieldId, kind: null, sensitivityClass: null })
  })
  if (!fields.every((field) => field !== undefined)) throw new ScrimError('field_unknown')
  if (ticket === null) return refused('ticket_not_found')
  const recent = await findRecentReasons(database.orm, account.id, ctx.person.id)
  const reason = { code: input.reasonCode, text: input.reasonText }
  const verdicts: Verdict[] = [
    await ctx.zendesk.mayAccessTicket(ctx.person, ticket),
    ...fields.map((field) =>
      orPowerWaits(mayAskFor(field, ctx.roles, policy), mayAskFor(field, ctx.seenRoles, policy)),
    ),
    ...fields.map((field) => hasValue(field, values)),
    checkFreeText(ctx, input.reasonText),
    checkReason(reason, recent, policy),
    mayAskOnTicket(ticket, input.reasonCode, policy),
    checkMinutes(input.minutes, policy.limits.maxMinutes),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, verdict)
  }
  const isAutomatic = fields.every(
    (field) => accessTo(field.sensitivityClass, ctx.roles, policy) === 'reveal',
  )
  const approvers = isAutomatic ? [] : await possibleApprovers(ctx, ticket, fields)
  if (!isAutomatic && approvers.length === 0) return refused('no_eligible_approver')

  const id = ctx.newId()
  const at = ctx.now()
  const isNew = await database
    .transaction(async (tx) => {
      const request = {
        id,
        ticketId: ticket.id,
        requesterId: ctx.person.id,
        customerId: ticket.requesterId,
        assigneeId: ticket.assigneeId,
        reasonCode: input.reasonCode,
        reasonText: visibleText(input.reasonText),
        minutes: input.minutes,
        policyVersion: policy.version,
        createdAt: at,
        ...clockOf(ctx, fields, at),
        fields: fields.map((field) => ({ fieldId: field.id, version: versionOf(field, values) })),
      }
      if (!(await createRequest(tx, account.id, request))) throw new ScrimError('request_exists')
      if (!isAutomatic) await announceRequest(tx, ctx, request, 'asked')
      await audit(tx, ctx, {
        ...entry,
        action: 'reveal_request.create',
        outcome: 'ok',
        requestId: id,
        data: { reasonCode: input.reasonCode, minutes: input.minutes },
        texts: { reason: request.reasonText },
      })
      if (isAutomatic) {
        await grantRequest(tx, ctx, { ...request, ticketId: ticket.id }, request.fields, {
          minutes: request.minutes,
          actor: systemActor('policy'),
          assigneeId: ticket.assigneeId,
        })
      }
      return true
    })
    .catch((error: unknown) => {
      if (error instanceof ScrimError && error.code === 'request_exists') return false
      throw error
    })
  if (!isNew) return refused('request_exists')
  drainSoon(ctx)
  return getRequestView(ctx, id)
}

type Values = readonly Pick<StoredValue, 'fieldId' | 'version' | 'erasedAt'>[]

function versionOf(field: VaultedField, values: Values): number {
/** When the request ends by itself, and when time first does something to it. */
function clockOf({ policy }: RequestContext, fields: readonly VaultedField[], at: Date) {
  const expiresAt = requestExpiry(policy, at)
  const [level] = approvalLevels(fields, policy)
  const request = atNewLevel({ createdAt: at, expiresAt }, at)
  const dueAt = level === undefined ? null : nextStepAt(request, level, policy)
  return { expiresAt, levelSince: at, dueAt }
}

  return values.find((value) => value.fieldId === field.id)?.version ?? 0
}

/** Whether there is something to ask for. */
export function hasValue(field: Pick<VaultedField, 'id'>, values: Values): Verdict {
  const value = values.find((candidate) => candidate.fieldId === field.id)
  if (value === undefined) return { allowed: false, code: 'field_empty' }
  return value.erasedAt === null ? { allowed: true } : { allowed: false, code: 'value_erased' }
}

function checkMinutes(minutes: number, maxMinutes: number): Verdict {
  return minutes <= maxMinutes
    ? { allowed: true }
    : { allowed: false, code: 'duration_too_long', limit: maxMinutes }
}

/** Everyone who can decide at some level, or nobody when not every level could ever be passed. */
async function possibleApprovers(
  ctx: RequestContext,
  ticket: Ticket,
  fields: readonly VaultedField[],
): Promise<Person[]> {
  const levels = approvalLevels(fields, ctx.policy)
  const byLevel = await Promise.all(
    levels.map((level) => approversFor(ctx, ctx.person, ticket, level)),
  )
  const people = [...new Set(byLevel.flat())]
  const approvers = people.map((person) => ({ ...person, roles: rolesOf(person, ctx.policy) }))
  return canPassAll(levels, approvers, ctx.policy) ? people : []
}
