import { describe, expect, it } from 'vitest'
import {
  mayBreakGlass,
  mayReviewBreakGlass,
  maySeeBreakGlass,
  standsForBreakGlass,
} from '../../src/core/break-glass.ts'
import { NO_APP_SETTINGS, policySchema, tighten } from '../../src/core/policy.ts'
import type { Policy } from '../../src/core/policy.ts'
import { ROLES } from '../../src/core/role.ts'
import { CARD_FIELD, INGRID, LENA, MAYA, NOTE_FIELD, OMAR, POLICY } from './people-and-policy.ts'

const named: Policy = {
  ...POLICY,
  breakGlass: { personIds: [MAYA.id], minutes: 10, uses: 1 },
}
const policy = tighten(named, NO_APP_SETTINGS)
const hidden: Policy = {
  ...named,
  matrix: { ...named.matrix, frontline: { ...named.matrix.frontline, secret: 'none' } },
}
const maskOnly: Policy = {
  ...named,
  matrix: {
    ...named.matrix,
    frontline: { confidential: 'masked', restricted: 'masked', secret: 'masked' },
  },
}
const no = (code: string) => ({ allowed: false, code })

describe('breaking the glass', () => {
  it('is for whom policy names', () => {
    expect(mayBreakGlass(MAYA, ['frontline'], [CARD_FIELD], false, policy).allowed).toBe(true)
    expect(mayBreakGlass(OMAR, ['frontline', 'lead'], [CARD_FIELD], false, policy)).toEqual(
      no('break_glass_not_named'),
    )
  })

  it('is for nobody where the list is empty, as it is unless somebody fills it', () => {
    expect(policySchema.parse(POLICY).breakGlass.personIds).toEqual([])
    for (const person of [MAYA, OMAR, LENA, INGRID]) {
      const verdict = mayBreakGlass(
        person,
        [...ROLES],
        [CARD_FIELD],
        false,
        tighten(POLICY, NO_APP_SETTINGS),
      )
      expect(verdict).toEqual(no('break_glass_not_named'))
    }
  })

  it('needs a mask that one may see, and not the right to ask', () => {
    expect(standsForBreakGlass(MAYA, ['frontline'], [CARD_FIELD], maskOnly).allowed).toBe(true)
    expect(standsForBreakGlass(MAYA, ['frontline'], [CARD_FIELD, NOTE_FIELD], hidden)).toEqual(
      no('field_not_visible'),
    )
    expect(standsForBreakGlass(MAYA, [], [CARD_FIELD], named)).toEqual(no('field_not_visible'))
  })

  it('waits for the review of the time before', () => {
    expect(mayBreakGlass(MAYA, ['frontline'], [CARD_FIELD], true, policy)).toEqual(
      no('break_glass_unreviewed'),
    )
  })

  it('does not get past an administrator’s pause', () => {
    const paused = tighten(named, { ...NO_APP_SETTINGS, areRevealsPaused: true })
    expect(mayBreakGlass(MAYA, ['frontline'], [CARD_FIELD], false, paused)).toEqual(
      no('reveals_paused'),
    )
  })
})

describe('reviewing an emergency', () => {
  const use = { person: MAYA, isActive: false }

  it('is for compliance, when it is over', () => {
    expect(mayReviewBreakGlass(INGRID, ['compliance'], use, policy)).toEqual({ allowed: true })
    expect(mayReviewBreakGlass(INGRID, ['compliance'], { ...use, isActive: true }, policy)).toEqual(
      no('break_glass_active'),
    )
  })

  it.each([['lead'], ['administrator'], ['frontline']] as const)('is not for a %s', (role) => {
    expect(mayReviewBreakGlass(OMAR, [role], use, policy)).toEqual(no('role_not_permitted'))
  })

  it('is never for the person whose it was, nor for a second user of theirs', () => {
    const own = { person: INGRID, isActive: false }
    expect(mayReviewBreakGlass(INGRID, ['compliance'], own, policy)).toEqual(
      no('second_person_needed'),
    )
    const paired = { ...policy, samePerson: [[INGRID.id, MAYA.id]] as [number, number][] }
    expect(mayReviewBreakGlass(INGRID, ['compliance'], use, paired)).toEqual(
      no('second_person_needed'),
    )
  })

  it('is told to leads, compliance and administrators', () => {
    expect(ROLES.filter((role) => maySeeBreakGlass([role]).allowed)).toEqual([
      'lead',
      'compliance',
      'administrator',
    ])
  })
})
