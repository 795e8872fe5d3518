/** A customer who sends a document through a one-time link, and what else arrives there. */
import { randomBytes, randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createdIntakeLink } from '../../../src/contract/intake-links.ts'
import { MAX_UPLOAD_BYTES } from '../../../src/core/document.ts'
import { drainOutbox } from '../../../src/endpoint/outbox/drain.ts'
import { openDocument } from '../../../src/endpoint/vault/open-document.ts'
import { findSealed } from '../../../src/storage/found-values.ts'
import { documentParts, protectedValues } from '../../../src/storage/schema.ts'
import { createCanaryMatcher } from '../../support/canary-matcher.ts'
import type { SampleType } from '../../support/document.ts'
import { SAMPLE_TYPES, revealWhole, sample, startGrantedDocument } from '../../support/document.ts'
import type { Caller, TestEndpoint } from '../../support/endpoint.ts'
import { MAYA, startEndpoint } from '../../support/endpoint.ts'
import { RUNTIMES } from '../../support/endpoint-runtimes.ts'
import { REFUND_TICKET, ask, approve, fieldsOf, putValue } from '../../support/story.ts'
import { revealRequestView } from '../../../src/contract/reveal-requests.ts'

const LINKS = `/api/tickets/${REFUND_TICKET}/intake-links`
const PASSPORT_FIELD = 302
/** The specimen of ICAO 9303, part 4. */
const PASSPORT = 'L898902C3'
const FULL_MASK = '••••••••'

const linkFor = async (by: Caller, fieldId = 'passport') =>
  (await by.post(LINKS, { fieldId })).as(createdIntakeLink)

async function startWithLink(options: Parameters<typeof startEndpoint>[0] = {}, fieldId?: string) {
  const endpoint = await startEndpoint(options)
  const maya = await endpoint.signIn(MAYA)
  return { endpoint, maya, link: await linkFor(maya, fieldId) }
}

type Visited = { status: number; html: string }

async function visit(endpoint: TestEndpoint, path: string, init: RequestInit = {}) {
  const response = await endpoint.request(path, init)
  return { status: response.status, html: await response.text() }
}

const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'scan.png', type = 'image/png') =>
  new File([bytes], name, { type })

/** What a browser sends: both fields, the one that was left alone without a name or content. */
function form(fields: { value?: string | File; file?: File | File[] | string } = {}): FormData {
  const data = new FormData()
  data.append('value', fields.value ?? '')
  const files = fields.file ?? new File([], '', { type: 'application/octet-stream' })
  for (const file of Array.isArray(files) ? files : [files]) data.append('file', file)
  return data
}

const send = (endpoint: TestEndpoint, path: string, body: FormData): Promise<Visited> =>
  visit(endpoint, path, { method: 'POST', body })

const sendFile = (
  endpoint: TestEndpoint,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  name?: string,
  type?: string,
) => send(endpoint, path, form({ file: fileOf(bytes, name, type) }))

const rowsOf = ({ deps }: TestEndpoint) =>
  deps.database.orm
    .select()
    .from(protectedValues)
    .where(
      and(eq(protectedValues.account, deps.account.id), eq(protectedValues.fieldId, 'passport')),
    )

async function storedDocument({ deps }: TestEndpoint, version = 1): Promise<Uint8Array> {
  const key = {
    record: { type: 'ticket', id: REFUND_TICKET },
    fieldId: 'passport',
    version,
  } as const
  const jwe = await findSealed(deps.database.orm, deps.account.id, key)
  return openDocument(deps, key, jwe ?? '')
}

/** The answer was not taken: nothing is stored, and the link takes another one. */
async function expectStillOpen(endpoint: TestEndpoint, path: string): Promise<void> {
  expect(await rowsOf(endpoint)).toEqual([])
  await endpoint.expectNoAuditEntry('intake_link.use')
  expect((await sendFile(endpoint, path, sample())).status).toBe(200)
}

describe('the page of a link', () => {
  it('offers to type or to choose a file, in words and without a script', async () => {
    const { endpoint, link } = await startWithLink()
    const { status, html } = await visit(endpoint, link.path)
    expect(status).toBe(200)
    expect(html).toContain('<form method="post" enctype="multipart/form-data"')
    expect(html).toContain('<label for="value">Type it: <bdi>Passport</bdi></label>')
    expect(html).toContain('<label for="file">Choose a photo or a scan of it</label>')
    expect(html).toContain('PDF, JPEG, PNG, WebP or GIF, up to <bdi>4\u00a0MB</bdi>.')
    expect(html).toContain('aria-describedby="file-hint"')
    const accept = /<input type="file" accept="([^"]+)"/.exec(html)?.[1]?.split(',')
    expect(accept?.toSorted()).toEqual(SAMPLE_TYPES.toSorted())
    expect(html).not.toMatch(/<script|required|multiple/)
  })

  it('offers no file where a document makes no sense', async () => {
    const { endpoint, link } = await startWithLink({}, 'card_number')
    const { html } = await visit(endpoint, link.path)
    expect(html).not.toMatch(/type="file"|multipart/)
    expect(html).toContain('required')
  })

  it.each([
    ['de', 'Ein Foto oder einen Scan davon auswählen', '4\u00a0MB'],
    ['ar', 'اختر صورة له أو نسخة ممسوحة ضوئيًا', 'م.ب'],
  ])('offers the file in %s', async (language, label, size) => {
    const { endpoint, link } = await startWithLink()
    const headers = { 'accept-language': language }
    const { html } = await visit(endpoint, link.path, { headers })
    expect(html).toContain(`<label for="file">${label}</label>`)
    expect(html).toContain(size)
  })
})

describe('a document that is sent', () => {
  it('goes into the vault whole, its mask and token into the ticket, and the link is used', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const scan = sample('image/jpeg', 300_000)
    const { status, html } = await sendFile(endpoint, link.path, scan)
    expect(status).toBe(200)
    expect(html).toContain('It has arrived.')
    const [row] = await rowsOf(endpoint)
    expect(row).toMatchObject({
      version: 1,
      contentType: 'image/jpeg',
      masked: FULL_MASK,
      fingerprint: null,
      fingerprintKeyId: null,
      source: 'link',
      kind: 'identity_document',
      createdBy: MAYA,
      customerId: 501,
    })
    expect(Buffer.from(scan).equals(await storedDocument(endpoint))).toBe(true)
    await endpoint.expectAuditEntry({
      action: 'intake_link.use',
      outcome: 'ok',
      actor: { type: 'system', name: 'customer_link' },
      fields: ['passport'],
      data: { linkId: link.linkId, createdBy: MAYA, version: 1, contentType: 'image/jpeg' },
    })
    await drainOutbox(endpoint.deps)
    expect(endpoint.zendesk.fieldText(REFUND_TICKET, PASSPORT_FIELD)).toBe(
      `${FULL_MASK} [scrim:${row?.token}]`,
    )
    const passport = (await fieldsOf(maya)).fields.find(({ fieldId }) => fieldId === 'passport')
    expect(passport).toMatchObject({ contentType: 'image/jpeg', hasValue: true })
    expect((await sendFile(endpoint, link.path, scan)).status).toBe(404)
    expect(await rowsOf(endpoint)).toHaveLength(1)
  })

  it('is revealed as it was sent', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const scan = sample('application/pdf', MAX_UPLOAD_BYTES)
    await sendFile(endpoint, link.path, scan)
    const omar = await endpoint.signIn(104, 'nav_bar')
    const request = await ask(maya, { fieldIds: ['passport'], reasonCode: 'identity_check' })
    const { grantId } = (await approve(omar, request.id)).as(revealRequestView)
    expect((await revealWhole(maya, grantId ?? '')).equals(scan)).toBe(true)
  })

  it.each(SAMPLE_TYPES)('may be %s, whatever it is called', async (type: SampleType) => {
    const { endpoint, link } = await startWithLink()
    const sent = await sendFile(endpoint, link.path, sample(type), 'notes.exe', 'text/html')
    expect(sent.status).toBe(200)
    expect((await rowsOf(endpoint))[0]?.contentType).toBe(type)
  })

  it.each(RUNTIMES)('may be as long as is said, byte by byte, on %s', async (runtime) => {
    const { endpoint, link } = await startWithLink({ runtime })
    const longest = sample('image/png', MAX_UPLOAD_BYTES)
    const tooLong = sample('image/png', MAX_UPLOAD_BYTES + 1)
    const refused = await sendFile(endpoint, link.path, tooLong)
    expect(refused.status).toBe(413)
    expect(refused.html).toContain('This file is larger than <bdi>4\u00a0MB</bdi>.')
    expect((await sendFile(endpoint, link.path, longest)).status).toBe(200)
    expect(Buffer.from(longest).equals(await storedDocument(endpoint))).toBe(true)
    await endpoint.close()
  })

  it('takes the place of the value before as its next version, and ends grants on it', async () => {
    const { endpoint, maya, link } = await startWithLink()
    await putValue(maya, REFUND_TICKET, 'passport', PASSPORT)
    const omar = await endpoint.signIn(104, 'nav_bar')
    const request = await ask(maya, { fieldIds: ['passport'], reasonCode: 'identity_check' })
    const { grantId } = (await approve(omar, request.id)).as(revealRequestView)
    await sendFile(endpoint, link.path, sample())
    await endpoint.expectAuditEntry({ action: 'intake_link.use', data: { version: 2 } })
    const body = { attemptId: randomUUID(), fieldId: 'passport' }
    expect((await maya.post(`/api/grants/${grantId}/reveal`, body)).problem().code).toBe(
      'grant_ended',
    )
  })

  it.each(['----WebKitFormBoundaryAb12Cd34', '----geckoformboundary4a5b6c', '-----------7ea1b2'])(
    'or a value instead of one arrives as browsers send it, with the boundary %s',
    async (boundary) => {
      const { endpoint, link } = await startWithLink()
      const lines = (value: string, file: string, content: string) =>
        [
          `--${boundary}`,
          'Content-Disposition: form-data; name="value"',
          '',
          value,
          `--${boundary}`,
          `Content-Disposition: form-data; name="file"; ${file}`,
          'Content-Type: application/octet-stream',
          '',
          content,
          `--${boundary}--`,
          '',
        ].join('\r\n')
      const sendBody = (path: string, body: string) =>
        visit(endpoint, path, {
          method: 'POST',
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
          body: Buffer.from(body, 'latin1'),
        })
      const named = 'filename="Pass 1 %22neu%22.png"'
      const content = '\x89PNG\r\n\x1a\nIHDR'
      expect((await sendBody(link.path, lines('', named, content))).status).toBe(200)
      const next = await linkFor(await endpoint.signIn(MAYA))
      expect((await sendBody(next.path, lines(PASSPORT, 'filename=""', ''))).status).toBe(200)
      const rows = (await rowsOf(endpoint)).toSorted((a, b) => a.version - b.version)
      expect(rows.map(({ contentType }) => contentType)).toEqual(['image/png', null])
    },
  )

  it('gives way to what is typed later', async () => {
    const endpoint = await startEndpoint()
    const { maya } = await startGrantedDocument(endpoint, sample())
    const link = await linkFor(maya)
    expect((await send(endpoint, link.path, form({ value: PASSPORT }))).status).toBe(200)
    const rows = (await rowsOf(endpoint)).toSorted((a, b) => a.version - b.version)
    expect(rows.map(({ version, contentType }) => [version, contentType])).toEqual([
      [1, 'image/png'],
      [2, null],
    ])
  })

  it('through one link sixteen times at once is stored once, with its own parts', async () => {
    const { endpoint, link } = await startWithLink()
    const scans = Array.from({ length: 16 }, () => sample('image/png', 2000))
    const answers = await Promise.all(scans.map((scan) => sendFile(endpoint, link.path, scan)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(15)
    expect(await rowsOf(endpoint)).toHaveLength(1)
    const { orm } = endpoint.deps.database
    const parts = orm.$count(documentParts, eq(documentParts.account, endpoint.deps.account.id))
    expect(await parts).toBe(1)
    const winner = scans[answers.findIndex(({ status }) => status === 200)]
    expect(Buffer.from(winner ?? []).equals(await storedDocument(endpoint))).toBe(true)
  })

  it('leaves no trace of its bytes or its name outside the vault', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const scan = sample('image/png', 4000)
    const name = 'passport-of-mrs-erika-mustermann.png'
    const pages = [
      await sendFile(endpoint, link.path, new Uint8Array(3000).fill(65), name),
      await sendFile(endpoint, link.path, scan, name),
    ]
    await drainOutbox(endpoint.deps)
    const inside = Buffer.from(scan.subarray(1000, 1300))
    const find = createCanaryMatcher([
      { name: 'bytes', value: inside.toString('base64') },
      { name: 'hex', value: inside.toString('hex') },
      { name: 'file name', value: name },
      { name: 'secret', value: link.path.slice('/intake/'.length) },
    ])
    const evidence = [
      ...pages.map(({ html }) => html),
      (await maya.get(`/api/tickets/${REFUND_TICKET}/protected-fields`)).text,
      ...endpoint.logLines,
      JSON.stringify(await endpoint.auditEntries()),
      JSON.stringify(await rowsOf(endpoint)),
      JSON.stringify(endpoint.zendesk.emulator.state),
    ]
    expect(find(evidence.join('\n'))).toEqual([])
  })
})

describe('a file that is not taken leaves the link usable and says what to do', () => {
  const text = (content: string) => new TextEncoder().encode(content)
  it.each<[string, number, string, Uint8Array<ArrayBuffer>]>([
    ['is empty', 422, 'This file is empty.', new Uint8Array()],
    ['is a program', 415, 'is not a PDF', text('\x7fELF')],
    ['is plain text', 415, 'is not a PDF', text(PASSPORT)],
    ['is HTML', 415, 'is not a PDF', text('<!doctype html><script>alert(1)</script>')],
    ['is a drawing with a script', 415, 'is not a PDF', text('<svg onload="alert(1)"></svg>')],
    ['is HTML before a PDF', 415, 'is not a PDF', text('<script>alert(1)</script>%PDF-1.7')],
    ['only says that it is a PDF', 415, 'is not a PDF', text('PDF-1.7 %%EOF')],
    ['is one byte too long', 413, 'larger than', sample('image/png', MAX_UPLOAD_BYTES + 1)],
    ['is far too long', 413, 'larger than', sample('image/png', 3 * MAX_UPLOAD_BYTES)],
  ])('if it %s', async (_, status, words, bytes) => {
    const { endpoint, link } = await startWithLink()
    const sent = await sendFile(endpoint, link.path, bytes, 'scan.pdf', 'application/pdf')
    expect(sent.status).toBe(status)
    expect(sent.html).toContain(words)
    expect(sent.html).toContain('role="alert"')
    expect(sent.html).toMatch(/<input type="file" [^>]*aria-describedby="file-hint file-fault"/)
    await expectStillOpen(endpoint, link.path)
  })

  it.each<[string, FormData]>([
    ['nothing', form()],
    ['two files', form({ file: [fileOf(sample()), fileOf(sample())] })],
    ['a value and a file', form({ value: PASSPORT, file: fileOf(sample()) })],
    ['a text under the file’s name', form({ file: '\x89PNG\r\n\x1a\n' })],
    ['a file under the text’s name', form({ value: fileOf(sample()) })],
    ['a mask', form({ value: FULL_MASK })],
  ])('of %s', async (_, body) => {
    const { endpoint, link } = await startWithLink()
    const sent = await send(endpoint, link.path, body)
    expect(sent.status).toBe(422)
    expect(sent.html).toContain('Type your answer or choose one file, not both.')
    expect(sent.html).toMatch(/<input type="text" [^>]*aria-describedby="value-fault"/)
    await expectStillOpen(endpoint, link.path)
  })

  it.each(['file[]', 'files', 'FILE', '__proto__', 'constructor', 'file\r\nname', 'file"'])(
    'under the name %j',
    async (name) => {
      const { endpoint, link } = await startWithLink()
      const body = form()
      body.append(name, fileOf(sample()))
      expect((await send(endpoint, link.path, body)).status).toBe(422)
      await expectStillOpen(endpoint, link.path)
    },
  )

  const boundary = 'example'
  const part = (head: string, content = '\x89PNG\r\n\x1a\nIHDR') =>
    `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`
  const file = 'content-disposition: form-data; name="file"; filename="scan.png"'
  const end = `--${boundary}--\r\n`
  const multipart = `multipart/form-data; boundary=${boundary}`
  it.each([
    ['no boundary', 'multipart/form-data', part(file) + end],
    ['an empty boundary', 'multipart/form-data; boundary=', part(file) + end],
    ['another boundary', 'multipart/form-data; boundary=other', part(file) + end],
    ['two boundaries', `${multipart}; boundary=other`, `--other\r\n${file}\r\n\r\nx\r\n--other--`],
    ['no end', multipart, part(file)],
    ['half a part', multipart, part(file).slice(0, 60)],
    ['no name', multipart, part('content-disposition: form-data; filename="a.png"') + end],
    ['no disposition', multipart, part('content-type: image/png') + end],
    ['nothing', multipart, ''],
    ['another kind of multipart', `multipart/mixed; boundary=${boundary}`, part(file) + end],
    ['a file as the whole body', 'image/png', '\x89PNG\r\n\x1a\nIHDR'],
  ])('in a body with %s', async (_, type, body) => {
    const { endpoint, link } = await startWithLink()
    const headers = { 'content-type': type }
    const bytes = Buffer.from(body, 'latin1')
    const sent = await visit(endpoint, link.path, { method: 'POST', headers, body: bytes })
    expect(sent.status).toBe(422)
    await expectStillOpen(endpoint, link.path)
  })

  it('that lies about its length is read no further than allowed', async () => {
    const { endpoint, link } = await startWithLink()
    let sentBytes = 0
    const head = Buffer.from(`--${boundary}\r\n${file}\r\n\r\n\x89PNG\r\n\x1a\n`, 'latin1')
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(head),
      pull: (controller) => {
        sentBytes += 65_536
        controller.enqueue(randomBytes(65_536))
      },
    })
    const init = { method: 'POST', headers: { 'content-type': multipart }, body, duplex: 'half' }
    const sent = await visit(endpoint, link.path, init as RequestInit)
    expect(sent.status).toBe(413)
    expect(sent.html).toContain('larger than')
    expect(sentBytes).toBeLessThan(2 * MAX_UPLOAD_BYTES)
    await expectStillOpen(endpoint, link.path)
  })

  it('of fifty thousand parts is answered, and not taken', async () => {
    const { endpoint, link } = await startWithLink()
    const body = part('content-disposition: form-data; name="value"', '').repeat(50_000) + end
    const headers = { 'content-type': multipart }
    const sent = await visit(endpoint, link.path, { method: 'POST', headers, body })
    expect(sent.status).toBe(422)
    await expectStillOpen(endpoint, link.path)
  })

  it('that would be a page and a PDF at once is kept as a PDF, which no answer serves', async () => {
    const { endpoint, link } = await startWithLink()
    const both = text('%PDF-1.7\n<!doctype html><script>alert(1)</script>')
    expect((await sendFile(endpoint, link.path, both, 'a.html', 'text/html')).status).toBe(200)
    expect((await rowsOf(endpoint))[0]?.contentType).toBe('application/pdf')
  })

  it('while Zendesk is down, with nothing stored', async () => {
    const { endpoint, link } = await startWithLink()
    endpoint.zendesk.setDown(true)
    const failed = await sendFile(endpoint, link.path, sample())
    expect(failed.status).toBe(503)
    expect(failed.html).toContain('Your answer was not saved.')
    endpoint.zendesk.setDown(false)
    await expectStillOpen(endpoint, link.path)
  })
})

describe('elsewhere', () => {
  it('a file for a field that takes none is no answer', async () => {
    const { endpoint, link } = await startWithLink({}, 'card_number')
    const sent = await sendFile(endpoint, link.path, sample())
    expect(sent.status).toBe(422)
    expect(sent.html).toContain('Type your answer.')
    await endpoint.expectNoAuditEntry('intake_link.use')
  })

  it('a long text for such a field is not read to its end', async () => {
    const { endpoint, link } = await startWithLink({}, 'card_number')
    const sent = await visit(endpoint, link.path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `value=${'4'.repeat(41_000)}`,
    })
    expect(sent.status).toBe(422)
  })

  it('without a link no byte of a file is read', async () => {
    const endpoint = await startEndpoint()
    let isRead = false
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          isRead = true
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const headers = { 'content-type': 'multipart/form-data; boundary=example' }
    const init = { method: 'POST', headers, body, duplex: 'half' }
    const sent = await visit(endpoint, `/intake/${'A'.repeat(32)}`, init as RequestInit)
    expect(sent.status).toBe(404)
    expect(isRead).toBe(false)
  })

  it('every other address still takes 64 kB at most', async () => {
    const { endpoint, maya } = await startWithLink()
    const path = `/api/tickets/${REFUND_TICKET}/protected-fields/passport/value`
    const answer = await maya.put(path, { value: 'x'.repeat(70_000) })
    expect(answer.problem().code).toBe('payload_too_large')
    const page = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new Uint8Array(70_000),
    }
    expect((await endpoint.request('/zaf/ticket_sidebar', page)).status).toBe(413)
    expect((await endpoint.request('/webhooks/zendesk', page)).status).toBe(413)
  })
})
