import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuse } from '../../src/core/errors.ts'
import { ACCESS_LEVELS } from '../../src/core/role.ts'
import { WHY_NEXTS, WHY_RULES, askersOf, whyMasked } from '../../src/core/why.ts'
import type { WhyGround } from '../../src/core/why.ts'
import { POLICY } from './people-and-policy.ts'

const ground: WhyGround = {
  protection: 'vaulted',
  value: { allowed: true },
  access: 'request',
  seenAccess: 'request',
  isExcepted: false,
  ticket: { allowed: true },
  isPaused: false,
  isBreakerOpen: false,
  hasReached: null,
  hasRule: false,
  isApprovable: true,
  isDecidingTime: true,
}

describe('which rule keeps a value masked, and what one can do', () => {
  it.each<[string, Partial<WhyGround>, string, string]>([
    ['a person approves', {}, 'levels', 'ask'],
    ['a person approves, tomorrow', { isDecidingTime: false }, 'levels', 'ask_and_wait'],
    ['nothing is stored', { value: refuse('field_empty') }, 'value', 'ask_customer'],
    ['it was erased', { value: refuse('value_erased') }, 'value', 'ask_customer'],
    ['the field is only hidden', { protection: 'hidden' }, 'protection', 'ask_administrator'],
    ['the role sees nothing', { access: 'none', seenAccess: 'none' }, 'matrix', 'ask_colleague'],
    [
      'the role sees the mask alone',
      { access: 'masked', seenAccess: 'masked' },
      'matrix',
      'ask_colleague',
    ],
    ['the role is new', { access: 'masked', seenAccess: 'request' }, 'power', 'have_confirmed'],
    ['reveals are paused', { isPaused: true }, 'pause', 'wait'],
    ['the breaker is open', { isBreakerOpen: true }, 'breaker', 'wait'],
    ['the ticket is solved', { ticket: refuse('ticket_solved') }, 'ticket', 'reopen_ticket'],
    ['the hard cap is reached', { hasReached: 'hard' }, 'hard_cap', 'wait'],
    ['nobody there is could approve', { isApprovable: false }, 'nobody', 'ask_administrator'],
    ['the matrix reveals', { access: 'reveal', seenAccess: 'reveal' }, 'matrix', 'give_reason'],
    [
      'an exception reveals',
      { access: 'reveal', seenAccess: 'reveal', isExcepted: true },
      'exception',
      'give_reason',
    ],
    ['an exception asks', { isExcepted: true }, 'levels', 'ask'],
    ['a rule approves', { hasRule: true }, 'rule', 'give_reason'],
    [
      'a rule would, but for the soft cap',
      { hasRule: true, hasReached: 'soft' },
      'soft_cap',
      'ask',
    ],
    [
      'the matrix would, but for the soft cap',
      { access: 'reveal', seenAccess: 'reveal', hasReached: 'soft' },
      'soft_cap',
      'ask',
    ],
    ['the soft cap asks nothing of who asks anyway', { hasReached: 'soft' }, 'levels', 'ask'],
    [
      'policy approves by itself, so it needs nobody',
      { hasRule: true, isApprovable: false, isDecidingTime: false },
      'rule',
      'give_reason',
    ],
  ])('%s', (_, change, rule, next) => {
    expect(whyMasked({ ...ground, ...change })).toEqual({ rule, next })
  })

  it('where no ticket is looked at, neither value nor ticket decides', () => {
    const { value: _value, ticket: _ticket, ...elsewhere } = ground
    expect(whyMasked(elsewhere)).toEqual({ rule: 'levels', next: 'ask' })
  })

  it('whoever may not ask is never told to ask', () => {
    const anyGround = fc.record({
      protection: fc.constantFrom('vaulted' as const, 'hidden' as const),
      value: fc.constantFrom({ allowed: true as const }, refuse('field_empty')),
      access: fc.constantFrom(...ACCESS_LEVELS),
      seenAccess: fc.constantFrom(...ACCESS_LEVELS),
      isExcepted: fc.boolean(),
      ticket: fc.constantFrom({ allowed: true as const }, refuse('ticket_solved')),
      isPaused: fc.boolean(),
      isBreakerOpen: fc.boolean(),
      hasReached: fc.constantFrom(null, 'soft' as const, 'hard' as const),
      hasRule: fc.boolean(),
      isApprovable: fc.boolean(),
      isDecidingTime: fc.boolean(),
    })
    fc.assert(
      fc.property(anyGround, (any) => {
        const { rule, next } = whyMasked(any)
        expect(WHY_RULES).toContain(rule)
        expect(WHY_NEXTS).toContain(next)
        const mayAsk =
          any.value.allowed &&
          any.ticket.allowed &&
          (any.access === 'request' || any.access === 'reveal') &&
          any.protection === 'vaulted' &&
          !any.isPaused &&
          !any.isBreakerOpen &&
          any.hasReached !== 'hard'
        const isTold = ['ask', 'ask_and_wait', 'give_reason'].includes(next)
        expect(isTold && !mayAsk).toBe(false)
      }),
    )
  })
})

it('names the roles that may ask for a class', () => {
  expect(askersOf('secret', POLICY)).toEqual(['frontline', 'lead'])
})
