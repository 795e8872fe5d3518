/** How many pixels an image claims, before anything unpacks it. */
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readImageSize } from '../../src/app/features/revealed-value/image-size.ts'

const photo = new Uint8Array(
  readFileSync(new URL('../../src/sandbox/specimens/identity-card.jpg', import.meta.url)),
)

const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0))
const zeros = (count: number) => Array<number>(count).fill(0)
const bytes = (...parts: number[][]) => Uint8Array.from(parts.flat())

/** 0x01020304 and the like are sizes that no order of bytes reads alike. */
const png = bytes(
  [0x89],
  ascii('PNG\r\n'),
  [0x1a, 0x0a],
  zeros(3),
  [13],
  ascii('IHDR'),
  [0, 0, 0x10, 0x20, 0, 0, 0x30, 0x40],
)
const gif = bytes(ascii('GIF89a'), [0x20, 0x10, 0x40, 0x30])
const webp = (chunk: string, header: number[]) =>
  bytes(ascii('RIFF'), zeros(4), ascii('WEBP'), ascii(chunk), zeros(4), header)
const jpeg = (...segments: number[][]) => bytes([0xff, 0xd8], ...segments)
const frame = (marker: number) => [0xff, marker, 0, 17, 8, 0x30, 0x40, 0x10, 0x20, 3]

describe('the size of an image', () => {
  test.each([
    ['a PNG', png, 0x1020, 0x3040],
    ['a GIF', gif, 0x1020, 0x3040],
    [
      'a lossy WebP',
      webp('VP8 ', [...zeros(3), 0x9d, 0x01, 0x2a, 0x20, 0x10, 0x40, 0x30]),
      0x1020,
      0x3040,
    ],
    ['a lossless WebP', webp('VP8L', [0x2f, 0x1f, 0x10, 0xd0, 0x00]), 0x1020, 0x341],
    ['an extended WebP', webp('VP8X', [0, 0, 0, 0, 0x1f, 0x10, 0, 0x3f, 0x30, 0]), 0x1020, 0x3040],
    ['a baseline JPEG', jpeg(frame(0xc0)), 0x1020, 0x3040],
    ['a progressive JPEG', jpeg(frame(0xc2)), 0x1020, 0x3040],
    [
      'a JPEG behind Exif data, tables and fill bytes',
      jpeg([0xff, 0xe1, 0, 6, 1, 2, 3, 4], [0xff, 0xff, 0xc4, 0, 3, 9], frame(0xc1)),
      0x1020,
      0x3040,
    ],
  ])('is read from %s', (_, image, width, height) => {
    expect(readImageSize(image)).toEqual({ width, height })
  })

  test('is that of a photo as a camera or a browser writes it', () => {
    expect(readImageSize(photo)).toEqual({ width: 1280, height: 860 })
  })

  test.each([
    ['nothing', bytes()],
    ['a PDF', bytes(ascii('%PDF-1.7 and so on, long enough for any header'))],
    ['markup that claims to be an image', bytes(ascii('<svg width="9" height="9"></svg>'))],
    ['a PNG that ends in its header', png.subarray(0, 20)],
    ['a PNG of no width', png.map((byte, at) => (at >= 16 && at < 20 ? 0 : byte))],
    ['a JPEG without a frame', jpeg([0xff, 0xe1, 0, 6, 1, 2, 3, 4])],
    ['a JPEG whose segments end anywhere', jpeg([0xff, 0xe1, 0, 3, 1, 0x55], frame(0xc0))],
    ['a WebP of no known kind', webp('XXXX', zeros(10))],
  ])('is not guessed for %s', (_, image) => {
    expect(readImageSize(image)).toBeNull()
  })

  test('is found, or not, in any bytes whatever, without fail', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          png,
          gif,
          jpeg(frame(0xc0)),
          webp('VP8L', zeros(5)),
          photo.subarray(0, 700),
        ),
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(60),
        (image, noise, at) => {
          const broken = Uint8Array.from(image)
          broken.set(
            noise.subarray(0, Math.max(0, broken.length - at)),
            Math.min(at, broken.length),
          )
          const size = readImageSize(broken)
          expect(size === null || (size.width > 0 && size.height > 0)).toBe(true)
        },
      ),
    )
  })
})
