/**
 * An endpoint whose policy is in the database, and its people at work on it.
 *
 *     const { sam, ingrid, active } = await startGoverned()
 *     const { version } = await drafted(sam, active, (policy) => (policy.limits.uses = 1))
 *     const after = (await act(sam, version, 'submit')).as(policyVersionView)
 */
import { policyVersionView } from '../../src/contract/policy.ts'
import type { PolicyVersionView } from '../../src/contract/policy.ts'
import type { Policy } from '../../src/core/policy.ts'
import { policySchema } from '../../src/core/policy.ts'
import { INGRID_COMPLIANCE, SAM_ADMINISTRATOR, startEndpoint } from './endpoint.ts'
import type { Answer, Caller, TestEndpoint } from './endpoint.ts'

export const FOUNDERS = [SAM_ADMINISTRATOR, INGRID_COMPLIANCE] as const

/** A second administrator: Lena is made one. */
export const LENA_ADMINISTRATOR = 105

export type Governed = {
  endpoint: TestEndpoint
  sam: Caller
  ingrid: Caller
  /** The document of version 1, which is active. */
  active: Policy
}

/** The founders have agreed on the first version, which is the sandbox's policy unless told. */
export async function startGoverned(
  options: Parameters<typeof startEndpoint>[0] & { change?: (policy: Policy) => void } = {},
): Promise<Governed> {
  const endpoint = await startEndpoint({ founders: FOUNDERS, ...options })
  const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
  const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
  const first = (await act(ingrid, 1, 'consent')).as(policyVersionView)
  return { endpoint, sam, ingrid, active: policySchema.parse(first.document) }
}

export type PolicyAct = 'submit' | 'consent' | 'reject' | 'withdraw'

export function act(who: Caller, version: number, verb: PolicyAct, body = {}): Promise<Answer> {
  return who.post(`/api/policy/versions/${version}/${verb}`, body)
}

/** What somebody sends to draft `policy` with a change. */
export function draftOf(policy: Policy, change: (policy: Policy) => void, cases: unknown[] = []) {
  const document = structuredClone(policy)
  change(document)
  return {
    document,
    cases,
    comment: 'Asked for by the desk',
    basedOn: policy.version === 0 ? null : policy.version,
  }
}

/** Somebody drafts a change. */
export async function drafted(
  who: Caller,
  policy: Policy,
  change: (policy: Policy) => void,
  cases: unknown[] = [],
): Promise<PolicyVersionView> {
  const answer = await who.post('/api/policy/versions', draftOf(policy, change, cases))
  return answer.as(policyVersionView)
}

/** A change that lets more be seen: frontline agents reveal the confidential without asking. */
export const widens = (policy: Policy): void => {
  policy.matrix.frontline.confidential = 'reveal'
}

/** A change that lets less be seen. */
export const narrows = (policy: Policy): void => {
  policy.matrix.frontline.secret = 'masked'
  policy.matrix.lead.secret = 'masked'
}
