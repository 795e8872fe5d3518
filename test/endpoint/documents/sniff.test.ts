import { describe, expect, it } from 'vitest'
import { sniffType } from '../../../src/endpoint/documents/sniff.ts'

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))))
const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))

describe('what a file is', () => {
  it.each([
    ['application/pdf', bytes('%PDF-1.7\n')],
    ['image/png', bytes([0x89], 'PNG\r\n', [0x1a, 0x0a], 'IHDR')],
    ['image/jpeg', bytes([0xff, 0xd8, 0xff, 0xe1])],
    ['image/webp', bytes('RIFF', [9, 0, 0, 0], 'WEBPVP8 ')],
    ['image/gif', bytes('GIF87a')],
    ['image/gif', bytes('GIF89a')],
    ['text/plain', utf8('Name: Zoë\r\n\tPassport L898902C3\r\n')],
    ['text/plain', utf16('Name: Zoë')],
    ['text/plain', utf8('3 < 4')],
  ])('is told by its first bytes: %s', (type, file) => {
    expect(sniffType(file)).toBe(type)
  })

  it.each([
    ['text/html', '<!DOCTYPE html><p>'],
    ['text/html', '\n\t <script>alert(1)</script>'],
    ['text/html', '<!-- --><svg-like>'],
    ['text/html', '\ufeff<HTML lang="en">'],
    ['text/xml', '<?xml version="1.0"?><note/>'],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['image/svg+xml', '<?xml version="1.0"?>\n<!-- drawn -->\n<svg>'],
  ])('is %s where a browser might run it, and so nothing that is shown', (type, text) => {
    expect(sniffType(utf8(text))).toBe(type)
    expect(sniffType(utf16(text))).toBe(type)
  })

  it.each([
    ['an empty file', bytes('')],
    ['a program', bytes([0x7f], 'ELF', [2, 1, 1, 0])],
    ['an archive', bytes('PK', [3, 4], 'passport.png')],
    ['text with a NUL', bytes('Name: Maya\0')],
    ['text that ends in the middle of a character', bytes('Zo', [0xc3])],
    ['a RIFF that is no WebP', bytes('RIFF', [9, 0, 0, 0], 'WAVEfmt ')],
    ['a PDF with something before its header', bytes([0], '%PDF-1.7')],
    ['a malformed ASF header, which some libraries read for ever', asf()],
  ])('is nothing we know: %s', (_, file) => {
    expect(sniffType(file)).toBeNull()
  })

  it('does not depend on what follows: a PDF header before HTML is a PDF and nothing else', () => {
    expect(sniffType(bytes('%PDF-1.7\n<script>alert(1)</script>'))).toBe('application/pdf')
    expect(sniffType(bytes('<script>alert(1)</script>\n%PDF-1.7'))).toBe('text/html')
  })
})

/** The first object says that it is 0 bytes long. */
function asf(): Uint8Array {
  const guid = [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9]
  return bytes(
    guid,
    Array.from({ length: 200 }, () => 0),
  )
}
