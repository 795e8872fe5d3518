/**
 * Where the outer doors get the policy that holds now. What is active is looked up with each use, so
 * that a change acts on every instance's very next request; a version itself never changes, and is
 * read and parsed once a process.
 */
import { ScrimError } from '../../core/errors.ts'
import type { Policy } from '../../core/policy.ts'
import { policySchema } from '../../core/policy.ts'
import { withoutReveals } from '../../core/policy-version.ts'
import {
  findActivePolicyVersion,
  findPolicyVersion,
  insertFirstPolicyVersion,
} from '../../storage/policy-versions.ts'
import type { StoredPolicyVersion } from '../../storage/policy-versions.ts'
import { audit, systemActor } from '../audit.ts'
import type { ActDeps, EndpointDeps, EndpointParts, OuterDeps } from '../context.ts'

export type PolicySource = {
  /** The policy that holds now: one short question to the database. */
  now(): Promise<Policy>
  /** The same, when the active version's number came with another answer; null before the first. */
  at(active: number | null): Promise<Policy>
}

type SourceDeps = Pick<ActDeps, 'account' | 'now'> & Pick<EndpointParts, 'database' | 'log'>

/** What stands for a policy until there is one. No version has the number. */
export const BEFORE_THE_FIRST = 0

/** More than one while a change goes on, and what came before for requests on their way. */
const KEPT_VERSIONS = 8

/**
 * The account's versions. Where it has none, `first` becomes version 1 and waits for its second
 * founder; until then nobody asks and nobody reveals. Whoever does not propose it goes by it, and writes
 * nothing: a command that runs before the endpoint ever did leaves no trace of its own.
 */
export function storedPolicies(
  deps: SourceDeps,
  first: Policy,
  { isProposed = true } = {},
): PolicySource {
  const { database, account } = deps
  const kept = new Map<number, Promise<Policy>>()

  const once = (version: number, read: () => Promise<Policy>): Promise<Policy> => {
    const known = kept.get(version)
    if (known !== undefined) return known
    const reading = read()
    kept.set(version, reading)
    for (const oldest of [...kept.keys()].slice(0, -KEPT_VERSIONS)) kept.delete(oldest)
    // What failed is tried again by whoever comes next.
    reading.catch(() => kept.delete(version))
    return reading
  }

  const firstDocument = async (): Promise<Policy> => {
    const found = await findPolicyVersion(database.orm, account.id, 1)
    if (found !== undefined) return documentOf(deps, found)
    return isProposed ? documentOf(deps, await propose(deps, first)) : first
  }
  const at: PolicySource['at'] = (active) =>
    active === null
      ? once(BEFORE_THE_FIRST, async () => ({
          ...withoutReveals(await firstDocument()),
          version: BEFORE_THE_FIRST,
        }))
      : once(active, async () =>
          documentOf(deps, await findPolicyVersion(database.orm, account.id, active)),
        )
  return {
    at,
    now: async () => at(await findActivePolicyVersion(database.orm, account.id)),
  }
}

/** The outer doors' parts with the policy that holds now. `active` saves asking for its number. */
export async function withPolicy(deps: OuterDeps, active?: number | null): Promise<EndpointDeps> {
  if (deps.policies === undefined) return deps
  const policy = await (active === undefined ? deps.policies.now() : deps.policies.at(active))
  return { ...deps, policy }
}

/** Writes version 1, whoever of many instances starts first. */
async function propose(deps: SourceDeps, first: Policy): Promise<StoredPolicyVersion | undefined> {
  const { database, account } = deps
  const document = { ...first, version: 1 }
  await database.transaction(async (tx) => {
    const version = { document, cases: { cases: [] }, comment: '', createdAt: deps.now() }
    if (!(await insertFirstPolicyVersion(tx, account.id, version))) return
    await audit(tx, deps, {
      action: 'policy.submit',
      actor: systemActor('bootstrap'),
      outcome: 'ok',
      data: { version: 1 },
    })
  })
  return findPolicyVersion(database.orm, account.id, 1)
}

/** A document that this version of Scrim cannot read closes everything. */
function documentOf({ log }: SourceDeps, found: StoredPolicyVersion | undefined): Policy {
  const parsed = policySchema.safeParse(found?.document)
  if (parsed.success) return parsed.data
  log.error('policy.unreadable', { version: found?.version ?? null })
  throw new ScrimError('internal')
}
