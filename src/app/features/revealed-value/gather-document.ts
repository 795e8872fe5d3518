/**
 * A document comes in parts, because an answer has a limit. They are put together in memory; a text
 * becomes a text, which is shown as any other value.
 */
import { MAX_DOCUMENT_BYTES, partRange } from '../../../core/document.ts'
import type {
  DocumentPart,
  RevealedDocument,
  RevealedText,
  RevealedValue,
} from '../../../contract/grants.ts'
import type { DocumentBytes } from './open-document.ts'

/** A document with all its bytes. */
export type WholeDocument = DocumentBytes & { isDownloadAllowed: boolean }
export type ShownDocument = Omit<RevealedDocument, 'document'> & { document: WholeDocument }
/** What stands on screen. */
export type ShownValue = RevealedText | ShownDocument

/** What a browser lays out at once, and nobody reads to its end in a display time. */
const SHOWN_CHARACTERS = 100_000

/** How many parts are on their way at the same time. */
const AT_ONCE = 2

/**
 * What `first`, the answer that took the use, stands for: a text as it is, a document once its other
 * parts are here. Throws what `ask` throws, and when parts do not make up the whole.
 */
export async function gatherValue(
  first: RevealedValue,
  ask: (part: number) => Promise<RevealedValue>,
): Promise<ShownValue> {
  if (!('document' in first)) return first
  const { contentType, size, parts, isDownloadAllowed } = first.document
  if (size > MAX_DOCUMENT_BYTES) throw new RangeError('the document is longer than any')
  const bytes = new Uint8Array(size)
  place(first.document, bytes)
  const missing = Array.from({ length: parts - 1 }, (_, index) => index + 1)
  const fetchNext = async (): Promise<void> => {
    const part = missing.shift()
    if (part === undefined) return
    const answer = await ask(part)
    if (!('document' in answer) || answer.document.part !== part) {
      throw new TypeError('another part than asked for')
    }
    place(answer.document, bytes)
    await fetchNext()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fetchNext))

  const { document: _, ...common } = first
  if (contentType !== 'text/plain') {
    return { ...common, document: { contentType, bytes, isDownloadAllowed } }
  }
  const text = decodeText(bytes)
  bytes.fill(0)
  const isWhole = text.length <= SHOWN_CHARACTERS
  return { ...common, value: isWhole ? text : `${text.slice(0, SHOWN_CHARACTERS)}\n…` }
}

function place({ part, data }: DocumentPart, bytes: Uint8Array): void {
  const { start, end } = partRange(bytes.length, part)
  const binary = atob(data)
  if (binary.length !== end - start) throw new RangeError('a part of another length')
  for (let index = 0; index < binary.length; index += 1) {
    bytes[start + index] = binary.charCodeAt(index)
  }
}

/** UTF-8, unless a byte order mark says UTF-16 (The Unicode Standard, 23.8). */
function decodeText(bytes: Uint8Array): string {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
