import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_APP_SETTINGS, defaultPolicy, policySchema, tighten } from '../../src/core/policy.ts'
import type { AppSettings, Policy } from '../../src/core/policy.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import type { CustomDetector } from '../../src/detect/custom.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import { CARD_FIELD, NOTE_FIELD, POLICY, anyPolicy, gate } from './people-and-policy.ts'

/** What an administrator may have typed, and what a broken installation may answer. */
const anyNumber = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -10, max: 1000 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 0.5),
)
const anySettings: fc.Arbitrary<AppSettings> = fc.record({
  maxMinutes: anyNumber,
  displaySeconds: anyNumber,
  isCopyAllowed: fc.constantFrom(null, true, false),
  minReasonLength: anyNumber,
  extraProtectedFieldIds: fc.array(fc.integer({ min: 1 })),
  areRevealsPaused: fc.boolean(),
})

describe('app settings', () => {
  const settings: [string, Partial<AppSettings>, Partial<Policy['limits']>][] = [
    ['nothing set changes nothing', {}, {}],
    ['fewer minutes cap the duration', { maxMinutes: 10 }, { maxMinutes: 10, defaultMinutes: 10 }],
    ['minutes above the default leave it', { maxMinutes: 20 }, { maxMinutes: 20 }],
    ['more minutes than policy have no effect', { maxMinutes: 31 }, {}],
    ['no minutes at all are one minute', { maxMinutes: 0 }, { maxMinutes: 1, defaultMinutes: 1 }],
    ['half a minute less is a minute less', { maxMinutes: 29.5 }, { maxMinutes: 29 }],
    ['minutes that are no number have no effect', { maxMinutes: Number.NaN }, {}],
    [
      'display seconds cap every class that shows longer',
      { displaySeconds: 45 },
      { displaySeconds: { confidential: 45, restricted: 45, secret: 30 } },
    ],
    ['more display seconds have no effect', { displaySeconds: 121 }, {}],
    [
      'no display seconds are five, the fewest one can read in',
      { displaySeconds: -1 },
      { displaySeconds: { confidential: 5, restricted: 5, secret: 5 } },
    ],
    ['a longer reason may be asked', { minReasonLength: 40 }, { minReasonLength: 40 }],
    ['a shorter reason may not', { minReasonLength: 3 }, {}],
    ['a reason is never asked to be endless', { minReasonLength: 9999 }, { minReasonLength: 200 }],
    ['copying cannot be allowed', { isCopyAllowed: true }, {}],
  ]
  it.each(settings)('%s', (_, set, changed) => {
    const effective = tighten(POLICY, { ...NO_APP_SETTINGS, ...set })
    expect(effective.limits).toEqual({ ...POLICY.limits, ...changed })
  })

  it('can forbid copying that policy allows', () => {
    const lenient = { ...POLICY, limits: { ...POLICY.limits, isCopyAllowed: true } }
    const isCopyAllowed = (set: boolean | null) =>
      tighten(lenient, { ...NO_APP_SETTINGS, isCopyAllowed: set }).limits.isCopyAllowed
    expect([null, true, false].map(isCopyAllowed)).toEqual([true, true, false])
  })

  it('pause reveals and hide further fields', () => {
    const effective = tighten(POLICY, {
      ...NO_APP_SETTINGS,
      areRevealsPaused: true,
      extraProtectedFieldIds: [310, 311],
    })
    expect(effective.areRevealsPaused).toBe(true)
    expect(effective.extraHiddenFieldIds).toEqual([310, 311])
  })

  it('never widen a policy, whatever is set', () => {
    fc.assert(
      fc.property(anyPolicy, anySettings, (policy, set) => {
        const effective = tighten(policy, set)
        const { limits } = effective
        expect(limits.maxMinutes).toBeLessThanOrEqual(policy.limits.maxMinutes)
        expect(limits.defaultMinutes).toBeLessThanOrEqual(policy.limits.defaultMinutes)
        expect(limits.defaultMinutes).toBeLessThanOrEqual(limits.maxMinutes)
        for (const sensitivityClass of SENSITIVITY_CLASSES) {
          expect(limits.displaySeconds[sensitivityClass]).toBeLessThanOrEqual(
            policy.limits.displaySeconds[sensitivityClass],
          )
        }
        expect(limits.minReasonLength).toBeGreaterThanOrEqual(policy.limits.minReasonLength)
        expect(limits.isCopyAllowed && !policy.limits.isCopyAllowed).toBe(false)
        expect(limits.uses).toBe(policy.limits.uses)
        expect(limits.requestExpiryMinutes).toBe(policy.limits.requestExpiryMinutes)
        for (const part of [
          'version',
          'roles',
          'fields',
          'matrix',
          'approval',
          'reasons',
          'detection',
        ] as const) {
          expect(effective[part]).toEqual(policy[part])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('leave a policy that the schema still takes', () => {
    fc.assert(
      fc.property(anyPolicy, anySettings, (policy, set) => {
        const { areRevealsPaused, extraHiddenFieldIds, ...document } = tighten(policy, set)
        expect(policySchema.safeParse(document).error).toBeUndefined()
        expect(areRevealsPaused).toBe(set.areRevealsPaused)
        expect(extraHiddenFieldIds).toEqual(set.extraProtectedFieldIds)
      }),
    )
  })

  it('do the same when they are applied twice', () => {
    fc.assert(
      fc.property(anyPolicy, anySettings, (policy, set) => {
        const once = tighten(policy, set)
        expect(tighten(once, set)).toEqual(once)
      }),
    )
  })
})

describe('the default policy', () => {
  it('is one that the schema takes', () => {
    expect(policySchema.parse(POLICY)).toEqual(POLICY)
  })

  it('gives an account without protected fields the same rules', () => {
    const bare = defaultPolicy({ leadGroupId: 203, complianceGroupId: 204, fields: [] })
    expect(policySchema.parse(bare)).toEqual({ ...POLICY, fields: [] })
  })

  it('shows nobody a value without a request that somebody else approves', () => {
    for (const row of Object.values(POLICY.matrix)) {
      expect(Object.values(row)).not.toContain('reveal')
    }
    for (const levels of Object.values(POLICY.approval)) {
      expect(levels).toEqual([gate(1, ['lead'])])
    }
  })

  it('lets administrators and compliance ask for nothing', () => {
    expect(POLICY.matrix.administrator).toEqual({
      confidential: 'none',
      restricted: 'none',
      secret: 'none',
    })
    expect(POLICY.matrix.compliance).toEqual({
      confidential: 'masked',
      restricted: 'masked',
      secret: 'none',
    })
  })

  it('grants fifteen minutes and three uses, and shows the more sensitive for less long', () => {
    const { limits } = POLICY
    expect(limits).toMatchObject({ defaultMinutes: 15, uses: 3, isCopyAllowed: false })
    expect(limits.displaySeconds).toEqual({ confidential: 120, restricted: 60, secret: 30 })
  })

  it('acts on what detection finds likely, and asks before a draft leaves', () => {
    const { levels, custom, saveGuard } = POLICY.detection
    expect([...new Set(Object.values(levels))]).toEqual(['likely'])
    expect(Object.keys(levels).toSorted()).toEqual(DETECTED_KINDS.toSorted())
    expect(custom).toEqual([])
    expect(saveGuard).toMatchObject({ action: 'ask', maySendWithReason: true, whenUnable: 'block' })
    expect(saveGuard.kinds).toEqual(expect.arrayContaining(['payment_card', 'credential']))
    // A signature holds these, and every reply would be stopped.
    expect(saveGuard.kinds).not.toContain('email')
    expect(saveGuard.kinds).not.toContain('phone')
  })

  it('lets one reason only be used on solved tickets', () => {
    const codes = POLICY.reasons.filter((reason) => reason.isForSolvedTickets)
    expect(codes.map((reason) => reason.code)).toEqual(['legal'])
  })
})

describe('a policy document', () => {
  it('is taken whatever the schema allows', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(policySchema.safeParse(policy).error).toBeUndefined()
      }),
    )
  })

  const { detection, limits, matrix, roles } = POLICY
  const { phone: _, ...withoutPhone } = detection.levels
  const refused: [string, unknown][] = [
    ['an unknown key', { ...POLICY, breakGlass: true }],
    ['an unknown key in the limits', { ...POLICY, limits: { ...limits, maxUses: 99 } }],
    ['an unknown key in a field', { ...POLICY, fields: [{ ...CARD_FIELD, mask: 'none' }] }],
    [
      'an unknown key in a level',
      {
        ...POLICY,
        approval: { ...POLICY.approval, secret: [{ count: 1, roles: ['lead'], users: [1] }] },
      },
    ],
    ['an unknown role', { ...POLICY, roles: { ...roles, owner: [] } }],
    ['a missing role', { ...POLICY, roles: { ...roles, lead: undefined } }],
    ['a missing class', { ...POLICY, matrix: { ...matrix, lead: { confidential: 'none' } } }],
    [
      'an access level of its own',
      { ...POLICY, matrix: { ...matrix, lead: { ...matrix.lead, secret: 'always' } } },
    ],
    [
      'a role by the name of a group',
      { ...POLICY, roles: { ...roles, lead: [{ by: 'group', group: 'Leads' }] } },
    ],
    [
      'a role for every end user',
      { ...POLICY, roles: { ...roles, lead: [{ by: 'zendeskRole', zendeskRole: 'end-user' }] } },
    ],
    ['no approval level for a class', { ...POLICY, approval: { ...POLICY.approval, secret: [] } }],
    [
      'a level that nobody has to pass',
      { ...POLICY, approval: { ...POLICY.approval, secret: [{ count: 0, roles: ['lead'] }] } },
    ],
    [
      'a level without roles',
      { ...POLICY, approval: { ...POLICY.approval, secret: [{ count: 1, roles: [] }] } },
    ],
    ['endless grants', { ...POLICY, limits: { ...limits, maxMinutes: Number.POSITIVE_INFINITY } }],
    ['grants of days', { ...POLICY, limits: { ...limits, maxMinutes: 24 * 60 } }],
    ['grants of half a minute', { ...POLICY, limits: { ...limits, maxMinutes: 0.5 } }],
    ['uses without end', { ...POLICY, limits: { ...limits, uses: 21 } }],
    ['requests that never expire', { ...POLICY, limits: { ...limits, requestExpiryMinutes: 1e9 } }],
    ['no reason at all', { ...POLICY, reasons: [] }],
    ['a hostile field id', { ...POLICY, fields: [{ ...CARD_FIELD, id: "x' OR 1=1" }] }],
    ['a field twice', { ...POLICY, fields: [CARD_FIELD, { ...CARD_FIELD, zendeskFieldId: 399 }] }],
    [
      'one Zendesk field under two classes',
      {
        ...POLICY,
        fields: [NOTE_FIELD, { ...CARD_FIELD, zendeskFieldId: NOTE_FIELD.zendeskFieldId }],
      },
    ],
    ['a reason twice', { ...POLICY, reasons: [...POLICY.reasons, ...POLICY.reasons] }],
    ['no detection section', { ...POLICY, detection: undefined }],
    ['a kind without a level', { ...POLICY, detection: { ...detection, levels: withoutPhone } }],
    [
      'a level for an unknown kind',
      { ...POLICY, detection: { ...detection, levels: { ...detection.levels, mood: 'off' } } },
    ],
    [
      'a level of its own',
      { ...POLICY, detection: { ...detection, levels: { ...detection.levels, phone: 'never' } } },
    ],
    ['an unknown key in detection', { ...POLICY, detection: { ...detection, ignore: ['.'] } }],
    [
      'a save guard that sends by itself',
      {
        ...POLICY,
        detection: { ...detection, saveGuard: { ...detection.saveGuard, action: 'send' } },
      },
    ],
    [
      'administrators who may ask',
      {
        ...POLICY,
        matrix: { ...matrix, administrator: { ...matrix.administrator, secret: 'request' } },
      },
    ],
    [
      'administrators who approve',
      {
        ...POLICY,
        approval: { ...POLICY.approval, secret: [{ count: 1, roles: ['lead', 'administrator'] }] },
      },
    ],
  ]
  it.each(refused)('is refused with %s', (_, document) => {
    expect(policySchema.safeParse(document).success).toBe(false)
  })

  const ticketRef: CustomDetector = {
    id: 'policy_number',
    label: 'Policy number',
    kind: 'other',
    pattern: 'ACME-\\d{4,8}',
    example: 'ACME-20412',
    confidence: 'likely',
  }
  const withCustom = (...custom: Partial<CustomDetector>[]) => ({
    ...POLICY,
    detection: { ...detection, custom: custom.map((part) => ({ ...ticketRef, ...part })) },
  })

  it('may hold twenty custom detectors, and no more', () => {
    const distinct = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ id: `policy_number_${at}` }))
    expect(policySchema.safeParse(withCustom(...distinct(20))).error).toBeUndefined()
    expect(policySchema.safeParse(withCustom(...distinct(21))).success).toBe(false)
  })

  it('is the same after a journey as JSON, custom detectors and all', () => {
    const policy = policySchema.parse(withCustom({}))
    expect(policySchema.parse(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
  })

  const faults: [string, Partial<CustomDetector>[], string, RegExp][] = [
    ['an unsafe pattern', [{}, { id: 'b', pattern: '(a+)+$' }], '1.pattern', /unsafe/],
    ['no pattern', [{ pattern: '(' }], '0.pattern', /no regular expression/],
    ['a pattern of three characters', [{ pattern: '\\d{3}' }], '0.pattern', /fewer than four/],
    ['an example that is not matched', [{ example: 'GLOBEX-1' }], '0.example', /whole example/],
    ['one id twice', [{}, {}], '', /distinct/],
    ['an id for people', [{ id: 'Policy number' }], '0.id', /./],
    ['a label without a letter', [{ label: '' }], '0.label', /./],
  ]
  it.each(faults)('names the fault of a custom detector with %s', (_, custom, path, message) => {
    const { error } = policySchema.safeParse(withCustom(...custom))
    expect(error?.issues).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message) }),
    ])
    expect(error?.issues[0]?.path.join('.')).toBe(
      ['detection.custom', path].filter(Boolean).join('.'),
    )
  })
})
