import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ticket } from '../../src/core/person.ts'
import {
  checkApproval,
  checkReason,
  lostGround,
  mayClose,
  requestEnd,
} from '../../src/core/reveal-request.ts'
import type { RevealRequest, RevealRequestState } from '../../src/core/reveal-request.ts'
import { MAYA, POLICY, TICKET } from './people-and-policy.ts'
import { hostileText } from './values.ts'

const YES = { allowed: true }
const no = (code: string) => ({ allowed: false, code })
const NOW = new Date('2026-03-02T09:00:00.000Z')
const LATER = new Date('2026-03-02T17:00:00.000Z')
const NO_INSTANT = new Date(Number.NaN)

const STATES: readonly RevealRequestState[] = [
  'pending',
  'approved',
  'denied',
  'withdrawn',
  'expired',
  'ended',
]
const CLOSED = STATES.filter((state) => state !== 'pending')

const PENDING: RevealRequest = {
  state: 'pending',
  requesterId: MAYA.id,
  ticketId: TICKET.id,
  assigneeId: MAYA.id,
  reasonCode: 'refund',
  minutes: 15,
  fieldIds: ['card_number', 'phone'],
  expiresAt: LATER,
}

describe('a reason', () => {
  const SAID = 'The customer disputes the last four digits.'
  const TOO_SHORT = { allowed: false, code: 'reason_too_short', limit: 10 }
  const EMPTY = no('reason_not_meaningful')
  const REPEATED = no('reason_repeated')

  const texts: [string, string, object][] = [
    [SAID, 'refund', YES],
    ['Call back about the outage', 'call_back', YES],
    ['Refund for order 20417', 'refund', YES],
    ['客户要求回电以核实身份信息', 'identity_check', YES],
    ['العميل يطلب استرداد المبلغ', 'refund', YES],
    ['ग्राहक धनवापसी चाहता है', 'refund', YES],
    ['Клиент просит вернуть деньги', 'refund', YES],
    // Nothing said.
    ['', 'refund', TOO_SHORT],
    ['.', 'refund', TOO_SHORT],
    ['asap', 'refund', TOO_SHORT],
    ['          a          ', 'refund', TOO_SHORT],
    ['a         b', 'refund', TOO_SHORT],
    ['..........', 'refund', EMPTY],
    ['.,;:!?-_()[]', 'refund', EMPTY],
    ['a.b.c.......', 'refund', EMPTY],
    ['aaaaaaaaaaaa', 'refund', EMPTY],
    ['1212121212121212', 'refund', EMPTY],
    ['abcabcabcabc', 'refund', EMPTY],
    ['asdf asdf asdf', 'refund', EMPTY],
    ['😀😀😀😀😀😀😀😀😀😀', 'refund', EMPTY],
    ['xyz😀😀😀😀😀😀😀😀', 'refund', EMPTY],
    // Nothing that one can see.
    ['\u200b'.repeat(20), 'refund', TOO_SHORT],
    [`abcd${'\u200b'.repeat(20)}`, 'refund', TOO_SHORT],
    [`abcd${'\u0007'.repeat(20)}`, 'refund', TOO_SHORT],
    [`abc${'\u3164\u115f\u1160'.repeat(5)}`, 'refund', TOO_SHORT],
    [`abc${'\u2800'.repeat(12)}`, 'refund', EMPTY],
    // The code or the label again.
    ['call_back  ', 'call_back', TOO_SHORT],
    ['identity_check', 'identity_check', EMPTY],
    ['IDENTITY CHECK', 'identity_check', EMPTY],
    ['Identity check!!!', 'identity_check', EMPTY],
    ['i d e n t i t y  c h e c k', 'identity_check', EMPTY],
    ['Refund or payment', 'refund', EMPTY],
    ['refund refund', 'refund', EMPTY],
    ['Refund or payment: refund', 'refund', EMPTY],
    ['something else...', 'other', EMPTY],
    // The label in letters that only look like its own.
    ['Ｉｄｅｎｔｉｔｙ ｃｈｅｃｋ', 'identity_check', EMPTY],
    ['𝐈𝐝𝐞𝐧𝐭𝐢𝐭𝐲 𝐜𝐡𝐞𝐜𝐤', 'identity_check', EMPTY],
    ['Idеntity chеck', 'identity_check', EMPTY],
    ['Ιdentity cheсκ', 'identity_check', EMPTY],
    ['Íd\u0301entïty check', 'identity_check', EMPTY],
    ['Iden\u200btity \u00adcheck', 'identity_check', EMPTY],
    // The same again.
    ['Comparing with the provider.', 'refund', REPEATED],
    ['comparing  with the PROVIDER', 'refund', REPEATED],
    ['Comparing with the provider!!', 'refund', REPEATED],
    ['Compаring with thе provider.', 'refund', REPEATED],
    ['Comparing\u200b with the provider.', 'refund', REPEATED],
    ['Ｃomparing with the provider.', 'refund', REPEATED],
    // No such code, whatever the text.
    [SAID, 'unknown', no('reason_code_unknown')],
    [SAID, '', no('reason_code_unknown')],
    [SAID, 'REFUND', no('reason_code_unknown')],
    ['.', 'unknown', no('reason_code_unknown')],
  ]
  it.each(texts)('%j for %s', (text, code, expected) => {
    const recent = ['Comparing with the provider.']
    expect(checkReason({ code, text }, recent, POLICY)).toEqual(expected)
  })

  it('may be said again after ten others', () => {
    const others = Array.from({ length: 10 }, (_, at) => `Another text, number ${at}`)
    const reason = { code: 'refund', text: SAID }
    expect(checkReason(reason, [...others.slice(1), SAID], POLICY)).toEqual(REPEATED)
    expect(checkReason(reason, [...others, SAID], POLICY)).toEqual(YES)
  })

  it('has to be as long as policy says, and the refusal names the length', () => {
    const policy = { ...POLICY, limits: { ...POLICY.limits, minReasonLength: 60 } }
    expect(checkReason({ code: 'refund', text: SAID }, [], policy)).toEqual({
      allowed: false,
      code: 'reason_too_short',
      limit: 60,
    })
  })

  it('says something even where policy asks for one character', () => {
    const policy = { ...POLICY, limits: { ...POLICY.limits, minReasonLength: 1 } }
    expect(checkReason({ code: 'refund', text: '.' }, [], policy)).toEqual(EMPTY)
    expect(checkReason({ code: 'refund', text: 'refund' }, [], policy)).toEqual(EMPTY)
    expect(checkReason({ code: 'refund', text: 'PSP asks' }, [], policy)).toEqual(YES)
  })

  it('is answered whatever the text, and never accepted a second time', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.lorem()), (text) => {
        const reason = { code: 'refund', text }
        const verdict = checkReason(reason, [], POLICY)
        const again = checkReason(reason, [text], POLICY)
        expect(again).toEqual(verdict.allowed ? REPEATED : verdict)
      }),
    )
  })

  it('is answered soon, however often the text repeats itself', () => {
    const policy = { ...POLICY, limits: { ...POLICY.limits, minReasonLength: 1 } }
    const text = `${'ab'.repeat(249)}c`
    expect(checkReason({ code: 'refund', text }, [], policy).allowed).toBe(true)
  })
})

describe('what a request stands on', () => {
  const ground = { ticket: TICKET, canRequesterAsk: true }
  const legal = { ...PENDING, reasonCode: 'legal' }
  const solved: Ticket = { ...TICKET, status: 'solved' }
  const rows: [
    string,
    RevealRequest,
    { ticket: Ticket | null; canRequesterAsk: boolean },
    string | null,
  ][] = [
    ['everything as it was', PENDING, ground, null],
    ['a ticket on hold', PENDING, { ...ground, ticket: { ...TICKET, status: 'hold' } }, null],
    ['a ticket that is gone', PENDING, { ...ground, ticket: null }, 'ticket_not_found'],
    ['a solved ticket', PENDING, { ...ground, ticket: solved }, 'ticket_solved'],
    [
      'a closed ticket',
      PENDING,
      { ...ground, ticket: { ...TICKET, status: 'closed' } },
      'ticket_solved',
    ],
    ['a solved ticket and a reason meant for it', legal, { ...ground, ticket: solved }, null],
    [
      'a reason that policy no longer knows, on a solved ticket',
      { ...PENDING, reasonCode: 'gone' },
      { ...ground, ticket: solved },
      'ticket_solved',
    ],
    [
      'another assignee',
      PENDING,
      { ...ground, ticket: { ...TICKET, assigneeId: 102 } },
      'ticket_reassigned',
    ],
    [
      'no assignee any more',
      PENDING,
      { ...ground, ticket: { ...TICKET, assigneeId: null } },
      'ticket_reassigned',
    ],
    ['a first assignee', { ...PENDING, assigneeId: null }, ground, 'ticket_reassigned'],
    [
      'no assignee, as before',
      { ...PENDING, assigneeId: null },
      { ...ground, ticket: { ...TICKET, assigneeId: null } },
      null,
    ],
    ['a lost role', PENDING, { ...ground, canRequesterAsk: false }, 'role_not_permitted'],
    [
      'a lost role on a legal request',
      legal,
      { ticket: solved, canRequesterAsk: false },
      'role_not_permitted',
    ],
  ]
  it.each(rows)('%s', (_, request, found, expected) => {
    expect(lostGround(request, found, POLICY)).toBe(expected)
    expect(requestEnd(request, NOW, found, POLICY)).toEqual(
      expected === null ? null : { state: 'ended', code: expected },
    )
  })

  it('does not matter once its time is over', () => {
    const expired = { state: 'expired', code: 'request_expired' }
    const lost = { ticket: null, canRequesterAsk: false }
    expect(requestEnd(PENDING, new Date(LATER.getTime() - 1), ground, POLICY)).toBeNull()
    expect(requestEnd(PENDING, LATER, ground, POLICY)).toEqual(expired)
    expect(requestEnd(PENDING, LATER, lost, POLICY)).toEqual(expired)
    expect(requestEnd({ ...PENDING, expiresAt: NO_INSTANT }, NOW, ground, POLICY)).toEqual(expired)
  })
})

describe('a request', () => {
  const closings: [RevealRequestState, Date, object][] = [
    ['pending', NOW, YES],
    ['pending', new Date(LATER.getTime() - 1), YES],
    ['pending', LATER, no('request_expired')],
    ['pending', NO_INSTANT, no('request_expired')],
    ['approved', NOW, no('request_not_pending')],
    ['denied', NOW, no('request_not_pending')],
    ['withdrawn', NOW, no('request_not_pending')],
    ['expired', NOW, no('request_expired')],
    ['ended', NOW, no('request_ended')],
  ]
  it.each(closings)('that is %s at %o may be decided or withdrawn', (state, now, expected) => {
    expect(mayClose({ state, expiresAt: LATER }, now)).toEqual(expected)
  })

  it('never leaves a closed state, whatever happens to time, ticket and requester', () => {
    const anyGround = fc.record({
      ticket: fc.oneof(
        fc.constant(null),
        fc.record({
          status: fc.constantFrom<Ticket['status'][]>('open', 'solved', 'closed'),
          assigneeId: fc.constantFrom(null, 101, 102),
        }),
      ),
      canRequesterAsk: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.constantFrom(...CLOSED),
        fc.date(),
        fc.date(),
        anyGround,
        (state, now, expiresAt, { ticket, canRequesterAsk }) => {
          const request = { ...PENDING, state, expiresAt }
          const found = { ticket: ticket && { ...TICKET, ...ticket }, canRequesterAsk }
          expect(mayClose(request, now).allowed).toBe(false)
          expect(requestEnd(request, now, found, POLICY)).toBeNull()
        },
      ),
    )
  })

  it('is either decidable or at its end, never both', () => {
    fc.assert(
      fc.property(fc.date(), fc.date(), (now, expiresAt) => {
        const request = { ...PENDING, expiresAt }
        const end = requestEnd(request, now, { ticket: TICKET, canRequesterAsk: true }, POLICY)
        expect(mayClose(request, now).allowed).toBe(end === null)
      }),
    )
  })
})

describe('an approval', () => {
  type Approval = Parameters<typeof checkApproval>[1]
  const tooLong = (limit: number) => ({ allowed: false, code: 'duration_too_long', limit })
  const rows: [string, Approval, number, object][] = [
    ['of everything as asked', {}, 30, YES],
    ['of one field', { fieldIds: ['phone'] }, 30, YES],
    ['of all fields by name', { fieldIds: ['phone', 'card_number'] }, 30, YES],
    ['of a field that was not asked', { fieldIds: ['passport'] }, 30, no('fields_not_requested')],
    ['of one more field', { fieldIds: ['phone', 'passport'] }, 30, no('fields_not_requested')],
    ['of no field', { fieldIds: [] }, 30, no('fields_not_requested')],
    ['for fewer minutes', { minutes: 5 }, 30, YES],
    ['for as many minutes', { minutes: 15 }, 30, YES],
    ['for more minutes than asked', { minutes: 16 }, 30, tooLong(15)],
    ['for more minutes than the cap that came since', { minutes: 15 }, 10, tooLong(10)],
    ['as asked under a cap that came since', {}, 10, YES],
    ['for no minute', { minutes: 0 }, 30, no('bad_input')],
    ['for minutes backwards', { minutes: -5 }, 30, no('bad_input')],
    ['for endless minutes', { minutes: Number.POSITIVE_INFINITY }, 30, tooLong(15)],
    ['for minutes that are no number', { minutes: Number.NaN }, 30, tooLong(15)],
    ['under a cap that is no number', { minutes: 15 }, Number.NaN, tooLong(Number.NaN)],
  ]
  it.each(rows)('%s', (_, approval, maxMinutes, expected) => {
    expect(checkApproval(PENDING, approval, { maxMinutes, uses: 3 })).toEqual(expected)
  })

  it('never yields a field that was not asked or a minute more', () => {
    const fieldId = fc.constantFrom('card_number', 'phone', 'passport', 'iban')
    const minutes = fc.oneof(fc.constant(undefined), fc.integer({ min: -5, max: 130 }), fc.double())
    fc.assert(
      fc.property(
        fc.uniqueArray(fieldId, { minLength: 1 }),
        fc.option(fc.array(fieldId), { nil: undefined }),
        fc.integer({ min: 1, max: 120 }),
        minutes,
        fc.integer({ min: 1, max: 120 }),
        (asked, approved, askedMinutes, approvedMinutes, cap) => {
          const request = { fieldIds: asked, minutes: askedMinutes }
          const approval = { fieldIds: approved, minutes: approvedMinutes }
          fc.pre(checkApproval(request, approval, { maxMinutes: cap, uses: 3 }).allowed)
          for (const id of approved ?? asked) expect(asked).toContain(id)
          const granted = approvedMinutes ?? Math.min(askedMinutes, cap)
          expect(granted).toBeGreaterThan(0)
          expect(granted).toBeLessThanOrEqual(Math.min(askedMinutes, cap))
        },
      ),
    )
  })
})
