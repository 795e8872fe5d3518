/** Where the keys come from that wrap each value's own key. The database never holds one. */
import { randomBytes } from 'node:crypto'
import { ScrimError } from '../core/errors.ts'

export const KEY_BYTES = 32

export type KeyProvider = {
  /** What new values are sealed under, or fingerprinted with. Throws `keys_unavailable`. */
  currentKeyId(): Promise<string>
  /** Every key that can still be had, the current one first. */
  keyIds(): Promise<readonly string[]>
  /**
   * 32 bytes; the same array as long as the provider keeps the key. May ask a key service, so call it
   * before a transaction. Throws `keys_unavailable` for a key that is not there.
   */
  wrappingKey(keyId: string): Promise<Uint8Array>
}

export type KeyRing = { currentKeyId: string; keys: ReadonlyMap<string, Uint8Array> }

const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/
const BASE64 = /^[A-Za-z0-9+/]{43}=$/

/**
 * Reads `keyId:base64,keyId:base64,…`, or one a line: 32 bytes each, the first one current, the others
 * still able to open what they sealed. Throws a TypeError that counts the entries and never quotes one.
 */
export function parseKeys(text: string): KeyRing {
  const keys = new Map<string, Uint8Array>()
  let currentKeyId: string | undefined
  for (const [index, part] of text
    .trim()
    .split(/,|\r?\n/)
    .entries()) {
    const where = `key ${index + 1}`
    const entry = part.trim()
    const colon = entry.indexOf(':')
    if (colon === -1) throw new TypeError(`${where} must look like keyId:base64`)
    const keyId = entry.slice(0, colon)
    if (!KEY_ID.test(keyId)) {
      throw new TypeError(`${where} needs an id of at most 32 letters, digits, "-" or "_"`)
    }
    if (keys.has(keyId)) throw new TypeError(`${where} has the id of an earlier key`)
    const encoded = entry.slice(colon + 1)
    if (!BASE64.test(encoded)) throw new TypeError(`${where} must be 32 bytes in base64`)
    keys.set(keyId, new Uint8Array(Buffer.from(encoded, 'base64')))
    currentKeyId ??= keyId
  }
  if (currentKeyId === undefined) throw new TypeError('at least one key is needed')
  return { currentKeyId, keys }
}

/** Keys that configuration brought along. They stay the same as long as the process runs. */
export function environmentKeys(ring: KeyRing): KeyProvider {
  return {
    currentKeyId: async () => ring.currentKeyId,
    keyIds: async () => [
      ring.currentKeyId,
      ...[...ring.keys.keys()].filter((id) => id !== ring.currentKeyId),
    ],
    wrappingKey: async (keyId) => {
      const key = ring.keys.get(keyId)
      if (key === undefined) throw new ScrimError('keys_unavailable')
      return key
    },
  }
}

/** A new key in the form that `parseKeys` reads. */
export function generateKey(keyId: string): string {
  return `${keyId}:${randomBytes(KEY_BYTES).toString('base64')}`
}
