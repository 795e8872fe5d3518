/** Internal notes that only some may read: in the vault whole, in the ticket by name and token only. */
import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { revealedValue } from '../../src/contract/grants.ts'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import { valueSearch } from '../../src/contract/value-checks.ts'
import { FULL_MASK } from '../../src/core/mask.ts'
import type { Policy } from '../../src/core/policy.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { eraseCustomer } from '../../src/endpoint/vault/erase-customer.ts'
import { SANDBOX_ACCOUNT, sandboxPolicy } from '../../src/sandbox/account.ts'
import { outbox, protectedValues } from '../../src/storage/schema.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import { AISHA, MAYA, OMAR, SAM_ADMINISTRATOR, TOMAS, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { everythingStored } from '../support/everything-stored.ts'
import { blockEntries } from '../support/full-disk.ts'
import { comment, ingest, settle, update, vaultOf } from '../support/ingestion.ts'
import { NOTE, sendNote, standInsOf, writeNote } from '../support/restricted-notes.ts'
import {
  CARD,
  REFUND_TICKET,
  approve,
  ask,
  asking,
  fieldsOf,
  putValue,
  reveal,
} from '../support/story.ts'

const CUSTOMER = 501

const notesOf = ({ deps }: TestEndpoint) =>
  deps.database.orm
    .select()
    .from(protectedValues)
    .where(
      and(eq(protectedValues.account, deps.account.id), eq(protectedValues.kind, 'internal_note')),
    )
    .orderBy(protectedValues.fieldId)

const ordersOf = ({ deps }: TestEndpoint) =>
  deps.database.orm
    .select()
    .from(outbox)
    .where(and(eq(outbox.account, deps.account.id), eq(outbox.kind, 'add_note')))

/** The order is open again: the instance that did it stopped before it could write that down. */
const reopen = ({ deps }: TestEndpoint) =>
  deps.database.orm
    .update(outbox)
    .set({ doneAt: null, dueAt: deps.now() })
    .where(and(eq(outbox.account, deps.account.id), eq(outbox.kind, 'add_note')))

/** Maya's note is in the vault, and its order was given but never done. */
async function startUndelivered() {
  const endpoint = await startEndpoint()
  const maya = await endpoint.signIn(MAYA)
  await writeNote(maya)
  await settle(endpoint)
  const { comments } = endpoint.zendesk.emulator.state
  const standIns = standInsOf(endpoint)
  comments[REFUND_TICKET] = (comments[REFUND_TICKET] ?? []).filter(
    (each) => !standIns.includes(each),
  )
  await reopen(endpoint)
  return { endpoint, maya }
}

const eraseHarriet = ({ deps }: TestEndpoint) =>
  eraseCustomer(deps, {
    customerId: CUSTOMER,
    actor: { type: 'operator', name: 'test' },
    includesTexts: true,
  })

const closing = { status: 'closed' } as const

describe('writing a restricted note', () => {
  it('stores it whole as the first version of a value of the customer, and logs that', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    expect(await writeNote(maya)).toEqual({ fieldId: 'note_1', sensitivityClass: 'restricted' })
    expect(await vaultOf(endpoint, REFUND_TICKET)).toEqual([
      { fieldId: 'note_1', version: 1, value: NOTE, source: 'note' },
    ])
    expect(await notesOf(endpoint)).toMatchObject([
      {
        kind: 'internal_note',
        sensitivityClass: 'restricted',
        masked: FULL_MASK,
        contentType: null,
        customerId: CUSTOMER,
        createdBy: MAYA,
        retainUntil: null,
      },
    ])
    const entry = await endpoint.expectAuditEntry({ action: 'restricted_note.write' })
    expect(entry).toEqual({
      v: 1,
      account: endpoint.deps.account.id,
      at: endpoint.clock.now().toISOString(),
      action: 'restricted_note.write',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      outcome: 'ok',
      record: { type: 'ticket', id: REFUND_TICKET },
      fields: ['note_1'],
      policyVersion: 1,
      data: { sensitivityClass: 'restricted' },
    })
  })

  it('leaves one private note in the ticket: author, class and token, written by our own user', async () => {
    const endpoint = await startEndpoint()
    await writeNote(await endpoint.signIn(MAYA), { sensitivityClass: 'secret' })
    await settle(endpoint)
    const [note] = await notesOf(endpoint)
    const standIns = standInsOf(endpoint)
    expect(standIns).toHaveLength(1)
    expect(standIns[0]).toMatchObject({
      public: false,
      author_id: SANDBOX_ACCOUNT.integrationUserId,
      body:
        'Restricted note by Maya Rivera (secret). Its text is not in this ticket. ' +
        `Ask to read it in Scrim, under “Protected on this ticket”. [scrim:${note?.token}]`,
    })
  })

  it('writes an author with markup in the name as text', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    endpoint.zendesk.changePerson(MAYA, { name: 'Maya <b>"R&D"</b>' })
    await writeNote(maya)
    await settle(endpoint)
    expect(standInsOf(endpoint)[0]?.html_body).toContain(
      'by Maya &lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; (restricted)',
    )
  })

  it('may hold what free text may not: it is a value itself', async () => {
    const endpoint = await startEndpoint()
    const text = `Card ${CARD}, shown as •••• •••• •••• 4242 [scrim:7Q2K9M4XA1BC3DEF]`
    await writeNote(await endpoint.signIn(MAYA), { text })
    expect(await vaultOf(endpoint, REFUND_TICKET)).toMatchObject([{ value: text }])
  })

  it('numbers the notes of a ticket, and never gives a number twice', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const omar = await endpoint.signIn(OMAR)
    expect((await writeNote(maya)).fieldId).toBe('note_1')
    expect((await writeNote(omar)).fieldId).toBe('note_2')
    await eraseHarriet(endpoint)
    expect((await writeNote(maya)).fieldId).toBe('note_3')
    expect((await writeNote(omar, {}, 4010)).fieldId).toBe('note_1')
  })

  it('is kept as long as policy keeps notes', async () => {
    const policy: Policy = { ...sandboxPolicy, retention: { internal_note: 30 } }
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    await writeNote(maya)
    endpoint.clock.advance(31 * 24 * 60 * 60)
    await endpoint.sweep()
    expect(await notesOf(endpoint)).toMatchObject([{ jwe: '', masked: '', fingerprint: null }])
  })

  it('is possible on a solved ticket, which Zendesk still adds notes to', async () => {
    const endpoint = await startEndpoint()
    endpoint.zendesk.changeTicket(REFUND_TICKET, { status: 'solved' })
    await writeNote(await endpoint.signIn(MAYA))
    await settle(endpoint)
    expect(standInsOf(endpoint)).toHaveLength(1)
  })
})

describe('a note that is refused', () => {
  const withoutSecret: Policy = {
    ...sandboxPolicy,
    matrix: {
      ...sandboxPolicy.matrix,
      frontline: { confidential: 'request', restricted: 'masked', secret: 'none' },
    },
  }
  it.each([
    ['on a ticket the author may not open', AISHA, {}, {}, 'ticket_access_denied'],
    ['by an administrator', SAM_ADMINISTRATOR, {}, {}, 'role_not_permitted'],
    ['in a class of which the author sees masks', MAYA, {}, {}, 'role_not_permitted'],
    [
      'in a class that the author does not see',
      MAYA,
      { sensitivityClass: 'secret' },
      {},
      'role_not_permitted',
    ],
    ['on a closed ticket', MAYA, { sensitivityClass: 'confidential' }, closing, 'ticket_closed'],
    [
      'without a visible character',
      MAYA,
      { sensitivityClass: 'confidential', text: ' \n\u200b\u2060' },
      {},
      'value_invalid',
    ],
  ] as const)(
    '%s: nothing is stored or ordered, and that is logged',
    async (_, personId, note, ticket, code) => {
      const endpoint = await startEndpoint({ policy: withoutSecret })
      const caller = await endpoint.signIn(personId)
      endpoint.zendesk.changeTicket(REFUND_TICKET, ticket)
      const answer = await sendNote(caller, note)
      expect(answer.problem().code).toBe(code)
      expect(await notesOf(endpoint)).toEqual([])
      expect(await ordersOf(endpoint)).toEqual([])
      await settle(endpoint)
      expect(standInsOf(endpoint)).toEqual([])
      await endpoint.expectNoAuditEntry('restricted_note.write')
      const entry = await endpoint.expectAuditEntry({
        action: 'restricted_note.refuse',
        outcome: 'refused',
        code,
        record: { type: 'ticket', id: REFUND_TICKET },
      })
      expect(entry).not.toHaveProperty('texts')
    },
  )

  it('on a ticket that does not exist looks like any other', async () => {
    const endpoint = await startEndpoint()
    const answer = await sendNote(await endpoint.signIn(MAYA), {}, 4999)
    expect(answer.problem().code).toBe('ticket_not_found')
  })

  it('is longer than a value may be', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    expect((await sendNote(maya, { text: 'x'.repeat(4097) })).problem().code).toBe('bad_input')
    expect((await sendNote(maya, { text: 'x'.repeat(4096) })).status).toBe(200)
  })

  it('leaves nothing when its entry cannot be written', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const { database, account } = endpoint.deps
    await database.orm.execute(blockEntries(account.id, 'on'))
    const answer = await sendNote(maya)
    await database.orm.execute(blockEntries(account.id, 'off'))
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await notesOf(endpoint)).toEqual([])
    expect(await ordersOf(endpoint)).toEqual([])
  })
})

describe('a note whose answer got lost', () => {
  it('is written once, however often it is sent', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const attemptId = randomUUID()
    const sent = await Promise.all([1, 2, 3].map(() => writeNote(maya, { attemptId })))
    expect(sent.map(({ fieldId }) => fieldId)).toEqual(['note_1', 'note_1', 'note_1'])
    await settle(endpoint)
    expect(await notesOf(endpoint)).toHaveLength(1)
    expect(standInsOf(endpoint)).toHaveLength(1)
    const written = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'restricted_note.write',
    )
    expect(written).toHaveLength(1)
  })

  it('is nobody else’s: the same attempt of another person, ticket or class is a conflict', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const omar = await endpoint.signIn(OMAR)
    const attemptId = randomUUID()
    await writeNote(maya, { attemptId })
    for (const answer of [
      await sendNote(omar, { attemptId }),
      await sendNote(maya, { attemptId }, 4010),
      await sendNote(maya, { attemptId, sensitivityClass: 'secret' }),
    ]) {
      expect(answer.problem().code).toBe('conflict')
    }
    expect(await notesOf(endpoint)).toHaveLength(1)
  })

  it('cannot pass for other work of the outbox', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const [other] = await endpoint.deps.database.orm
      .select({ id: outbox.id })
      .from(outbox)
      .where(eq(outbox.account, endpoint.deps.account.id))
    const answer = await sendNote(maya, { attemptId: other?.id ?? '' })
    expect(answer.problem().code).toBe('conflict')
    expect(await notesOf(endpoint)).toEqual([])
  })
})

describe('the private note in the ticket', () => {
  it('is written once, although the outbox delivers at least once', async () => {
    const endpoint = await startEndpoint()
    await writeNote(await endpoint.signIn(MAYA))
    await settle(endpoint)
    for (let turn = 0; turn < 3; turn += 1) {
      await reopen(endpoint)
      await drainOutbox(endpoint.deps)
    }
    expect(standInsOf(endpoint)).toHaveLength(1)
    expect(await ordersOf(endpoint)).toMatchObject([{ lastCode: null }])
  })

  it('waits while Zendesk is down, and is written once it is back', async () => {
    const { endpoint } = await startUndelivered()
    endpoint.zendesk.setDown(true)
    await drainOutbox(endpoint.deps)
    expect(await ordersOf(endpoint)).toMatchObject([
      { lastCode: 'zendesk_unavailable', doneAt: null },
    ])
    endpoint.zendesk.setDown(false)
    await settle(endpoint)
    expect(standInsOf(endpoint)).toHaveLength(1)
  })

  it('is not written over somebody’s change: it looks again first', async () => {
    const endpoint = await startEndpoint()
    const { content } = endpoint.deps.zendesk
    const ticket = await content.ticket(REFUND_TICKET)
    endpoint.clock.advance(5)
    await update(endpoint, OMAR, REFUND_TICKET, { priority: 'urgent' })
    const late = content.addNote({
      ticketId: REFUND_TICKET,
      htmlBody: '<p>late</p>',
      updatedStamp: ticket?.updatedStamp ?? '',
    })
    await expect(late).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is given up when the ticket closed meanwhile; the note itself stays readable', async () => {
    const { endpoint, maya } = await startUndelivered()
    endpoint.zendesk.changeTicket(REFUND_TICKET, closing)
    await drainOutbox(endpoint.deps)
    expect(standInsOf(endpoint)).toEqual([])
    expect(await ordersOf(endpoint)).toMatchObject([
      { lastCode: 'ticket_closed', doneAt: expect.any(Date) },
    ])
    const row = (await fieldsOf(maya)).fields.find(({ fieldId }) => fieldId === 'note_1')
    expect(row).toMatchObject({ hasValue: true, masked: FULL_MASK })
  })

  it('is not written for a note that was erased before', async () => {
    const { endpoint } = await startUndelivered()
    await eraseHarriet(endpoint)
    await drainOutbox(endpoint.deps)
    expect(standInsOf(endpoint)).toEqual([])
    expect(await ordersOf(endpoint)).toMatchObject([{ lastCode: null, doneAt: expect.any(Date) }])
  })
})

describe('ingestion and the private note', () => {
  const withDetector: Policy = {
    ...sandboxPolicy,
    ingestion: { ...sandboxPolicy.ingestion, handling: {} },
    detection: {
      ...sandboxPolicy.detection,
      custom: [
        {
          id: 'case_key',
          label: 'Case key',
          kind: 'credential',
          pattern: '[0-9A-Z]{16}',
          example: '7Q2K9M4XA1BC3DEF',
          confidence: 'certain',
        },
      ],
    },
  }

  it('leaves it as it is, also where a detector of the account takes the token for a value', async () => {
    for (const policy of [sandboxPolicy, withDetector]) {
      const endpoint = await startEndpoint({ policy })
      await writeNote(await endpoint.signIn(MAYA))
      await settle(endpoint)
      const before = structuredClone(standInsOf(endpoint))
      await ingest(endpoint, REFUND_TICKET)
      expect(standInsOf(endpoint)).toEqual(before)
      expect(await vaultOf(endpoint, REFUND_TICKET)).toMatchObject([{ fieldId: 'note_1' }])
    }
  })

  it('has nothing to find in it, whatever the author is called', async () => {
    const endpoint = await startEndpoint({ policy: withDetector })
    const maya = await endpoint.signIn(MAYA)
    endpoint.zendesk.changePerson(MAYA, { name: 'maya.rivera@example.com' })
    await writeNote(maya)
    await settle(endpoint)
    expect(standInsOf(endpoint)[0]?.body).toMatch(/^Restricted note by #101 \(restricted\)/)
    await ingest(endpoint, REFUND_TICKET)
    expect(await vaultOf(endpoint, REFUND_TICKET)).toMatchObject([{ fieldId: 'note_1' }])
  })

  it('still takes a value that somebody hides beside a token, or in one that was never given out', async () => {
    const endpoint = await startEndpoint()
    await writeNote(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const [note] = await notesOf(endpoint)
    await comment(endpoint, MAYA, REFUND_TICKET, `<p>[scrim:${note?.token}] ${CARD}</p>`, false)
    await comment(endpoint, MAYA, REFUND_TICKET, '<p>Card [scrim:5555555555554444]</p>', false)
    await ingest(endpoint, REFUND_TICKET)
    const values = (await vaultOf(endpoint, REFUND_TICKET)).map(({ value }) => value)
    expect(values).toContain(CARD)
    expect(values).toContain('5555555555554444')
  })
})

describe('reading a restricted note', () => {
  it('is a row with its author and time, masked whole, for everybody alike', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await writeNote(maya)
    endpoint.clock.advance(90)
    for (const caller of [maya, await endpoint.signIn(TOMAS), await endpoint.signIn(OMAR)]) {
      const row = (await fieldsOf(caller)).fields.find(({ fieldId }) => fieldId === 'note_1')
      expect(row).toMatchObject({
        kind: 'internal_note',
        sensitivityClass: 'restricted',
        place: { in: 'note', number: 1 },
        written: {
          by: { id: MAYA, name: 'Maya Rivera' },
          at: '2026-11-23T10:00:00.000Z',
          ageSeconds: 90,
        },
        masked: FULL_MASK,
        mayAsk: { allowed: true },
        mayTakeIn: { allowed: false, code: 'field_unknown' },
      })
    }
  })

  it('takes a request, an approval and a reveal, also for its author', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const tomas = await endpoint.signIn(TOMAS)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await writeNote(maya, { sensitivityClass: 'secret' })
    for (const reader of [tomas, maya]) {
      const request = await ask(reader, { fieldIds: ['note_1'] })
      const queue = (await omar.get('/api/reveal-requests?queue=needs_me')).as(revealRequestList)
      const [queued] = queue.requests.filter((each) => each.request.id === request.id)
      expect(queued?.request.fields).toMatchObject([
        {
          kind: 'internal_note',
          sensitivityClass: 'secret',
          written: { by: { name: 'Maya Rivera' } },
        },
      ])
      expect(createCanaryMatcher([{ name: 'note', value: NOTE }])(JSON.stringify(queue))).toEqual(
        [],
      )
      const { grantId } = (await approve(omar, request.id)).as(revealRequestView)
      const shown = (await reveal(reader, grantId ?? '', randomUUID(), 'note_1')).as(revealedValue)
      expect(shown).toMatchObject({ value: NOTE, displaySeconds: 30 })
      await endpoint.expectAuditEntry({
        action: 'grant.reveal',
        actor: { type: 'person', id: reader.personId, roles: ['frontline'] },
        fields: ['note_1'],
      })
    }
  })

  it('is not for a person whose roles the class is closed to', async () => {
    const endpoint = await startEndpoint()
    await writeNote(await endpoint.signIn(MAYA))
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR)
    const answer = await sam.post('/api/reveal-requests', asking({ fieldIds: ['note_1'] }))
    expect(answer.problem().code).toBe('field_not_visible')
    const row = (await fieldsOf(sam)).fields.find(({ fieldId }) => fieldId === 'note_1')
    expect(row).toMatchObject({ access: 'none', masked: FULL_MASK, mayAsk: { allowed: false } })
  })

  it('has no way around: nothing writes over a note, compares it or finds it', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await writeNote(maya)
    const field = `/api/tickets/${REFUND_TICKET}/protected-fields/note_1`
    expect((await maya.put(`${field}/value`, { value: 'other' })).problem().code).toBe(
      'field_unknown',
    )
    expect((await maya.post(`${field}/checks`, { value: NOTE })).problem().code).toBe(
      'value_not_comparable',
    )
    const link = await maya.post(`/api/tickets/${REFUND_TICKET}/intake-links`, {
      fieldId: 'note_1',
    })
    expect(link.problem().code).toBe('field_unknown')
    const search = { kind: 'internal_note', value: NOTE }
    expect((await omar.post('/api/value-searches', search)).as(valueSearch).tickets).toEqual([])
  })

  it('says beforehand which classes one may write in, and who reads each', async () => {
    const policy: Policy = {
      ...sandboxPolicy,
      matrix: {
        ...sandboxPolicy.matrix,
        frontline: { confidential: 'reveal', restricted: 'request', secret: 'masked' },
      },
    }
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    const all = { readers: [], approvers: ['lead'] }
    expect((await fieldsOf(maya)).noteClasses).toEqual([
      {
        ...all,
        sensitivityClass: 'confidential',
        askers: ['lead'],
        readers: ['frontline'],
        displaySeconds: 120,
      },
      { ...all, sensitivityClass: 'restricted', askers: ['frontline', 'lead'], displaySeconds: 60 },
    ])
    endpoint.zendesk.changeTicket(REFUND_TICKET, closing)
    expect((await fieldsOf(maya)).noteClasses).toEqual([])
  })
})

describe('the text of a note', () => {
  it('stands nowhere but in the answer to a reveal: not in any column, entry, log line or ticket', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const words = fc.string({ unit: 'grapheme', minLength: 24, maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(words, async (text) => {
        fc.pre(/[\p{L}\p{N}]{3}/u.test(text) && new Set(text).size > 8 && !text.includes('\0'))
        const find = createCanaryMatcher([{ name: 'text', value: text }])
        const answer = await sendNote(maya, { text })
        expect(answer.status).toBe(200)
        await settle(endpoint)
        expect(find(answer.text)).toEqual([])
        expect(find(await everythingStored(endpoint))).toEqual([])
        expect(find(endpoint.zendesk.emulator.exportState())).toEqual([])
        expect(find(endpoint.logLines.join('\n'))).toEqual([])
        expect((await vaultOf(endpoint, REFUND_TICKET)).map(({ value }) => value)).toContain(text)
      }),
      { numRuns: 15 },
    )
  })
})
