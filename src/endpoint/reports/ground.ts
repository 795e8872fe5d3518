/** What every part of the access report reads: people, exceptions and policy as they are now. */
import { ScrimError } from '../../core/errors.ts'
import { accessOf } from '../../core/exception.ts'
import type { ReportField } from '../../core/access-report.ts'
import type { Person } from '../../core/person.ts'
import {
  approverOf,
  canPassAll,
  eligibleApprovers,
  rolesOf,
  seenRolesOf,
} from '../../core/policy-decision.ts'
import type { ApprovalLevel } from '../../core/policy.ts'
import type { Role } from '../../core/role.ts'
import { whyMasked } from '../../core/why.ts'
import type { WhyMasked } from '../../contract/protected-fields.ts'
import type { PersonRef } from '../../contract/primitives.ts'
import type { ReportedField, ReportedPerson } from '../../contract/reports.ts'
import { findAllActiveExceptions } from '../../storage/exceptions.ts'
import type { StoredException } from '../../storage/exceptions.ts'
import type { Group } from '../../zendesk/directory.ts'
import { isCircuitOpen } from '../caps/standing.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'

/** Of no field: what is found in a ticket has no id before it is found. */
const FOUND = 'found'

export type ReportGround = {
  people: readonly Person[]
  groups: readonly Group[]
  exceptions: readonly StoredException[]
  isBreakerOpen: boolean
  nameOf: (id: number) => PersonRef
}

export async function readGround(ctx: RequestContext): Promise<ReportGround> {
  const [people, groups, exceptions, isBreakerOpen, nameOf] = await Promise.all([
    ctx.zendesk.people(),
    ctx.zendesk.groups(),
    findAllActiveExceptions(ctx.database.orm, ctx.account.id, ctx.now()),
    isCircuitOpen(ctx),
    namesOf(ctx),
  ])
  return { people, groups, exceptions, isBreakerOpen, nameOf }
}

export function coveredBy(field: ReportField) {
  return {
    id: field.id ?? FOUND,
    sensitivityClass: field.sensitivityClass,
    zendeskFieldId: field.zendeskFieldId,
  }
}

export function reported({
  id,
  label,
  kind,
  sensitivityClass,
  protection,
}: ReportField): ReportedField {
  return { fieldId: id, label, kind, sensitivityClass, protection }
}

export function reportedPerson(
  { policy }: Pick<RequestContext, 'policy'>,
  person: Person,
  groups: readonly Group[],
): ReportedPerson {
  const roles = rolesOf(person, policy)
  return {
    person: { id: person.id, name: person.name },
    roles,
    waitingRoles: seenRolesOf(person, policy).filter((role) => !roles.includes(role)),
    groups: groups.filter(({ id }) => person.groupIds.includes(id)).map(({ name }) => name),
  }
}

/** What a person may do with a field on a ticket that is theirs to see, and which rule says so. */
export function accessOfPerson(
  ctx: RequestContext,
  ground: ReportGround,
  person: Person,
  field: ReportField,
): { access: ReturnType<typeof accessOf>['access']; why: WhyMasked } {
  const { policy } = ctx
  const now = ctx.now()
  const roles = rolesOf(person, policy)
  const covered = coveredBy(field)
  const of = (held: readonly Role[]) =>
    accessOf({ id: person.id, roles: held }, covered, policy, ground.exceptions, now)
  const { access, exceptionId } = of(roles)
  const exception = ground.exceptions.find(({ id }) => id === exceptionId)
  const rule = automaticRules(ctx, roles, field)[0]
  const why = whyMasked({
    protection: field.protection,
    access,
    seenAccess: of(seenRolesOf(person, policy)).access,
    isExcepted: exceptionId !== null,
    isPaused: policy.areRevealsPaused,
    isBreakerOpen: ground.isBreakerOpen,
    hasReached: null,
    // A rule that looks at the ticket or at the hour may approve, and may not: it is named beside.
    hasRule: rule !== undefined && !rule.isAssigneeOnly && !rule.isWithinHoursOnly,
    isApprovable: isApprovable(ctx, ground, person, policy.approval[field.sensitivityClass]),
    isDecidingTime: true,
  })
  return {
    access,
    why: {
      ...why,
      ...(rule === undefined ? {} : { label: rule.label }),
      ...(exception === undefined
        ? {}
        : {
            exception: {
              owner: ground.nameOf(exception.ownerId),
              expiresAt: exception.expiresAt.toISOString(),
            },
          }),
    },
  }
}

/** The automatic rules that may approve a field for somebody with these roles. */
export function automaticRules(
  { policy }: Pick<RequestContext, 'policy'>,
  roles: readonly Role[],
  { sensitivityClass }: Pick<ReportField, 'sensitivityClass'>,
) {
  return policy.automatic.filter(
    (rule) =>
      sensitivityClass !== 'secret' &&
      rule.classes.includes(sensitivityClass) &&
      rule.roles.some((role) => roles.includes(role)),
  )
}

/** Whether the account has people enough for the levels, whatever ticket it is about. */
function isApprovable(
  { policy }: RequestContext,
  { people }: ReportGround,
  requester: Person,
  levels: readonly ApprovalLevel[],
): boolean {
  const eligible = new Set(
    levels.flatMap((level) => eligibleApprovers(people, requester, level, policy)),
  )
  const approvers = [...eligible].map((person) => approverOf(person, policy))
  return canPassAll(levels, approvers, policy)
}

export function personById({ people }: ReportGround, id: number): Person {
  const person = people.find((candidate) => candidate.id === id)
  if (person === undefined) throw new ScrimError('person_unknown')
  return person
}
