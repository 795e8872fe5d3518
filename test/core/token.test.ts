import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FULL_MASK, maskValue } from '../../src/core/mask.ts'
import { formatFieldText, parseFieldText, tokenFrom } from '../../src/core/token.ts'
import { hostileText } from './values.ts'

const randomBytes = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('a token', () => {
  it('is sixteen characters that nobody misreads aloud', () => {
    fc.assert(
      fc.property(randomBytes, (bytes) => {
        expect(tokenFrom(bytes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
      }),
    )
  })

  it('uses every character equally often, so that 80 bits of chance are in it', () => {
    const counts = new Map<string, number>()
    for (let byte = 0; byte < 256; byte += 1) {
      const [character = ''] = tokenFrom(new Uint8Array(16).fill(byte))
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(counts.size).toBe(32)
    expect(new Set(counts.values())).toEqual(new Set([8]))
  })

  it('is refused where too little chance goes in', () => {
    for (const length of [0, 1, 15]) {
      expect(() => tokenFrom(new Uint8Array(length))).toThrow(TypeError)
    }
  })

  it('stands behind the mask in the ticket field and is found there again', () => {
    fc.assert(
      fc.property(randomBytes, (bytes) => {
        const token = tokenFrom(bytes)
        expect(parseFieldText(formatFieldText(FULL_MASK, token))).toBe(token)
      }),
    )
    const masked = maskValue('4242 4242 4242 4242', 'payment_card', 'restricted')
    expect(formatFieldText(masked, tokenFrom(new Uint8Array(16)))).toBe(
      '•••• •••• •••• 4242 [scrim:0000000000000000]',
    )
  })

  const texts: [string, string | null][] = [
    ['•••••••• [scrim:7Q2K9M4XA1BC3DEF]', '7Q2K9M4XA1BC3DEF'],
    ['[scrim:7Q2K9M4XA1BC3DEF] and what somebody typed behind it', '7Q2K9M4XA1BC3DEF'],
    ['[scrim:7Q2K9M4XA1BC3DEF] [scrim:0000000000000000]', '7Q2K9M4XA1BC3DEF'],
    ['', null],
    ['7Q2K9M4XA1BC3DEF', null],
    ['scrim:7Q2K9M4XA1BC3DEF', null],
    ['[scrim:7Q2K9M4XA1BC3DE]', null],
    ['[scrim:7Q2K9M4XA1BC3DEF0]', null],
    ['[scrim:7q2k9m4xa1bc3def]', null],
    ['[scrim:7Q2K9M4XA1BC3DEO]', null],
    ['[scrim: 7Q2K9M4XA1BC3DEF]', null],
    ['[scrim:７Q2K9M4XA1BC3DEF]', null],
    ['[scrim:7Q2K9M4X\u200bA1BC3DEF]', null],
  ]
  it.each(texts)('in %j is %j', (text, expected) => {
    expect(parseFieldText(text)).toBe(expected)
    // Asking twice gives the same answer: nothing is remembered between two texts.
    expect(parseFieldText(text)).toBe(expected)
  })

  it('is found in no text without one', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(parseFieldText(text)).toBeNull()
      }),
    )
  })
})
