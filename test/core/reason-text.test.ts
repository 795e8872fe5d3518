import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gistOf, resembles } from '../../src/core/reason-text.ts'

const like = (one: string, other: string) => resembles(gistOf(one), gistOf(other))

describe('reasons that say nearly the same', () => {
  it.each([
    ['Refund for case 17', 'Refund for case 4711'],
    ['Customer disputes the last four digits', 'customer  disputes the last FOUR digits!'],
    ['Customer disputes the last four digits', 'Customer disputed last four digits'],
    ['Compare with the bank statement', 'Compаre with the bank stаtement'],
    ['Rückfrage der Bank wegen Lastschrift', 'Rückfrage der Bank wegen der Lastschrift'],
  ])('“%s” and “%s”', (one, other) => {
    expect(like(one, other)).toBe(true)
  })

  it.each([
    ['Customer disputes the last four digits', 'To call back about the outage'],
    ['Identity check by phone', 'Refund to the card'],
    ['', ''],
    ['12', '34'],
    ['a', 'b'],
  ])('not “%s” and “%s”', (one, other) => {
    expect(like(one, other)).toBe(false)
  })

  it('whichever comes first, and a reason is like itself', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), (one, other) => {
        expect(like(one, other)).toBe(like(other, one))
        expect(like(one, one)).toBe(gistOf(one) !== '')
      }),
    )
  })
})
