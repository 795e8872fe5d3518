/** What policy says about attachments. */
import { describe, expect, it } from 'vitest'
import { documentKind, ingestionSection, takesDocuments } from '../../src/core/ingestion.ts'
import type { IngestionPolicy } from '../../src/core/ingestion.ts'
import { DEFAULT_INGESTION } from '../../src/core/ingestion.ts'
import type { DetectedKind } from '../../src/detect/span.ts'

const withDocuments = (
  documents: Partial<IngestionPolicy['attachments']['documents']>,
): { ingestion: IngestionPolicy } => ({
  ingestion: {
    ...DEFAULT_INGESTION,
    attachments: {
      ...DEFAULT_INGESTION.attachments,
      documents: { ...DEFAULT_INGESTION.attachments.documents, ...documents },
    },
  },
})

describe('documents are taken whole', () => {
  const ticket = { formId: 7, tags: ['vip', 'identity_check'] }
  it.each([
    ['on no ticket, as policies begin', {}, false],
    ['on every ticket', { isEveryTicket: true }, true],
    ['on tickets of a form', { formIds: [6, 7] }, true],
    ['not on tickets of another form', { formIds: [8] }, false],
    ['on tickets with a tag, however it is written', { tags: ['Identity_Check'] }, true],
    ['not on tickets with another tag', { tags: ['identity'] }, false],
  ])('%s', (_, documents, expected) => {
    expect(takesDocuments(withDocuments(documents), ticket)).toBe(expected)
  })

  it('not on a ticket without a form and tags', () => {
    const policy = withDocuments({ formIds: [7], tags: ['vip'] })
    expect(takesDocuments(policy, { formId: null, tags: [] })).toBe(false)
  })
})

describe('a file in which several kinds were found', () => {
  const policy = {
    ingestion: {
      ...DEFAULT_INGESTION,
      sensitivityClass: { credential: 'secret', bank_account: 'confidential' } as const,
    },
  }
  it.each<[string, DetectedKind[], string, string]>([
    ['the most sensitive', ['payment_card', 'credential', 'bank_account'], 'credential', 'secret'],
    ['the first of equals', ['medical_id', 'payment_card'], 'payment_card', 'restricted'],
    ['one alone', ['bank_account'], 'bank_account', 'confidential'],
    [
      'what may be kept, never a card verification code',
      ['card_verification_code', 'bank_account'],
      'bank_account',
      'confidential',
    ],
    [
      'no kind, when all of them are kept nowhere',
      ['card_verification_code'],
      'other',
      'restricted',
    ],
  ])('is kept as %s', (_, found, kind, sensitivityClass) => {
    expect(documentKind(policy, found)).toEqual({ kind, sensitivityClass })
  })
})

describe('a policy', () => {
  it('from before attachments were looked into has them scanned', () => {
    const { attachments: _, ...before } = DEFAULT_INGESTION
    expect(ingestionSection.parse(before).attachments).toEqual({
      isScanned: true,
      documents: { isEveryTicket: false, formIds: [], tags: [] },
      kind: 'identity_document',
      sensitivityClass: 'secret',
    })
  })

  it('cannot have documents kept as card verification codes', () => {
    const attachments = { ...DEFAULT_INGESTION.attachments, kind: 'card_verification_code' }
    expect(ingestionSection.safeParse({ ...DEFAULT_INGESTION, attachments }).success).toBe(false)
  })
})
