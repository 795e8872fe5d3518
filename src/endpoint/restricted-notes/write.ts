/**
 * Writing a restricted note: the text goes to the vault first, durably; only then, through the outbox,
 * does the ticket receive a private note that stands for it. The text itself never goes to Zendesk.
 */
import type { ScrimErrorCode, Verdict } from '../../core/errors.ts'
import { ScrimError, refuse } from '../../core/errors.ts'
import { checkNoteText, mayWriteNote, nextNoteNumber } from '../../core/restricted-note.ts'
import { fieldIdAt } from '../../core/vaulted-field.ts'
import type { WriteNoteInput, WrittenNote } from '../../contract/restricted-notes.ts'
import { appendOutboxOnce, findOutboxWork } from '../../storage/outbox.ts'
import { appendValue, findCurrentValues } from '../../storage/vault.ts'
import type { NewValue } from '../../storage/vault.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { drainSoon } from '../outbox/drain.ts'
import { freshContext } from '../standing.ts'
import { prepareValue } from '../vault/prepare-value.ts'

/** Everybody who writes on one ticket at one moment gets through within so many turns. */
const MOST_TURNS = 20

type Input = WriteNoteInput & { ticketId: number }

/** Whoever may ask to read a class may write in it, and has to ask like everybody else afterwards. */
export async function writeRestrictedNote(
  context: RequestContext,
  input: Input,
): Promise<WrittenNote> {
  const { ctx, ticket } = await freshContext(context, input.ticketId)
  const { ticketId, sensitivityClass } = input
  const refused = (code: ScrimErrorCode) =>
    refuseAct(ctx, { ...entryFor(ctx, input), action: 'restricted_note.refuse' }, code)

  if (ticket === null) return refused('ticket_not_found')
  const verdicts: Verdict[] = [
    await ctx.zendesk.mayAccessTicket(ctx.person, ticket),
    mayWriteNote(sensitivityClass, ctx.roles, ctx.policy),
    // Zendesk adds nothing to a closed ticket, so nothing would stand for the note.
    ticket.status === 'closed' ? refuse('ticket_closed') : { allowed: true },
    checkNoteText(input.text),
  ]
  for (const verdict of verdicts) if (!verdict.allowed) return refused(verdict.code)

  const attemptId = input.attemptId ?? ctx.newId()
  const record = { type: 'ticket', id: ticketId } as const
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const known = await findCurrentValues(ctx.database.orm, ctx.account.id, record)
    const number = nextNoteNumber(known.map(({ fieldId }) => fieldId))
    // Sealed to its own number, so another turn seals anew.
    const value = await prepareValue(ctx, {
      record,
      field: { id: fieldIdAt({ in: 'note', number }), kind: 'internal_note', sensitivityClass },
      version: 1,
      value: input.text,
      source: 'note',
      customerId: ticket.requesterId,
      createdBy: ctx.person.id,
    })
    const outcome = await store(ctx, input, attemptId, value)
    if (outcome === 'repeated') return earlierNote(ctx, input, attemptId)
    if (outcome === 'taken') continue
    drainSoon(ctx)
    return { fieldId: value.fieldId, sensitivityClass }
  }
  throw new ScrimError('conflict')
}

function entryFor(ctx: RequestContext, { ticketId, sensitivityClass }: Input) {
  return {
    actor: actorOf(ctx),
    record: { type: 'ticket', id: ticketId } as const,
    policyVersion: ctx.policy.version,
    data: { sensitivityClass },
  }
}

/** `taken`: somebody else's note got the number first. `repeated`: this attempt was stored before. */
async function store(
  ctx: RequestContext,
  input: Input,
  attemptId: string,
  value: NewValue,
): Promise<'stored' | 'taken' | 'repeated'> {
  const { ticketId } = input
  const { fieldId } = value
  const entry = entryFor(ctx, input)
  const act = ctx.database.transaction(async (tx) => {
    const order = { kind: 'add_note' as const, payload: { ticketId, fieldId } }
    const isFirst = await appendOutboxOnce(tx, ctx.account.id, value.createdAt, {
      id: attemptId,
      ...order,
    })
    if (!isFirst) return 'repeated'
    const isMine = await appendValue(tx, ctx.account.id, entry.record, value)
    // Thrown, so that the order goes with it.
    if (!isMine) throw new ScrimError('conflict')
    await audit(tx, ctx, {
      ...entry,
      action: 'restricted_note.write',
      outcome: 'ok',
      fields: [fieldId],
    })
    return 'stored'
  })
  return act.catch((error: unknown) => {
    if (error instanceof ScrimError && error.code === 'conflict') return 'taken'
    throw error
  })
}

/** What an attempt wrote whose answer got lost. An id that stands for anything else is refused. */
async function earlierNote(
  ctx: RequestContext,
  { ticketId, sensitivityClass }: Input,
  attemptId: string,
): Promise<WrittenNote> {
  const db = ctx.database.orm
  const work = await findOutboxWork(db, ctx.account.id, attemptId)
  if (work?.kind !== 'add_note' || work.payload.ticketId !== ticketId) {
    throw new ScrimError('conflict')
  }
  const { fieldId } = work.payload
  const values = await findCurrentValues(db, ctx.account.id, { type: 'ticket', id: ticketId })
  const isMine = values.some(
    (value) =>
      value.fieldId === fieldId &&
      value.createdBy === ctx.person.id &&
      value.sensitivityClass === sensitivityClass,
  )
  if (!isMine) throw new ScrimError('conflict')
  return { fieldId, sensitivityClass }
}
