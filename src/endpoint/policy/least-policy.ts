/** What a first start proposes when nobody handed it a policy. */
import type { Policy } from '../../core/policy.ts'
import { defaultPolicy } from '../../core/policy.ts'

/**
 * The least-privilege default without a group and a field: nobody leads, nobody oversees, so nobody
 * approves. What it is good for is to be changed by the founders.
 */
export function leastPolicy(): Policy {
  const policy = defaultPolicy({ leadGroupId: 1, complianceGroupId: 1, fields: [] })
  return { ...policy, roles: { ...policy.roles, lead: [], compliance: [] } }
}
