/** The text of a document, as far as it has one that can be read: plain text, and a PDF's text layer. */

/** Longer texts are read up to here. */
const MAX_CHARACTERS = 4_000_000

export type ExtractedText = {
  text: string
  /** Whether that is all there is; otherwise there is more that nobody looked into. */
  isComplete: boolean
}

/**
 * `contentType` by content, as `sniffType` tells it. null for what has no text layer here (pictures,
 * archives) and for what cannot be read: encrypted, broken, endless. Bounded in time and memory; never
 * rejects for what a document holds.
 */
export async function extractText(
  bytes: Uint8Array,
  contentType: string,
): Promise<ExtractedText | null> {
  if (contentType === 'application/pdf') {
    // The reader, and pdf.js with it, is loaded by the first PDF.
    const { readPdf } = await import('./read-pdf.ts')
    return await readPdf(bytes)
  }
  if (!contentType.startsWith('text/') && contentType !== 'image/svg+xml') return null
  const text = decode(bytes)
  if (text === null) return null
  return { text: text.slice(0, MAX_CHARACTERS), isComplete: text.length <= MAX_CHARACTERS }
}

/** By byte order mark, else as UTF-8 (WHATWG Encoding, "decode"). null when it is neither. */
function decode(bytes: Uint8Array): string | null {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
