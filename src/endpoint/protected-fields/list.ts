/** The protected fields of one ticket, as one person may see them. */
import type { Verdict } from '../../core/errors.ts'
import { ScrimError, refuse } from '../../core/errors.ts'
import type { Ticket } from '../../core/person.ts'
import { FULL_MASK } from '../../core/mask.ts'
import { accessTo, mayAskOnTicket, mayTakeIn } from '../../core/policy-decision.ts'
import { SENSITIVITY_CLASSES } from '../../core/protected-field.ts'
import { noteClasses } from '../../core/restricted-note.ts'
import { fieldOfValue } from '../../core/vaulted-field.ts'
import type { ValueDescription, VaultedField } from '../../core/vaulted-field.ts'
import type { NativeFieldList, ProtectedFieldList } from '../../contract/protected-fields.ts'
import { recordRead } from '../../storage/audit-log-reads.ts'
import { findGrantsOf } from '../../storage/grants.ts'
import { findRequestsOf } from '../../storage/reveal-requests.ts'
import { findCurrentValues } from '../../storage/vault.ts'
import { VIEW } from '../../zendesk/directory.ts'
import { actorOf, audit } from '../audit.ts'
import { breakGlassStanding } from '../break-glass/standing.ts'
import type { RequestContext } from '../context.ts'
import { grantViews } from '../grants/view.ts'
import { hasValue } from '../reveal-requests/create.ts'
import { namedFieldRefOf, requestViews } from '../reveal-requests/view.ts'
import { namesOf } from '../standing.ts'
import { listMergedTickets } from './merged-tickets.ts'
import { readWhy } from './why.ts'
import type { WhyReader } from './why.ts'

/** How long closed requests and ended grants stay in sight. */
const RECENT_MS = 60 * 60 * 1000

/** Throws `ticket_not_found` and `ticket_access_denied`; never answers a value. */
export async function listProtectedFields(
  ctx: RequestContext,
  ticketId: number,
): Promise<ProtectedFieldList> {
  const { account, database, policy, roles, seenRoles } = ctx
  const db = database.orm
  const since = new Date(ctx.now().getTime() - RECENT_MS)
  const record = { type: 'ticket', id: ticketId } as const
  // Zendesk answers more slowly than the database: both are asked at once.
  const [ticket, nameOf, values, requests, grants, mergedTickets] = await Promise.all([
    visibleTicket(ctx, ticketId),
    namesOf(ctx),
    findCurrentValues(db, account.id, record),
    findRequestsOf(db, account.id, ctx.person.id, ticketId, since),
    findGrantsOf(db, account.id, ctx.person.id, ticketId, since),
    listMergedTickets(ctx, ticketId),
  ])
  const onTicket = mayAskOnTicket(ticket, null, policy)
  const catalogue: VaultedField[] = policy.fields.map((field) => ({ ...field, place: null }))
  // Behind the catalogue, what was found in comments, attachments and notes of this ticket.
  const found = values
    .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime())
    .flatMap((value) => {
      const field = fieldOfValue(policy, value)
      return field === undefined || field.place === null ? [] : [field]
    })
  const known = [...catalogue, ...found]
  const reader = await readWhy(ctx, ticket, onTicket, known)
  const fields = known.map((field) => {
    const value = values.find((candidate) => candidate.fieldId === field.id)
    const erasedAt = value?.erasedAt ?? null
    const { access } = reader.accessTo(field)
    const stored = hasValue(field, values)
    // What nobody has confirmed yet shows masks, and gives nothing else. The mask was made by the class of its day; a field that became secret keeps nothing.
    const isSeen =
      access !== 'none' || accessTo(field.sensitivityClass, seenRoles, policy) !== 'none'
    const canSeeMask = isSeen && field.sensitivityClass !== 'secret'
    return {
      ...namedFieldRefOf(ctx, value ?? nothingStored(field.id), nameOf),
      protection: field.protection,
      access,
      masked:
        value === undefined || erasedAt !== null ? null : canSeeMask ? value.masked : FULL_MASK,
      hasValue: value !== undefined && erasedAt === null,
      contentType: erasedAt === null ? (value?.contentType ?? null) : null,
      ...(erasedAt === null ? {} : { erasedAt: erasedAt.toISOString() }),
      mayAsk: firstRefusal(reader.mayAsk(field), stored, onTicket),
      mayTakeIn: field.place === null ? mayTakeIn(field, roles, policy) : refuse('field_unknown'),
      why: reader.whyOf(field, stored),
    }
  })
  const asked = known.filter((field) => hasValue(field, values).allowed)
  const [requestsInView, grantsInView, breakGlass] = await Promise.all([
    requestViews(ctx, requests),
    grantViews(ctx, grants),
    breakGlassStanding(ctx),
  ])
  return {
    ticketId,
    fields,
    requests: requestsInView,
    grants: grantsInView,
    roles: [...roles],
    waitingRoles: seenRoles.filter((role) => !roles.includes(role)),
    classes: reader.classes,
    form: requestForm(ctx, ticket, reader, asked.length > 0 ? asked : catalogue),
    noteClasses: ticket.status === 'closed' ? [] : noteClasses(roles, policy),
    mergedTickets,
    breakGlass,
    areRevealsPaused: policy.areRevealsPaused,
    isCircuitOpen: reader.isCircuitOpen,
  }
}

/** The native ticket fields that the background app hides in the ticket form. */
export function listNativeFields(ctx: RequestContext): NativeFieldList {
  const { fields, extraHiddenFieldIds } = ctx.policy
  const ids = [...fields.map((field) => field.zendeskFieldId), ...extraHiddenFieldIds]
  return { zendeskFieldIds: [...new Set(ids)] }
}

/** The ticket if the person may see it. The first refusal of a session and ticket is an entry. */
async function visibleTicket(ctx: RequestContext, ticketId: number): Promise<Ticket> {
  const ticket = await ctx.zendesk.ticket(ticketId, VIEW)
  const verdict: Verdict =
    ticket === null
      ? { allowed: false, code: 'ticket_not_found' }
      : await ctx.zendesk.mayAccessTicket(ctx.person, ticket)
  if (ticket !== null && verdict.allowed) return ticket
  const code = verdict.allowed ? 'ticket_not_found' : verdict.code
  await ctx.database.transaction(async (tx) => {
    if (await recordRead(tx, ctx.session.id, `refused:${ticketId}`, ctx.now())) {
      await audit(tx, ctx, {
        action: 'request.refuse',
        actor: actorOf(ctx),
        outcome: 'refused',
        code,
        record: { type: 'ticket', id: ticketId },
      })
    }
  })
  throw new ScrimError(code)
}

/** What the request form offers on this ticket. */
function requestForm(
  ctx: RequestContext,
  ticket: Ticket,
  { classes, onDutyAt }: WhyReader,
  fields: readonly VaultedField[],
): ProtectedFieldList['form'] {
  const { limits, reasons } = ctx.policy
  // Asking for two fields together takes at least what the more sensitive of them takes.
  const highest = SENSITIVITY_CLASSES.findLast((each) =>
    fields.some((field) => field.sensitivityClass === each),
  )
  const [level] = classes.find((each) => each.sensitivityClass === highest)?.levels ?? []
  return {
    reasons: reasons
      .filter((reason) => mayAskOnTicket(ticket, reason.code, ctx.policy).allowed)
      .map(({ code, label }) => ({ code, label })),
    maxMinutes: limits.maxMinutes,
    defaultMinutes: limits.defaultMinutes,
    minReasonLength: limits.minReasonLength,
    approvers: level?.people ?? [],
    onDutyAt: onDutyAt?.toISOString() ?? null,
  }
}

const nothingStored = (fieldId: string): ValueDescription => ({
  fieldId,
  kind: null,
  sensitivityClass: null,
})

function firstRefusal(...verdicts: Verdict[]): Verdict {
  return verdicts.find((verdict) => !verdict.allowed) ?? { allowed: true }
}
