/** Opening documents that are stored in parts: one part for a screen, or the whole for another record. */
import { measureDocument, openDocumentPart } from '../../keys/seal-document.ts'
import { findDocumentPart } from '../../storage/documents.ts'
import type { ValueKey } from '../../storage/vault.ts'
import type { EndpointDeps } from '../context.ts'
import { bindingOf } from './prepare-value.ts'

type OpenDeps = Pick<EndpointDeps, 'account' | 'database' | 'keys'>

/** Bytes of one part; `size` and `parts` are the whole document's. */
export type OpenedPart = { bytes: Uint8Array; size: number; parts: number }

/**
 * One part of a document, by its number from 0; null when it never had so many. `jwe` is what the
 * value's row holds. Throws `reveal_failed` and `keys_unavailable`.
 */
export async function openPart(
  deps: OpenDeps,
  key: ValueKey,
  jwe: string,
  part: number,
): Promise<OpenedPart | null> {
  const binding = bindingOf(deps, { ...key, field: { id: key.fieldId } })
  const sealed = await findDocumentPart(deps.database.orm, deps.account.id, key, part)
  if (sealed === undefined) {
    // A part that is gone is a loss, one that never was is a question for too much.
    const { parts } = await measureDocument(deps.keys, binding, jwe)
    if (part >= parts) return null
  }
  return openDocumentPart(deps.keys, binding, jwe, sealed, part)
}

/** The whole document. Throws as `openPart` does. */
export async function openDocument(
  deps: OpenDeps,
  key: ValueKey,
  jwe: string,
): Promise<Uint8Array> {
  const opened: Uint8Array[] = []
  for (;;) {
    const part = await openPart(deps, key, jwe, opened.length)
    if (part === null) return Buffer.concat(opened)
    opened.push(part.bytes)
  }
}
