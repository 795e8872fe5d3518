/**
 * A version of the policy on its way: draft → active, or draft → waiting → active where it widens
 * anything. Never two people in one: who drafted or submitted it does not consent to it.
 */
import type { Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person } from './person.ts'
import { isSamePerson } from './person.ts'
import type { Policy } from './policy.ts'
import type { Role } from './role.ts'

export const POLICY_STATES = [
  'draft',
  'waiting',
  'active',
  'superseded',
  'rejected',
  'withdrawn',
] as const
export type PolicyState = (typeof POLICY_STATES)[number]

/** Who drafted a version. Only a person can submit one. */
export type PolicyAuthor =
  { type: 'person'; id: number } | { type: 'operator'; name: string } | { type: 'system' }

export type PolicyVersion = {
  version: number
  state: PolicyState
  author: PolicyAuthor
  /** The active version that it was begun from; null when there was none. */
  basedOn: number | null
  submittedBy: number | null
}

/** Whoever wants to do something about a version. */
export type Acting = { person: Pick<Person, 'id' | 'email'>; roles: readonly Role[] }

/**
 * What decides on a version besides itself. `founders` are the two who alone decide while no version
 * has ever been active; null when the endpoint is not told who they are.
 */
export type Governance = {
  active: number | null
  founders: readonly [number, number] | null
}

/** Whether the roles may read the policy and its versions. */
export function mayReadPolicy({ person, roles }: Acting, governance: Governance): Verdict {
  return roles.includes('administrator') ||
    roles.includes('compliance') ||
    isFounder(person.id, governance)
    ? ALLOWED
    : refuse('role_not_permitted')
}

/** Whether somebody may draft versions: administrators, and founders until there is a policy. */
export function mayDraft({ person, roles }: Acting, governance: Governance): Verdict {
  return roles.includes('administrator') || isFounder(person.id, governance)
    ? ALLOWED
    : refuse('role_not_permitted')
}

/** Only the one who drafted a version changes it: others begin one of their own from it. */
export function mayEdit(acting: Acting, version: PolicyVersion, governance: Governance): Verdict {
  const verdict = mayDraft(acting, governance)
  if (!verdict.allowed) return verdict
  if (version.state !== 'draft') return refuse('policy_not_draft')
  return isAuthor(acting.person.id, version) ? ALLOWED : refuse('role_not_permitted')
}

/** Whether somebody may submit a draft. Before the first policy only a founder may. */
export function maySubmit(acting: Acting, version: PolicyVersion, governance: Governance): Verdict {
  const verdict = mayDraft(acting, governance)
  if (!verdict.allowed) return verdict
  if (version.state !== 'draft') return refuse('policy_not_draft')
  if (governance.active === null && !isFounder(acting.person.id, governance)) {
    return refuse('role_not_permitted')
  }
  return isOutdated(version, governance) ? refuse('policy_outdated') : ALLOWED
}

/** Who drafted or submitted a version takes it back; so may any administrator while it is a draft. */
export function mayWithdraw(
  acting: Acting,
  version: PolicyVersion,
  governance: Governance,
): Verdict {
  const verdict = mayDraft(acting, governance)
  if (!verdict.allowed) return verdict
  if (version.state === 'draft') return ALLOWED
  if (version.state !== 'waiting') return refuse('policy_not_draft')
  return isAuthor(acting.person.id, version) || version.submittedBy === acting.person.id
    ? ALLOWED
    : refuse('role_not_permitted')
}

/**
 * Whether somebody is the second person of a waiting version. `roles` are those of the active policy:
 * nobody consents by a power that the version itself would give. `proposers` are the people behind
 * `author` and `submittedBy`, with their addresses where Zendesk knows them; `pairs` hold what either
 * policy knows of users that are one human being.
 */
export function mayDecideOn(
  { person, roles }: Acting,
  version: PolicyVersion,
  {
    proposers,
    pairs,
    ...governance
  }: Governance & {
    proposers: readonly { id: number; email?: string | null }[]
    pairs: Policy['samePerson']
  },
): Verdict {
  if (governance.active === null) {
    if (!isFounder(person.id, governance)) return refuse('role_not_permitted')
  } else if (!roles.includes('administrator') && !roles.includes('compliance')) {
    return refuse('role_not_permitted')
  }
  if (version.state !== 'waiting') return refuse('policy_not_draft')
  if (proposers.some((proposer) => isSamePerson(proposer, person, pairs))) {
    return refuse('second_person_needed')
  }
  return isOutdated(version, governance) ? refuse('policy_outdated') : ALLOWED
}

/** The people who proposed a version: nobody of them is its second person. */
export function proposersOf(
  { author, submittedBy }: Pick<PolicyVersion, 'author' | 'submittedBy'>,
  founders: Governance['founders'],
): number[] {
  // What the first start made is the first founder's word.
  const authorId =
    author.type === 'person' ? author.id : author.type === 'system' ? founders?.[0] : null
  return [...new Set([authorId, submittedBy].filter((id) => typeof id === 'number'))]
}

/** Whether another version became active since this one was begun. */
export function isOutdated(
  { basedOn }: Pick<PolicyVersion, 'basedOn'>,
  { active }: Pick<Governance, 'active'>,
): boolean {
  return basedOn !== active
}

function isFounder(id: number, { active, founders }: Governance): boolean {
  return active === null && founders !== null && founders.includes(id)
}

function isAuthor(id: number, { author }: PolicyVersion): boolean {
  return author.type === 'person' && author.id === id
}
/**
 * What holds until the first version is consented to: everybody sees what the document lets them see,
 * nobody asks and nobody reveals.
 */
export function withoutReveals(policy: Policy): Policy {
  const masked = (access: Policy['matrix']['lead']) => ({
    confidential: atMostMasked(access.confidential),
    restricted: atMostMasked(access.restricted),
    secret: atMostMasked(access.secret),
  })
  const { frontline, lead, compliance, administrator } = policy.matrix
  return {
    ...policy,
    matrix: {
      frontline: masked(frontline),
      lead: masked(lead),
      compliance: masked(compliance),
      administrator: masked(administrator),
    },
    automatic: [],
    breakGlass: { ...policy.breakGlass, personIds: [] },
    search: { roles: [] },
  }
}

const atMostMasked = (level: Policy['matrix']['lead']['secret']): 'none' | 'masked' =>
  level === 'none' ? 'none' : 'masked'
