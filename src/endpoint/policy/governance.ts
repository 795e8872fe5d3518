/** What decides on versions besides themselves: what holds now, and who founds the account's policy. */
import { ScrimError } from '../../core/errors.ts'
import type { PolicyCase } from '../../core/policy-case.ts'
import { policyCases } from '../../core/policy-case.ts'
import { parsePolicyContent } from '../../core/policy-document.ts'
import type { Governance } from '../../core/policy-version.ts'
import { proposersOf, withoutReveals } from '../../core/policy-version.ts'
import type { Policy } from '../../core/policy.ts'
import { findActivePolicyVersion, findPolicyVersion } from '../../storage/policy-versions.ts'
import type { StoredPolicyVersion } from '../../storage/policy-versions.ts'
import { ACT } from '../../zendesk/directory.ts'
import type { ActDeps, EndpointDeps, RequestContext } from '../context.ts'
import { standingOf } from '../standing.ts'
import { BEFORE_THE_FIRST } from './source.ts'

export type Governed = {
  governance: Governance
  /** What holds now, as its document says it: settings of the installation are not in it. */
  base: Policy
  /** What the active version has to pass; none before the first. */
  baseCases: PolicyCase[]
}

/** Of a request: what its session brought along. */
export function governanceOf({ policy, founders }: RequestContext): Governance {
  return {
    active: policy.version === BEFORE_THE_FIRST ? null : policy.version,
    founders: founders ?? null,
  }
}

/** As the database has it now, for whoever is about to change it. */
export async function governedNow(
  ctx: Pick<ActDeps, 'account'> & Pick<EndpointDeps, 'database' | 'founders' | 'policy'>,
): Promise<Governed> {
  const { database, account, founders = null } = ctx
  const active = await findActivePolicyVersion(database.orm, account.id)
  const stored = await findPolicyVersion(database.orm, account.id, active ?? 1)
  const policy = stored === undefined ? ctx.policy : documentOf(stored)
  return {
    governance: { active, founders },
    base: active === null ? withoutReveals(policy) : policy,
    baseCases: active === null || stored === undefined ? [] : casesOf(stored),
  }
}

/** A stored document. Throws `internal` for one that this version of Scrim cannot read. */
export function documentOf({ document }: Pick<StoredPolicyVersion, 'document'>): Policy {
  const parsed = parsePolicyContent(document)
  if (!parsed.ok) throw new ScrimError('internal')
  return parsed.policy
}

/** The stored cases of a version. */
export function casesOf({ cases }: Pick<StoredPolicyVersion, 'cases'>): PolicyCase[] {
  const parsed = policyCases.safeParse(cases)
  if (!parsed.success) throw new ScrimError('internal')
  return parsed.data.cases
}

/** The context of an act on policy: the person's roles at most five seconds old. */
export async function freshActor(ctx: RequestContext): Promise<RequestContext> {
  return { ...ctx, ...(await standingOf(ctx, ctx.session.userId, ACT)) }
}

/** The people behind a version, with their addresses where Zendesk still knows them. */
export async function proposersIn(
  ctx: Pick<RequestContext, 'zendesk'>,
  version: StoredPolicyVersion,
  { founders }: Governance,
): Promise<{ id: number; email: string | null }[]> {
  return Promise.all(
    proposersOf(version, founders).map(async (id) => ({
      id,
      email: (await ctx.zendesk.person(id, ACT))?.email ?? null,
    })),
  )
}
