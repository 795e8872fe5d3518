/** Why each field is masked for one person, and who could change that: `core/why.ts` with all it needs. */
import type { Verdict } from '../../core/errors.ts'
import { refuse } from '../../core/errors.ts'
import { nextDecidingAt } from '../../core/escalation.ts'
import { accessOf, mayAsk } from '../../core/exception.ts'
import type { EffectiveAccess } from '../../core/exception.ts'
import type { Person, Ticket } from '../../core/person.ts'
import { mayAskFor, orPowerWaits } from '../../core/policy-decision.ts'
import type { ApprovalLevel } from '../../core/policy.ts'
import { SENSITIVITY_CLASSES } from '../../core/protected-field.ts'
import type { SensitivityClass } from '../../core/protected-field.ts'
import type { VaultedField } from '../../core/vaulted-field.ts'
import { askersOf, whyMasked } from '../../core/why.ts'
import type {
  ApprovalGate,
  ProtectedFieldList,
  WhyMasked,
} from '../../contract/protected-fields.ts'
import { findActiveExceptions } from '../../storage/exceptions.ts'
import type { StoredException } from '../../storage/exceptions.ts'
import type { Group } from '../../zendesk/directory.ts'
import { capStandingOf } from '../caps/standing.ts'
import type { CapStanding } from '../caps/standing.ts'
import type { RequestContext } from '../context.ts'
import type { Bench } from '../reveal-requests/approvers.ts'
import { approversOf, benchOf, canEverPass } from '../reveal-requests/approvers.ts'
import { rulesLeft } from '../reveal-requests/policys-approval.ts'
import { namesOf, usersOf } from '../standing.ts'

export type WhyReader = {
  /** What the person may do with a field, exceptions included. */
  accessTo(field: VaultedField): EffectiveAccess
  /** Whether they may ask for it now, whatever is stored. */
  mayAsk(field: VaultedField): Verdict
  whyOf(field: VaultedField, value: Verdict): WhyMasked
  classes: ProtectedFieldList['classes']
  /** Everybody's reveals are stopped. */
  isCircuitOpen: boolean
  /** When somebody may decide next; null while they may. */
  onDutyAt: Date | null
}

/** Looks up, once for all fields of a ticket, what their rules ask for. */
export async function readWhy(
  ctx: RequestContext,
  ticket: Ticket,
  onTicket: Verdict,
  fields: readonly VaultedField[],
): Promise<WhyReader> {
  const { account, policy, person, roles, seenRoles } = ctx
  const db = ctx.database.orm
  const now = ctx.now()
  const asked = SENSITIVITY_CLASSES.filter((sensitivityClass) =>
    fields.some((field) => field.sensitivityClass === sensitivityClass),
  )
  const [exceptions, groups, nameOf, personIds, bench] = await Promise.all([
    findActiveExceptions(db, account.id, person.id, now),
    ctx.zendesk.groups(),
    namesOf(ctx),
    usersOf(ctx, person),
    benchOf(ctx),
  ])
  const [caps, rules, gates] = await Promise.all([
    capStandingOf(db, ctx, personIds, ticket.requesterId),
    rulesLeft(ctx, ticket, personIds, asked),
    Promise.all(asked.map((each) => gatesOf(ctx, ticket, each, bench))),
  ])
  const onDutyAt = nextDecidingAt(policy, now)
  const reached = caps.hard ?? caps.soft
  const accessTo = (field: VaultedField) =>
    accessOf({ id: person.id, roles }, field, policy, exceptions, now)
  return {
    accessTo,
    mayAsk: (field) => {
      const verdict = mayAsk(accessTo(field), policy)
      const waits = orPowerWaits(verdict, mayAskFor(field, seenRoles, policy))
      return waits.allowed ? withinCaps(caps) : waits
    },
    onDutyAt,
    isCircuitOpen: caps.isCircuitOpen,
    whyOf: (field, value) => {
      const { access, exceptionId } = accessTo(field)
      const seen = accessOf({ id: person.id, roles: seenRoles }, field, policy, exceptions, now)
      // A rule speaks for what the roles let one ask for.
      const isByRole = access === 'request' && exceptionId === null
      const rule = isByRole ? rules.get(field.sensitivityClass) : undefined
      const why = whyMasked({
        protection: field.protection,
        value,
        access,
        seenAccess: seen.access,
        isExcepted: exceptionId !== null,
        ticket: onTicket,
        isPaused: policy.areRevealsPaused,
        isBreakerOpen: caps.isCircuitOpen,
        hasReached: caps.hard !== null ? 'hard' : caps.soft !== null ? 'soft' : null,
        hasRule: rule !== undefined,
        isApprovable:
          gates.find((each) => each.sensitivityClass === field.sensitivityClass)?.isPassable ??
          false,
        isDecidingTime: onDutyAt === null,
      })
      const exception = exceptions.find(({ id }) => id === exceptionId)
      return {
        ...why,
        ...(exception === undefined ? {} : exceptionIn(exception, nameOf)),
        ...(rule === undefined ? {} : { label: rule.label }),
        ...(reached === null ? {} : { cap: capIn(reached) }),
      }
    },
    classes: gates.map(({ sensitivityClass, levels }) => ({
      sensitivityClass,
      askers: askersOf(sensitivityClass, policy),
      levels: levels.map(({ level, people }) => ({
        ...gateOf(level, groups),
        people: people.map(({ id, name }) => ({ id, name })),
      })),
    })),
  }
}

/** A level as people read it. */
export function gateOf(
  { count, roles, groupIds }: ApprovalLevel,
  groups: readonly Group[],
): ApprovalGate {
  const nameOf = (id: number) => groups.find((group) => group.id === id)?.name ?? `#${id}`
  return { count, roles, groups: groupIds.map(nameOf) }
}

type Gates = {
  sensitivityClass: SensitivityClass
  levels: { level: ApprovalLevel; people: readonly Person[] }[]
  /** Whether there are people enough for all of them. */
  isPassable: boolean
}

/** The gates of a class, and who stands at each as long as nobody has decided. */
async function gatesOf(
  ctx: RequestContext,
  ticket: Ticket,
  sensitivityClass: SensitivityClass,
  bench: Bench,
): Promise<Gates> {
  const requester = ctx.person
  const levels = await Promise.all(
    ctx.policy.approval[sensitivityClass].map(async (level) => {
      const passage = { levels: [level], approvers: [], isLate: false }
      return {
        level,
        people: await approversOf(ctx, { requester, ticket, passage }, bench),
      }
    }),
  )
  const [first] = levels
  const isPassable =
    // At one gate for one person whoever stands there is enough; all else takes counting human beings.
    levels.length === 1 && first?.level.count === 1 && first.people.length > 0
      ? true
      : await canEverPass(
          ctx,
          { requester, ticket, levels: levels.map(({ level }) => level) },
          bench,
        )
  return { sensitivityClass, levels, isPassable }
}

function withinCaps({ isCircuitOpen, hard }: CapStanding): Verdict {
  if (isCircuitOpen) return refuse('circuit_open')
  return hard === null ? { allowed: true } : refuse('reveal_cap_reached', hard.limit)
}

function capIn({ per, limit, retryAfterSeconds }: NonNullable<CapStanding['hard']>) {
  return { per, limit, remainingSeconds: retryAfterSeconds }
}

function exceptionIn(
  { ownerId, expiresAt }: StoredException,
  nameOf: Awaited<ReturnType<typeof namesOf>>,
): Pick<WhyMasked, 'exception'> {
  return { exception: { owner: nameOf(ownerId), expiresAt: expiresAt.toISOString() } }
}
