/** Cases say what a policy must do; they have to come out exactly as the endpoint would decide. */
import { describe, expect, test } from 'vitest'
import { outcomeWords, policyCases, runPolicyCases } from '../../src/core/policy-case.ts'
import type { Outcome, PolicyCase } from '../../src/core/policy-case.ts'
import type { Policy } from '../../src/core/policy.ts'
import { COMPLIANCE, gate, LEADS, POLICY } from './people-and-policy.ts'

const AGENT = { zendeskRole: 'agent' }
const LEAD = { zendeskRole: 'agent', groupIds: [LEADS] }
const ADMIN = { zendeskRole: 'admin' }
const OFFICER = { zendeskRole: 'admin', groupIds: [COMPLIANCE] }

const GRADED: Policy = {
  ...POLICY,
  matrix: {
    ...POLICY.matrix,
    lead: { confidential: 'reveal', restricted: 'request', secret: 'request' },
  },
  approval: {
    ...POLICY.approval,
    secret: [gate(2, ['lead']), gate(1, ['compliance', 'lead'])],
  },
}

function casesOf(...cases: unknown[]): PolicyCase[] {
  return policyCases.parse({ cases }).cases
}

type Row = [name: string, who: object, fieldIds: string[], when: object | undefined, is: Outcome]

const ROWS: Row[] = [
  [
    'an agent needs a lead for a card',
    AGENT,
    ['card_number'],
    undefined,
    { approvalFrom: [{ count: 1, roles: ['lead'], groupIds: [] }] },
  ],
  [
    'and two gates for a fraud note, the roles of one in any order',
    AGENT,
    ['fraud_note'],
    undefined,
    {
      approvalFrom: [
        { count: 2, roles: ['lead'], groupIds: [] },
        { count: 1, roles: ['lead', 'compliance'], groupIds: [] },
      ],
    },
  ],
  ['a lead sees a phone number at once', LEAD, ['phone'], undefined, 'allowed'],
  [
    'but not together with a card',
    LEAD,
    ['phone', 'card_number'],
    undefined,
    { approvalFrom: [{ count: 1, roles: ['lead'], groupIds: [] }] },
  ],
  ['compliance sees a mask', OFFICER, ['card_number'], undefined, 'masked'],
  ['and of a secret nothing', OFFICER, ['fraud_note'], undefined, 'none'],
  ['an administrator sees nothing', ADMIN, ['card_number'], undefined, 'none'],
  ['a suspended lead sees nothing', { ...LEAD, isSuspended: true }, ['phone'], undefined, 'none'],
  [
    'nobody asks on a solved ticket to call back',
    AGENT,
    ['card_number'],
    { ticketStatus: 'solved', reasonCode: 'call_back' },
    { refused: 'ticket_solved' },
  ],
  [
    'for a legal request one may',
    AGENT,
    ['card_number'],
    { ticketStatus: 'closed', reasonCode: 'legal' },
    { approvalFrom: [{ count: 1, roles: ['lead'], groupIds: [] }] },
  ],
  [
    'nobody asks for two hours',
    AGENT,
    ['card_number'],
    { minutes: 120 },
    { refused: 'duration_too_long' },
  ],
  [
    'nobody asks for a reason that is none of the policy’s',
    AGENT,
    ['card_number'],
    { reasonCode: 'curiosity' },
    { refused: 'reason_code_unknown' },
  ],
  [
    'a field that the catalogue does not have is refused',
    AGENT,
    ['salary'],
    undefined,
    { refused: 'field_unknown' },
  ],
]

describe('a case', () => {
  test.each(ROWS)('%s', (name, who, fieldIds, when, expected) => {
    const cases = casesOf({ name, who, what: { fieldIds }, when, expect: expected })
    const [result] = runPolicyCases(GRADED, cases)
    expect(result).toMatchObject({ name, isPassed: true })
  })

  test('that comes out otherwise fails and says how', () => {
    const [result] = runPolicyCases(
      GRADED,
      casesOf({
        name: 'compliance may ask',
        who: OFFICER,
        what: { fieldIds: ['card_number'] },
        expect: { approvalFrom: [{ roles: ['lead'] }] },
      }),
    )
    expect(result).toMatchObject({ isPassed: false, found: 'masked' })
    expect(result && outcomeWords(result.expected)).toBe('needs approval from 1 lead')
  })

  test('that asks for the levels in another order fails', () => {
    const expected = {
      approvalFrom: [
        { count: 1, roles: ['lead', 'compliance'] },
        { count: 2, roles: ['lead'] },
      ],
    }
    const cases = casesOf({
      name: 'the wrong way round',
      who: AGENT,
      what: { fieldIds: ['fraud_note'] },
      expect: expected,
    })
    expect(runPolicyCases(GRADED, cases)).toMatchObject([{ isPassed: false }])
  })
})

describe('the file', () => {
  const whole = {
    name: 'a case',
    who: AGENT,
    what: { fieldIds: ['card_number'] },
    expect: 'masked',
  }
  test.each([
    ['with a misspelt key', { ...whole, expects: 'masked' }],
    ['with a misspelt standing', { ...whole, who: { role: 'agent' } }],
    ['without what is asked for', { ...whole, what: { fieldIds: [] } }],
    ['that expects a code nobody has', { ...whole, expect: { refused: 'no_such_code' } }],
    ['that expects approval from nobody', { ...whole, expect: { approvalFrom: [] } }],
  ])('%s is refused', (_, one) => {
    expect(policyCases.safeParse({ cases: [one] }).success).toBe(false)
  })
})
