/** Sensitive values in a subject, and in text fields that nobody catalogued. */
import { describe, expect, it, vi } from 'vitest'
import type { Policy } from '../../src/core/policy.ts'
import { ingestTicket } from '../../src/endpoint/ingestion/ingest-ticket.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { SANDBOX_ACCOUNT, sandboxPolicy } from '../../src/sandbox/account.ts'
import { MAYA, OMAR, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  beforeNext,
  exposuresOf,
  HARRIET,
  ingest,
  settle,
  ticketOf,
  type,
  update,
  vaultOf,
  writesTo,
} from '../support/ingestion.ts'
import { approve, ask, CARD, fieldsOf } from '../support/story.ts'
import { sendWebhook } from '../support/webhook.ts'

const OTHER_CARD = '5555 5555 5555 4444'
/** In milliseconds; a round takes a second where two busy cores do everything. */
const PATIENCE = { timeout: 20_000, interval: 20 }
/** "Order number", which the catalogue does not have. */
const ORDER_NUMBER = 308
const TICKET = '/api/v2/tickets/4001'

const withIngestion = (change: Partial<Policy['ingestion']>): Policy => ({
  ...sandboxPolicy,
  ingestion: { ...sandboxPolicy.ingestion, ...change },
})
const subjectOf = (endpoint: TestEndpoint) => ticketOf(endpoint, 4001).subject
const setSubject = (endpoint: TestEndpoint, subject: string) =>
  update(endpoint, HARRIET, 4001, { subject })
const idsOf = async (endpoint: TestEndpoint) =>
  (await vaultOf(endpoint, 4001)).map(({ fieldId, value }) => [fieldId, value])

describe('a card number in a subject', () => {
  it('is vaulted, then masked where it stands; the words around it stay', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Refund to card ${CARD} did not arrive`)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([
      { fieldId: 'subject_1', version: 1, value: CARD, source: 'subject' },
    ])
    expect(subjectOf(endpoint)).toBe('Refund to card •••• •••• •••• 4242 did not arrive')
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      fields: ['subject_1'],
      data: { source: 'subject', foundKinds: ['payment_card'], destroyedKinds: [] },
    })
    const text = JSON.stringify(await endpoint.auditEntries()) + endpoint.logLines.join()
    expect(text).not.toContain(CARD)
  })

  it('stays in the history of the ticket, which is written down', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    await ingest(endpoint, 4001)
    expect(await exposuresOf(endpoint)).toMatchObject([
      { ticketId: 4001, category: 'field_history', place: 'subject', kind: 'payment_card' },
    ])
  })

  it('can be asked for and seen as every other value', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    await ingest(endpoint, 4001)
    const maya = await endpoint.signIn(MAYA)
    const [shown] = (await fieldsOf(maya)).fields.filter(({ place }) => place !== undefined)
    expect(shown).toMatchObject({
      fieldId: 'subject_1',
      place: { in: 'subject', number: 1 },
      masked: '•••• •••• •••• 4242',
      mayAsk: { allowed: true },
      mayTakeIn: { allowed: false },
    })
    const { id } = await ask(maya, { fieldIds: ['subject_1'] })
    await approve(await endpoint.signIn(OMAR, 'nav_bar'), id)
    const [grant] = (await fieldsOf(maya)).grants
    const path = `/api/grants/${grant?.id ?? ''}/reveal`
    const attemptId = '7d1f7e8e-5b0f-4f67-9a51-0d4f0b6f0a11'
    expect((await maya.post(path, { attemptId, fieldId: 'subject_1' })).text).toContain(CARD)
  })

  it('is dealt with once, and our own write is an end', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD} or ${OTHER_CARD}, again ${CARD}`)
    await ingestTicket(endpoint.deps, 4001)
    await ingestTicket(endpoint.deps, 4001)
    await ingest(endpoint, 4001)
    await ingest(endpoint, 4001)
    const audits = endpoint.zendesk.emulator.state.audits[4001] ?? []
    const ours = audits.filter((audit) => audit.author_id === SANDBOX_ACCOUNT.integrationUserId)
    expect(ours).toHaveLength(1)
    expect(await idsOf(endpoint)).toEqual([
      ['subject_1', CARD],
      ['subject_2', OTHER_CARD],
    ])
  })

  it('that is another one later is another value', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    await ingest(endpoint, 4001)
    await setSubject(endpoint, `${subjectOf(endpoint)}, now ${OTHER_CARD}`)
    await ingest(endpoint, 4001)
    expect(await idsOf(endpoint)).toEqual([
      ['subject_1', CARD],
      ['subject_2', OTHER_CARD],
    ])
    expect(subjectOf(endpoint)).toBe('Card •••• •••• •••• 4242, now •••• •••• •••• 4444')
  })

  it('of a closed ticket is vaulted and said to stay', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    await update(endpoint, MAYA, 4001, { status: 'closed' })
    await ingest(endpoint, 4001)
    await ingest(endpoint, 4001)
    expect(await idsOf(endpoint)).toEqual([['subject_1', CARD]])
    expect((await exposuresOf(endpoint)).map(({ category }) => category).toSorted()).toEqual([
      'closed_ticket_field',
      'field_history',
    ])
  })

  it('of a ticket that is closed before our write is said to stay, too', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    const closed = beforeNext(endpoint, { method: 'PUT', path: TICKET }, async () => {
      endpoint.clock.advance(2)
      await update(endpoint, MAYA, 4001, { status: 'closed' })
    })
    await ingest(endpoint, 4001)
    await closed
    expect((await exposuresOf(endpoint)).map(({ category }) => category)).toContain(
      'closed_ticket_field',
    )
  })
})

describe('a subject that somebody changes before our write', () => {
  it.each([
    ['a moment', 2],
    ['in the very second', 0],
  ])('(%s) keeps their words, and their card number is vaulted and masked', async (_, seconds) => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    const changed = beforeNext(endpoint, { method: 'PUT', path: TICKET }, async () => {
      endpoint.clock.advance(seconds)
      await setSubject(endpoint, `Please call Bob about ${OTHER_CARD}`)
    })
    await sendWebhook(endpoint, 4001)
    await changed
    await vi.waitFor(async () => {
      await settle(endpoint)
      expect(subjectOf(endpoint)).toBe('Please call Bob about •••• •••• •••• 4444')
    }, PATIENCE)
    expect(await idsOf(endpoint)).toEqual([
      ['subject_1', CARD],
      ['subject_2', OTHER_CARD],
    ])
  })
})

describe('an order to mask', () => {
  it('vaults first what it finds there now, although nobody told of it', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    await ingestTicket(endpoint.deps, 4001)
    await setSubject(endpoint, `Card ${CARD} or ${OTHER_CARD}`)
    await drainOutbox(endpoint.deps)
    expect(subjectOf(endpoint)).toBe('Card •••• •••• •••• 4242 or •••• •••• •••• 4444')
    expect(await idsOf(endpoint)).toEqual([
      ['subject_1', CARD],
      ['subject_2', OTHER_CARD],
    ])
  })
})

describe('while Zendesk fails once', () => {
  it.each([
    ['to answer our look', 'GET', 'before'],
    ['to take our write', 'PUT', 'before'],
    ['to answer the write it took', 'PUT', 'after'],
  ] as const)('%s, a subject is vaulted once and masked once', async (_, method, when) => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `Card ${CARD}`)
    await ingestTicket(endpoint.deps, 4001)
    const { emulator } = endpoint.zendesk
    const { fetch } = emulator
    let left = 1
    emulator.fetch = async (request) => {
      const isHit = request.method === method && new URL(request.url).pathname === TICKET
      if (isHit && when === 'before' && left-- > 0) throw new TypeError('fetch failed')
      const answer = await fetch(request)
      if (isHit && when === 'after' && left-- > 0) throw new TypeError('terminated')
      return answer
    }
    await settle(endpoint)
    expect(left).toBeLessThanOrEqual(0)
    expect(subjectOf(endpoint)).toBe('Card •••• •••• •••• 4242')
    expect(await idsOf(endpoint)).toEqual([['subject_1', CARD]])
    const ours = (emulator.state.audits[4001] ?? []).filter(
      (audit) => audit.author_id === SANDBOX_ACCOUNT.integrationUserId,
    )
    expect(ours).toHaveLength(1)
  })
})

describe('a text field that nobody catalogued', () => {
  it('is masked where a value is found; the words around it stay', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, ORDER_NUMBER, `ORD-1, paid with ${CARD}`)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([
      { fieldId: `field_${ORDER_NUMBER}_1`, version: 1, value: CARD, source: 'field' },
    ])
    expect(endpoint.zendesk.fieldText(4001, ORDER_NUMBER)).toBe(
      'ORD-1, paid with •••• •••• •••• 4242',
    )
    expect(await exposuresOf(endpoint)).toMatchObject([
      { category: 'field_history', place: `field_${ORDER_NUMBER}`, kind: 'payment_card' },
    ])
  })

  it('is left alone where nothing is found, or its type holds no free text', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, ORDER_NUMBER, 'ORD-20417')
    await ingest(endpoint, 4001)
    for (const field of endpoint.zendesk.emulator.state.ticketFields) {
      if (field.id === ORDER_NUMBER) field.type = 'regexp'
    }
    endpoint.clock.advance(301)
    await type(endpoint, MAYA, 4001, ORDER_NUMBER, CARD)
    endpoint.zendesk.emulator.counts.reset()
    await ingest(endpoint, 4001)
    expect(writesTo(endpoint)).toBe(0)
    expect(await vaultOf(endpoint, 4001)).toEqual([])
  })
})

describe('policy', () => {
  it('masks and does not store what is kept nowhere', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, 'My security code is 737')
    await ingest(endpoint, 4001)
    expect(subjectOf(endpoint)).not.toContain('737')
    expect(subjectOf(endpoint)).toContain('My security code is •')
    expect(await vaultOf(endpoint, 4001)).toEqual([])
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      data: { source: 'subject', destroyedKinds: ['card_verification_code'] },
    })
  })

  it('leaves what it ignores, beside what it takes out', async () => {
    const endpoint = await startEndpoint()
    await setSubject(endpoint, `harriet@example.com paid with ${CARD}`)
    await ingest(endpoint, 4001)
    expect(subjectOf(endpoint)).toBe('harriet@example.com paid with •••• •••• •••• 4242')
    expect(await idsOf(endpoint)).toEqual([['subject_1', CARD]])
  })

  it('can leave subjects and other fields alone', async () => {
    const policy = withIngestion({ subjects: false, otherFields: false })
    const endpoint = await startEndpoint({ policy })
    await setSubject(endpoint, `Card ${CARD}`)
    await type(endpoint, MAYA, 4001, ORDER_NUMBER, CARD)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([])
    expect(subjectOf(endpoint)).toContain(CARD)
  })
})
