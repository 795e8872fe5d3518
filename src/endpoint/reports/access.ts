/** Role by field: what each role may do as it is effective now, and who would approve it. */
import { mayExportAccess, mayReadAccess, reportFields } from '../../core/access-report.ts'
import type { ReportField } from '../../core/access-report.ts'
import { ScrimError } from '../../core/errors.ts'
import { covers } from '../../core/exception.ts'
import {
  accessTo,
  approverOf,
  canPassAll,
  rolesOf,
  seenRolesOf,
} from '../../core/policy-decision.ts'
import type { AppSettings, EffectivePolicy } from '../../core/policy.ts'
import type { Role } from '../../core/role.ts'
import { ROLES } from '../../core/role.ts'
import { whyMasked } from '../../core/why.ts'
import type { AccessReport } from '../../contract/reports.ts'
import { recordRead } from '../../storage/audit-log-reads.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { gateOf } from '../protected-fields/why.ts'
import { automaticRules, coveredBy, readGround, reported } from './ground.ts'
import type { ReportGround } from './ground.ts'

/** Throws `role_not_permitted`. The first look of a session is an entry. */
export async function getAccessReport(ctx: RequestContext): Promise<AccessReport> {
  const verdict = mayReadAccess(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  await noteRead(ctx, null)
  const [ground, settings] = await Promise.all([readGround(ctx), ctx.zendesk.appSettings()])
  const { policy } = ctx
  return {
    policyVersion: policy.version,
    at: ctx.now().toISOString(),
    tightening: tighteningOf(settings, policy),
    isBreakerOpen: ground.isBreakerOpen,
    roles: ROLES.map((role) => {
      const seen = ground.people.filter((person) => seenRolesOf(person, policy).includes(role))
      const held = seen.filter((person) => rolesOf(person, policy).includes(role))
      return { role, people: held.length, waiting: seen.length - held.length }
    }),
    fields: reportFields(policy).map((field) => ({
      ...reported(field),
      cells: ROLES.map((role) => cellOf(ctx, ground, field, role)),
      levels: policy.approval[field.sensitivityClass].map((level) => ({
        ...gateOf(level, ground.groups),
        people: ground.people.filter((person) =>
          canPassAll([{ ...level, count: 1 }], [approverOf(person, policy)], policy),
        ).length,
      })),
      displaySeconds: policy.limits.displaySeconds[field.sensitivityClass],
      exceptions: ground.exceptions
        .filter((exception) => covers(exception, coveredBy(field)))
        .map(({ personId, effect, ownerId, expiresAt }) => ({
          holder: ground.nameOf(personId),
          effect,
          owner: ground.nameOf(ownerId),
          expiresAt: expiresAt.toISOString(),
        })),
    })),
    maxMinutes: policy.limits.maxMinutes,
    uses: policy.limits.uses,
    mayExport: mayExportAccess(ctx.roles).allowed,
  }
}

/** A role by itself, as somebody would have it who holds no other and no exception. */
export function cellOf(
  ctx: RequestContext,
  { isBreakerOpen }: Pick<ReportGround, 'isBreakerOpen'>,
  field: ReportField,
  role: Role,
): AccessReport['fields'][number]['cells'][number] {
  const { policy } = ctx
  const access = accessTo(field.sensitivityClass, [role], policy)
  const { rule } = whyMasked({
    protection: field.protection,
    access,
    seenAccess: access,
    isExcepted: false,
    isPaused: policy.areRevealsPaused,
    isBreakerOpen,
    hasReached: null,
    hasRule: false,
    isApprovable: true,
    isDecidingTime: true,
  })
  const automatic = access === 'request' ? automaticRules(ctx, [role], field) : []
  return { role, access, rule, automatic: automatic.map(({ label }) => label) }
}

/** What the installation's settings say, as far as it is what now holds: a wider setting has no effect. */
function tighteningOf(settings: AppSettings, policy: EffectivePolicy): AccessReport['tightening'] {
  const { limits, areRevealsPaused } = policy
  const inForce = (setting: number | null, effective: number) =>
    setting !== null && Math.floor(setting) === effective ? effective : null
  return {
    areRevealsPaused,
    maxMinutes: inForce(settings.maxMinutes, limits.maxMinutes),
    displaySeconds: inForce(
      settings.displaySeconds,
      Math.max(...Object.values(limits.displaySeconds)),
    ),
    minReasonLength: inForce(settings.minReasonLength, limits.minReasonLength),
    isCopyForbidden: settings.isCopyAllowed === false,
  }
}

/** One entry a session for the report, and one for each person that it looks at. */
export async function noteRead(ctx: RequestContext, personId: number | null): Promise<void> {
  const what = personId === null ? 'report:access' : `report:access:${personId}`
  await ctx.database.transaction(async (tx) => {
    if (!(await recordRead(tx, ctx.session.id, what, ctx.now()))) return
    await audit(tx, ctx, {
      action: 'report.read',
      actor: actorOf(ctx),
      outcome: 'ok',
      policyVersion: ctx.policy.version,
      data: { report: 'access', personId },
    })
  })
}
