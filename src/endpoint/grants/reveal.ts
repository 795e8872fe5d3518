/**
 * Showing a value. The order is the promise: take a use and append the entry in one transaction,
 * commit, and only then open the value. No value leaves without an entry that was committed first.
 */
import type { ScrimErrorCode } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { displayEnd, grantVerdict, secondsUntil } from '../../core/grant.ts'
import type { RevealInput, RevealedValue } from '../../contract/grants.ts'
import { openValue } from '../../keys/seal.ts'
import type { RevealGround, StoredReveal } from '../../storage/reveals.ts'
import { findRevealGround, returnUse } from '../../storage/reveals.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { freshContext } from '../standing.ts'
import { fieldRefOf } from '../reveal-requests/view.ts'
import { endWithoutGround, groundLost } from './end.ts'
import { takeUse } from './take-uses.ts'

type Sealed = NonNullable<RevealGround['field']>

/**
 * Reveals one field once. Somebody else's grant looks like none. The same session repeating an
 * `attemptId` within the display window gets the value again without another use.
 */
export async function revealValue(
  context: RequestContext,
  grantId: string,
  input: RevealInput,
): Promise<RevealedValue> {
  const ground = await myGround(context, grantId, input)
  const { grant } = ground
  const { ctx, ticket } = await freshContext(context, grant.ticketId)
  const entry = entryFor(ctx, grant, input)
  const refused = (code: ScrimErrorCode) =>
    refuseAct(ctx, { ...entry, action: 'grant.reveal_refuse' }, code)

  const sealed = ground.field
  if (sealed === null) return refused('fields_not_requested')
  const alive = grantVerdict(grant, ctx.now())
  if (!alive.allowed) return refused(alive.code)
  if (sealed.jwe === '') return refused('value_erased')
  if (ctx.policy.areRevealsPaused) return refused('reveals_paused')
  const value = { ...sealed, fieldId: input.fieldId }
  const lost = groundLost(grant, [value], { ticket, person: ctx.person }, ctx.policy)
  if (lost !== null || ticket === null) {
    const code = lost ?? 'ticket_not_found'
    await endWithoutGround(ctx, grant, code)
    drainSoon(ctx)
    return refused(code)
  }
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)

  if (ground.attempt !== null) return repeat(ctx, ground.attempt, sealed, entry, refused)
  const at = ctx.now()
  const { sensitivityClass } = fieldRefOf(ctx, value)
  const displaySeconds = ctx.policy.limits.displaySeconds[sensitivityClass]
  const attempt = {
    grantId,
    attemptId: input.attemptId,
    fieldId: input.fieldId,
    version: sealed.version,
    sessionId: ctx.session.id,
    state: 'open',
    at,
    displayUntil: displayEnd(at, displaySeconds, grant.expiresAt),
  } as const
  const usesLeft = await takeUse(
    ctx,
    { ...attempt, requesterId: ctx.person.id, customerId: grant.customerId },
    { ...entry, action: 'grant.reveal', outcome: 'ok' },
  )
  if (usesLeft === null) return refused(await whyNoUse(ctx, grantId, input))
  return show(ctx, attempt, { ...sealed, usesLeft }, entry)
}

/** The ground of a reveal if the grant is the caller's own. */
async function myGround(
  ctx: RequestContext,
  grantId: string,
  input: RevealInput,
): Promise<RevealGround> {
  const ground = await findRevealGround(
    ctx.database.orm,
    ctx.account.id,
    grantId,
    input.fieldId,
    input.attemptId,
  )
  if (ground === undefined) throw new ScrimError('grant_not_found')
  if (ground.grant.requesterId !== ctx.person.id) {
    // To the caller it looks like none; the log keeps the difference.
    return refuseAct(
      ctx,
      { ...entryFor(ctx, ground.grant, input), action: 'grant.reveal_refuse' },
      'grant_not_found',
    )
  }
  return ground
}

type Entry = ReturnType<typeof entryFor>

function entryFor(ctx: RequestContext, grant: RevealGround['grant'], input: RevealInput) {
  return {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: grant.ticketId } as const,
    fields: [input.fieldId],
    requestId: grant.requestId,
    grantId: grant.id,
    attemptId: input.attemptId,
    policyVersion: ctx.policy.version,
  }
}

async function repeat(
  ctx: RequestContext,
  attempt: StoredReveal,
  sealed: Sealed,
  entry: Entry,
  refused: (code: ScrimErrorCode) => Promise<never>,
): Promise<RevealedValue> {
  const isOpen =
    attempt.state === 'open' &&
    attempt.sessionId === ctx.session.id &&
    attempt.fieldId === entry.fields[0] &&
    ctx.now() < attempt.displayUntil
  if (!isOpen) return refused('reveal_not_open')
  await ctx.database.transaction((tx) =>
    audit(tx, ctx, { ...entry, action: 'grant.reveal_repeat', outcome: 'ok' }),
  )
  return show(ctx, attempt, sealed, entry)
}

/** What stood in the way of a use, for the entry and the sentence. */
async function whyNoUse(
  ctx: RequestContext,
  grantId: string,
  input: RevealInput,
): Promise<ScrimErrorCode> {
  const ground = await myGround(ctx, grantId, input)
  const alive = grantVerdict(ground.grant, ctx.now())
  if (!alive.allowed) return alive.code
  return ground.attempt === null ? 'grant_exhausted' : 'reveal_not_open'
}

/** Opens the value, after the commit. A failure is logged and gives the use back. */
async function show(
  ctx: RequestContext,
  attempt: StoredReveal,
  sealed: Sealed,
  entry: Entry,
): Promise<RevealedValue> {
  const value = await openSealed(ctx, attempt, sealed, entry)
  const { sensitivityClass } = fieldRefOf(ctx, { ...sealed, fieldId: attempt.fieldId })
  return {
    grantId: attempt.grantId,
    attemptId: attempt.attemptId,
    fieldId: attempt.fieldId,
    value,
    displayRemainingSeconds: secondsUntil(attempt.displayUntil, ctx.now()),
    displaySeconds: ctx.policy.limits.displaySeconds[sensitivityClass],
    usesLeft: sealed.usesLeft,
    isCopyAllowed: ctx.policy.limits.isCopyAllowed,
    watermark: { name: ctx.person.name, at: attempt.at.toISOString() },
  }
}

async function openSealed(
  ctx: RequestContext,
  attempt: StoredReveal,
  sealed: Sealed,
  entry: Entry,
): Promise<string> {
  const binding = {
    account: ctx.account.id,
    recordType: entry.record.type,
    recordId: entry.record.id,
    fieldId: attempt.fieldId,
    version: sealed.version,
  }
  try {
    return await openValue(ctx.keys, binding, sealed.jwe)
  } catch (error) {
    const code = error instanceof ScrimError ? error.code : 'reveal_failed'
    await ctx.database.transaction(async (tx) => {
      await returnUse(tx, attempt.grantId, attempt.attemptId)
      await audit(tx, ctx, { ...entry, action: 'grant.reveal_fail', outcome: 'failed', code })
    })
    throw new ScrimError(code)
  }
}
