/**
 * Requests that policy approves by itself: because the roles, or an exception, give the value at once,
 * or because one of its rules fits. Beyond the soft cap it approves nothing.
 */
import { countedDay, fittingRules, ruleThatApproves } from '../../core/automatic-approval.ts'
import type { EffectiveAccess } from '../../core/exception.ts'
import type { Ticket } from '../../core/person.ts'
import type { AutomaticRule } from '../../core/policy.ts'
import type { SensitivityClass } from '../../core/protected-field.ts'
import type { VaultedField } from '../../core/vaulted-field.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import { lockAuditLog } from '../../storage/audit-log.ts'
import {
  findRuleUses,
  lockGrant,
  noteRule,
  takeRuleUse,
} from '../../storage/automatic-approvals.ts'
import type { Queryable } from '../../storage/database.ts'
import { systemActor } from '../audit.ts'
import { capStandingOf } from '../caps/standing.ts'
import type { RequestContext } from '../context.ts'
import { makeGrant } from './approve.ts'

/** How policy could approve; the rules in the order in which they are tried. */
export type PolicysWay = { by: 'access' } | { by: 'rule'; rules: readonly AutomaticRule[] }

export type PolicysApproval = { rule: AutomaticRule | null; minutes: number }

export type AskedField = { field: VaultedField; access: EffectiveAccess }

/**
 * How policy could approve what is asked, or null where people have to. A rule speaks for what the roles
 * let one ask for: where an exception alone does, whoever decides is to see it.
 */
export function policysWay(
  ctx: Pick<RequestContext, 'person' | 'roles' | 'policy' | 'now'>,
  ticket: Pick<Ticket, 'assigneeId'>,
  asked: readonly AskedField[],
): PolicysWay | null {
  const unanswered = asked.filter(({ access }) => access.access !== 'reveal')
  if (unanswered.length === 0) return { by: 'access' }
  if (unanswered.some(({ access }) => access.exceptionId !== null)) return null
  const ground = {
    roles: ctx.roles,
    classes: [...new Set(unanswered.map(({ field }) => field.sensitivityClass))],
    isAssignee: ticket.assigneeId === ctx.person.id,
    at: ctx.now(),
  }
  const rules = fittingRules(ground, ctx.policy)
  return rules.length === 0 ? null : { by: 'rule', rules }
}

/** The rule by which policy would approve one more value of a class, as far as one can tell before. */
export async function rulesLeft(
  ctx: Pick<RequestContext, 'account' | 'database' | 'person' | 'roles' | 'policy' | 'now'>,
  ticket: Pick<Ticket, 'assigneeId'>,
  personIds: readonly number[],
  classes: readonly SensitivityClass[],
): Promise<ReadonlyMap<SensitivityClass, AutomaticRule>> {
  const { account, database, policy } = ctx
  if (policy.automatic.length === 0) return new Map()
  const at = ctx.now()
  const about = { personId: countedPerson(personIds), day: countedDay(at) }
  const counts = await findRuleUses(database.orm, account.id, about)
  const ground = { roles: ctx.roles, isAssignee: ticket.assigneeId === ctx.person.id, at }
  const countToday = (ruleId: string) => counts.get(ruleId) ?? 0
  return new Map(
    classes.flatMap((name) => {
      const rule = ruleThatApproves({ ...ground, classes: [name] }, countToday, policy)
      return rule === null ? [] : [[name, rule] as const]
    }),
  )
}

/** All users of one human being count in one row. */
function countedPerson(personIds: readonly number[]): number {
  return Math.min(...personIds)
}

/**
 * Approves by policy, or answers null where caps and counts leave nothing of its way. Inside the
 * transaction that stored the request, before anything else is locked: from here on the account's other
 * acts wait, so that of two requests at once one takes what is left.
 */
export async function takePolicysWay(
  tx: Queryable,
  ctx: RequestContext,
  way: PolicysWay,
  about: {
    personIds: readonly number[]
    customerId: number
    minutes: number
    extendsGrantId: string | null
  },
): Promise<PolicysApproval | null> {
  const { account, policy } = ctx
  if (about.extendsGrantId !== null) await lockGrant(tx, account.id, about.extendsGrantId)
  await lockAuditLog(tx, account.id)
  const caps = await capStandingOf(tx, ctx, about.personIds, about.customerId)
  if (caps.isCircuitOpen || caps.soft !== null || caps.hard !== null) return null
  if (way.by === 'access') return { rule: null, minutes: about.minutes }
  const personId = countedPerson(about.personIds)
  const day = countedDay(ctx.now())
  for (const rule of way.rules) {
    const use = { personId, ruleId: rule.id, day }
    if (await takeRuleUse(tx, account.id, use, rule.perPersonPerDay)) {
      const minutes = Math.min(about.minutes, rule.minutes, policy.limits.maxMinutes)
      return { rule, minutes }
    }
  }
  return null
}

/** Makes the grant; answers the entries, for the caller to append. */
export async function approveByPolicy(
  tx: Queryable,
  ctx: RequestContext,
  request: Parameters<typeof makeGrant>[2] & {
    assigneeId: number | null
    exceptionId: string | null
    fields: Parameters<typeof makeGrant>[3]
  },
  { rule, minutes }: PolicysApproval,
): Promise<AuditDraft[]> {
  const actor = systemActor('policy')
  const ruleId = rule?.id ?? null
  if (ruleId !== null) await noteRule(tx, ctx.account.id, request.id, ruleId)
  const { assigneeId, exceptionId, fields } = request
  const granted = await makeGrant(tx, ctx, request, fields, { minutes, actor, assigneeId })
  const approved: AuditDraft = {
    action: 'reveal_request.approve',
    actor,
    outcome: 'ok',
    record: { type: 'ticket', id: request.ticketId },
    fields: fields.map(({ fieldId }) => fieldId),
    requestId: request.id,
    policyVersion: ctx.policy.version,
    data: { minutes, ruleId, ...(exceptionId === null ? {} : { exceptionId }) },
  }
  return [approved, ...granted]
}
