/** How acts on versions are logged: numbers and paths of the document, comments as texts. */
import type { AuditData } from '../../audit/entry.ts'
import type { ScrimErrorCode, ScrimErrorDetails } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import type { PolicyChange } from '../../core/policy-change.ts'
import { isWidening } from '../../core/policy-change.ts'
import { findPolicyVersion } from '../../storage/policy-versions.ts'
import type { StoredPolicyVersion } from '../../storage/policy-versions.ts'
import { actorOf, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'

/** Longer lists say how many there are besides. */
const MOST_PATHS = 100

/** What a version changes of what holds now. */
export function changeData(version: number, changes: readonly PolicyChange[]): AuditData {
  return {
    version,
    changes: changes.length,
    isWidening: isWidening(changes),
    changedPaths: changes.slice(0, MOST_PATHS).map(({ path }) => path),
  }
}

/** Commits the entry of a refused act on a version, then throws its code. */
export function refusePolicy(
  ctx: RequestContext,
  version: number | undefined,
  code: ScrimErrorCode,
  details: ScrimErrorDetails = {},
): Promise<never> {
  const entry = {
    action: 'policy.refuse' as const,
    actor: actorOf(ctx),
    policyVersion: ctx.policy.version,
    ...(version === undefined ? {} : { data: { version } }),
  }
  return refuseAct(ctx, entry, code, details)
}

/** The version. Throws `policy_not_found`. */
export async function demandVersion(
  ctx: Pick<RequestContext, 'database' | 'account'>,
  version: number,
): Promise<StoredPolicyVersion> {
  const found = await findPolicyVersion(ctx.database.orm, ctx.account.id, version)
  if (found === undefined) throw new ScrimError('policy_not_found')
  return found
}
