/** Attachments that arrive in tickets: looked into, vaulted whole, redacted in Zendesk. */
import { describe, expect, it } from 'vitest'
import { MAX_DOCUMENT_BYTES } from '../../src/core/document.ts'
import type { Policy } from '../../src/core/policy.ts'
import { revealedDocument } from '../../src/contract/grants.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { ingestTicket } from '../../src/endpoint/ingestion/ingest-ticket.ts'
import { redactFoundAttachment } from '../../src/endpoint/ingestion/redact-attachment.ts'
import { openDocumentPart } from '../../src/keys/seal-document.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { RestAttachment } from '../../src/sandbox/rest/state.ts'
import { findDocumentPart } from '../../src/storage/documents.ts'
import { findSealed } from '../../src/storage/found-values.ts'
import { findCurrentValues } from '../../src/storage/vault.ts'
import type { TestFile } from '../support/attachments.ts'
import { attach, pdfFile, pdfOf, PNG, png, textFile } from '../support/attachments.ts'
import { MAYA, OMAR, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { exposuresOf, HARRIET, ingest, settle, ticketOf, update } from '../support/ingestion.ts'
import { approve, ask, CARD, fieldsOf, reveal } from '../support/story.ts'

const TICKET = 4001
const CODE = '737'
type Attachments = Policy['ingestion']['attachments']

const withAttachments = (
  change: Partial<Omit<Attachments, 'documents'>> & {
    documents?: Partial<Attachments['documents']>
  },
  version = sandboxPolicy.version,
): Policy => {
  const { ingestion } = sandboxPolicy
  const documents = { ...ingestion.attachments.documents, ...change.documents }
  const attachments = { ...ingestion.attachments, ...change, documents }
  return { ...sandboxPolicy, version, ingestion: { ...ingestion, attachments } }
}
/** Every ticket is one whose documents are taken whole. */
const MARKED = withAttachments({ documents: { isEveryTicket: true } })

/** A customer sends a file, and everything that follows is done. */
async function arrives(file: TestFile, policy: Policy = sandboxPolicy) {
  const endpoint = await startEndpoint({ policy })
  const { said, attachment } = await attach(endpoint, HARRIET, TICKET, file)
  await ingest(endpoint, TICKET)
  return { endpoint, said, attachment, place: `attachment_${attachment.id}` }
}

/** The documents of the ticket in the vault, opened. */
async function documentsOf({ deps }: TestEndpoint) {
  const { account, database, keys } = deps
  const record = { type: 'ticket', id: TICKET } as const
  const rows = await findCurrentValues(database.orm, account.id, record)
  return await Promise.all(
    rows.map(async ({ fieldId, version, kind, sensitivityClass, contentType }) => {
      const key = { record, fieldId, version }
      const jwe = (await findSealed(database.orm, account.id, key)) ?? ''
      const part = await findDocumentPart(database.orm, account.id, key, 0)
      const binding = {
        account: account.id,
        recordType: record.type,
        recordId: TICKET,
        fieldId,
        version,
      }
      const { bytes } = await openDocumentPart(keys, binding, jwe, part, 0)
      return { fieldId, kind, sensitivityClass, contentType, bytes: new Uint8Array(bytes) }
    }),
  )
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
const isRedacted = ({ file_name: name, size }: RestAttachment) =>
  name === 'redacted.txt' && size === 0
const downloadsOf = ({ zendesk }: TestEndpoint) =>
  zendesk.emulator.counts.byRoute()['GET /attachments/token/{token}'] ?? 0
const redactionsOf = ({ zendesk }: TestEndpoint) =>
  zendesk.emulator.counts.byRoute()[
    'PUT /api/v2/tickets/{id}/comments/{id}/attachments/{id}/redact'
  ] ?? 0
const categoriesOf = async (endpoint: TestEndpoint) =>
  (await exposuresOf(endpoint)).map(({ category }) => category).toSorted()

describe('a file with a card number in it', () => {
  it.each([
    ['text', textFile(`My card is ${CARD}`), 'text/plain'],
    ['PDF', pdfFile(`My card is ${CARD}`), 'application/pdf'],
    [
      'web page',
      { ...textFile(`<p>card <b>4242</b> 4242 4242 4242</p>`), contentType: '' },
      'text/html',
    ],
    [
      'file that claims to be no text',
      { ...textFile(`card ${CARD}`), contentType: 'application/zip' },
      'text/plain',
    ],
  ])('is vaulted whole as a %s, then redacted', async (_, file, contentType) => {
    const { endpoint, said, attachment, place } = await arrives(file)
    const content = typeof file.content === 'string' ? file.content : null
    const [found, ...others] = await documentsOf(endpoint)
    expect(others).toEqual([])
    expect(found).toMatchObject({
      fieldId: place,
      kind: 'payment_card',
      sensitivityClass: 'restricted',
      contentType,
      bytes: content === null ? file.content : new TextEncoder().encode(content),
    })
    expect(isRedacted(attachment)).toBe(true)
    expect(endpoint.zendesk.emulator.exportState()).not.toContain('4242')
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      fields: [place],
      record: { type: 'ticket', id: TICKET },
      data: {
        source: 'attachment',
        commentId: said.id,
        attachmentId: attachment.id,
        contentType,
        foundKinds: ['payment_card'],
        destroyedKinds: [],
      },
    })
    await endpoint.expectAuditEntry({
      action: 'attachment.redact',
      fields: [place],
      data: { commentId: said.id, attachmentId: attachment.id, wasRedacted: false },
    })
    expect(await exposuresOf(endpoint)).toMatchObject([
      { category: 'sent_email', place, kind: 'payment_card' },
    ])
    const text = JSON.stringify(await endpoint.auditEntries()) + endpoint.logLines.join()
    expect(text).not.toContain('4242')
  })

  it('is kept as the kind of its most sensitive finding', async () => {
    const { endpoint } = await arrives(textFile(`IBAN DE89 3704 0044 0532 0130 00, card ${CARD}`), {
      ...sandboxPolicy,
      ingestion: { ...sandboxPolicy.ingestion, sensitivityClass: { bank_account: 'secret' } },
    })
    expect(await documentsOf(endpoint)).toMatchObject([
      { kind: 'bank_account', sensitivityClass: 'secret' },
    ])
  })

  it('is found on the last line of a long file, too', async () => {
    const long = `${'An ordinary line of a log, 12 times.\n'.repeat(8_000)}card ${CARD}`
    const { endpoint, attachment } = await arrives(textFile(long))
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect(isRedacted(attachment)).toBe(true)
  })

  it('is left alone where policy does not look, or leaves the kind', async () => {
    const { ingestion } = sandboxPolicy
    for (const policy of [
      withAttachments({ isScanned: false }),
      { ...sandboxPolicy, ingestion: { ...ingestion, publicComments: false } },
      {
        ...sandboxPolicy,
        ingestion: { ...ingestion, handling: { payment_card: 'ignored' } as const },
      },
    ]) {
      const { endpoint, attachment } = await arrives(textFile(`card ${CARD}`), policy)
      expect(await documentsOf(endpoint)).toEqual([])
      expect(isRedacted(attachment)).toBe(false)
      expect(await exposuresOf(endpoint)).toEqual([])
    }
  })
})

describe('a file with a card verification code in it', () => {
  it.each([
    ['text', textFile(`card ${CARD}, security code ${CODE}`)],
    ['PDF', pdfFile(`card ${CARD}, security code ${CODE}`)],
  ])('is kept without it, as text: %s', async (_, file) => {
    const { endpoint, attachment, place } = await arrives(file)
    const [found] = await documentsOf(endpoint)
    expect(found).toMatchObject({ kind: 'payment_card', contentType: 'text/plain' })
    expect(textOf(found?.bytes)).toBe(`card ${CARD}, security code ▇▇▇`)
    expect(isRedacted(attachment)).toBe(true)
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      fields: [place],
      data: { destroyedKinds: ['card_verification_code'] },
    })
  })

  it('is kept without it on tickets whose documents are taken whole, too', async () => {
    const { endpoint } = await arrives(pdfFile(`security code ${CODE}`), MARKED)
    const [found] = await documentsOf(endpoint)
    expect(found).toMatchObject({ kind: 'identity_document', sensitivityClass: 'secret' })
    expect(textOf(found?.bytes)).toBe('security code ▇▇▇')
  })

  it('that goes on where nobody can read stays, and is said to', async () => {
    const endless = `security code ${CODE}\n${'x'.repeat(4_000_001)}`
    const { endpoint, attachment } = await arrives(textFile(endless))
    expect(await documentsOf(endpoint)).toEqual([])
    expect(isRedacted(attachment)).toBe(false)
    expect(await categoriesOf(endpoint)).toEqual(['unread_attachment'])
  })
})

describe('a picture or a PDF on a ticket that may carry identity documents', () => {
  it.each([
    ['every ticket', { isEveryTicket: true }],
    ['a form', { formIds: [401] }],
    ['a tag', { tags: ['refund'] }],
  ])('is vaulted whole where policy marks it by %s', async (_, documents) => {
    const { endpoint, attachment, place } = await arrives(png(), withAttachments({ documents }))
    expect(await documentsOf(endpoint)).toEqual([
      {
        fieldId: place,
        kind: 'identity_document',
        sensitivityClass: 'secret',
        contentType: 'image/png',
        bytes: PNG,
      },
    ])
    expect(isRedacted(attachment)).toBe(true)
  })

  it.each([
    ['an inline picture', { ...png(), fileName: 'inline.png' }, true, 'image/png'],
    ['a PDF', pdfFile('Passport'), false, 'application/pdf'],
    [
      'a picture of a type that nobody can show',
      { fileName: 'id.heic', contentType: 'image/heic', content: Uint8Array.of(0, 0, 0, 24, 1) },
      false,
      'application/octet-stream',
    ],
  ])('is vaulted whole as %s', async (_, file, isInline, contentType) => {
    const endpoint = await startEndpoint({ policy: MARKED })
    const { attachment } = await attach(endpoint, HARRIET, TICKET, file, { isInline })
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toMatchObject([{ contentType, kind: 'identity_document' }])
    expect(isRedacted(attachment)).toBe(true)
  })

  it('is vaulted whole when nothing is scanned, too, and other files are left', async () => {
    const policy = withAttachments({ isScanned: false, documents: { isEveryTicket: true } })
    const { endpoint } = await arrives(pdfFile(`card ${CARD}`), policy)
    expect(await documentsOf(endpoint)).toMatchObject([{ kind: 'identity_document' }])
    const other = await arrives(textFile(`card ${CARD}`), policy)
    expect(await documentsOf(other.endpoint)).toEqual([])
    expect(await exposuresOf(other.endpoint)).toEqual([])
  })

  it('of other tickets is left alone, and a picture not even fetched', async () => {
    const { endpoint, attachment } = await arrives(png())
    expect(downloadsOf(endpoint)).toBe(0)
    expect(isRedacted(attachment)).toBe(false)
    expect(await exposuresOf(endpoint)).toEqual([])
  })

  it('that was there before the ticket was marked is taken then', async () => {
    const policy = withAttachments({ documents: { tags: ['identity_check'] } })
    const { endpoint, attachment } = await arrives(pdfFile('Passport'), policy)
    expect(await documentsOf(endpoint)).toEqual([])
    await update(endpoint, MAYA, TICKET, { tags: ['refund', 'identity_check'] })
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect(isRedacted(attachment)).toBe(true)
  })
})

const ENCRYPTED = pdfOf(
  ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'],
  `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4
    /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}> >>`,
)

describe('a file that nobody can look into', () => {
  const files: [string, TestFile][] = [
    ['encrypted', { ...pdfFile(), content: ENCRYPTED }],
    ['broken', { ...pdfFile(), content: new TextEncoder().encode('%PDF-1.7 and no more') }],
    [
      'an archive',
      {
        fileName: 'a.zip',
        contentType: 'application/zip',
        content: Uint8Array.of(0x50, 0x4b, 3, 4),
      },
    ],
  ]
  it.each(files)('stays, and is written down once: %s', async (_, file) => {
    const { endpoint, attachment, place } = await arrives(file)
    endpoint.zendesk.emulator.counts.reset()
    await ingest(endpoint, TICKET)
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toEqual([])
    expect(isRedacted(attachment)).toBe(false)
    expect(await exposuresOf(endpoint)).toMatchObject([
      { ticketId: TICKET, category: 'unread_attachment', place, kind: 'other' },
    ])
    expect(downloadsOf(endpoint)).toBe(0)
  })

  it.each(files)('is vaulted whole on a marked ticket: %s', async (_, file) => {
    const { endpoint, attachment } = await arrives(file, MARKED)
    expect(await documentsOf(endpoint)).toMatchObject([{ kind: 'identity_document' }])
    expect(isRedacted(attachment)).toBe(true)
    expect(await categoriesOf(endpoint)).toEqual(['sent_email'])
  })

  it.each([
    ['is malware', { malware_scan_result: 'malware_found' }],
    ['is too large', { size: MAX_DOCUMENT_BYTES + 1 }],
    ['lies with somebody else', { content_url: 'https://files.example.com/passport.png' }],
    ['is not all there', { size: PNG.length + 1 }],
  ] as const)('stays on a marked ticket, too, when it %s', async (_, change) => {
    const endpoint = await startEndpoint({ policy: MARKED })
    const { attachment } = await attach(endpoint, HARRIET, TICKET, png())
    Object.assign(attachment, change)
    await ingest(endpoint, TICKET)
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toEqual([])
    expect(attachment.file_name).toBe('passport.png')
    expect(await categoriesOf(endpoint)).toEqual(['unread_attachment'])
  })
})

describe('a closed ticket', () => {
  it('keeps its attachments, which are vaulted and said to stay', async () => {
    const endpoint = await startEndpoint()
    const { attachment } = await attach(endpoint, HARRIET, TICKET, textFile(`card ${CARD}`))
    await update(endpoint, MAYA, TICKET, { status: 'closed' })
    await ingest(endpoint, TICKET)
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect(isRedacted(attachment)).toBe(false)
    expect(redactionsOf(endpoint)).toBe(0)
    expect(await categoriesOf(endpoint)).toEqual(['closed_ticket_attachment', 'sent_email'])
  })

  it('that was closed between vaulting and redacting is written down then', async () => {
    const endpoint = await startEndpoint()
    const { attachment } = await attach(endpoint, HARRIET, TICKET, textFile(`card ${CARD}`), {
      isPublic: false,
    })
    await ingestTicket(endpoint.deps, TICKET)
    await update(endpoint, MAYA, TICKET, { status: 'closed' })
    await settle(endpoint)
    expect(isRedacted(attachment)).toBe(false)
    expect(await exposuresOf(endpoint)).toMatchObject([
      { category: 'closed_ticket_attachment', kind: 'payment_card' },
    ])
    await endpoint.expectNoAuditEntry('attachment.redact')
  })
})

describe('doing it again', () => {
  it('does nothing: our own redaction comes back as an event and is an end', async () => {
    const { endpoint } = await arrives(textFile(`card ${CARD}`))
    const entries = (await endpoint.auditEntries()).length
    endpoint.zendesk.emulator.counts.reset()
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect([redactionsOf(endpoint), downloadsOf(endpoint)]).toEqual([0, 0])
    expect(await endpoint.auditEntries()).toHaveLength(entries)
  })

  it('looks into a file once, and again under another policy', async () => {
    const { endpoint } = await arrives(textFile('nothing to see'))
    expect(downloadsOf(endpoint)).toBeGreaterThan(0)
    endpoint.zendesk.emulator.counts.reset()
    await ingest(endpoint, TICKET)
    expect(downloadsOf(endpoint)).toBe(0)
    const policy = { ...sandboxPolicy, version: sandboxPolicy.version + 1 }
    await ingestTicket({ ...endpoint.deps, policy }, TICKET)
    expect(downloadsOf(endpoint)).toBe(1)
  })

  it('gives the order anew for a file that is in the vault and stands there all the same', async () => {
    const { endpoint, attachment } = await arrives(textFile(`card ${CARD}`))
    Object.assign(attachment, { file_name: 'notes.txt', size: 23 })
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect(redactionsOf(endpoint)).toBe(2)
    expect(isRedacted(attachment)).toBe(true)
  })

  it('looks into a file that only calls itself redacted', async () => {
    const { endpoint, attachment } = await arrives(textFile(`card ${CARD}`, 'redacted.txt'))
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect(isRedacted(attachment)).toBe(true)
  })
})

describe('an order to redact', () => {
  it('is not carried out while its attachment is not in the vault: the ticket is looked at', async () => {
    const endpoint = await startEndpoint()
    const { said, attachment } = await attach(endpoint, HARRIET, TICKET, textFile(`card ${CARD}`))
    const place = { ticketId: TICKET, commentId: said.id, attachmentId: attachment.id }
    await redactFoundAttachment(endpoint.deps, place)
    expect(redactionsOf(endpoint)).toBe(0)
    await settle(endpoint)
    expect(await documentsOf(endpoint)).toHaveLength(1)
    expect(isRedacted(attachment)).toBe(true)
  })

  it('ends where the attachment is gone meanwhile', async () => {
    const endpoint = await startEndpoint()
    const { said } = await attach(endpoint, HARRIET, TICKET, textFile(`card ${CARD}`))
    await ingestTicket(endpoint.deps, TICKET)
    said.attachments = []
    await settle(endpoint)
    expect(redactionsOf(endpoint)).toBe(0)
    await endpoint.expectAuditEntry({ action: 'attachment.redact', data: { wasRedacted: true } })
  })
})

describe('an attachment in the vault', () => {
  it('is asked for, approved and revealed as every value is, to the byte', async () => {
    const { endpoint, place } = await arrives(pdfFile(`My card is ${CARD}`))
    const maya = await endpoint.signIn(MAYA)
    const row = (await fieldsOf(maya)).fields.find(({ fieldId }) => fieldId === place)
    expect(row).toMatchObject({ kind: 'payment_card', contentType: 'application/pdf' })
    const { id } = await ask(maya, { fieldIds: [place] })
    const decided = await approve(await endpoint.signIn(OMAR, 'nav_bar'), id)
    const grantId = decided.as(revealRequestView).grantId ?? ''
    const { document } = (await reveal(maya, grantId, undefined, place)).as(revealedDocument)
    expect(document).toMatchObject({ contentType: 'application/pdf', parts: 1 })
    const bytes = new Uint8Array(Buffer.from(document.data, 'base64'))
    expect(bytes).toEqual(pdfFile(`My card is ${CARD}`).content)
  })
})

describe('several attachments', () => {
  it('wait for none that cannot be fetched now', async () => {
    const endpoint = await startEndpoint()
    const first = await attach(endpoint, HARRIET, TICKET, textFile(`card ${CARD}`))
    const second = await attach(endpoint, HARRIET, TICKET, pdfFile(`IBAN DE89370400440532013000`))
    const { fetch } = endpoint.zendesk.emulator
    let isFailing = true
    endpoint.zendesk.emulator.fetch = (request) => {
      if (isFailing && request.url.startsWith(first.attachment.content_url)) {
        return Promise.resolve(new Response('', { status: 500 }))
      }
      return fetch(request)
    }
    await expect(ingestTicket(endpoint.deps, TICKET)).rejects.toMatchObject({
      code: 'zendesk_unavailable',
    })
    expect(await documentsOf(endpoint)).toHaveLength(1)
    isFailing = false
    await ingest(endpoint, TICKET)
    expect(await documentsOf(endpoint)).toHaveLength(2)
    expect([first, second].every(({ attachment }) => isRedacted(attachment))).toBe(true)
  })

  it('are counted in the report', async () => {
    const endpoint = await startEndpoint()
    await attach(endpoint, HARRIET, TICKET, textFile(`card ${CARD}`))
    await attach(endpoint, MAYA, TICKET, textFile('nothing'), { isPublic: false })
    await attach(endpoint, MAYA, TICKET, { ...pdfFile(), content: ENCRYPTED }, { isPublic: false })
    expect(await ingestTicket(endpoint.deps, TICKET)).toEqual({
      found: 1,
      vaulted: 1,
      queued: 1,
      exposures: 2,
      isClosed: false,
    })
    await settle(endpoint)
    expect(ticketOf(endpoint, TICKET).tags).toContain('redacted_content')
  })
})
