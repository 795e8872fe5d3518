/**
 * Turns a revealed document into pages of pixels. Nothing here makes an address of its bytes, stores
 * them, or puts them into the page: whoever asks for a page draws it, and lets go of it.
 */
import { isShowable } from '../../../core/document.ts'
import { DocumentFault } from './document-pages.ts'
import type { DocumentPages } from './document-pages.ts'
import { openImage } from './open-image.ts'

export type DocumentBytes = { contentType: string; bytes: Uint8Array<ArrayBuffer> }

/**
 * Opens a document. When `signal` aborts, everything that was made for it goes: decoded pixels, and
 * the worker that reads a PDF.
 * @throws DocumentFault; anything else means that code of ours could not be loaded
 */
export async function openDocument(
  { contentType, bytes }: DocumentBytes,
  signal: AbortSignal,
): Promise<DocumentPages> {
  if (!isShowable(contentType)) throw new DocumentFault('type')
  if (contentType !== 'application/pdf') return openImage(bytes, contentType, signal)
  const { openPdf } = await import('./open-pdf.ts')
  signal.throwIfAborted()
  return openPdf(bytes, signal)
}
