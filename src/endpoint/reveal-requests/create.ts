/** Asking for a reveal. */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { atNewLevel, nextStepAt, requestExpiry } from '../../core/escalation.ts'
import { mayAsk } from '../../core/exception.ts'
import {
  approvalLevels,
  mayAskFor,
  mayAskOnTicket,
  orPowerWaits,
} from '../../core/policy-decision.ts'
import { visibleText } from '../../core/reason-text.ts'
import { checkExtension, checkReason } from '../../core/reveal-request.ts'
import { fieldOfValue, placeOf } from '../../core/vaulted-field.ts'
import type { VaultedField } from '../../core/vaulted-field.ts'
import type { CreateRevealRequestInput, RevealRequestView } from '../../contract/reveal-requests.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import { findGrant } from '../../storage/grants.ts'
import { createRequest, findRecentReasons } from '../../storage/reveal-requests.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import type { StoredValue } from '../../storage/vault.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import { capStandingOf } from '../caps/standing.ts'
import type { RequestContext } from '../context.ts'
import { accessFor } from '../exceptions/access.ts'
import { checkFreeText } from '../free-text.ts'
import { drainSoon } from '../outbox/drain.ts'
import { announceRequest } from '../outbox/notify.ts'
import { freshContext, usersOf } from '../standing.ts'
import { canEverPass } from './approvers.ts'
import { getRequestView } from './get.ts'
import { approveByPolicy, policysWay, takePolicysWay } from './policys-approval.ts'
import { CURRENT_PROMPT, checkPrompt, promptWords } from './reason-prompt.ts'

/**
 * Creates a pending request, tells who can decide, and logs it. Where policy gives every asked field at
 * once, or one of its rules fits, policy itself approves it: same path, same log.
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
  const accessTo = await accessFor(ctx)
  const asked = fields.map((field) => ({ field, access: accessTo(field) }))
  const exceptionIds = [...new Set(asked.flatMap(({ access }) => access.exceptionId ?? []))]
  const prompt = input.prompt ?? CURRENT_PROMPT
  const recent = await findRecentReasons(database.orm, account.id, ctx.person.id)
  const reason = { code: input.reasonCode, text: input.reasonText }
  const verdicts: Verdict[] = [
    await ctx.zendesk.mayAccessTicket(ctx.person, ticket),
    ...asked.map(({ field, access }) =>
      orPowerWaits(mayAsk(access, policy), mayAskFor(field, ctx.seenRoles, policy)),
    ),
    ...fields.map((field) => hasValue(field, values)),
    checkFreeText(ctx, input.reasonText),
    checkPrompt(prompt),
    checkReason(reason, recent, policy),
    mayAskOnTicket(ticket, input.reasonCode, policy),
    checkMinutes(input.minutes, policy.limits.maxMinutes),
    await extensionVerdict(ctx, input, fieldIds),
  ]
  for (const verdict of verdicts) {
    if (!verdict.allowed) return refused(verdict.code, verdict)
  }
  const personIds = await usersOf(ctx, ctx.person)
  const caps = await capStandingOf(database.orm, ctx, personIds, ticket.requesterId)
  if (caps.hard !== null) {
    const { limit, retryAfterSeconds } = caps.hard
    return refused('reveal_cap_reached', { limit, retryAfterSeconds })
  }
  if (caps.isCircuitOpen) return refused('circuit_open')
  const way = caps.soft === null ? policysWay(ctx, ticket, asked) : null
  const levels = approvalLevels(fields, policy)
  const canPass = await canEverPass(ctx, { requester: ctx.person, ticket, levels })
  if (way === null && !canPass) return refused('no_eligible_approver')

  const id = ctx.newId()
  const at = ctx.now()
  const lost = await database
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
        promptVersion: prompt.version,
        exceptionId: exceptionIds[0] ?? null,
        extendsGrantId: input.extendsGrantId ?? null,
        createdAt: at,
        ...clockOf(ctx, fields, at),
        fields: fields.map((field) => ({ fieldId: field.id, version: versionOf(field, values) })),
      }
      if (!(await createRequest(tx, account.id, request))) throw new ScrimError('request_exists')
      const own =
        way === null ? null : await takePolicysWay(tx, ctx, way, { ...request, personIds })
      if (own === null && !canPass) throw new ScrimError('no_eligible_approver')
      if (own === null) await announceRequest(tx, ctx, request, 'asked')
      const created: AuditDraft = {
        ...entry,
        action: 'reveal_request.create',
        outcome: 'ok',
        requestId: id,
        data: {
          reasonCode: input.reasonCode,
          minutes: input.minutes,
          promptVersion: prompt.version,
          ...(exceptionIds.length === 0 ? {} : { exceptionIds }),
        },
        texts: { reason: request.reasonText, prompt: promptWords(prompt) },
      }
      const approved = own === null ? [] : await approveByPolicy(tx, ctx, request, own)
      await audit(tx, ctx, created, ...approved)
      return null
    })
    .catch((error: unknown) => {
      const code = error instanceof ScrimError ? error.code : null
      if (code === 'request_exists' || code === 'no_eligible_approver') return code
      throw error
    })
  if (lost !== null) return refused(lost)
  drainSoon(ctx)
  return getRequestView(ctx, id)
}

/** Whether what it asks more time for is a grant that it may. */
async function extensionVerdict(
  ctx: RequestContext,
  { extendsGrantId, ticketId }: CreateRevealRequestInput,
  fieldIds: readonly string[],
): Promise<Verdict> {
  if (extendsGrantId === undefined) return { allowed: true }
  const grant = await findGrant(ctx.database.orm, ctx.account.id, extendsGrantId)
  const request = { requesterId: ctx.person.id, ticketId, fieldIds }
  return checkExtension(request, grant ?? null, ctx.now())
}

/** When the request ends by itself, and when time first does something to it. */
function clockOf({ policy }: RequestContext, fields: readonly VaultedField[], at: Date) {
  const expiresAt = requestExpiry(policy, at)
  const [level] = approvalLevels(fields, policy)
  const request = atNewLevel({ createdAt: at, expiresAt }, at)
  const dueAt = level === undefined ? null : nextStepAt(request, level, policy)
  return { expiresAt, levelSince: at, dueAt }
}

type Values = readonly Pick<StoredValue, 'fieldId' | 'version' | 'erasedAt'>[]

function versionOf(field: VaultedField, values: Values): number {
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
