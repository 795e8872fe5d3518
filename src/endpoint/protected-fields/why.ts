/** Why each field is masked for one person, and who could change that: `core/why.ts` with all it needs. */
import type { Verdict } from '../../core/errors.ts'
import { nextDecidingAt } from '../../core/escalation.ts'
import { accessOf } from '../../core/exception.ts'
import type { EffectiveAccess } from '../../core/exception.ts'
import type { Person, Ticket } from '../../core/person.ts'
import { approverOf, canPassAll } from '../../core/policy-decision.ts'
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
import type { StoredException } from '../../storage/exceptions.ts'
import { findActiveExceptions } from '../../storage/exceptions.ts'
import type { Group } from '../../zendesk/directory.ts'
import type { RequestContext } from '../context.ts'
import { approversFor } from '../reveal-requests/approvers.ts'
import { namesOf } from '../standing.ts'

export type WhyReader = {
  /** What the person may do with a field, exceptions included. */
  accessTo(field: VaultedField): EffectiveAccess
  whyOf(field: VaultedField, value: Verdict): WhyMasked
  classes: ProtectedFieldList['classes']
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
  const { policy, person, roles, seenRoles } = ctx
  const now = ctx.now()
  const asked = SENSITIVITY_CLASSES.filter((sensitivityClass) =>
    fields.some((field) => field.sensitivityClass === sensitivityClass),
  )
  const [exceptions, groups, nameOf, gates] = await Promise.all([
    findActiveExceptions(ctx.database.orm, ctx.account.id, person.id, now),
    ctx.zendesk.groups(),
    namesOf(ctx),
    Promise.all(asked.map(async (each) => [each, await gatesOf(ctx, ticket, each)] as const)),
  ])
  const gatesByClass = new Map(gates)
  const onDutyAt = nextDecidingAt(policy, now)
  const accessTo = (field: VaultedField) =>
    accessOf({ id: person.id, roles }, field, policy, exceptions, now)
  return {
    accessTo,
    onDutyAt,
    whyOf: (field, value) => {
      const { access, exceptionId } = accessTo(field)
      const seen = accessOf({ id: person.id, roles: seenRoles }, field, policy, exceptions, now)
      const why = whyMasked({
        protection: field.protection,
        value,
        access,
        seenAccess: seen.access,
        isExcepted: exceptionId !== null,
        ticket: onTicket,
        isPaused: policy.areRevealsPaused,
        isBreakerOpen: false,
        hasReached: null,
        hasRule: false,
        isApprovable: isPassable(ctx, gatesByClass.get(field.sensitivityClass) ?? []),
        isDecidingTime: onDutyAt === null,
      })
      const exception = exceptions.find(({ id }) => id === exceptionId)
      return { ...why, ...(exception === undefined ? {} : exceptionIn(exception, nameOf)) }
    },
    classes: gates.map(([sensitivityClass, levels]) => ({
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

type Gate = { level: ApprovalLevel; people: readonly Person[] }

function gatesOf(
  ctx: RequestContext,
  ticket: Ticket,
  sensitivityClass: SensitivityClass,
): Promise<Gate[]> {
  return Promise.all(
    ctx.policy.approval[sensitivityClass].map(async (level) => ({
      level,
      people: await approversFor(ctx, ctx.person, ticket, level),
    })),
  )
}

/** Whether there are people enough for all gates; a delegate counts at the gate that was lent to them. */
function isPassable({ policy }: RequestContext, gates: readonly Gate[]): boolean {
  if (gates.some(({ level, people }) => people.length < level.count)) return false
  if (gates.length <= 1) return true
  const people = [...new Set(gates.flatMap((gate) => gate.people))]
  const levels = gates.map(({ level }) => level)
  const isLent = people.some(
    (one) =>
      !gates.some(({ level }) =>
        canPassAll([{ ...level, count: 1 }], [approverOf(one, policy)], policy),
      ),
  )
  return (
    isLent ||
    canPassAll(
      levels,
      people.map((one) => approverOf(one, policy)),
      policy,
    )
  )
}

function exceptionIn(
  { ownerId, expiresAt }: StoredException,
  nameOf: Awaited<ReturnType<typeof namesOf>>,
): Pick<WhyMasked, 'exception'> {
  return { exception: { owner: nameOf(ownerId), expiresAt: expiresAt.toISOString() } }
}
