/**
 * Keyed fingerprints: HMAC-SHA-256 over account, kind and value, under keys that seal nothing. Equal
 * values of an account have equal fingerprints, so that one can compare and find without opening. A
 * card or a birthday is quickly guessed; without the key no guess can be checked.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { fingerprintInput } from '../core/fingerprint.ts'
import type { FieldKind } from '../core/protected-field.ts'
import type { KeyProvider } from './key-provider.ts'

export type ValueToFingerprint = { account: string; kind: FieldKind; value: string }

/** 32 bytes in hex, and the id of the key that made them. */
export type Fingerprint = { fingerprint: string; keyId: string }

async function fingerprintUnder(
  keys: KeyProvider,
  keyId: string,
  { account, kind, value }: ValueToFingerprint,
): Promise<Fingerprint> {
  const key = await keys.wrappingKey(keyId)
  // Not WebCrypto's: it takes a thread's turn for each, a hundred times as long as the hash.
  const hmac = createHmac('sha256', key).update(fingerprintInput(account, kind, value))
  return { fingerprint: hmac.digest('hex'), keyId }
}

/** What is stored with a new value. Throws `keys_unavailable`. */
export async function fingerprintOf(
  keys: KeyProvider,
  value: ValueToFingerprint,
): Promise<Fingerprint> {
  return fingerprintUnder(keys, await keys.currentKeyId(), value)
}

/**
 * The value's fingerprint under every key there is, the current one first: while keys rotate, a stored
 * value may still have any of them. Throws `keys_unavailable` when one cannot be had, because a search
 * that silently misses values says something wrong.
 */
export async function fingerprintsOf(
  keys: KeyProvider,
  value: ValueToFingerprint,
): Promise<Fingerprint[]> {
  const keyIds = await keys.keyIds()
  return Promise.all(keyIds.map((keyId) => fingerprintUnder(keys, keyId, value)))
}

/** Whether two fingerprints are equal, in a time that does not tell where they differ. */
export function isSameFingerprint(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b)
}
