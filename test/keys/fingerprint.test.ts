import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fingerprintInput } from '../../src/core/fingerprint.ts'
import { fingerprintOf, fingerprintsOf, isSameFingerprint } from '../../src/keys/fingerprint.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'

const CARD = { account: 'example', kind: 'payment_card', value: '4242 4242 4242 4242' } as const
const ring = parseKeys(`${generateKey('f2')},${generateKey('f1')}`)
const keys = environmentKeys(ring)

describe('a fingerprint', () => {
  test('is HMAC-SHA-256 under the current key, as anybody with the key would compute it', async () => {
    const made = await fingerprintOf(keys, CARD)
    const hmac = createHmac('sha256', ring.keys.get('f2') ?? '')
    hmac.update(fingerprintInput(CARD.account, CARD.kind, CARD.value))
    expect(made).toEqual({ fingerprint: hmac.digest('hex'), keyId: 'f2' })
  })

  test('is equal for equal values and no other, whatever their spelling', async () => {
    const { fingerprint } = await fingerprintOf(keys, CARD)
    const of = async (change: object) =>
      (await fingerprintOf(keys, { ...CARD, ...change })).fingerprint
    expect(await of({ value: '4242-4242-4242-4242' })).toBe(fingerprint)
    expect(await of({ value: '4000 0566 5566 5556' })).not.toBe(fingerprint)
    expect(await of({ account: 'other' })).not.toBe(fingerprint)
    expect(await of({ kind: 'other' })).not.toBe(fingerprint)
  })

  test('cannot be made without the key: another one makes another', async () => {
    const other = environmentKeys(parseKeys(generateKey('f2')))
    const [one, two] = [await fingerprintOf(keys, CARD), await fingerprintOf(other, CARD)]
    expect(one.fingerprint).not.toBe(two.fingerprint)
    const without = environmentKeys({ currentKeyId: 'gone', keys: new Map() })
    await expect(fingerprintOf(without, CARD)).rejects.toMatchObject({ code: 'keys_unavailable' })
  })

  test('is looked for under every key while keys rotate, the current one first', async () => {
    const all = await fingerprintsOf(keys, CARD)
    expect(all.map(({ keyId }) => keyId)).toEqual(['f2', 'f1'])
    const before = environmentKeys({ ...ring, currentKeyId: 'f1' })
    expect(all[1]).toEqual(await fingerprintOf(before, CARD))
  })
})

describe('comparing fingerprints', () => {
  test('finds equal ones equal', async () => {
    const { fingerprint } = await fingerprintOf(keys, CARD)
    expect(isSameFingerprint(fingerprint, `${fingerprint}`)).toBe(true)
  })

  test.each([
    ['', ''],
    ['ab', 'abc'],
    ['ab', 'ac'],
    ['', 'ab'],
  ])('finds %j and %j different', (one, other) => {
    expect(isSameFingerprint(one, other)).toBe(false)
  })
})
