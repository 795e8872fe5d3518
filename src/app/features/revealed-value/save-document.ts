/** Saves a document as a file, where policy allows it: the only time that its bytes get an address. */
import { saveFile } from '../../shared/save-file.ts'
import type { DocumentBytes } from './open-document.ts'

const ENDINGS: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
}

/** @param name - without an ending; what a file's name cannot hold is left out */
export function saveDocument({ bytes, contentType }: DocumentBytes, name: string): void {
  const fileName = name.replaceAll(/[\\/:*?"<>|]+/g, ' ').trim()
  // Nothing that opens the file's address may run what it finds there.
  saveFile(`${fileName}${ENDINGS[contentType] ?? ''}`, 'application/octet-stream', bytes)
}
