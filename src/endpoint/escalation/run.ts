/**
 * What time does to requests that wait, besides ending them: reminders, the next circle, the note. Found
 * by index, done in the transaction that records it; of two instances that look at once one does it.
 */
import { ScrimError } from '../../core/errors.ts'
import { afterSteps, nextStepAt, stepsDue } from '../../core/escalation.ts'
import type { EscalationStep } from '../../core/escalation.ts'
import type { AuditAction } from '../../audit/entry.ts'
import { findDueRequestIds, recordSteps } from '../../storage/escalations.ts'
import { appendOutbox } from '../../storage/outbox.ts'
import type { Queryable } from '../../storage/database.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findRequest } from '../../storage/reveal-requests.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { announceRequest } from '../outbox/notify.ts'
import { asWaiting, waitingLevel } from './waiting.ts'

/** Requests in one pass; the next pass takes the others. */
const BATCH = 100

/** One pass. A request that fails is logged by its code and does not keep the others from their turn. */
export async function runEscalation(deps: EndpointDeps): Promise<void> {
  const { database, account } = deps
  for (const id of await findDueRequestIds(database.orm, account.id, deps.now(), BATCH)) {
    try {
      const request = await findRequest(database.orm, account.id, id)
      if (request !== undefined) await lookAt(deps, request)
    } catch (error) {
      const code = error instanceof ScrimError ? error.code : 'internal'
      deps.log.error('escalation.look', { requestId: id, code })
    }
  }
}

async function lookAt(deps: EndpointDeps, request: StoredRequest): Promise<void> {
  const { database, account, policy } = deps
  const { level, passed } = await waitingLevel(deps, request)
  const now = deps.now()
  const waiting = asWaiting(request)
  const steps = level === undefined ? [] : stepsDue(waiting, level, policy, now)
  const after = afterSteps(waiting, steps, now)
  await database.transaction(async (tx) => {
    const isMine = await recordSteps(tx, account.id, request, {
      dueAt: level === undefined ? null : nextStepAt(after, level, policy),
      ...(steps.includes('remind') ? { remindedAt: now } : {}),
      ...(steps.includes('escalate') ? { escalatedAt: now } : {}),
      ...(steps.includes('note') ? { notedAt: now } : {}),
    })
    if (!isMine) return
    for (const step of steps) await take(tx, deps, request, step)
    const entries = steps.flatMap((step) =>
      step === 'note' ? [] : [entryFor(deps, request, ACTIONS[step], { level: passed + 1 })],
    )
    if (entries.length > 0) await audit(tx, deps, ...entries)
  })
}

const ACTIONS = {
  remind: 'reveal_request.remind',
  escalate: 'reveal_request.escalate',
} as const satisfies Partial<Record<EscalationStep, AuditAction>>

async function take(
  tx: Queryable,
  deps: EndpointDeps,
  request: StoredRequest,
  step: EscalationStep,
): Promise<void> {
  if (step === 'note') {
    const payload = { ticketId: request.ticketId, requestId: request.id }
    const order = { id: deps.newId(), kind: 'request_note' as const, payload }
    await appendOutbox(tx, deps.account.id, deps.now(), [order])
    return
  }
  await announceRequest(tx, deps, request, step === 'remind' ? 'reminder' : 'escalated')
}

/** An act of time on a request: ids and numbers only. */
export function entryFor(
  deps: Pick<EndpointDeps, 'policy'>,
  request: StoredRequest,
  action: AuditAction,
  data: Record<string, number> = {},
) {
  return {
    action,
    actor: systemActor('clock'),
    outcome: 'ok' as const,
    record: { type: 'ticket', id: request.ticketId } as const,
    fields: request.fields.map(({ fieldId }) => fieldId),
    requestId: request.id,
    policyVersion: deps.policy.version,
    data,
  }
}
