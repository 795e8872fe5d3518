import { describe, expect, it } from 'vitest'
import { ALLOWED, SCRIM_ERROR_CODES, ScrimError, refuse } from '../../src/core/errors.ts'

describe('an error', () => {
  it('says its code and nothing else', () => {
    for (const code of SCRIM_ERROR_CODES) {
      const error = new ScrimError(code, { retryAfterSeconds: 3 })
      expect(error).toBeInstanceOf(Error)
      expect(error.name).toBe('ScrimError')
      expect(error.code).toBe(code)
      expect(error.message).toBe(code)
      expect(error.details).toEqual({ retryAfterSeconds: 3 })
    }
  })

  it('keeps what caused it for whoever handles it, not in its message', () => {
    const cause = new Error('4242 4242 4242 4242')
    const error = new ScrimError('storage_unavailable', {}, { cause })
    expect(error.cause).toBe(cause)
    expect(String(error)).toBe('ScrimError: storage_unavailable')
  })

  it('has a code that is listed once, in lower case', () => {
    expect(new Set(SCRIM_ERROR_CODES).size).toBe(SCRIM_ERROR_CODES.length)
    for (const code of SCRIM_ERROR_CODES) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
  })
})

describe('a verdict', () => {
  it('is yes, or no with its code', () => {
    expect(ALLOWED).toEqual({ allowed: true })
    expect(refuse('self_approval')).toEqual({ allowed: false, code: 'self_approval' })
  })

  it('names the bound that was broken, also when it is zero', () => {
    expect(refuse('duration_too_long', 30)).toEqual({
      allowed: false,
      code: 'duration_too_long',
      limit: 30,
    })
    expect(refuse('duration_too_long', 0)).toHaveProperty('limit', 0)
    expect(refuse('duration_too_long')).not.toHaveProperty('limit')
  })
})
