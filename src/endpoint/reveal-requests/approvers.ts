/** Who may decide on a request, ticket access included. */
import type { Person, Ticket } from '../../core/person.ts'
import { eligibleApprovers } from '../../core/policy-decision.ts'
import type { ApprovalLevel } from '../../core/policy.ts'
import type { EndpointDeps } from '../context.ts'

/** Everyone who could approve at this level: the right role, not the requester, sees the ticket. */
export async function approversFor(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
  requester: Person,
  ticket: Ticket,
  level: ApprovalLevel,
): Promise<Person[]> {
  const people = await deps.zendesk.people()
  const eligible = eligibleApprovers(people, requester, level, deps.policy)
  const verdicts = await Promise.all(
    eligible.map((person) => deps.zendesk.mayAccessTicket(person, ticket)),
  )
  return eligible.filter((_, at) => verdicts[at]?.allowed === true)
}
