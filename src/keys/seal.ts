/**
 * Envelope encryption of one value: a compact JWE (RFC 7516) with its own content key, wrapped under
 * the provider's key, and the record it belongs to in the protected header. Ciphertext that was moved
 * to another account, record, field or version does not open.
 */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { ScrimError } from '../core/errors.ts'
import type { KeyProvider } from './key-provider.ts'

export type RecordBinding = {
  account: string
  recordType: 'ticket'
  recordId: number
  fieldId: string
  version: number
}

/** What is sealed: a text, or what opens a document. One never opens as the other. */
export type SealedForm = 'text' | 'document'

const ALG = 'A256GCMKW'
export const ENC = 'A256GCM'
/** Names the binding in the protected header. */
export const RECORD = 'scrim.record'

const LENGTH_BYTES = 4
/** Plaintext grows in steps of this many bytes, so that the ciphertext's length tells only the step. */
const STEP_BYTES = 64

/** What the header says: of a text the record alone, of anything else its form, too. */
export function boundTo(binding: RecordBinding, form: SealedForm = 'text'): (string | number)[] {
  const { account, recordType, recordId, fieldId, version } = binding
  const record = [account, recordType, recordId, fieldId, version]
  return form === 'text' ? record : [...record, form]
}

/** `length (4 bytes, big endian) ‖ UTF-8 value ‖ zeros` to the next step. */
function pad(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value)
  const steps = Math.max(1, Math.ceil(bytes.length / STEP_BYTES))
  const padded = new Uint8Array(LENGTH_BYTES + steps * STEP_BYTES)
  new DataView(padded.buffer).setUint32(0, bytes.length)
  padded.set(bytes, LENGTH_BYTES)
  return padded
}

function unpad(padded: Uint8Array): string {
  const view = new DataView(padded.buffer, padded.byteOffset, padded.byteLength)
  const end = LENGTH_BYTES + view.getUint32(0)
  if (end > padded.length) throw new RangeError('padding')
  return new TextDecoder('utf-8', { fatal: true }).decode(padded.subarray(LENGTH_BYTES, end))
}

const importedKeys = new WeakMap<Uint8Array, Promise<CryptoKey>>()

/** WebCrypto's handle on a key, made once: importing costs about as much as opening a value. */
function imported(key: Uint8Array): Promise<CryptoKey> {
  const known = importedKeys.get(key)
  if (known !== undefined) return known
  const made = crypto.subtle.importKey('raw', Uint8Array.from(key), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  importedKeys.set(key, made)
  return made
}

/** Seals `value` for the record of `binding`, under the provider's current key. */
export async function sealValue(
  keys: KeyProvider,
  binding: RecordBinding,
  value: string,
  form: SealedForm = 'text',
): Promise<string> {
  const keyId = await keys.currentKeyId()
  const key = await imported(await keys.wrappingKey(keyId))
  return new CompactEncrypt(pad(value))
    .setProtectedHeader({ alg: ALG, enc: ENC, kid: keyId, [RECORD]: boundTo(binding, form) })
    .encrypt(key)
}

/**
 * Opens what `sealValue` made for this very record and form. Everything else, from a foreign algorithm
 * to a moved ciphertext, is `reveal_failed` and nothing more; `keys_unavailable` when its key is not
 * there.
 */
export async function openValue(
  keys: KeyProvider,
  binding: RecordBinding,
  jwe: string,
  form: SealedForm = 'text',
): Promise<string> {
  const key = await imported(await keys.wrappingKey(sealedUnder(jwe)))
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [ALG],
      contentEncryptionAlgorithms: [ENC],
    })
    // The header is authenticated by now; jose leaves comparing it with the row to us.
    if (JSON.stringify(protectedHeader[RECORD]) !== JSON.stringify(boundTo(binding, form))) {
      throw new RangeError('binding')
    }
    return unpad(plaintext)
  } catch {
    throw new ScrimError('reveal_failed')
  }
}

/** The id of the key that a sealed value is wrapped under. `reveal_failed` for anything else. */
export function sealedUnder(jwe: string): string {
  try {
    const { kid } = decodeProtectedHeader(jwe)
    if (typeof kid === 'string') return kid
  } catch {
    throw new ScrimError('reveal_failed')
  }
  throw new ScrimError('reveal_failed')
}
