/**
 * Checking what a customer says without seeing what is stored. What is typed is compared by its keyed
 * fingerprint and forgotten: no row, entry or log line holds it, nor the fingerprint it has.
 */
import type { ScrimErrorCode, ScrimErrorDetails, Verdict } from '../../core/errors.ts'
import { ScrimError, refuse } from '../../core/errors.ts'
import { isComparable } from '../../core/place.ts'
import { mayAskOnTicket, mayCheck } from '../../core/policy-decision.ts'
import { FIELD_KINDS, findField } from '../../core/protected-field.ts'
import { checkLock, mayTryCheck, missesLeft } from '../../core/value-check.ts'
import { fieldOfValue, placeOf } from '../../core/vaulted-field.ts'
import type { ValueCheck } from '../../contract/value-checks.ts'
import { fingerprintsOf, isSameFingerprint } from '../../keys/fingerprint.ts'
import { lockAuditLog } from '../../storage/audit-log.ts'
import type { ComparableValue } from '../../storage/value-checks.ts'
import { appendTry, findCheckHistory, findComparableValue } from '../../storage/value-checks.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { freshContext } from '../standing.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Tells whether a typed value is the stored one. Every answer is a try: counted, limited, logged. */
export async function checkValue(
  context: RequestContext,
  input: { ticketId: number; fieldId: string; value: string },
): Promise<ValueCheck> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { account, database, policy } = ctx
  const record = { type: 'ticket', id: input.ticketId } as const
  const entry = {
    actor: actorOf(ctx),
    record,
    fields: [input.fieldId],
    policyVersion: policy.version,
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'value_check.refuse' }, code, details)

  if (ticket === null) return refused('ticket_not_found')
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)
  const stored = await findComparableValue(database.orm, account.id, record, input.fieldId)
  const field =
    stored === undefined ? findField(policy.fields, input.fieldId) : fieldOfValue(policy, stored)
  if (field === undefined) throw new ScrimError('field_unknown')
  const verdicts: Verdict[] = [
    mayCheck(field, ctx.roles, policy),
    mayAskOnTicket(ticket, null, policy),
    isComparable(placeOf(field.id)) ? { allowed: true } : refuse('value_not_comparable'),
  ]
  for (const verdict of verdicts) if (!verdict.allowed) return refused(verdict.code)
  if (stored === undefined) return refused('field_empty')
  if (stored.erasedAt !== null) return refused('value_erased')
  const isMatch = await isSameValue(ctx, stored, input.value).catch((error: unknown) => {
    if (!(error instanceof ScrimError)) throw error
    const failed = { ...entry, action: 'value_check.refuse', outcome: 'failed' } as const
    return refuseAct(ctx, failed, error.code)
  })
  if (isMatch === null) return refused('value_not_comparable')

  const limits = policy.limits.checks
  const about = { record, fieldId: input.fieldId, personId: ctx.person.id }
  const answer = await database.transaction(async (tx) => {
    // Tries wait for each other here, so that many at once are counted one after the other.
    await lockAuditLog(tx, account.id)
    const at = ctx.now()
    const since = new Date(at.getTime() - DAY_MS)
    const history = await findCheckHistory(tx, account.id, { ...about, since }, limits)
    const verdict = mayTryCheck(history, limits, at)
    if (!verdict.allowed) return verdict
    const outcome = isMatch ? 'match' : 'miss'
    await appendTry(tx, account.id, { ...about, id: ctx.newId(), act: 'check', outcome, at })
    await audit(tx, ctx, {
      ...entry,
      action: `value_check.${outcome}`,
      outcome: 'ok',
      data: { version: stored.version },
    })
    return { allowed: true, history, at } as const
  })
  if (!answer.allowed) {
    return refused(answer.code, { retryAfterSeconds: answer.retryAfterSeconds })
  }
  const { history, at } = answer
  const misses = isMatch
    ? history
    : { myMisses: [at, ...history.myMisses], allMisses: [at, ...history.allMisses] }
  return {
    isMatch,
    triesLeft: missesLeft(misses, limits, at),
    lockedSeconds: checkLock(misses, limits, at),
  }
}

/**
 * Both fingerprints are compared in constant time, under the key that the stored one was made with.
 * null when the stored value has none.
 */
async function isSameValue(
  ctx: RequestContext,
  stored: ComparableValue,
  value: string,
): Promise<boolean | null> {
  const kind = FIELD_KINDS.find((known) => known === stored.kind)
  const { fingerprint, fingerprintKeyId } = stored
  if (kind === undefined || fingerprint === null) return null
  const typed = await fingerprintsOf(ctx.fingerprintKeys, { account: ctx.account.id, kind, value })
  const comparable = typed.find(({ keyId }) => keyId === fingerprintKeyId)
  if (comparable === undefined) throw new ScrimError('keys_unavailable')
  return isSameFingerprint(comparable.fingerprint, fingerprint)
}
