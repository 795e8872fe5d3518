import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accessOf,
  checkExpiry,
  covers,
  exceptionStateAt,
  mayConsentTo,
} from '../../src/core/exception.ts'
import type { CoveredField, Exception } from '../../src/core/exception.ts'
import { accessTo } from '../../src/core/policy-decision.ts'
import type { Policy } from '../../src/core/policy.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { ACCESS_LEVELS } from '../../src/core/role.ts'
import type { Role } from '../../src/core/role.ts'
import {
  CARD_FIELD,
  INGRID,
  MAYA,
  NOTE_FIELD,
  OMAR,
  PHONE_FIELD,
  POLICY,
  SAM,
  anyPolicy,
  anyRoles,
} from './people-and-policy.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const TOMORROW = new Date('2026-11-24T10:00:00.000Z')

/** Compliance sees masks of restricted fields, and of secret ones nothing. */
const INGRIDS_CARD: Exception = {
  id: '0191e2f0-0000-7000-8000-000000000001',
  personId: INGRID.id,
  scope: { fieldId: 'card_number', fieldClass: 'restricted', zendeskFieldId: 301 },
  effect: 'request',
  state: 'active',
  expiresAt: TOMORROW,
}
const ingrid = { id: INGRID.id, roles: ['compliance'] as Role[] }
const accessWith = (
  field: CoveredField,
  change: Partial<Exception> = {},
  person: { id: number; roles: readonly Role[] } = ingrid,
  now = NOW,
) => accessOf(person, field, POLICY, [{ ...INGRIDS_CARD, ...change }], now)
const asRoles = (field: CoveredField) => ({
  access: accessTo(field.sensitivityClass, ingrid.roles, POLICY),
  exceptionId: null,
})

describe('a narrow exemption does not widen silently', () => {
  it('raises the one field that it names, and says so', () => {
    expect(accessWith(CARD_FIELD)).toEqual({ access: 'request', exceptionId: INGRIDS_CARD.id })
  })

  it.each<[string, CoveredField]>([
    ['another field of the same class', { ...CARD_FIELD, id: 'iban', zendeskFieldId: 304 }],
    ['a field of another class', PHONE_FIELD],
    ['a value of the class that stands in a comment', comment('restricted')],
    ['the field once it is of a higher class', { ...CARD_FIELD, sensitivityClass: 'secret' }],
    ['the field once it is of a lower class', { ...CARD_FIELD, sensitivityClass: 'confidential' }],
    ['another ticket field under its old name', { ...CARD_FIELD, zendeskFieldId: 399 }],
  ])('leaves %s alone', (_, field) => {
    expect(accessWith(field)).toEqual(asRoles(field))
  })

  it('for a class raises that class alone, in fields and in texts', () => {
    const scope = { sensitivityClass: 'secret' } as const
    expect(accessWith(NOTE_FIELD, { scope }).access).toBe('request')
    expect(accessWith(comment('secret'), { scope }).access).toBe('request')
    expect(accessWith(CARD_FIELD, { scope })).toEqual(asRoles(CARD_FIELD))
    expect(accessWith(comment('restricted'), { scope })).toEqual(asRoles(comment('restricted')))
  })

  it.each<[string, Partial<Exception>]>([
    ['that waits for consent', { state: 'waiting' }],
    ['that was rejected', { state: 'rejected' }],
    ['that was revoked', { state: 'revoked' }],
    ['that expired', { state: 'expired' }],
    ['that was closed', { state: 'closed' }],
    ['whose time is over, noticed or not', { expiresAt: NOW }],
    ['whose end is no instant', { expiresAt: new Date(Number.NaN) }],
    ['of somebody else', { personId: MAYA.id }],
  ])('does nothing by one %s', (_, change) => {
    expect(accessWith(CARD_FIELD, change)).toEqual(asRoles(CARD_FIELD))
  })

  it('gives nothing to who holds no role, nor to who only configures', () => {
    const nobody = { id: INGRID.id, roles: [] }
    expect(accessWith(CARD_FIELD, {}, nobody)).toEqual({ access: 'none', exceptionId: null })
    const sam = { id: SAM.id, roles: ['administrator'] as const }
    expect(accessWith(CARD_FIELD, { personId: SAM.id }, sam)).toEqual({
      access: 'none',
      exceptionId: null,
    })
  })

  it('takes nothing away: who may do more by their roles does more', () => {
    const maya = { id: MAYA.id, roles: ['frontline'] as const }
    expect(accessWith(CARD_FIELD, { personId: MAYA.id }, maya)).toEqual({
      access: 'request',
      exceptionId: null,
    })
    const reveal = accessWith(CARD_FIELD, { personId: MAYA.id, effect: 'reveal' }, maya)
    expect(reveal).toEqual({ access: 'reveal', exceptionId: INGRIDS_CARD.id })
  })

  it('of several the one that gives most decides', () => {
    const more = { ...INGRIDS_CARD, id: 'more', effect: 'reveal' } as const
    expect(accessOf(ingrid, CARD_FIELD, POLICY, [INGRIDS_CARD, more], NOW)).toEqual({
      access: 'reveal',
      exceptionId: 'more',
    })
  })

  it('whatever policy says: without one that covers the field, roles alone decide', () => {
    const fields = [CARD_FIELD, PHONE_FIELD, NOTE_FIELD]
    const anyException = fc.record<Exception>({
      id: fc.uuid(),
      personId: fc.constantFrom(MAYA.id, INGRID.id),
      scope: fc.oneof(
        fc.constantFrom(...fields).map((field) => ({
          fieldId: field.id,
          fieldClass: field.sensitivityClass,
          zendeskFieldId: field.zendeskFieldId,
        })),
        fc.constantFrom(...SENSITIVITY_CLASSES).map((sensitivityClass) => ({ sensitivityClass })),
      ),
      effect: fc.constantFrom('request', 'reveal'),
      state: fc.constantFrom('waiting', 'active', 'rejected', 'revoked', 'expired', 'closed'),
      expiresAt: fc.constantFrom(NOW, TOMORROW),
    })
    fc.assert(
      fc.property(
        anyPolicy,
        anyRoles,
        fc.array(anyException, { maxLength: 5 }),
        fc.constantFrom(...fields, comment('secret'), comment('restricted')),
        (policy, roles, exceptions, field) => {
          const found = accessOf({ id: MAYA.id, roles }, field, policy, exceptions, NOW)
          const byRoles = accessTo(field.sensitivityClass, roles, policy)
          expect(ACCESS_LEVELS.indexOf(found.access)).toBeGreaterThanOrEqual(
            ACCESS_LEVELS.indexOf(byRoles),
          )
          const decided = exceptions.find(({ id }) => id === found.exceptionId)
          const isByRoles = found.access === byRoles && found.exceptionId === null
          const isByException =
            decided?.personId === MAYA.id &&
            decided.state === 'active' &&
            decided.effect === found.access &&
            decided.expiresAt === TOMORROW &&
            covers(decided, field)
          expect(isByRoles || isByException).toBe(true)
        },
      ),
    )
  })
})

function comment(sensitivityClass: 'restricted' | 'secret'): CoveredField {
  return { id: 'comment_9_1', sensitivityClass, zendeskFieldId: null }
}

describe('the state of an exception', () => {
  it.each([
    ['active', TOMORROW, 'active'],
    ['waiting', TOMORROW, 'waiting'],
    ['active', NOW, 'expired'],
    ['waiting', NOW, 'expired'],
    ['revoked', NOW, 'revoked'],
    ['rejected', NOW, 'rejected'],
    ['closed', NOW, 'closed'],
  ] as const)('%s until %s is %s', (state, expiresAt, expected) => {
    expect(exceptionStateAt({ state, expiresAt }, NOW)).toBe(expected)
  })
})

describe('consent to an exception', () => {
  const proposal = { author: INGRID, holder: MAYA }
  const samePerson: Policy['samePerson'] = [[INGRID.id, 207]]
  const YES = { allowed: true }
  const no = (code: string) => ({ allowed: false, code })
  const may = (
    person: { id: number; email: string | null; roles: readonly Role[] },
    by = proposal,
    pairs: Policy['samePerson'] = [],
  ) => mayConsentTo(by, person, { samePerson: pairs })

  it.each([
    ['an administrator may', { ...SAM, roles: ['administrator'] as Role[] }, YES],
    ['another compliance officer may', { ...OMAR, roles: ['compliance'] as Role[] }, YES],
    ['a lead may not', { ...OMAR, roles: ['lead'] as Role[] }, no('role_not_permitted')],
    [
      'who proposed it may not',
      { ...INGRID, roles: ['compliance'] as Role[] },
      no('second_person_needed'),
    ],
    [
      'who it is for may not',
      { ...MAYA, roles: ['compliance'] as Role[] },
      no('second_person_needed'),
    ],
    [
      'somebody with the address of who it is for may not',
      { ...SAM, email: MAYA.email, roles: ['administrator'] as Role[] },
      no('second_person_needed'),
    ],
  ])('%s', (_, person, expected) => {
    expect(may(person)).toEqual(expected)
  })

  it('the other user of who proposed it may not', () => {
    const twin = { id: 207, email: null, roles: ['administrator'] as Role[] }
    expect(may(twin, proposal, samePerson)).toEqual(no('second_person_needed'))
  })
})

describe('the end of an exception', () => {
  const inDays = (days: number) => new Date(NOW.getTime() + days * 24 * 60 * 60 * 1000)

  it('is in the future and no later than policy lets it be', () => {
    expect(checkExpiry(inDays(90), NOW, POLICY)).toEqual({ allowed: true })
    expect(checkExpiry(new Date(inDays(90).getTime() + 1), NOW, POLICY)).toEqual({
      allowed: false,
      code: 'duration_too_long',
      limit: 90,
    })
    expect(checkExpiry(NOW, NOW, POLICY).allowed).toBe(false)
    expect(checkExpiry(new Date(Number.NaN), NOW, POLICY).allowed).toBe(false)
  })
})
