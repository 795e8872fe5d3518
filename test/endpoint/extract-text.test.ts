/** Text out of attached files, and files that are made to break whoever reads them. */
import { describe, expect, it } from 'vitest'
import { extractText } from '../../src/endpoint/documents/extract-text.ts'
import { PDF_LIMITS, readPdf } from '../../src/endpoint/documents/read-pdf.ts'
import { pdf, pdfOf, pdfOfStreams, streamOf } from '../support/attachments.ts'

const CARD = '4242 4242 4242 4242'
const bytes = (text: string) => new TextEncoder().encode(text)
const MIB = 1024 * 1024
/** For files that would go on for longer than a test should. */
const SHORT = { ...PDF_LIMITS, timeoutMs: 4_000, growthBytes: 64 * MIB }

describe('plain text', () => {
  const text = `Grüße, card ${CARD}`
  const utf16 = (isLittle: boolean) => {
    const units = [...`\ufeff${text}`].map((character) => character.charCodeAt(0))
    const view = new DataView(new ArrayBuffer(units.length * 2))
    for (const [at, unit] of units.entries()) view.setUint16(at * 2, unit, isLittle)
    return new Uint8Array(view.buffer)
  }
  it.each([
    ['UTF-8', bytes(text)],
    ['UTF-8 with a byte order mark', bytes(`\ufeff${text}`)],
    ['UTF-16, little end first', utf16(true)],
    ['UTF-16, big end first', utf16(false)],
  ])('is read as %s', async (_, content) => {
    expect(await extractText(content, 'text/plain')).toEqual({ text, isComplete: true })
  })

  it('is read when it is markup, too', async () => {
    const html = `<p>card ${CARD}</p>`
    for (const type of ['text/html', 'text/xml', 'image/svg+xml']) {
      expect(await extractText(bytes(html), type)).toEqual({ text: html, isComplete: true })
    }
  })

  it('is not guessed at where it is no text after all', async () => {
    expect(await extractText(Uint8Array.of(0xff, 0xff, 0xc0, 0x80), 'text/plain')).toBeNull()
  })

  it('is read up to a bound', async () => {
    const found = await extractText(new Uint8Array(5_000_000).fill(0x61), 'text/plain')
    expect(found?.isComplete).toBe(false)
    expect(found?.text).toHaveLength(4_000_000)
  })

  it('is not looked for in pictures and archives', async () => {
    for (const type of ['image/png', 'application/zip', '']) {
      expect(await extractText(bytes(text), type)).toBeNull()
    }
  })
})

describe('a PDF', () => {
  it('gives the text of its pages, in order', async () => {
    expect(await extractText(pdf(`My card is ${CARD}`, 'Page two'), 'application/pdf')).toEqual({
      text: `My card is ${CARD}\nPage two`,
      isComplete: true,
    })
  })

  it('gives what was typed into its form', async () => {
    const form = pdfOf([
      '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Annots [4 0 R 5 0 R] >>',
      '<< /Type /Annot /Subtype /Widget /FT /Tx /T (card) /V (4242 4242 4242 4242) /Rect [0 0 9 9] >>',
      '<< /Type /Annot /Subtype /Text /Contents (and 5555 5555 5555 4444) /Rect [0 0 9 9] >>',
    ])
    const found = await readPdf(form)
    expect(found?.text).toContain(CARD)
    expect(found?.text).toContain('5555 5555 5555 4444')
  })

  it('without a text layer has no text, and that is all there is', async () => {
    const scan = pdfOfStreams([streamOf('q 300 0 0 200 0 0 cm Q')])
    expect(await readPdf(scan)).toEqual({ text: '', isComplete: true })
  })

  it('leaves its bytes to the caller', async () => {
    const content = pdf('Page one')
    await readPdf(content)
    expect(content.byteLength).toBeGreaterThan(0)
    expect(await readPdf(content)).not.toBeNull()
  })

  it('longer than the limits is read up to them, and says so', async () => {
    const pages = pdf('one', 'two', 'three')
    const few = await readPdf(pages, { ...PDF_LIMITS, pages: 2 })
    expect(few).toEqual({ text: 'one\ntwo', isComplete: false })
    const short = await readPdf(pages, { ...PDF_LIMITS, characters: 4 })
    expect(short).toEqual({ text: 'one\nt', isComplete: false })
  })

  it('that takes too long is given up', async () => {
    expect(await readPdf(pdf('one'), { ...PDF_LIMITS, timeoutMs: 1 })).toBeNull()
  })
})

describe('a PDF that cannot be read', () => {
  const password = pdfOf(
    ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'],
    `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4
      /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}> >>`,
  )
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const spaces = new Uint8Array(192 * MIB).fill(0x20)
  const cases: [string, () => Uint8Array][] = [
    ['is under a password', () => password],
    ['is none', () => bytes('%PDF-1.7\nhello')],
    ['is empty', () => new Uint8Array()],
    ['ends in the middle', () => pdf(CARD).subarray(0, 40)],
    [
      'nests its page tree into itself',
      () =>
        pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 9 >>']),
    ],
    [
      'nests a hundred thousand arrays',
      () => pdfOf([`<< /Type /Catalog /Pages ${nested(100_000)} >>`]),
    ],
    [
      'claims a thousand million pages',
      () =>
        pdfOf([
          '<< /Type /Catalog /Pages 2 0 R >>',
          '<< /Type /Pages /Kids [] /Count 1000000000 >>',
        ]),
    ],
    [
      'has its cross-reference point to itself',
      () => bytes('%PDF-1.7\nxref\n0 0\ntrailer\n<< /Prev 9 >>\nstartxref\n9\n%%EOF\n'),
    ],
    [
      'inflates from a few bytes to hundreds of megabytes',
      () => pdfOfStreams([streamOf(spaces, 3)]),
    ],
    [
      'draws itself without end',
      () =>
        pdfOf([
          '<< /Type /Catalog /Pages 2 0 R >>',
          '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
          '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources 5 0 R >>',
          streamOf('/A Do '.repeat(50)),
          '<< /XObject << /A 6 0 R >> >>',
          '<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 5 0 R /Length 18 >>\n' +
            'stream\n/A Do /A Do /A Do \nendstream',
        ]),
    ],
  ]
  it.each(cases)('because it %s ends in nothing, or in an incomplete text', async (_, make) => {
    const found = await readPdf(make(), SHORT)
    expect(found === null || !found.isComplete || found.text === '').toBe(true)
  })

  it('because bytes of it were changed at random never takes its reader along', async () => {
    const whole = pdf(`My card is ${CARD}`, 'Page two')
    // A generator of its own, so that a failure comes again (Numerical Recipes, 7.1.4).
    let seed = 42
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed % below
    }
    for (let round = 0; round < 8; round += 1) {
      const broken = whole.slice()
      for (let at = 0; at < 1 + round * 4; at += 1) broken[random(broken.length)] = random(256)
      const found = await readPdf(broken, SHORT)
      expect(found === null || typeof found.text === 'string').toBe(true)
    }
    expect(await readPdf(whole)).toMatchObject({ isComplete: true })
  })

  it('waits for its turn, and the next one is read as if nothing had been', async () => {
    const found = await Promise.all(
      [pdf('one'), password, bytes('no'), pdf('four')].map((content) => readPdf(content, SHORT)),
    )
    expect(found.map((each) => each?.text ?? null)).toEqual(['one', null, null, 'four'])
  })
})
