/**
 * Showing a value. The order is the promise: take a use and append the entry in one transaction,
 * commit, and only then open the value. No value leaves without an entry that was committed first.
 * A document leaves in parts: its first part is the reveal, the others belong to the same attempt.
 */
import { EMERGENCY_CAPS } from '../../core/break-glass.ts'
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { displayEnd, grantVerdict, secondsUntil } from '../../core/grant.ts'
import type { DocumentPart, RevealInput, RevealedValue } from '../../contract/grants.ts'
import { openValue } from '../../keys/seal.ts'
import type { RevealGround, StoredReveal } from '../../storage/reveals.ts'
import { findRevealGround, returnUse } from '../../storage/reveals.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { detailsOf } from '../caps/admit.ts'
import { exemptionOf } from '../exceptions/access.ts'
import { drainSoon } from '../outbox/drain.ts'
import { freshContext, usersOf } from '../standing.ts'
import { fieldRefOf } from '../reveal-requests/view.ts'
import { openPart } from '../vault/open-document.ts'
import { bindingOf } from '../vault/prepare-value.ts'
import { endWithoutGround, groundLost } from './end.ts'
import { takeUse } from './take-uses.ts'

type Sealed = NonNullable<RevealGround['field']>
type Refuse = (code: ScrimErrorCode, details?: ScrimErrorDetails) => Promise<never>

/**
 * Reveals one field once. Somebody else's grant looks like none. The same session repeating an
 * `attemptId` within the display window gets the value again, or another part of it, without another
 * use.
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
  const refused: Refuse = (code, details) =>
    refuseAct(ctx, { ...entry, action: 'grant.reveal_refuse' }, code, details)

  const sealed = ground.field
  if (sealed === null) return refused('fields_not_requested')
  const alive = grantVerdict(grant, ctx.now())
  if (!alive.allowed) return refused(alive.code)
  if (sealed.jwe === '') return refused('value_erased')
  if (ctx.policy.areRevealsPaused) return refused('reveals_paused')
  const value = { ...sealed, fieldId: input.fieldId }
  const exemption = await exemptionOf(ctx, grant)
  const lost = groundLost(grant, [value], { ticket, person: ctx.person, exemption }, ctx.policy)
  if (lost !== null || ticket === null) {
    const code = lost ?? 'ticket_not_found'
    await endWithoutGround(ctx, grant, code)
    drainSoon(ctx)
    return refused(code)
  }
  const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (!access.allowed) return refused(access.code)

  if (sealed.contentType === null && input.part > 0) return refused('bad_input')
  const asked = { sealed, part: input.part, entry, refused }
  if (ground.attempt !== null) return repeat(ctx, ground.attempt, asked)
  if (input.part > 0) return refused('reveal_not_open')
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
  const personIds = await usersOf(ctx, ctx.person)
  const caps = grant.isBreakGlass ? EMERGENCY_CAPS : ctx.policy.caps
  const taken = await takeUse(
    ctx,
    { ...attempt, requesterId: ctx.person.id, customerId: grant.customerId, personIds, caps },
    { ...entry, action: 'grant.reveal', outcome: 'ok' },
  )
  if (!taken.isTaken) {
    const { refusal } = taken
    if (refusal === null) return refused(await whyNoUse(ctx, grantId, input))
    return refused(refusal.code, detailsOf(refusal))
  }
  return show(ctx, attempt, { ...asked, sealed: { ...sealed, usesLeft: taken.usesLeft } })
}

/** What is to be shown, and how that is logged. */
type Asked = { sealed: Sealed; part: number; entry: Entry; refused: Refuse }

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

/** Part 0 again is the value again, and so an entry; the other parts are what part 0 announced. */
async function repeat(
  ctx: RequestContext,
  attempt: StoredReveal,
  asked: Asked,
): Promise<RevealedValue> {
  const { entry, part, refused } = asked
  const isOpen =
    attempt.state === 'open' &&
    attempt.sessionId === ctx.session.id &&
    attempt.fieldId === entry.fields[0] &&
    ctx.now() < attempt.displayUntil
  if (!isOpen) return refused('reveal_not_open')
  if (part === 0) {
    await ctx.database.transaction((tx) =>
      audit(tx, ctx, { ...entry, action: 'grant.reveal_repeat', outcome: 'ok' }),
    )
  }
  return show(ctx, attempt, asked)
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

/** Opens the value, after the commit. */
async function show(
  ctx: RequestContext,
  attempt: StoredReveal,
  asked: Asked,
): Promise<RevealedValue> {
  const { sealed, refused } = asked
  const shown = await openSealed(ctx, attempt, asked)
  if (shown === null) return refused('bad_input')
  const { limits } = ctx.policy
  const { sensitivityClass } = fieldRefOf(ctx, { ...sealed, fieldId: attempt.fieldId })
  return {
    grantId: attempt.grantId,
    attemptId: attempt.attemptId,
    fieldId: attempt.fieldId,
    ...shown,
    displayRemainingSeconds: secondsUntil(attempt.displayUntil, ctx.now()),
    displaySeconds: limits.displaySeconds[sensitivityClass],
    usesLeft: sealed.usesLeft,
    isCopyAllowed: limits.isCopyAllowed,
    watermark: { name: ctx.person.name, at: attempt.at.toISOString() },
  }
}

/**
 * The value, or one part of the document; null for a part that it never had. A failure is logged. It
 * gives the use back unless it is a later part's: the first one has been shown by then.
 */
async function openSealed(
  ctx: RequestContext,
  attempt: StoredReveal,
  { sealed, part, entry }: Asked,
): Promise<{ value: string } | { document: DocumentPart } | null> {
  const { contentType, jwe, version } = sealed
  const { fieldId } = attempt
  const key = { record: entry.record, fieldId, version }
  try {
    if (contentType === null) {
      const binding = bindingOf(ctx, { ...key, field: { id: fieldId } })
      return { value: await openValue(ctx.keys, binding, jwe) }
    }
    const opened = await openPart(ctx, key, jwe, part)
    if (opened === null) return null
    const { bytes, size, parts } = opened
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    const { isDownloadAllowed } = ctx.policy.limits
    return { document: { contentType, size, parts, part, data, isDownloadAllowed } }
  } catch (error) {
    const code = error instanceof ScrimError ? error.code : 'reveal_failed'
    await ctx.database.transaction(async (tx) => {
      if (part === 0) await returnUse(tx, attempt.grantId, attempt.attemptId)
      const failed = { ...entry, action: 'grant.reveal_fail', outcome: 'failed', code } as const
      await audit(tx, ctx, part === 0 ? failed : { ...failed, data: { part } })
    })
    throw new ScrimError(code)
  }
}
