/** A revealed document as pages of pixels, and why there may be none. */

/** One page. `source` can be drawn until `release`, which leaves nothing of it in memory. */
export type PagePixels = {
  source: CanvasImageSource
  width: number
  height: number
  release: () => void
}

export type DocumentPages = {
  count: number
  /** @param number - from 1. @throws DocumentFault */
  draw(number: number): Promise<PagePixels>
}

/**
 * Its type has no pixels; its bytes do not make sense; it wants a password; it has more pixels than a
 * browser should unpack.
 */
export type DocumentFaultCode = 'type' | 'broken' | 'locked' | 'too_many_pixels'

export class DocumentFault extends Error {
  override readonly name = 'DocumentFault'
  readonly code: DocumentFaultCode

  constructor(code: DocumentFaultCode) {
    super(code)
    this.code = code
  }
}
