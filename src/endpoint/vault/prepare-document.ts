/** Everything about a new document that is made before its transaction, as `prepareValue` does for text. */
import { maskValue } from '../../core/mask.ts'
import { sealDocument } from '../../keys/seal-document.ts'
import type { NewDocument } from '../../storage/documents.ts'
import type { EndpointDeps } from '../context.ts'
import type { ValueToVault } from './prepare-value.ts'
import { bindingOf, rowOf } from './prepare-value.ts'

export type DocumentToVault = Omit<ValueToVault, 'value'> & {
  bytes: Uint8Array
  /** The media type by content, as `sniffType` tells it. */
  contentType: string
}

/**
 * The row and the parts of a new document, for `appendDocument`. It has no fingerprint, because nobody
 * types one to compare it, and a mask that keeps nothing. Throws `keys_unavailable`.
 */
export async function prepareDocument(
  deps: Pick<EndpointDeps, 'account' | 'policy' | 'keys' | 'now'>,
  input: DocumentToVault,
): Promise<NewDocument> {
  const { field, contentType } = input
  const { jwe, parts } = await sealDocument(deps.keys, bindingOf(deps, input), input.bytes)
  const value = {
    ...rowOf(deps, input, jwe),
    masked: maskValue('', field.kind, field.sensitivityClass),
    contentType,
    fingerprint: null,
    fingerprintKeyId: null,
  }
  return { value, parts }
}
