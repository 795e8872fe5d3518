/** Who gains and who loses by a change of policy, and what it ends, before anybody agrees to it. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessTo, rolesOf } from '../../src/core/policy-decision.ts'
import { previewPolicy } from '../../src/core/policy-preview.ts'
import type { OpenAct, PolicyPreview } from '../../src/core/policy-preview.ts'
import type { Policy } from '../../src/core/policy.ts'
import { ACCESS_LEVELS } from '../../src/core/role.ts'
import {
  COMPLIANCE,
  INGRID,
  LEADS,
  LENA,
  MAYA,
  OMAR,
  POLICY,
  SAM,
  anyPolicy,
  gate,
} from './people-and-policy.ts'

const PEOPLE = [MAYA, OMAR, LENA, INGRID, SAM]

const changed = (change: (policy: Policy) => void): Policy => {
  const after = structuredClone(POLICY)
  change(after)
  return after
}

const act = (more: Partial<OpenAct> = {}): OpenAct => ({
  id: '6f1f2a52-1d0c-4c0b-9a55-0d9f5e0b7f10',
  ticketId: 4001,
  requesterId: MAYA.id,
  minutes: 15,
  fields: [{ fieldId: 'card_number', kind: 'payment_card', sensitivityClass: 'restricted' }],
  ...more,
})

const preview = (
  after: Policy,
  { requests = [], grants = [] }: { requests?: OpenAct[]; grants?: OpenAct[] } = {},
): PolicyPreview => previewPolicy(POLICY, after, { people: PEOPLE, requests, grants })

describe('a preview', () => {
  test('of no change says nothing', () => {
    expect(preview(POLICY, { requests: [act()], grants: [act()] })).toEqual({
      fields: [],
      roles: [],
      approvers: [],
      requests: [],
      grants: [],
      consequence: {
        peopleGain: 0,
        peopleLose: 0,
        fieldsGained: [],
        fieldsLost: [],
        requestsEnd: 0,
        requestsChange: 0,
        grantsEnd: 0,
      },
    })
  })

  test('names each person and field, and what is found in tickets by its class', () => {
    const after = changed((policy) => {
      policy.matrix.frontline.secret = 'masked'
      policy.matrix.compliance.confidential = 'reveal'
    })
    const { fields, consequence } = preview(after)
    expect(fields.map(({ fieldId, sensitivityClass }) => [fieldId, sensitivityClass])).toEqual([
      ['phone', 'confidential'],
      ['fraud_note', 'secret'],
      [null, 'confidential'],
      [null, 'secret'],
    ])
    const phone = fields.find(({ fieldId }) => fieldId === 'phone')
    expect(phone?.gains).toEqual([{ personId: INGRID.id, before: 'request', after: 'reveal' }])
    const note = fields.find(({ fieldId }) => fieldId === 'fraud_note')
    // Omar and Lena lead: they may still ask.
    expect(note?.loses).toEqual([
      { personId: MAYA.id, before: 'request', after: 'masked' },
      { personId: INGRID.id, before: 'request', after: 'masked' },
    ])
    expect(consequence).toMatchObject({
      peopleGain: 1,
      peopleLose: 2,
      fieldsGained: ['Phone'],
      fieldsLost: ['Fraud note'],
    })
  })

  test('sees a field that leaves the catalogue, and one that moves to a higher class', () => {
    const gone = changed((policy) => policy.fields.splice(0, 1))
    expect(preview(gone, { grants: [act()] })).toMatchObject({
      consequence: { fieldsLost: ['Card number'], grantsEnd: 1 },
      grants: [{ id: act().id, effect: 'ends' }],
    })
    const higher = changed((policy) => {
      policy.matrix.frontline.secret = 'none'
      policy.fields = policy.fields.map((field) =>
        field.id === 'phone' ? { ...field, sensitivityClass: 'secret' } : field,
      )
    })
    const phone = preview(higher).fields.find(({ fieldId }) => fieldId === 'phone')
    expect(phone).toMatchObject({
      sensitivityClass: 'secret',
      loses: [
        { personId: MAYA.id, before: 'request', after: 'none' },
        { personId: INGRID.id, before: 'request', after: 'none' },
      ],
    })
  })

  test('names whose roles change, and who decides from then on', () => {
    const after = changed((policy) => {
      policy.roles.lead = [{ by: 'group', groupId: COMPLIANCE }]
      policy.approval.secret = [gate(1, ['lead'], { groupIds: [LEADS] })]
    })
    const { roles, approvers } = preview(after)
    expect(roles).toEqual([
      { personId: OMAR.id, gains: [], loses: ['lead'] },
      { personId: LENA.id, gains: [], loses: ['lead'] },
      { personId: INGRID.id, gains: ['lead'], loses: [] },
    ])
    expect(approvers).toEqual([
      { sensitivityClass: 'confidential', gains: [INGRID.id], loses: [OMAR.id, LENA.id] },
      { sensitivityClass: 'restricted', gains: [INGRID.id], loses: [OMAR.id, LENA.id] },
      { sensitivityClass: 'secret', gains: [INGRID.id], loses: [] },
    ])
  })

  test('tells requests that end from those that others decide on, or that can give less', () => {
    const mine = act()
    const long = act({ id: 'long', minutes: 30, requesterId: OMAR.id })
    const ending = preview(
      changed((policy) => (policy.matrix.frontline.restricted = 'masked')),
      { requests: [mine, long] },
    )
    expect(ending.requests).toEqual([
      { id: mine.id, ticketId: 4001, requesterId: MAYA.id, effect: 'ends' },
    ])
    const levels = preview(
      changed((policy) => (policy.approval.restricted = [gate(2, ['lead'])])),
      { requests: [mine, long] },
    )
    expect(levels.requests.map(({ effect }) => effect)).toEqual(['changes', 'changes'])
    const shorter = preview(
      changed((policy) => (policy.limits.maxMinutes = 20)),
      { requests: [mine, long] },
    )
    expect(shorter.requests.map(({ id }) => id)).toEqual(['long'])
  })

  test('leaves what an exception or an emergency gave to whoever reviews it', () => {
    const after = changed((policy) => (policy.matrix.frontline.restricted = 'masked'))
    const { requests, grants } = preview(after, {
      requests: [act({ isByException: true })],
      grants: [act({ isByException: true })],
    })
    expect([...requests, ...grants]).toEqual([])
  })

  test('counts nothing that waits for a confirmation', () => {
    const people = PEOPLE.map((person) =>
      person === OMAR ? { ...OMAR, waitingPowers: [`group_${LEADS}`] } : person,
    )
    const after = changed((policy) => (policy.matrix.lead.secret = 'reveal'))
    const { fields } = previewPolicy(POLICY, after, { people, requests: [], grants: [] })
    expect(fields[0]?.gains.map(({ personId }) => personId)).toEqual([LENA.id])
  })
})

describe('for any two policies', () => {
  test('gains are what the matrix gives more, losses what it gives less, and nothing else', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (before, after) => {
        const { fields } = previewPolicy(before, after, {
          people: PEOPLE,
          requests: [],
          grants: [],
        })
        const rank = (policy: Policy, person: typeof MAYA, fieldId: string) => {
          const field = policy.fields.find(({ id }) => id === fieldId)
          if (field === undefined) return 0
          const access = accessTo(field.sensitivityClass, rolesOf(person, policy), policy)
          return ACCESS_LEVELS.indexOf(access)
        }
        for (const { id } of POLICY.fields) {
          const found = fields.find(({ fieldId }) => fieldId === id)
          for (const person of PEOPLE) {
            const difference = rank(after, person, id) - rank(before, person, id)
            const isIn = (list: readonly { personId: number }[] = []) =>
              list.some(({ personId }) => personId === person.id)
            expect(isIn(found?.gains)).toBe(difference > 0)
            expect(isIn(found?.loses)).toBe(difference < 0)
          }
        }
      }),
    )
  })
})
