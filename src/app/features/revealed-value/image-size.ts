/**
 * How many pixels an image has, told by its first bytes. Asked before anything decodes it: a file of a
 * few kilobytes may claim more pixels than a machine has memory for.
 */
export type Size = { width: number; height: number }

/**
 * The size that a PNG, JPEG, GIF or WebP claims, before its Exif orientation; null for what is none of
 * them or ends too early.
 */
export function readImageSize(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const size = pngSize(view) ?? gifSize(view) ?? webpSize(view) ?? jpegSize(view)
    return size === null || size.width === 0 || size.height === 0 ? null : size
  } catch (error) {
    // DataView's word for an offset beyond the end.
    if (error instanceof RangeError) return null
    throw error
  }
}

function hasAscii(view: DataView, at: number, text: string): boolean {
  return [...text].every((char, index) => view.getUint8(at + index) === char.charCodeAt(0))
}

/** W3C PNG, 11.2.1: the IHDR chunk comes first. */
function pngSize(view: DataView): Size | null {
  if (!hasAscii(view, 1, 'PNG') || !hasAscii(view, 12, 'IHDR')) return null
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** GIF89a, 18: the logical screen. */
function gifSize(view: DataView): Size | null {
  if (!hasAscii(view, 0, 'GIF8')) return null
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

/** RFC 9649, 2.5 to 2.7: lossy, lossless, extended. */
function webpSize(view: DataView): Size | null {
  if (!hasAscii(view, 0, 'RIFF') || !hasAscii(view, 8, 'WEBP')) return null
  if (hasAscii(view, 12, 'VP8X')) {
    const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    return { width: uint24(24) + 1, height: uint24(27) + 1 }
  }
  if (hasAscii(view, 12, 'VP8L')) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (!hasAscii(view, 12, 'VP8 ')) return null
  return {
    width: view.getUint16(26, true) & 0x3fff,
    height: view.getUint16(28, true) & 0x3fff,
  }
}

const SOI = 0xffd8
/** Frame headers are SOF0 to SOF15 without DHT, JPG and DAC, which stand among them. */
const isFrameHeader = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** ITU-T T.81, B.2.2: segments, each with its length, up to a frame header. */
function jpegSize(view: DataView): Size | null {
  if (view.getUint16(0) !== SOI) return null
  let at = 2
  for (;;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    // Any marker may be preceded by fill bytes.
    if (marker === 0xff) at += 1
    else if (isFrameHeader(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    } else at += 2 + view.getUint16(at + 2)
  }
}
