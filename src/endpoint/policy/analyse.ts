/** Everything that is to be known of a document before somebody submits it or consents to it. */
import type { PolicyAnalysis } from '../../contract/policy.ts'
import type { CaseResult, PolicyCase } from '../../core/policy-case.ts'
import { policyCases, runPolicyCases } from '../../core/policy-case.ts'
import type { PolicyChange } from '../../core/policy-change.ts'
import { compareCases, comparePolicies, isWidening } from '../../core/policy-change.ts'
import type { DocumentFault } from '../../core/policy-document.ts'
import { documentFaults, parsePolicyContent } from '../../core/policy-document.ts'
import type { AccountFacts, LintFinding } from '../../core/policy-lint.ts'
import { lintPolicy } from '../../core/policy-lint.ts'
import type { AccessChange, OpenAct, PolicyPreview } from '../../core/policy-preview.ts'
import { previewPolicy } from '../../core/policy-preview.ts'
import type { Policy } from '../../core/policy.ts'
import { findActiveGrants } from '../../storage/grants.ts'
import { findPendingRequests } from '../../storage/reveal-requests.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'
import type { Governed } from './governance.ts'

/** A document with its cases, as the schema takes them. */
export type Proposal = { policy: Policy; cases: PolicyCase[] }

export type ParsedProposal =
  { ok: true; proposal: Proposal } | { ok: false; issues: DocumentFault[] }

/** Paths begin with `document` or `cases`. Nothing that was sent is quoted but names of keys. */
export function parseProposal(sent: { document: unknown; cases: unknown }): ParsedProposal {
  // The endpoint gives the number; a document that is being written need not have one.
  const content =
    typeof sent.document === 'object' && sent.document !== null
      ? { ...sent.document, version: 1 }
      : sent.document
  const policy = parsePolicyContent(content)
  const cases = policyCases.safeParse({ cases: sent.cases })
  if (policy.ok && cases.success) {
    return { ok: true, proposal: { policy: policy.policy, cases: cases.data.cases } }
  }
  return {
    ok: false,
    issues: [
      ...(policy.ok ? [] : policy.faults.map(inDocument)),
      ...(cases.success ? [] : documentFaults(cases.error)),
    ],
  }
}

const inDocument = ({ path, rule }: DocumentFault): DocumentFault => ({
  path: path === 'document' ? path : `document.${path}`,
  rule,
})

export type Analysis = {
  changes: PolicyChange[]
  isWidening: boolean
  findings: LintFinding[]
  cases: CaseResult[]
}

/** What a proposal changes of the document that holds now, and of the cases it has to pass. */
export function changesOf(
  { policy, cases }: Proposal,
  { base, baseCases }: Pick<Governed, 'base' | 'baseCases'>,
): PolicyChange[] {
  return [...comparePolicies(base, policy), ...compareCases(baseCases, cases)]
}

/** What decides whether a proposal may go on. */
export function analyse(
  proposal: Proposal,
  governed: Pick<Governed, 'base' | 'baseCases'>,
  facts: AccountFacts,
): Analysis {
  const { policy, cases } = proposal
  const changes = changesOf(proposal, governed)
  return {
    changes,
    isWidening: isWidening(changes),
    findings: lintPolicy(policy, facts),
    cases: runPolicyCases(policy, cases),
  }
}

/** What Zendesk knows of the account, as fresh as its directory. */
export async function accountFacts({
  zendesk,
}: Pick<RequestContext, 'zendesk'>): Promise<AccountFacts> {
  const [people, groups, customRoles] = await Promise.all([
    zendesk.people(),
    zendesk.groups(),
    zendesk.customRoles(),
  ])
  return { people, groups, customRoleIds: customRoles.map(({ id }) => id) }
}

/** The same for a reader, with what it would do to people, requests and grants. */
export async function analysisView(
  ctx: RequestContext,
  proposal: Proposal,
  governed: Governed,
): Promise<PolicyAnalysis> {
  const { base, governance } = governed
  const facts = await accountFacts(ctx)
  const nameOf = await namesOf(ctx)
  const { changes, findings, ...analysis } = analyse(proposal, governed, facts)
  const preview = previewPolicy(base, proposal.policy, {
    people: facts.people,
    ...(await openActs(ctx)),
  })
  return {
    ...analysis,
    issues: [],
    comparedWith: governance.active,
    changes,
    findings: findings.map(({ personIds = [], ...finding }) => ({
      ...finding,
      people: personIds.slice(0, MOST_PEOPLE_OF_FINDING).map(nameOf),
      peopleCount: personIds.length,
    })),
    preview: previewView(preview, nameOf),
  }
}

/** What a document that the schema refuses is answered with. */
export function refusedAnalysis(
  issues: readonly DocumentFault[],
  { governance }: Governed,
): PolicyAnalysis {
  return {
    issues: issues.slice(0, MOST_ISSUES),
    comparedWith: governance.active,
    changes: [],
    isWidening: false,
    findings: [],
    cases: [],
    preview: null,
  }
}

export const MOST_ISSUES = 50
const MOST_PEOPLE_OF_FINDING = 20
const MOST_PEOPLE_OF_FIELD = 100
const MOST_PEOPLE_OF_ROLES = 200

async function openActs({
  database,
  account,
}: RequestContext): Promise<{ requests: OpenAct[]; grants: OpenAct[] }> {
  const [requests, grants] = await Promise.all([
    findPendingRequests(database.orm, account.id),
    findActiveGrants(database.orm, account.id),
  ])
  return {
    requests: requests.map((request) => ({
      ...request,
      isByException: request.exceptionId !== null || request.isBreakGlass,
    })),
    grants: grants.map((grant) => ({
      ...grant,
      minutes: (grant.expiresAt.getTime() - grant.createdAt.getTime()) / 60_000,
      isByException: grant.isBreakGlass,
    })),
  }
}

function previewView(
  { fields, roles, approvers, requests, grants, consequence }: PolicyPreview,
  nameOf: Awaited<ReturnType<typeof namesOf>>,
): NonNullable<PolicyAnalysis['preview']> {
  const named = (changes: readonly AccessChange[]) =>
    changes
      .slice(0, MOST_PEOPLE_OF_FIELD)
      .map(({ personId, ...change }) => ({ person: nameOf(personId), ...change }))
  return {
    fields: fields.map(({ gains, loses, ...field }) => ({
      ...field,
      gainCount: gains.length,
      loseCount: loses.length,
      gains: named(gains),
      loses: named(loses),
    })),
    roles: roles
      .slice(0, MOST_PEOPLE_OF_ROLES)
      .map(({ personId, ...change }) => ({ person: nameOf(personId), ...change })),
    rolesCount: roles.length,
    approvers: approvers.map(({ sensitivityClass, gains, loses }) => ({
      sensitivityClass,
      gains: gains.slice(0, MOST_PEOPLE_OF_FIELD).map(nameOf),
      loses: loses.slice(0, MOST_PEOPLE_OF_FIELD).map(nameOf),
    })),
    requests: requests.map(({ id, requesterId, ...request }) => ({
      ...request,
      requestId: id,
      requester: nameOf(requesterId),
    })),
    grants: grants.map(({ id, requesterId, ...grant }) => ({
      ...grant,
      grantId: id,
      requester: nameOf(requesterId),
    })),
    consequence,
  }
}
