/** Documents that people could send, made here: what is hostile about them stands in plain sight. */
import { crc32, deflateSync } from 'node:zlib'

/** A PNG of one colour (W3C PNG, 5). */
export function plainPng(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a channel, red, green and blue.
  header.set([8, 2], 8)
  const line = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, Buffer.of(red, green, blue))])
  const lines = Buffer.concat(Array.from({ length: height }, () => line))
  return new Uint8Array(
    Buffer.concat([
      Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(lines)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
}

type PdfObject = string | { dictionary: string; stream: Buffer }

/** A PDF of these objects, numbered from 1 (ISO 32000-1, 7.5). */
function pdfOf(objects: readonly PdfObject[], trailer: string): Uint8Array<ArrayBuffer> {
  const parts = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  const length = () => parts.reduce((sum, part) => sum + part.length, 0)
  for (const [index, object] of objects.entries()) {
    offsets.push(length())
    const body =
      typeof object === 'string'
        ? Buffer.from(object)
        : Buffer.concat([
            Buffer.from(`<< ${object.dictionary} /Length ${object.stream.length} >>\nstream\n`),
            object.stream,
            Buffer.from('\nendstream'),
          ])
    parts.push(Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n'))
  }
  const begin = length()
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const size = objects.length + 1
  const end = `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${begin}\n%%EOF\n`
  parts.push(Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}${end}`))
  return new Uint8Array(Buffer.concat(parts))
}

const PAGES = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
const BOX = '/Type /Page /Parent 2 0 R /MediaBox [0 0 300 200]'
const text = (words: string) => ({
  dictionary: '',
  stream: Buffer.from(`BT /F1 24 Tf 20 100 Td (${words}) Tj ET`),
})
const FONT =
  '/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>'

/** Runs a script when it is opened, links out of itself, and asks for a font that it does not bring. */
export function scriptedPdf(): Uint8Array<ArrayBuffer> {
  const script =
    '<< /S /JavaScript /JS (app.alert\\("hello"\\); app.launchURL\\("https://example.com/"\\);) >>'
  return pdfOf(
    [
      `<< /Type /Catalog /Pages 2 0 R /OpenAction ${script} /AcroForm << /Fields [6 0 R] >> >>`,
      PAGES,
      `<< ${BOX} ${FONT} /Contents 4 0 R /Annots [5 0 R 6 0 R] >>`,
      text('SPECIMEN'),
      '<< /Type /Annot /Subtype /Link /Rect [0 0 300 200] /A << /S /URI /URI (https://example.com/) >> >>',
      `<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /Rect [20 20 200 50] /AA << /F ${script} >> >>`,
    ],
    '',
  )
}

/** Wants a password (ISO 32000-1, 7.6.3): none makes these keys. */
export function lockedPdf(): Uint8Array<ArrayBuffer> {
  const key = '5a'.repeat(32)
  return pdfOf(
    ['<< /Type /Catalog /Pages 2 0 R >>', PAGES, `<< ${BOX} ${FONT} /Contents 4 0 R >>`, text('')],
    `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${key}> /U <${key}> >> /ID [<00> <00>]`,
  )
}

/** 48 by 32 pixels, white around a red rectangle, in JPEG 2000. */
const RED_RECTANGLE = [
  'AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAIAAAADAAAwcHAAAAAAAP',
  'Y29scgEAAAAAABAAAAM5anAyY/9P/1EALwAAAAAAMAAAACAAAAAAAAAAAAAAADAAAAAgAAAAAAAAAAAAAwcBAQcB',
  'AQcBAf9SAAwAAAABAAIEBAAB/1wACkBASEhQSEhQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIu',
  'NS40/5AACgAAAAACuwAB/5PfgjAZLBAc1O/ytfR8XEFKNuoYjw9WUakIyqaUcPCdxoG78UHv54U9Y4TyG7y367ka',
  'hcaTCAo6wLwgYSUyS6BNtEWGmyprJUzf34KQGSwQHNTnETbr6XW9peqnZiINL08xWgFjJZrP8Y6yY8JyddS7iky9',
  'ZjXu3tRbi7Ms4A8SIKeUsbPb/W7n89Z4GOYXRfakyoOtiSewibDjUpPeP9+CiBksEBzU5wBlMLnuBAO4AzAwiZpN',
  'qLiGgDc5YRgk4349catGig1TEjiXfFpDi+O4nwV+ybxB6KkSvElKJzA+5al7xCjXqT8PZ8YWNJUsc9d8z8PqFIfU',
  'NQPnHhnNvJWgsjO1yTRPWEIQDCShU2ePIN2iHcDt6pGnP23zsLjJDeUGCS53Nrm1v08V97DMQS0t5mYxlcZfi6HP',
  'wHJ+BBD7RYAZzbyVoLI4sMLBxAGsU9TZp5rnxZeMg4deSDqvIN2iHcDt6pGnrTphAD/qSWTTaRyOW6Bh/Y8xCE0U',
  'MkwV97cRKPeunEgeIL9HAmpF0h3AVR+vz8BufgSw+0VAGc2tWhxsbT1hqcGnaSwtaCkQzqix/hOi8xw/IOZIi7Ec',
  '3FEFCW7AqhrDf6vD6k/N9wZSaWmDBM7GRHbnGJc+XRX3txEo966cSB4hG04fmD8z/wJAr8PqEofUJwPnEIbJJmSg',
  'qzYuTrEDa64CjB6P1S5DB3b54t+swSgbkNTVmfiZsJ8kz+7UYs/+x8faLx9o1B9QWIceipksJg5gEBv28lCidLyI',
  '1XaNGJafKSIeYfHNyy/4ikjsI4HF/XgohHnLgvjFwm8kz+7UYs8zZtd2f8faLR9oxB9QUIceipksJg5gEBv28i0J',
  'e3hTOViU/38pIh5h8c3LL/iKSOwjgacZXGOTeYUEo78kz+7UYs8zUhuP/9k=',
].join('')

/** A page that is nothing but a scan, packed as many scanners pack them: in JPEG 2000. */
export function scannedPdf(): Uint8Array<ArrayBuffer> {
  return pdfOf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      PAGES,
      `<< ${BOX} /Resources << /XObject << /Scan 5 0 R >> >> /Contents 4 0 R >>`,
      { dictionary: '', stream: Buffer.from('q 300 0 0 200 0 0 cm /Scan Do Q') },
      {
        dictionary: '/Type /XObject /Subtype /Image /Width 48 /Height 32 /Filter /JPXDecode',
        stream: Buffer.from(RED_RECTANGLE, 'base64'),
      },
    ],
    '',
  )
}
