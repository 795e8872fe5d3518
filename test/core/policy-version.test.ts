/** Who may do what about a version of the policy. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessTo, mayFindByValue } from '../../src/core/policy-decision.ts'
import { comparePolicies, isWidening } from '../../src/core/policy-change.ts'
import {
  POLICY_STATES,
  mayDecideOn,
  mayEdit,
  maySubmit,
  mayWithdraw,
  proposersOf,
  withoutReveals,
} from '../../src/core/policy-version.ts'
import type { Governance, PolicyVersion } from '../../src/core/policy-version.ts'
import { NO_APP_SETTINGS, policySchema, tighten } from '../../src/core/policy.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { ROLES } from '../../src/core/role.ts'
import type { Role } from '../../src/core/role.ts'
import { INGRID, LENA, MAYA, SAM, anyPolicy } from './people-and-policy.ts'

const sam = { person: SAM, roles: ['administrator'] as Role[] }
const ingrid = { person: INGRID, roles: ['compliance'] as Role[] }
const maya = { person: MAYA, roles: ['frontline'] as Role[] }
const lena = { person: LENA, roles: ['administrator', 'lead'] as Role[] }

const GOVERNED: Governance = { active: 4, founders: [SAM.id, INGRID.id] }
const FOUNDING: Governance = { active: null, founders: [SAM.id, INGRID.id] }

const version = (more: Partial<PolicyVersion> = {}): PolicyVersion => ({
  version: 5,
  state: 'draft',
  author: { type: 'person', id: SAM.id },
  basedOn: 4,
  submittedBy: null,
  ...more,
})
const waiting = version({ state: 'waiting', submittedBy: SAM.id })

const decide = (
  who: typeof sam,
  about: PolicyVersion = waiting,
  governance: Governance = GOVERNED,
  pairs: [number, number][] = [],
) => {
  const emails = new Map([SAM, INGRID, LENA].map(({ id, email }) => [id, email]))
  const proposers = proposersOf(about, governance.founders).map((id) => ({
    id,
    email: emails.get(id) ?? null,
  }))
  const verdict = mayDecideOn(who, about, { ...governance, proposers, pairs })
  return verdict.allowed ? 'allowed' : verdict.code
}
const codeOf = (verdict: ReturnType<typeof maySubmit>) =>
  verdict.allowed ? 'allowed' : verdict.code

describe('deciding on a version that waits', () => {
  test.each([
    ['compliance', decide(ingrid), 'allowed'],
    ['another administrator', decide(lena), 'allowed'],
    ['its author', decide(sam), 'second_person_needed'],
    ['an agent', decide(maya), 'role_not_permitted'],
    [
      'who submitted what an operator drafted',
      decide(sam, version({ ...waiting, author: { type: 'operator', name: 'robin' } })),
      'second_person_needed',
    ],
    [
      'who drafted what another submitted',
      decide(lena, version({ ...waiting, author: { type: 'person', id: LENA.id } })),
      'second_person_needed',
    ],
    [
      'a user paired with its author',
      decide(ingrid, waiting, GOVERNED, [[INGRID.id, SAM.id]]),
      'second_person_needed',
    ],
    [
      'anybody, once it was begun from another',
      decide(ingrid, { ...waiting, basedOn: 3 }),
      'policy_outdated',
    ],
    ['anybody, while it is a draft', decide(ingrid, version()), 'policy_not_draft'],
  ])('by %s', (_, found, expected) => {
    expect(found).toBe(expected)
  })

  const first = version({
    version: 1,
    state: 'waiting',
    author: { type: 'system' },
    basedOn: null,
  })

  test.each([
    ['the second founder', decide(ingrid, first, FOUNDING), 'allowed'],
    ['the first founder', decide(sam, first, FOUNDING), 'second_person_needed'],
    ['another administrator', decide(lena, first, FOUNDING), 'role_not_permitted'],
    [
      'an administrator where nobody is named',
      decide(lena, first, { active: null, founders: null }),
      'role_not_permitted',
    ],
    [
      'the first founder, on what the second put forward',
      decide(
        sam,
        version({
          ...first,
          version: 2,
          author: { type: 'person', id: INGRID.id },
          submittedBy: INGRID.id,
        }),
        FOUNDING,
      ),
      'allowed',
    ],
  ])('of the first one by %s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})

describe('a draft', () => {
  test('is edited by its author, submitted by any administrator, withdrawn by any', () => {
    expect(codeOf(mayEdit(sam, version(), GOVERNED))).toBe('allowed')
    expect(codeOf(mayEdit(lena, version(), GOVERNED))).toBe('role_not_permitted')
    expect(codeOf(maySubmit(lena, version(), GOVERNED))).toBe('allowed')
    expect(codeOf(maySubmit(ingrid, version(), GOVERNED))).toBe('role_not_permitted')
    expect(codeOf(mayWithdraw(lena, version(), GOVERNED))).toBe('allowed')
    expect(codeOf(mayWithdraw(lena, waiting, GOVERNED))).toBe('role_not_permitted')
    expect(codeOf(mayWithdraw(sam, waiting, GOVERNED))).toBe('allowed')
  })

  test('is submitted by a founder while there is no policy, whoever administers', () => {
    const first = version({ basedOn: null })
    expect(codeOf(maySubmit(sam, first, FOUNDING))).toBe('allowed')
    expect(codeOf(maySubmit(lena, first, FOUNDING))).toBe('role_not_permitted')
  })

  test('is all that anybody changes, submits or takes back', () => {
    for (const state of POLICY_STATES) {
      if (state === 'draft' || state === 'waiting') continue
      const over = version({ state, submittedBy: SAM.id })
      for (const rule of [mayEdit, maySubmit, mayWithdraw]) {
        expect(codeOf(rule(sam, over, GOVERNED))).toBe('policy_not_draft')
      }
    }
  })
})

describe('until the first version is consented to', () => {
  test('nobody asks, nobody reveals and nobody searches, whatever the document says', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const held = withoutReveals(policy)
        for (const sensitivityClass of SENSITIVITY_CLASSES) {
          expect(['none', 'masked']).toContain(accessTo(sensitivityClass, ROLES, held))
        }
        expect(mayFindByValue(ROLES, tighten(held, NO_APP_SETTINGS)).allowed).toBe(false)
        expect(held.breakGlass.personIds).toEqual([])
        expect(held.automatic).toEqual([])
      }),
    )
  })

  test('what holds is no wider than the document, and a document that the schema takes', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const held = withoutReveals(policy)
        expect(isWidening(comparePolicies(policy, held))).toBe(false)
        expect(policySchema.safeParse(held).success).toBe(policySchema.safeParse(policy).success)
      }),
    )
  })
})
