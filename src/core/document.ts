/**
 * Documents: files that the vault keeps whole, such as a scan of a passport. How large they may be,
 * how they are cut, and which of them can be shown as pixels.
 */
import type { FieldKind } from './protected-field.ts'

const MIB = 1024 * 1024

/** The longest document that is taken from a ticket, in bytes. */
export const MAX_DOCUMENT_BYTES = 20 * MIB

/**
 * The longest document that is sent to the endpoint, in bytes. AWS Lambda takes requests of 6 MB in
 * base64 (AWS Lambda quotas, "Invocation payload"), which leaves 4.5 MB of bytes.
 */
export const MAX_UPLOAD_BYTES = 4 * MIB

/** A document is sealed, stored and answered in parts of this many bytes; the last one may be shorter. */
export const PART_BYTES = 2 * MIB

/** What can be shown as pixels, by media type. Of a moving picture the first frame. */
export const DOCUMENT_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'text/plain',
] as const
export type DocumentType = (typeof DOCUMENT_TYPES)[number]

/** What may be sent instead of a typed value: scans and photos. Who has text types it. */
export const UPLOAD_TYPES = DOCUMENT_TYPES.filter((type) => type !== 'text/plain')

/** Kinds whose value may be a document. A card's number on a photo is for typing off. */
const DOCUMENT_KINDS: readonly FieldKind[] = ['identity_document']

/** Whether a document of this media type can be shown. Anything else is kept and stays closed. */
export function isShowable(contentType: string): contentType is DocumentType {
  return DOCUMENT_TYPES.some((type) => type === contentType)
}

/** Whether a document of this media type may be sent instead of a typed value. */
export function isUploadable(contentType: string | null): contentType is DocumentType {
  return UPLOAD_TYPES.some((type) => type === contentType)
}

/** Whether a document may be given for a field of this kind. */
export function mayBeDocument(kind: FieldKind): boolean {
  return DOCUMENT_KINDS.includes(kind)
}

/** How many parts a document of `size` bytes has. An empty one has one, which is empty. */
export function countParts(size: number): number {
  return Math.max(1, Math.ceil(size / PART_BYTES))
}

/** Where a part begins and ends in the document, in bytes. */
export function partRange(size: number, part: number): { start: number; end: number } {
  return { start: part * PART_BYTES, end: Math.min((part + 1) * PART_BYTES, size) }
}
