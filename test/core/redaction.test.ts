import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeRedactions, readComment } from '../../src/core/redaction.ts'
import { DEFAULT_LEVELS } from '../../src/detect/detector.ts'

const SETTINGS = { levels: DEFAULT_LEVELS, custom: [] }

const redacted = (html: string) =>
  placeRedactions(
    html,
    readComment(html, SETTINGS).flatMap(({ ranges }) => ranges),
  )
const found = (html: string) => readComment(html, SETTINGS).map(({ kind, value }) => [kind, value])

/** What Zendesk stored before the tags came. */
const stripped = (html: string) =>
  html.replace(/<\/?redact>/g, '').replace(/ redact(\s*\/?>)/g, '$1')

describe('a comment with a card number', () => {
  const cases: [string, string, string][] = [
    [
      'in plain text',
      '<p dir="auto">My card is 4242 4242 4242 4242, thanks</p>',
      '<p dir="auto">My card is <redact>4242 4242 4242 4242</redact>, thanks</p>',
    ],
    [
      'partly bold',
      '<p>card 4242 <b>4242</b> 4242 4242</p>',
      '<p>card <redact>4242 </redact><b><redact>4242</redact></b><redact> 4242 4242</redact></p>',
    ],
    [
      'with references between its digits',
      '<p>card 4242&nbsp;4242&#160;4242&nbsp;4242 &amp; more</p>',
      '<p>card <redact>4242&nbsp;4242&#160;4242&nbsp;4242</redact> &amp; more</p>',
    ],
  ]
  it.each(cases)('%s is redacted node by node', (_, html, expected) => {
    expect(redacted(html)).toBe(expected)
    expect(stripped(redacted(html))).toBe(html)
  })

  it('is read as a person reads it', () => {
    expect(found('<p>card 4242 <b>4242</b>&nbsp;4242 4242</p>')).toEqual([
      ['payment_card', '4242 4242\u00a04242 4242'],
    ])
  })
})

describe('a link', () => {
  it('that writes to an address goes with the address', () => {
    const html = '<p><a href="mailto:jane@example.com" rel="nofollow">jane@example.com</a></p>'
    expect(redacted(html)).toBe(
      '<p><a href="mailto:jane@example.com" rel="nofollow" redact><redact>jane@example.com</redact></a></p>',
    )
  })

  it('that dials a number behind other words goes, and the number is found', () => {
    const html = '<p>Call me on my phone: <a href="tel:+442079460018">here</a></p>'
    expect(found(html)).toEqual([['phone', '+442079460018']])
    expect(redacted(html)).toContain('<a href="tel:+442079460018" redact>here</a>')
  })

  it('to a page that repeats a value of the text goes, another one stays', () => {
    const html =
      '<p>card 4242424242424242 <a href="https://shop.example.com/?c=4242%204242%204242%204242">pay</a> <a href="https://shop.example.com/">shop</a></p>'
    expect(redacted(html)).toContain(
      '4242%204242" redact>pay</a> <a href="https://shop.example.com/">shop',
    )
  })

  it('may hold a > in quotes', () => {
    const html = '<p><a title="a > b" href="https://example.com/">card</a> 4242424242424242</p>'
    expect(redacted(html)).toBe(
      '<p><a title="a > b" href="https://example.com/">card</a> <redact>4242424242424242</redact></p>',
    )
  })
})

describe('a tag', () => {
  // WHATWG HTML, 13.2.5.8 and 13.2.5.33: a quote in a name is part of it.
  it.each(['<a=">', '<a ">', '<a =">', '<a b="c"d">', '<a b=c">'])(
    'ends at the first > in %s',
    (tag) => {
      expect(redacted(`${tag}card 4242424242424242</a>`)).toBe(
        `${tag}card <redact>4242424242424242</redact></a>`,
      )
    },
  )
})

describe('a comment without a finding', () => {
  it.each(['', '<p>Hello</p>', '<p>1 < 2 & 3 > 2</p>', '<', '<a', '<!-- 1 -->', '</p><p>'])(
    '%j stays as it is',
    (html) => {
      expect(readComment(html, SETTINGS)).toEqual([])
      expect(placeRedactions(html, [])).toBe(html)
    },
  )

  it('is read in time linear in its length, whatever is left open', () => {
    for (const text of ['<a "', '<', '<a href="', '<!--', '&#', '<p>4242 ']) {
      expect(() => redacted(text.repeat(64_000 / text.length))).not.toThrow()
    }
  })
})

const piece = fc.oneof(
  fc.constantFrom(
    '<b>',
    '</b>',
    '<p dir="auto">',
    '</p>',
    '<br>',
    '<br/>',
    '<a href="https://example.com/?a=1&amp;b=2" title="x > y">',
    '</a>',
    '<!-- no -->',
    '<img src="https://example.com/a.png" alt="a" />',
    '&nbsp;',
    '&amp;',
    '&#52;',
    '&#x34;',
    '&lt;',
    ' ',
    '\n',
    '<',
    '>',
    '&',
    '"',
    '4242 4242',
    '4242-4242-4242-4242',
    'jane@example.com',
    '😀',
    'é',
  ),
  fc.string({ maxLength: 6 }),
)
const anyHtml = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

/** What is markup for sure. A tag whose quote is never closed is none: the text ends in it. */
const MARKUP = /<[/!?]?[a-z](?:"[^"]*"|'[^']*'|[^<>"'])*>|<!--[\s\S]*?-->/i

describe('whatever the HTML and the ranges', () => {
  it('taking the tags away gives the stored HTML back', () => {
    fc.assert(
      fc.property(
        anyHtml,
        fc.array(fc.tuple(fc.nat(300), fc.nat(40)), { maxLength: 6 }),
        (html, ranges) => {
          fc.pre(!html.includes('redact'))
          const placed = placeRedactions(
            html,
            ranges.map(([start, length]) => ({
              start,
              end: Math.min(html.length, start + length),
            })),
          )
          expect(stripped(placed)).toBe(html)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('every redact tag is closed before the next markup begins', () => {
    fc.assert(
      fc.property(anyHtml, fc.nat(200), fc.nat(200), (html, start, length) => {
        fc.pre(!html.includes('redact'))
        const end = Math.min(html.length, start + length)
        const placed = placeRedactions(html, [{ start, end }])
        const insides = Array.from(
          placed.matchAll(/<redact>([\s\S]*?)<\/redact>/g),
          ([, inside]) => inside,
        )
        for (const inside of insides) expect(inside).not.toMatch(MARKUP)
        expect(placed.match(/<redact>/g)?.length ?? 0).toBe(insides.length)
        expect(placed.match(/<\/redact>/g)?.length ?? 0).toBe(insides.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('what is inside covers every finding: no value is found in what remains', () => {
    fc.assert(
      fc.property(anyHtml, (html) => {
        fc.pre(!html.includes('redact'))
        const left = redacted(html)
          // As Zendesk does it: characters become blocks, a marked tag goes.
          .replace(/<redact>([\s\S]*?)<\/redact>/g, (_, inside: string) =>
            inside.replace(/&(?:#\w{1,8}|\w{2,31});|[\s\S]/gu, '▇'),
          )
          .replace(/<[a-z][^<>]*? redact\s*\/?>/gi, '')
        const values = readComment(html, SETTINGS).map(({ value }) => value)
        const remaining = readComment(left, SETTINGS).map(({ value }) => value)
        const shown = values.length === 0 ? [] : remaining.filter((value) => values.includes(value))
        expect(shown).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})
