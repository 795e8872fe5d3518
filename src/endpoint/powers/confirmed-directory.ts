/**
 * Zendesk's people with what of their power nobody has confirmed yet: the one place where that is put
 * onto a person. What is known of powers is taken once, at the door of a request or a sweep, so that no
 * look at a person asks the database, not even inside a transaction.
 */
import type { Person } from '../../core/person.ts'
import type { Policy } from '../../core/policy.ts'
import type { ZendeskDirectory } from '../../zendesk/directory.ts'
import type { KnownPowers } from './known-powers.ts'
import { unconfirmedPowers } from './known-powers.ts'

export function confirmedDirectory(
  zendesk: ZendeskDirectory,
  policy: Pick<Policy, 'roles' | 'approval'>,
  known: KnownPowers | null,
): ZendeskDirectory {
  if (known === null) return zendesk
  const marked = (person: Person): Person => {
    const waitingPowers = unconfirmedPowers(person, policy, known)
    return waitingPowers.length === 0 ? person : { ...person, waitingPowers }
  }
  return {
    ...zendesk,
    get content() {
      return zendesk.content
    },
    async person(id, freshness) {
      const person = await zendesk.person(id, freshness)
      return person === null ? null : marked(person)
    },
    async people() {
      return (await zendesk.people()).map(marked)
    },
  }
}
