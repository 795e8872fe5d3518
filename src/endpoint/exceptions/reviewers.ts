/** The people who look after exceptions. */
import { mayManageExceptions } from '../../core/exception.ts'
import { rolesOf } from '../../core/policy-decision.ts'
import type { EndpointDeps } from '../context.ts'

/** Everybody who may consent to exceptions and end them. Asks the directory: not under a lock. */
export async function reviewers(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
): Promise<readonly number[]> {
  const people = await deps.zendesk.people()
  return people
    .filter((person) => mayManageExceptions(rolesOf(person, deps.policy)).allowed)
    .map(({ id }) => id)
}
