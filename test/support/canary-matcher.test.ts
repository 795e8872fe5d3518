/** The search behind the canary test finds a leak in every form, and nothing where there is none. */
import { describe, expect, test } from 'vitest'
import { createCanaryMatcher } from './canary-matcher.ts'

const NOTE = {
  name: 'note',
  value: 'Jürgen said "refund <twice>" & left: c4n4ry-7f3a91',
  parts: ['c4n4ry-7f3a91'],
}
const CARD = { name: 'card', value: '6011 1111 1111 1117', parts: ['6011 1111 1111'] }

const find = createCanaryMatcher([NOTE, CARD])
const encodingsOf = (haystack: Uint8Array | string) =>
  find(haystack).map(({ encoding }) => encoding)

const around = (text: string, offset: number) => `${'~'.repeat(offset)}${text}~~~~`
const toHex = (text: string) => Buffer.from(text).toString('hex')
const percent = (text: string) => toHex(text).replace(/../g, '%$&')
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

describe('a value is found', () => {
  for (const { name, value } of [NOTE, CARD]) {
    test.each<[form: string, encoding: string, haystack: Uint8Array | string]>([
      ['as it is', 'plain', `before ${value} after`],
      ['in bytes', 'plain', Buffer.from(`\0\xff${value}\0`)],
      ['in lower case', 'plain', value.toLowerCase()],
      ['in upper case', 'plain', value.toUpperCase()],
      ['in a JSON string', 'json', JSON.stringify({ value })],
      ['in hex', 'hex', toHex(around(value, 3))],
      ['in upper case hex', 'hex', toHex(around(value, 3)).toUpperCase()],
      ['in a query', 'percent', `https://example.com/?q=${encodeURIComponent(value)}&x=1`],
      ['in a form body', 'percent', new URLSearchParams({ value }).toString()],
      ['with every byte percent-encoded', 'percent', percent(value)],
      ['with every byte percent-encoded, in upper case', 'percent', percent(value).toUpperCase()],
      ['in UTF-16, little end first', 'utf-16le', Buffer.from(around(value, 1), 'utf16le')],
      ['in UTF-16, big end first', 'utf-16be', utf16be(around(value, 1))],
      ...[0, 1, 2].flatMap((offset): [string, string, string][] => {
        const bytes = Buffer.from(around(value, offset))
        return [
          [`in base64, ${offset} bytes into a group`, 'base64', bytes.toString('base64')],
          [`in base64url, ${offset} bytes into a group`, 'base64', bytes.toString('base64url')],
        ]
      }),
      ['in base64 that ends with it', 'base64', Buffer.from(value).toString('base64')],
    ])(`${name} %s`, (_, encoding, haystack) => {
      expect(find(haystack)).toContainEqual({ canary: name, encoding })
    })
  }

  test('in JSON that is ASCII only, or safe inside a script element', () => {
    const ascii = JSON.stringify(NOTE.value).replace('ü', '\\u00fc')
    expect(encodingsOf(ascii)).toContain('json')
    expect(encodingsOf(ascii.replace(/[<>&]/g, (c) => `\\u00${toHex(c)}`))).toContain('json')
  })

  test('in HTML', () => {
    const escaped = NOTE.value.replaceAll('&', '&amp;')
    const html = escaped.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    expect(encodingsOf(`<p>${html}</p>`)).toContain('html')
  })

  test('by the part of it that is not masked', () => {
    expect(find('the card 6011 1111 1111 ****')).toEqual([
      { canary: 'card', encoding: 'plain' },
      { canary: 'card', encoding: 'json' },
      { canary: 'card', encoding: 'html' },
    ])
    expect(encodingsOf('… left: c4n4ry-7f3a91')).toContain('plain')
  })

  test.each(['6011111111111117', '6011-1111-1111-1117', '601111111111'])(
    'grouped otherwise: %s',
    (digits) => {
      expect(encodingsOf(digits)).toContain('plain')
    },
  )
})

test('at the very end of tens of megabytes, before one has waited', () => {
  const haystack = Buffer.concat([Buffer.alloc(32 * 1024 * 1024), Buffer.from(CARD.value)])
  expect(encodingsOf(haystack)).toContain('plain')
}, 10_000)

describe('nothing is found', () => {
  test.each([
    ['in an empty haystack', ''],
    ['in a mask', '•••• •••• •••• 1117'],
    ['in another value', '6011 0009 9013 9424, c4n4ry-7f3a92'],
    ['in the name of what is looked for', 'note card canary'],
    ['in bytes without it', Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 7) % 251))],
  ])('%s', (_, haystack) => {
    expect(find(haystack)).toEqual([])
  })
})

describe('a run of bytes is found', () => {
  const run = Buffer.from(Array.from({ length: 24 }, (_, at) => (at * 89 + 200) % 256))
  const findRun = createCanaryMatcher([{ name: 'scan', bytes: run }])
  const inFile = Buffer.concat([Buffer.from('%PDF-1.7 '), run, Buffer.from(' %%EOF')])
  test.each([
    ['plain', inFile],
    ['latin1', inFile.toString('latin1')],
    ['json', JSON.stringify({ content: inFile.toString('latin1') })],
    ['numbers', JSON.stringify([...inFile])],
    ['numbers', `[ ${[...inFile].join(', ')} ]`],
    ['hex', inFile.toString('hex')],
    ['hex', `\\x${inFile.toString('hex').toUpperCase()}`],
    ...[0, 1, 2].flatMap((before): [string, string][] => [
      ['base64', Buffer.concat([Buffer.alloc(before), inFile]).toString('base64')],
      ['base64', Buffer.concat([Buffer.alloc(before), inFile]).toString('base64url')],
    ]),
  ])('as %s', (encoding, haystack) => {
    expect(findRun(haystack)).toContainEqual({ canary: 'scan', encoding })
  })

  test('and not where other bytes stand', () => {
    expect(findRun(inFile.map((byte) => byte ^ 1))).toEqual([])
    expect(() => createCanaryMatcher([{ name: 'scan', bytes: run.subarray(11, 20) }])).toThrow(
      'scan is too short',
    )
  })
})

test('a value too short to be told from chance is refused', () => {
  expect(() => createCanaryMatcher([{ name: 'short', value: '4242' }])).toThrow(
    'short is too short',
  )
})
