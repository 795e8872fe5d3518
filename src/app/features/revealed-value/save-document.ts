/** Saves a document as a file, where policy allows it: the only time that its bytes get an address. */
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
  // Nothing that opens an address may run what it finds there.
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${name.replaceAll(/[\\/:*?"<>|]+/g, ' ').trim()}${ENDINGS[contentType] ?? ''}`
  link.click()
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address))
}
