/** Documents as tests make, store and reveal them. Their bytes are chance: nobody's passport. */
import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { revealedDocument } from '../../src/contract/grants.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { prepareDocument } from '../../src/endpoint/vault/prepare-document.ts'
import { appendDocument } from '../../src/storage/documents.ts'
import type { Answer, Caller, TestEndpoint } from './endpoint.ts'
import { MAYA, OMAR } from './endpoint.ts'
import type { Granted } from './story.ts'
import { REFUND_TICKET, approve, ask } from './story.ts'

const BEGINNINGS = {
  'application/pdf': Buffer.from('%PDF-1.7\n', 'latin1'),
  'image/png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  'image/webp': Buffer.from('RIFF\x00\x00\x00\x00WEBPVP8 ', 'latin1'),
  'image/gif': Buffer.from('GIF89a', 'latin1'),
} as const
export type SampleType = keyof typeof BEGINNINGS
export const SAMPLE_TYPES = Object.keys(BEGINNINGS) as SampleType[]

/** A file of this type as far as its first bytes tell; no picture comes out of it. */
export function sample(type: SampleType = 'image/png', size = 1000): Uint8Array<ArrayBuffer> {
  const start = BEGINNINGS[type]
  return new Uint8Array(Buffer.concat([start, randomBytes(size - start.length)]))
}

/** Puts a document into the vault, as ingestion and intake do. */
export async function storeDocument(
  { deps }: Pick<TestEndpoint, 'deps'>,
  bytes: Uint8Array,
  change: { recordId?: number; fieldId?: string; version?: number; contentType?: string } = {},
): Promise<void> {
  const { recordId = REFUND_TICKET, fieldId = 'passport', version = 1 } = change
  const record = { type: 'ticket', id: recordId } as const
  const document = await prepareDocument(deps, {
    record,
    field: { id: fieldId, kind: 'identity_document', sensitivityClass: 'secret' },
    version,
    bytes,
    contentType: change.contentType ?? 'image/png',
    source: 'link',
    customerId: 501,
    createdBy: MAYA,
  })
  const isStored = await deps.database.transaction((tx) =>
    appendDocument(tx, deps.account.id, record, document),
  )
  expect(isStored).toBe(true)
}

/** Maya holds a grant on a passport's scan, approved by Omar. */
export async function startGrantedDocument(
  endpoint: TestEndpoint,
  bytes: Uint8Array,
  contentType = 'image/png',
): Promise<Granted> {
  await storeDocument(endpoint, bytes, { contentType })
  const maya = await endpoint.signIn(MAYA)
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  const request = await ask(maya, { fieldIds: ['passport'], reasonCode: 'identity_check' })
  const { grantId } = (await approve(omar, request.id)).as(revealRequestView)
  if (grantId === null) throw new Error('the approval made no grant')
  return { maya, omar, requestId: request.id, grantId }
}

export function revealPart(
  by: Caller,
  grantId: string,
  attemptId: string = randomUUID(),
  part = 0,
  fieldId = 'passport',
): Promise<Answer> {
  return by.post(`/api/grants/${grantId}/reveal`, { attemptId, fieldId, part })
}

/** All parts of a reveal, put together. */
export async function revealWhole(by: Caller, grantId: string): Promise<Buffer> {
  const attemptId = randomUUID()
  const bytes: Buffer[] = []
  for (let part = 0, parts = 1; part < parts; part += 1) {
    const { document } = (await revealPart(by, grantId, attemptId, part)).as(revealedDocument)
    parts = document.parts
    bytes.push(Buffer.from(document.data, 'base64'))
  }
  return Buffer.concat(bytes)
}
