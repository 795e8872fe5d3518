import { randomBytes } from 'node:crypto'
import { CompactEncrypt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import type { RecordBinding } from '../../src/keys/seal.ts'
import { openValue, sealValue } from '../../src/keys/seal.ts'

const CARD = '4242 4242 4242 4242'
const RECORD: RecordBinding = {
  account: 'example',
  recordType: 'ticket',
  recordId: 4001,
  fieldId: 'card_number',
  version: 1,
}

const ring = parseKeys(`${generateKey('k1')},${generateKey('k2')}`)
const keys = environmentKeys(ring)
const wrappingKey = ring.keys.get('k1') ?? new Uint8Array()

/** A JWE of the caller's making, under our own key. */
function forged(header: { alg: string; enc: string; kid?: string }, plaintext: Uint8Array) {
  const { account, recordType, recordId, fieldId, version } = RECORD
  const record = [account, recordType, recordId, fieldId, version]
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ kid: 'k1', 'scrim.record': record, ...header })
    .encrypt(wrappingKey)
}

const sealed = await sealValue(keys, RECORD, CARD)

describe('a sealed value', () => {
  test.each(['', CARD, 'Zoë ✓ 日本語', 'line one\nline two', '\u0000', 'x'.repeat(10_000)])(
    'comes back as it went in',
    async (value) => {
      expect(await openValue(keys, RECORD, await sealValue(keys, RECORD, value))).toBe(value)
    },
  )

  test('shows neither the value nor a second sealing of it', async () => {
    expect(sealed).not.toBe(await sealValue(keys, RECORD, CARD))
    const bytes = Buffer.from(sealed.split('.').join(''), 'base64url').toString('latin1')
    expect(bytes).not.toContain('4242')
  })

  test('does not tell the length of a short value', async () => {
    const lengths = await Promise.all(
      Array.from({ length: 65 }, async (_, length) => {
        return (await sealValue(keys, RECORD, 'x'.repeat(length))).length
      }),
    )
    expect(new Set(lengths).size).toBe(1)
  })

  test('is wrapped under the current key, and opens after another became current', async () => {
    expect(decodeProtectedHeader(sealed)).toMatchObject({
      alg: 'A256GCMKW',
      enc: 'A256GCM',
      kid: 'k1',
    })
    const rotated = environmentKeys({ ...ring, currentKeyId: 'k2' })
    expect(await openValue(rotated, RECORD, sealed)).toBe(CARD)
    expect(decodeProtectedHeader(await sealValue(rotated, RECORD, CARD)).kid).toBe('k2')
  })
})

describe('a value stays closed', () => {
  test.each<[string, Partial<RecordBinding>]>([
    ['account', { account: 'other' }],
    ['ticket', { recordId: 4002 }],
    ['field', { fieldId: 'passport' }],
    ['version', { version: 2 }],
  ])('when its ciphertext was moved to another %s', async (_, change) => {
    await expect(openValue(keys, { ...RECORD, ...change }, sealed)).rejects.toMatchObject({
      code: 'reveal_failed',
    })
  })

  test('when its header was rewritten to name the record it was moved to', async () => {
    const [header = '', ...rest] = sealed.split('.')
    const moved = Buffer.from(header, 'base64url').toString().replace('4001', '4002')
    const jwe = [Buffer.from(moved).toString('base64url'), ...rest].join('.')
    await expect(openValue(keys, { ...RECORD, recordId: 4002 }, jwe)).rejects.toMatchObject({
      code: 'reveal_failed',
    })
  })

  test('when any part of it was cut short or changed', async () => {
    const parts = sealed.split('.')
    const damaged = parts.flatMap((part, index) => [
      parts.with(index, part.slice(0, -4)).join('.'),
      parts.with(index, `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`).join('.'),
      parts.with(index, '').join('.'),
      parts.slice(0, index).join('.'),
    ])
    for (const jwe of damaged) {
      await expect(openValue(keys, RECORD, jwe)).rejects.toMatchObject({ code: 'reveal_failed' })
    }
  })

  test('when another key has taken the id of its own', async () => {
    const other = environmentKeys(parseKeys(generateKey('k1')))
    await expect(openValue(other, RECORD, sealed)).rejects.toMatchObject({ code: 'reveal_failed' })
  })

  test('when its key is gone, which is told apart: no value is lost yet', async () => {
    const other = environmentKeys(parseKeys(generateKey('k9')))
    await expect(openValue(other, RECORD, sealed)).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
    const without = environmentKeys({ currentKeyId: 'k9', keys: new Map() })
    await expect(sealValue(without, RECORD, CARD)).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })

  test.each([
    ['key management', { alg: 'dir', enc: 'A256GCM' }],
    ['key management', { alg: 'A256KW', enc: 'A256GCM' }],
    ['content encryption', { alg: 'A256GCMKW', enc: 'A128CBC-HS256' }],
  ])('when it was made by another %s algorithm', async (_, header) => {
    const plaintext = new Uint8Array(68)
    expect(
      await openValue(keys, RECORD, await forged({ alg: 'A256GCMKW', enc: 'A256GCM' }, plaintext)),
    ).toBe('')
    await expect(openValue(keys, RECORD, await forged(header, plaintext))).rejects.toMatchObject({
      code: 'reveal_failed',
    })
  })

  test('when its padding lies about its length', async () => {
    const plaintext = new Uint8Array(68).fill(255)
    const jwe = await forged({ alg: 'A256GCMKW', enc: 'A256GCM' }, plaintext)
    await expect(openValue(keys, RECORD, jwe)).rejects.toMatchObject({ code: 'reveal_failed' })
  })

  test('and its error holds nothing of it', async () => {
    const other = environmentKeys(parseKeys(generateKey('k1')))
    const error: unknown = await openValue(other, RECORD, sealed).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toHaveProperty('cause')
    expect((error as Error).message).toBe('reveal_failed')
  })
})

describe('keys from configuration', () => {
  const base64 = randomBytes(32).toString('base64')

  test('are read in order, the first one current', () => {
    const { currentKeyId, keys } = parseKeys(`2026-11:${base64}, 2026-10:${base64}`)
    expect(currentKeyId).toBe('2026-11')
    expect([...keys.keys()]).toEqual(['2026-11', '2026-10'])
    expect(Buffer.from(keys.get('2026-11') ?? []).toString('base64')).toBe(base64)
  })

  test.each([
    ['', 'key 1 must look like keyId:base64'],
    [base64, 'key 1 must look like keyId:base64'],
    [`a:${base64},`, 'key 2 must look like keyId:base64'],
    [`:${base64}`, 'key 1 needs an id of at most 32 letters, digits, "-" or "_"'],
    [`a b:${base64}`, 'key 1 needs an id of at most 32 letters, digits, "-" or "_"'],
    [`a:${base64},a:${base64}`, 'key 2 has the id of an earlier key'],
    [`a:${base64.slice(4)}`, 'key 1 must be 32 bytes in base64'],
    [`a:${base64}AAAA`, 'key 1 must be 32 bytes in base64'],
    [`a:${base64},b:not base64`, 'key 2 must be 32 bytes in base64'],
  ])('are refused with a reason that counts them and never quotes one', (text, message) => {
    expect(() => parseKeys(text)).toThrow(new TypeError(message))
  })
})
