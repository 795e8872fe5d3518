import { describe, expect, it } from 'vitest'
import { defaultPolicy, policySchema, retainUntil } from '../../src/core/policy.ts'
import { FIELD_KINDS } from '../../src/core/protected-field.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'

const AT = new Date('2026-11-22T10:00:00.000Z')

describe('how long a value is kept', () => {
  it('is for ever unless policy says otherwise', () => {
    const policy = defaultPolicy({ leadGroupId: 1, complianceGroupId: 2, fields: [] })
    for (const kind of FIELD_KINDS) expect(retainUntil(policy, kind, AT)).toBeNull()
  })

  it('is counted in days from when it was taken in, kind by kind', () => {
    const retention = { payment_card: 90, phone: null }
    expect(retainUntil({ retention }, 'payment_card', AT)).toEqual(
      new Date('2027-02-20T10:00:00.000Z'),
    )
    expect(retainUntil({ retention }, 'phone', AT)).toBeNull()
    expect(retainUntil({ retention }, 'email', AT)).toBeNull()
  })
})

describe('a policy', () => {
  it('from before there was retention keeps everything, and erases texts with a customer', () => {
    const { retention: _, erasure: __, ...before } = sandboxPolicy
    expect(policySchema.parse(before)).toMatchObject({
      retention: {},
      erasure: { includesTexts: true },
    })
  })

  it.each([
    ['no days', { payment_card: 0 }],
    ['a part of a day', { payment_card: 0.5 }],
    ['more than ten years', { payment_card: 3654 }],
    ['a kind that nobody knows', { shoe_size: 30 }],
    ['days as text', { payment_card: '30' }],
  ])('is refused with a retention of %s', (_, retention) => {
    expect(policySchema.safeParse({ ...sandboxPolicy, retention }).success).toBe(false)
  })

  it.each(['comment_1_1', 'attachment_1', 'note_1'])(
    'is refused with a field called %s, which is for values found in tickets',
    (id) => {
      const fields = sandboxPolicy.fields.map((field, at) => (at === 0 ? { ...field, id } : field))
      const { error } = policySchema.safeParse({ ...sandboxPolicy, fields })
      expect(error?.issues).toEqual([
        expect.objectContaining({
          message: expect.stringContaining('for values found in tickets'),
        }),
      ])
    },
  )
})
