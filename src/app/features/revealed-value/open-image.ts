/** Decodes a photo or a scan, once it is known not to be a decompression bomb. */
import { DocumentFault } from './document-pages.ts'
import type { DocumentPages } from './document-pages.ts'
import { readImageSize } from './image-size.ts'

/** A telephone's photo has up to 50 million pixels; each takes four bytes when it is unpacked. */
const MAX_PIXELS = 64_000_000
/** What is kept of it: an A4 page at 300 dots an inch has 8.7 million. */
const KEPT_PIXELS = 12_000_000

/**
 * The image as one page, upright (its Exif orientation is followed); of a moving one the first frame.
 * @throws DocumentFault
 */
export async function openImage(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
  signal: AbortSignal,
): Promise<DocumentPages> {
  const claimed = readImageSize(bytes)
  if (claimed === null) throw new DocumentFault('broken')
  if (claimed.width * claimed.height > MAX_PIXELS) throw new DocumentFault('too_many_pixels')
  const bitmap = await decode(new Blob([bytes], { type: contentType })).catch(() => {
    throw new DocumentFault('broken')
  })
  const close = () => bitmap.close()
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  signal.throwIfAborted()
  const { width, height } = bitmap
  return {
    count: 1,
    // The only page is the document itself, and goes with it.
    draw: async () => ({ source: bitmap, width, height, release: () => undefined }),
  }
}

async function decode(image: Blob): Promise<ImageBitmap> {
  const whole = await createImageBitmap(image)
  const share = Math.sqrt(KEPT_PIXELS / (whole.width * whole.height))
  if (share >= 1) return whole
  try {
    return await createImageBitmap(whole, {
      resizeWidth: Math.max(1, Math.round(whole.width * share)),
      resizeHeight: Math.max(1, Math.round(whole.height * share)),
      resizeQuality: 'high',
    })
  } finally {
    whole.close()
  }
}
