/** Files as people attach them to tickets, and PDFs small enough to be read. */
import { deflateSync } from 'node:zlib'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import type { RestAttachment, RestComment } from '../../src/sandbox/rest/state.ts'
import type { WithZendesk } from './ingestion.ts'
import { update } from './ingestion.ts'

export type TestFile = { fileName: string; contentType: string; content: string | Uint8Array }

/** Somebody comments with a file; answers both as Zendesk keeps them. */
export async function attach(
  endpoint: WithZendesk,
  personId: number,
  ticketId: number,
  file: TestFile,
  { isPublic = true, isInline = false } = {},
): Promise<{ said: RestComment; attachment: RestAttachment }> {
  const { emulator } = endpoint.zendesk
  const content = typeof file.content === 'string' ? encode(file.content) : file.content
  const answer = await emulator.fetch(
    new Request(`${API_ORIGIN}/api/v2/uploads?filename=${encodeURIComponent(file.fileName)}`, {
      method: 'POST',
      headers: { 'content-type': file.contentType, 'x-sandbox-person': String(personId) },
      body: new Uint8Array(content),
    }),
  )
  const { upload } = (await answer.json()) as { upload: { token: string } }
  const comment = { body: 'See the attachment.', public: isPublic, uploads: [upload.token] }
  await update(endpoint, personId, ticketId, { comment })
  const said = emulator.state.comments[ticketId]?.at(-1)
  const attachment = said?.attachments.at(-1)
  if (said === undefined || attachment === undefined) throw new Error('nothing attached')
  attachment.inline = isInline
  return { said, attachment }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The shortest PNG there is to speak of: one pixel. */
export const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)

export const png = (fileName = 'passport.png'): TestFile => ({
  fileName,
  contentType: 'image/png',
  content: PNG,
})

/** A PDF of numbered objects, the first of them its catalogue; `trailer` is what its trailer adds. */
export function pdfOf(objects: readonly (string | Uint8Array)[], trailer = ''): Uint8Array {
  const parts: Uint8Array[] = [encode('%PDF-1.7\n')]
  const offsets: number[] = []
  let length = parts[0]?.length ?? 0
  const write = (bytes: Uint8Array): void => {
    parts.push(bytes)
    length += bytes.length
  }
  for (const [at, object] of objects.entries()) {
    offsets.push(length)
    write(encode(`${at + 1} 0 obj\n`))
    write(typeof object === 'string' ? encode(object) : object)
    write(encode('\nendobj\n'))
  }
  const start = length
  const places = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  write(
    encode(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\n` +
        `startxref\n${start}\n%%EOF\n`,
    ),
  )
  return Uint8Array.from(Buffer.concat(parts))
}

/** A stream object; `layers` of deflate around it. */
export function streamOf(content: Uint8Array | string, layers = 0): Uint8Array {
  let bytes = typeof content === 'string' ? encode(content) : content
  for (let layer = 0; layer < layers; layer += 1) bytes = deflateSync(bytes, { level: 9 })
  const filter = layers === 0 ? '' : `/Filter [${' /FlateDecode'.repeat(layers)}]`
  return Uint8Array.from(
    Buffer.concat([
      encode(`<< /Length ${bytes.length} ${filter} >>\nstream\n`),
      bytes,
      encode('\nendstream'),
    ]),
  )
}

const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'

/** Pages with one line of text each. */
export function pdf(...lines: string[]): Uint8Array {
  return pdfOfStreams(lines.map((line) => streamOf(`BT /F1 12 Tf 20 100 Td (${line}) Tj ET`)))
}

/** Pages by what draws them. */
export function pdfOfStreams(streams: readonly Uint8Array[]): Uint8Array {
  const kids = streams.map((_, at) => `${4 + 2 * at} 0 R`).join(' ')
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${streams.length} >>`,
    FONT,
    ...streams.flatMap((stream, at) => [
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] ' +
        `/Contents ${5 + 2 * at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      stream,
    ]),
  ])
}

export const pdfFile = (...lines: string[]): TestFile => ({
  fileName: 'letter.pdf',
  contentType: 'application/pdf',
  content: pdf(...lines),
})

export const textFile = (content: string | Uint8Array, fileName = 'notes.txt'): TestFile => ({
  fileName,
  contentType: 'text/plain',
  content,
})
