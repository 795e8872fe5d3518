/**
 * Tests of a policy, written by whoever answers for it: who meets what, when, and what has to come of
 * it. They are run by the command line, by CI and by the administrator's page alike.
 */
import { z } from 'zod'
import type { ScrimErrorCode } from './errors.ts'
import { SCRIM_ERROR_CODES } from './errors.ts'
import type { Person, Ticket } from './person.ts'
import { accessTo, approvalLevels, mayAskFor, mayAskOnTicket, rolesOf } from './policy-decision.ts'
import type { ApprovalLevel, EffectivePolicy, Policy } from './policy.ts'
import { NO_APP_SETTINGS, tighten } from './policy.ts'
import { findField } from './protected-field.ts'
import { ROLES } from './role.ts'

const zendeskId = z.number().int().positive()

const expectation = z.union([
  /** Sees nothing; sees the mask and may not ask; policy approves by itself. */
  z.enum(['none', 'masked', 'allowed']),
  z.strictObject({
    approvalFrom: z
      .array(
        z.strictObject({
          count: z.number().int().min(1).max(5).default(1),
          roles: z.array(z.enum(ROLES)).default([]),
          groupIds: z.array(zendeskId).default([]),
        }),
      )
      .min(1),
  }),
  z.strictObject({ refused: z.enum(SCRIM_ERROR_CODES) }),
])

const policyCase = z.strictObject({
  name: z.string().min(1).max(120),
  who: z.strictObject({
    zendeskRole: z.enum(['agent', 'admin']).default('agent'),
    groupIds: z.array(zendeskId).default([]),
    customRoleId: zendeskId.nullable().default(null),
    isSuspended: z.boolean().default(false),
  }),
  /** Fields of the catalogue that are asked for together. */
  what: z.strictObject({ fieldIds: z.array(z.string()).min(1) }),
  when: z
    .strictObject({
      ticketStatus: z.enum(['new', 'open', 'pending', 'hold', 'solved', 'closed']).default('open'),
      /** Absent asks with any reason. */
      reasonCode: z.string().nullable().default(null),
      minutes: z.number().int().min(1).nullable().default(null),
    })
    .default({ ticketStatus: 'open', reasonCode: null, minutes: null }),
  expect: expectation,
})

/** The file: `{ "cases": [{ "name", "who", "what", "when", "expect" }] }`. */
export const policyCases = z.strictObject({ cases: z.array(policyCase).max(500) })

export type PolicyCase = z.infer<typeof policyCase>
export type Outcome = z.infer<typeof expectation>
export type CaseResult = {
  name: string
  isPassed: boolean
  expected: Outcome
  found: Outcome
}

/** Every case with what comes of it, in the order of the file. */
export function runPolicyCases(policy: Policy, cases: readonly PolicyCase[]): CaseResult[] {
  const effective = tighten(policy, NO_APP_SETTINGS)
  return cases.map((one) => {
    const found = outcomeOf(effective, one)
    return {
      name: one.name,
      isPassed: spell(found) === spell(one.expect),
      expected: one.expect,
      found,
    }
  })
}

/** Decides as the endpoint does, from the same functions. */
function outcomeOf(policy: EffectivePolicy, { who, what, when }: PolicyCase): Outcome {
  const roles = rolesOf(personOf(who), policy)
  const fields = what.fieldIds.map((fieldId) => findField(policy.fields, fieldId))
  if (!fields.every((field) => field !== undefined)) return { refused: 'field_unknown' }
  const levels = fields.map(({ sensitivityClass }) => accessTo(sensitivityClass, roles, policy))
  // Several fields are one request: the least of what each gives.
  if (levels.includes('none')) return 'none'
  if (levels.includes('masked')) return 'masked'
  const verdicts = [
    ...fields.map((field) => mayAskFor(field, roles, policy)),
    mayAskOnTicket(ticketIn(when.ticketStatus), when.reasonCode, policy),
  ]
  const refused = verdicts.find((verdict) => !verdict.allowed)
  if (refused !== undefined && !refused.allowed) return { refused: refused.code }
  if (!isReasonKnown(when.reasonCode, policy)) return { refused: 'reason_code_unknown' }
  if ((when.minutes ?? 0) > policy.limits.maxMinutes) return { refused: 'duration_too_long' }
  if (levels.every((level) => level === 'reveal')) return 'allowed'
  return {
    approvalFrom: approvalLevels(fields, policy).map(({ count, roles, groupIds }) => ({
      count,
      roles,
      groupIds,
    })),
  }
}

function isReasonKnown(code: string | null, policy: Policy): boolean {
  return code === null || policy.reasons.some((reason) => reason.code === code)
}

/** One spelling of an outcome: roles stand in any order, levels do not. */
function spell(outcome: Outcome): string {
  if (typeof outcome === 'string') return outcome
  if ('refused' in outcome) return `refused ${outcome.refused satisfies ScrimErrorCode}`
  return outcome.approvalFrom.map(spellLevel).join(', then ')
}

function spellLevel(level: Pick<ApprovalLevel, 'count' | 'roles' | 'groupIds'>): string {
  const { count, roles, groupIds } = level
  const groups = groupIds.toSorted((a, b) => a - b).map((groupId) => `group ${groupId}`)
  return `${count} ${[...roles.toSorted(), ...groups].join(' or ')}`
}

/** An outcome in words, for a person at a terminal or a page. */
export function outcomeWords(outcome: Outcome): string {
  return typeof outcome === 'object' && 'approvalFrom' in outcome
    ? `needs approval from ${spell(outcome)}`
    : spell(outcome)
}

/** Somebody in general: a case speaks of a standing, not of a person. */
function personOf(who: PolicyCase['who']): Person {
  return {
    ...who,
    id: 0,
    name: '',
    email: null,
    roleType: null,
    ticketRestriction: null,
    isActive: true,
    organizationId: null,
  }
}

function ticketIn(status: Ticket['status']): Ticket {
  return {
    id: 0,
    subject: '',
    status,
    requesterId: 0,
    submitterId: null,
    assigneeId: null,
    groupId: null,
    organizationId: null,
    brandId: null,
    collaboratorIds: [],
    followerIds: [],
  }
}
