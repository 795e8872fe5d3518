/** What somebody gives for a field, typed or as a file, made ready for the vault in one way. */
import type { NewDocument } from '../../storage/documents.ts'
import type { EndpointDeps } from '../context.ts'
import { prepareDocument } from './prepare-document.ts'
import type { ValueToVault } from './prepare-value.ts'
import { prepareValue } from './prepare-value.ts'

/** `contentType` is the media type by content. */
export type GivenDocument = { document: { bytes: Uint8Array; contentType: string } }
export type GivenValue = { value: string } | GivenDocument

/** For `appendDocument`: a text is a row without parts. Throws `keys_unavailable`. */
export async function prepareGiven(
  deps: Pick<EndpointDeps, 'account' | 'policy' | 'keys' | 'fingerprintKeys' | 'now'>,
  given: GivenValue,
  about: Omit<ValueToVault, 'value'>,
): Promise<NewDocument> {
  if ('document' in given) return prepareDocument(deps, { ...about, ...given.document })
  return { value: await prepareValue(deps, { ...about, value: given.value }), parts: [] }
}
