/**
 * Finding the tickets that hold a value, by its keyed fingerprint: masking must not take search away.
 * The answer is tickets that this person may open anyway, and fields whose mask they may see.
 */
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { isComparable } from '../../core/place.ts'
import { accessTo, mayFindByValue } from '../../core/policy-decision.ts'
import { withinRate } from '../../core/value-check.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { ValueSearch, ValueSearchInput } from '../../contract/value-checks.ts'
import { fingerprintsOf } from '../../keys/fingerprint.ts'
import { lockAuditLog } from '../../storage/audit-log.ts'
import { appendTry, findByFingerprint, findTries } from '../../storage/value-checks.ts'
import { ACT, VIEW } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { fieldRefOf } from '../reveal-requests/view.ts'
import { standingOf } from '../standing.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Fields that one search looks at: their tickets are one question to Zendesk. */
const MOST_FOUND = 100

type Tickets = ValueSearch['tickets']

/** What was searched for stays out of the log; what was found is in it, by number and ticket. */
export async function findByValue(
  context: RequestContext,
  input: ValueSearchInput,
): Promise<ValueSearch> {
  const ctx = { ...context, ...(await standingOf(context, context.session.userId, ACT)) }
  const { account, database, policy } = ctx
  const entry = {
    actor: actorOf(ctx),
    policyVersion: policy.version,
    data: { kind: input.kind },
  }
  const refused = (code: ScrimErrorCode, details?: ScrimErrorDetails) =>
    refuseAct(ctx, { ...entry, action: 'value_search.refuse' }, code, details)

  const permitted = mayFindByValue(ctx.roles, policy)
  if (!permitted.allowed) return refused(permitted.code)
  const verdict = await countSearch(ctx)
  if (!verdict.allowed) return refused(verdict.code, verdict)
  try {
    const { kind, value } = input
    const made = await fingerprintsOf(ctx.fingerprintKeys, { account: account.id, kind, value })
    const found = await findByFingerprint(
      database.orm,
      account.id,
      made.map(({ fingerprint }) => fingerprint),
      MOST_FOUND + 1,
    )
    const tickets = await visibleTickets(ctx, found.slice(0, MOST_FOUND))
    await database.transaction((tx) =>
      audit(tx, ctx, {
        ...entry,
        action: 'value_search.run',
        outcome: 'ok',
        data: {
          ...entry.data,
          count: tickets.length,
          ticketIds: tickets.map(({ ticketId }) => String(ticketId)),
        },
      }),
    )
    return { tickets, isComplete: found.length <= MOST_FOUND }
  } catch (error) {
    if (!(error instanceof ScrimError)) throw error
    const failed = { ...entry, action: 'value_search.refuse', outcome: 'failed' } as const
    return refuseAct(ctx, failed, error.code, error.details)
  }
}

/** Takes one search of this person's, before it is made: many at once are counted one by one. */
async function countSearch(ctx: RequestContext): Promise<ReturnType<typeof withinRate>> {
  const { account, database, policy } = ctx
  const limits = policy.limits.searches
  const personId = ctx.person.id
  return database.transaction(async (tx) => {
    await lockAuditLog(tx, account.id)
    const at = ctx.now()
    const about = { act: 'find', personId, since: new Date(at.getTime() - DAY_MS) } as const
    const most = Math.max(limits.perMinute, limits.perDay)
    const verdict = withinRate(await findTries(tx, account.id, about, most), limits, at)
    if (verdict.allowed) {
      const id = ctx.newId()
      await appendTry(tx, account.id, { id, act: 'find', personId, outcome: 'run', at })
    }
    return verdict
  })
}

/** The tickets among them that this person may open, each with the fields that hold the value. */
async function visibleTickets(
  ctx: RequestContext,
  found: Awaited<ReturnType<typeof findByFingerprint>>,
): Promise<Tickets> {
  const byTicket = new Map<number, Tickets[number]['fields']>()
  for (const value of found) {
    const field = fieldOfValue(ctx.policy, value)
    if (field === undefined || !isComparable(field.place)) continue
    if (accessTo(field.sensitivityClass, ctx.roles, ctx.policy) === 'none') continue
    const fields = byTicket.get(value.ticketId) ?? []
    byTicket.set(value.ticketId, [...fields, fieldRefOf(ctx, value)])
  }
  // Together, so that they are one look-up.
  const looked = await Promise.all(
    [...byTicket].map(async ([ticketId, fields]): Promise<Tickets> => {
      const ticket = await ctx.zendesk.ticket(ticketId, VIEW)
      if (ticket === null) return []
      const access = await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
      return access.allowed ? [{ ticketId, subject: ticket.subject, fields }] : []
    }),
  )
  return looked.flat()
}
