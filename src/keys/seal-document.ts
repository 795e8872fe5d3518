/**
 * Envelope encryption of a document. What stands in the value's row is a sealed manifest: how long the
 * document is, in how many parts, and the content key that was made for it. Each part is a compact JWE
 * under that key (`dir`), with the record, its own number and the number of all parts in the protected
 * header. New wrapping keys so touch the manifest alone, and without it no part opens.
 */
import { CompactEncrypt, base64url, compactDecrypt } from 'jose'
import { countParts, partRange } from '../core/document.ts'
import { ScrimError } from '../core/errors.ts'
import type { KeyProvider } from './key-provider.ts'
import { KEY_BYTES } from './key-provider.ts'
import type { RecordBinding } from './seal.ts'
import { ENC, RECORD, boundTo, openValue, sealValue } from './seal.ts'

const ALG = 'dir'
/** Names a part's place in the protected header: `[number, count]`. */
const PART = 'scrim.part'

/** `{"size":5242880,"parts":3,"key":"…"}`: bytes, a count, and 32 bytes in base64url. */
type Manifest = { size: number; parts: number; key: string }

export type SealedDocument = {
  /** The sealed manifest. */
  jwe: string
  /** In order. */
  parts: string[]
}

/** Seals a document for the record of `binding`, under the provider's current key. */
export async function sealDocument(
  keys: KeyProvider,
  binding: RecordBinding,
  bytes: Uint8Array,
): Promise<SealedDocument> {
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  const size = bytes.byteLength
  const manifest: Manifest = { size, parts: countParts(size), key: base64url.encode(key) }
  const jwe = await sealValue(keys, binding, JSON.stringify(manifest), 'document')
  const parts: string[] = []
  for (let part = 0; part < manifest.parts; part += 1) {
    const { start, end } = partRange(size, part)
    parts.push(
      await new CompactEncrypt(bytes.subarray(start, end))
        .setProtectedHeader({ alg: ALG, enc: ENC, ...placeOf(binding, part, manifest.parts) })
        .encrypt(key),
    )
  }
  return { jwe, parts }
}

/**
 * Opens part number `part` of what `sealDocument` made for this very record. A part that was moved,
 * swapped, cut or left out (`sealedPart` undefined) is `reveal_failed` and nothing more;
 * `keys_unavailable` when the manifest's key is not there.
 */
export async function openDocumentPart(
  keys: KeyProvider,
  binding: RecordBinding,
  jwe: string,
  sealedPart: string | undefined,
  part: number,
): Promise<{ bytes: Uint8Array; size: number; parts: number }> {
  const { size, parts, key } = await openManifest(keys, binding, jwe)
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(
      sealedPart ?? '',
      base64url.decode(key),
      { keyManagementAlgorithms: [ALG], contentEncryptionAlgorithms: [ENC] },
    )
    for (const [name, value] of Object.entries(placeOf(binding, part, parts))) {
      // The header is authenticated by now; jose leaves comparing it with the row to us.
      if (JSON.stringify(protectedHeader[name]) !== JSON.stringify(value)) {
        throw new RangeError(name)
      }
    }
    const { start, end } = partRange(size, part)
    if (plaintext.byteLength !== end - start) throw new RangeError('length')
    return { bytes: plaintext, size, parts }
  } catch {
    throw new ScrimError('reveal_failed')
  }
}

/** How long a sealed document is, and in how many parts. Fails as `openDocumentPart` does. */
export async function measureDocument(
  keys: KeyProvider,
  binding: RecordBinding,
  jwe: string,
): Promise<{ size: number; parts: number }> {
  const { size, parts } = await openManifest(keys, binding, jwe)
  return { size, parts }
}

/** Seals a document's manifest anew, under the provider's current key. Its parts stay as they are. */
export async function resealDocument(
  keys: KeyProvider,
  binding: RecordBinding,
  jwe: string,
): Promise<string> {
  return sealValue(keys, binding, await openValue(keys, binding, jwe, 'document'), 'document')
}

function placeOf(binding: RecordBinding, part: number, parts: number) {
  return { [RECORD]: boundTo(binding, 'document'), [PART]: [part, parts] }
}

async function openManifest(
  keys: KeyProvider,
  binding: RecordBinding,
  jwe: string,
): Promise<Manifest> {
  // Authenticated: only `sealDocument` seals this form.
  return JSON.parse(await openValue(keys, binding, jwe, 'document')) as Manifest
}
